"""Who a request comes from: the terminal its client certificate was issued to, as far as that certificate still counts.

Answers for: revocation and replacement of certificates, effective with the next request on whatever connection. Does not answer
for: issuing them (`pairing`), TLS (`server`).

A terminal that was paired is known by the certificates issued to it and by no other. One that was only registered by hand
(tests) is known by any certificate of our authority in its name, and by an aggregator in test mode alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.fleet import terminal_certificate
from kiosk.aggregator.storage.terminals import terminal
from kiosk.terminal_api import Mode, ProblemCode

GRACE_US = 3600 * MICROSECONDS  #: a certificate still counts so long after a newer one was first used
TLS = "TLSv1.3"
EXTENSION = "kiosk.peer"  #: of the ASGI scope


@dataclass(frozen=True, slots=True)
class Peer:
    """What the connection says: the certificate it showed, checked against our authority by TLS. Empty without one."""

    common_name: str = ""
    fingerprint: str = ""
    certificate: bytes = b""
    tls: str = ""


def peer_of(scope: Mapping[str, Any]) -> Peer:
    """As the server's protocol put it into the scope."""
    peer = scope.get("extensions", {}).get(EXTENSION, Peer())
    assert isinstance(peer, Peer)
    return peer


def ensure_modern(peer: Peer) -> None:
    """Terminals speak TLS 1.3, on the port where merchants may speak 1.2. Raises RefusedError."""
    if peer.tls != TLS:
        raise _refused(f"terminals speak {TLS}; this connection is {peer.tls or 'not encrypted'}")


def identify(engine: sa.Engine, mode: Mode, peer: Peer) -> str:
    """The number of the terminal that is asking. Raises RefusedError."""
    if not peer.common_name:
        raise _refused("show the terminal's client certificate")
    at_us = now_us()
    with reading(engine) as db:
        found = _found(db, peer)
    _ensure_counts(found, mode, peer, at_us)
    if found is not None and found.fingerprint and found.first_used_us is None:
        run_writing(engine, lambda db: _first_use(db, peer, at_us))
    return peer.common_name


def is_active(engine: sa.Engine, number: str) -> bool:
    """Whether a terminal of this number is registered and not revoked: for those that show no certificate."""
    with reading(engine) as db:
        return bool(db.execute(sa.select(terminal.c.active).where(terminal.c.number == number)).scalar())


def _found(db: sa.Connection, peer: Peer) -> sa.Row[Any] | None:
    of_terminal = terminal_certificate.c.terminal == terminal.c.number
    this = sa.and_(of_terminal, terminal_certificate.c.fingerprint == peer.fingerprint)
    is_paired = sa.exists().where(of_terminal).correlate(terminal).label("is_paired")
    wanted = sa.select(terminal.c.active, is_paired, terminal_certificate).outerjoin(terminal_certificate, this)
    return db.execute(wanted.where(terminal.c.number == peer.common_name)).one_or_none()


def _ensure_counts(found: sa.Row[Any] | None, mode: Mode, peer: Peer, at_us: int) -> None:
    """Raises RefusedError with the first reason why not."""
    number = peer.common_name
    if found is None:
        raise _refused(f"terminal {number!r} is not registered")
    is_known = found.fingerprint is not None
    reasons = (
        (not found.active, f"terminal {number!r} was revoked"),
        (found.is_paired and not is_known, "this certificate is none of those issued to this terminal; pair it again"),
        (not found.is_paired and mode is Mode.LIVE, f"terminal {number!r} was never paired"),
        (is_known and found.revoked_us is not None, "this certificate was revoked; pair the terminal again"),
        (is_known and (found.expires_us or 0) <= at_us, "this certificate has expired; pair the terminal again"),
        (
            is_known and found.superseded_us is not None and found.superseded_us + GRACE_US <= at_us,
            "this certificate was replaced by a newer one, which has been used since",
        ),
    )
    reason = next((words for wrong, words in reasons if wrong), "")
    if reason:
        raise _refused(reason)


def _first_use(db: sa.Connection, peer: Peer, at_us: int) -> None:
    """The answer that carried this certificate has arrived: the older ones are not needed much longer."""
    certificate = terminal_certificate
    this = certificate.c.fingerprint == peer.fingerprint
    issued_us = sa.select(certificate.c.issued_us).where(this).scalar_subquery()
    db.execute(certificate.update().where(this, certificate.c.first_used_us.is_(None)).values(first_used_us=at_us))
    db.execute(
        certificate.update()
        .where(
            certificate.c.terminal == peer.common_name,
            certificate.c.superseded_us.is_(None),
            certificate.c.issued_us < issued_us,
        )
        .values(superseded_us=at_us)
    )


def _refused(message: str) -> RefusedError:
    return RefusedError(401, ProblemCode.TERMINAL_UNKNOWN, message)
