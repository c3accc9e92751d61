"""Who a merchant is: which documents its legal form needs, which are there, and what is still missing.

Answers for: the checklist, the state of each document, and of the identification as a whole. Does not answer for: keeping the
papers (their hash says which file was looked at), reading them (a person does).
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.shops.lifecycle import By, LegalForm
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.identification import document
from kiosk.aggregator.storage.merchants import merchant


class DocumentKind(StrEnum):
    IDENTITY = "identity"  #: passport or identity card
    ADDRESS = "address"  #: where the person is registered
    TAX_NUMBER = "tax_number"
    REGISTER_EXTRACT = "register_extract"  #: of the companies' register, not older than it says
    CHARTER = "charter"
    DIRECTOR_IDENTITY = "director_identity"  #: of the person who signs for the company
    OWNERS = "owners"  #: who in the end owns the company
    BANK_LETTER = "bank_letter"  #: whose account it is that is paid out to
    POWER_OF_ATTORNEY = "power_of_attorney"  #: if somebody else signs; never required
    LICENCE = "licence"  #: for goods and services that need one; never required


class DocumentState(StrEnum):
    SUBMITTED = "submitted"  #: waits for a person to look at it
    ACCEPTED = "accepted"
    REJECTED = "rejected"  #: the reason says what to send instead
    EXPIRED = "expired"  #: was accepted, and is too old now; never stored


class IdentificationState(StrEnum):
    NOT_STARTED = "not_started"
    INCOMPLETE = "incomplete"  #: something is missing, rejected or too old
    IN_REVIEW = "in_review"  #: everything is there, not everything is looked at
    IDENTIFIED = "identified"


REQUIRED: Mapping[LegalForm, tuple[DocumentKind, ...]] = {
    LegalForm.INDIVIDUAL: (
        DocumentKind.IDENTITY,
        DocumentKind.ADDRESS,
        DocumentKind.TAX_NUMBER,
        DocumentKind.BANK_LETTER,
    ),
    LegalForm.COMPANY: (
        DocumentKind.REGISTER_EXTRACT,
        DocumentKind.CHARTER,
        DocumentKind.DIRECTOR_IDENTITY,
        DocumentKind.OWNERS,
        DocumentKind.TAX_NUMBER,
        DocumentKind.BANK_LETTER,
    ),
}


def submit(engine: sa.Engine, login: str, kind: DocumentKind, file: Path, valid_until: date | None, by: By) -> int:
    """Note that a document came; its number. Raises AdminError for a file that cannot be read or a date that is over."""
    try:
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise AdminError(f"{file}: cannot be read: {error.strerror}") from error
    if valid_until is not None and valid_until < today():
        raise AdminError(f"the document was valid until {valid_until}; a newer one is needed")
    values = {
        "kind": kind.value,
        "state": DocumentState.SUBMITTED.value,
        "file_name": file.name[:200],
        "file_sha256": sha256,
        "valid_until": valid_until.isoformat() if valid_until else None,
        "submitted_us": now_us(),
        "person": by.person,
        "reason": by.reason,
    }

    def work(db: sa.Connection) -> int:
        _form(db, login)
        return int(db.execute(document.insert().values(login=login, **values).returning(document.c.id)).scalar_one())

    return run_writing(engine, work)


def decide(engine: sa.Engine, number: int, state: DocumentState, by: By) -> None:
    """Accept or reject a document, once. Raises AdminError if it is not there or was decided."""

    def work(db: sa.Connection) -> None:
        waiting = (document.c.id == number, document.c.state == DocumentState.SUBMITTED.value)
        values = {"state": state.value, "decided_us": now_us(), "person": by.person, "reason": by.reason}
        if db.execute(document.update().where(*waiting).values(**values)).rowcount != 1:
            raise AdminError(f"no document {number} waits for a decision; a new one replaces what was decided")

    run_writing(engine, work)


def today() -> date:
    """UTC."""
    return datetime.now(UTC).date()


def _form(db: sa.Connection, login: str) -> LegalForm:
    found = db.execute(sa.select(merchant.c.legal_form).where(merchant.c.login == login)).scalar()
    if found is None:
        raise AdminError(f"no shop {login!r}")
    return LegalForm(found)


def documents(db: sa.Connection, login: str) -> list[dict[str, Any]]:
    """Everything a shop sent, oldest first, with what each counts for today."""
    rows = db.execute(sa.select(document).where(document.c.login == login).order_by(document.c.id)).mappings()
    return [{**row, "state": _now(DocumentState(row["state"]), row["valid_until"]).value} for row in rows]


def _now(state: DocumentState, valid_until: str | None) -> DocumentState:
    over = valid_until is not None and date.fromisoformat(valid_until) < today()
    return DocumentState.EXPIRED if over and state is DocumentState.ACCEPTED else state


def checklist(db: sa.Connection, login: str) -> dict[DocumentKind, DocumentState | None]:
    """What the shop's legal form needs, and the best that is there of each: the last one, or one accepted before it."""
    states: dict[DocumentKind, DocumentState | None] = dict.fromkeys(REQUIRED[_form(db, login)])
    for row in documents(db, login):
        kind = DocumentKind(row["kind"])
        if kind in states and states[kind] is not DocumentState.ACCEPTED:
            states[kind] = DocumentState(row["state"])
    return states


def missing(db: sa.Connection, login: str) -> dict[DocumentKind, DocumentState | None]:
    """What of the checklist is not accepted; None was never sent."""
    return {kind: state for kind, state in checklist(db, login).items() if state is not DocumentState.ACCEPTED}


def state_of(db: sa.Connection, login: str) -> IdentificationState:
    """Of the identification as a whole."""
    states = set(checklist(db, login).values())
    if states == {None}:
        return IdentificationState.NOT_STARTED
    if states == {DocumentState.ACCEPTED}:
        return IdentificationState.IDENTIFIED
    waiting = states <= {DocumentState.ACCEPTED, DocumentState.SUBMITTED}
    return IdentificationState.IN_REVIEW if waiting else IdentificationState.INCOMPLETE
