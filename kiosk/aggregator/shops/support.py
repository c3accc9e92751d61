"""Support requests of merchants: a kind, a text, answers, and an end.

Answers for: who may say what when. Does not answer for: mail.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.shops import lifecycle
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.support import support_message, support_request

TEXT_CHARACTERS_MAX = 4000


class Kind(StrEnum):
    TECHNICAL = "technical"  #: signatures, notifications, settings
    PAYMENT = "payment"  #: one payment and what became of it
    PAYOUT = "payout"  #: balance and withdrawals
    DOCUMENTS = "documents"
    TARIFF = "tariff"
    COMPLAINT = "complaint"
    OTHER = "other"


class State(StrEnum):
    OPEN = "open"  #: waits for us
    ANSWERED = "answered"  #: waits for the merchant
    CLOSED = "closed"


class Said(StrEnum):
    ASKED = "asked"  #: by the merchant, once more
    ANSWERED = "answered"  #: by us
    CLOSED = "closed"  #: by either, with a last word


#: What may be said in which state, and where it leads. An absent entry is refused.
TRANSITIONS: Mapping[State, Mapping[Said, State]] = {
    State.OPEN: {Said.ASKED: State.OPEN, Said.ANSWERED: State.ANSWERED, Said.CLOSED: State.CLOSED},
    State.ANSWERED: {Said.ASKED: State.OPEN, Said.ANSWERED: State.ANSWERED, Said.CLOSED: State.CLOSED},
    State.CLOSED: {Said.ASKED: State.OPEN},
}


def open_request(engine: sa.Engine, login: str, kind: Kind, person: str, text: str) -> int:
    """A merchant asks something; the number of the request. Raises AdminError."""
    _ensure_said(person, text)

    def work(db: sa.Connection) -> int:
        lifecycle.state_of(db, login)
        values = {"login": login, "kind": kind.value, "state": State.OPEN.value, "opened_us": now_us()}
        number = int(db.execute(support_request.insert().values(**values).returning(support_request.c.id)).scalar_one())
        _keep(db, number, person, text)
        return number

    return run_writing(engine, work)


def say(engine: sa.Engine, number: int, said: Said, person: str, text: str) -> State:
    """Ask again, answer, or close. Raises AdminError when that is not possible now."""
    _ensure_said(person, text)

    def work(db: sa.Connection) -> State:
        state = db.execute(sa.select(support_request.c.state).where(support_request.c.id == number)).scalar()
        if state is None:
            raise AdminError(f"no support request {number}")
        after = TRANSITIONS[State(state)].get(said)
        if after is None:
            raise AdminError(f"support request {number} is {state}; the merchant may open it again by asking")
        db.execute(support_request.update().where(support_request.c.id == number).values(state=after.value))
        _keep(db, number, person, text)
        return after

    return run_writing(engine, work)


def _ensure_said(person: str, text: str) -> None:
    if not (person.strip() and text.strip()):
        raise AdminError("say who writes, and something")
    if len(person) > 100 or len(text) > TEXT_CHARACTERS_MAX:
        raise AdminError(f"a person has at most 100 characters, a text {TEXT_CHARACTERS_MAX}")


def _keep(db: sa.Connection, number: int, person: str, text: str) -> None:
    db.execute(support_message.insert().values(request_id=number, person=person, text=text, at_us=now_us()))


def listed(db: sa.Connection, login: str = "", state: State | None = None) -> list[dict[str, Any]]:
    """Requests, oldest first, with everything that was said."""
    where = [support_request.c.login == login] if login else []
    where += [support_request.c.state == state.value] if state else []
    rows = db.execute(sa.select(support_request).where(*where).order_by(support_request.c.id)).mappings().all()
    c = support_message.c
    said = sa.select(c.person, c.text, c.at_us).order_by(c.id)
    return [
        {**row, "messages": [dict(one) for one in db.execute(said.where(c.request_id == row["id"])).mappings()]}
        for row in rows
    ]
