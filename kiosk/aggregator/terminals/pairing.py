"""Making a computer a terminal: a one-time token, a key that never leaves it, a certificate signed by our authority.

Answers for: tokens (their hash alone is kept), requests for certificates, renewal, revocation. Does not answer for: HTTP, who a
certificate lets in (`identity`).

An answer may be lost, so the same token with the same key is answered again; with another key it is refused. Pairing again begins
a new life: what the terminal's earlier keys could do ends, and its journal begins anew.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from kiosk.aggregator import tls
from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.fleet import pairing_token, terminal_about, terminal_certificate, terminal_state
from kiosk.aggregator.storage.terminals import terminal
from kiosk.aggregator.terminals.identity import Peer
from kiosk.aggregator.tls import Authority, TerminalKey
from kiosk.terminal_api import FieldFault, Mode, Paired, PairingRequest, ProblemCode, RenewalRequest

TOKEN_BYTES = 16
CURVES = (ec.SECP256R1, ec.SECP384R1)


@dataclass(frozen=True, slots=True)
class Installation:
    """What every terminal of an aggregator learns. `authority` None: this server signs nothing."""

    mode: Mode
    authority: Authority | None = None
    catalogue_key: str = ""


def make_token(engine: sa.Engine, number: str, name: str, currency: str, lives_s: int) -> str:
    """A token for terminal `number`, registered if it is new; it stays as it is until the token is used."""
    token = secrets.token_hex(TOKEN_BYTES)
    run_writing(engine, lambda db: _make_token(db, token, number, {"name": name, "currency": currency}, lives_s))
    return token


def _make_token(db: sa.Connection, token: str, number: str, about: dict[str, str], lives_s: int) -> None:
    if db.execute(sa.select(terminal.c.number).where(terminal.c.number == number)).scalar() is None:
        db.execute(terminal.insert().values(number=number, active=False))
    ensure_about(db, number)
    given = {key: value for key, value in about.items() if value}
    if given:
        db.execute(terminal_about.update().where(terminal_about.c.terminal == number).values(**given))
    at_us = now_us()
    values = {"token_hash": _hash(token), "terminal": number, "made_us": at_us}
    db.execute(pairing_token.insert().values(**values, expires_us=at_us + lives_s * MICROSECONDS))


def ensure_about(db: sa.Connection, number: str) -> None:
    """A row for what is known of a terminal."""
    if db.execute(sa.select(terminal_about.c.terminal).where(terminal_about.c.terminal == number)).scalar() is None:
        db.execute(terminal_about.insert().values(terminal=number, name="", currency="", life=0))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def pair(engine: sa.Engine, here: Installation, request: PairingRequest) -> Paired:
    """A certificate for the key of the request, against a token. Raises RefusedError."""
    authority = _authority(here)
    key = _key_of(request.certificate_request)
    certificate = run_writing(engine, lambda db: _pair(db, authority, request.token, key))
    return _paired(here, authority, certificate.terminal, certificate.pem)


def _pair(db: sa.Connection, authority: Authority, token: str, key: TerminalKey) -> sa.Row[Any]:
    found = db.execute(sa.select(pairing_token).where(pairing_token.c.token_hash == _hash(token))).one_or_none()
    if found is None:
        raise _bad_token("no such token; ask for the one that was made for this terminal")
    if found.fingerprint is not None:
        return _again(db, found.fingerprint, key)
    if found.expires_us <= now_us():
        raise _bad_token("this token is too old; ask for a new one")
    revoke(db, found.terminal, "it was paired again")
    number = terminal.c.number == found.terminal
    db.execute(terminal.update().where(number).values(active=True))
    about = terminal_about
    db.execute(about.update().where(about.c.terminal == found.terminal).values(life=about.c.life + 1))
    db.execute(terminal_state.delete().where(terminal_state.c.terminal == found.terminal))
    certificate = _issue(db, authority, key, found.terminal)
    used = pairing_token.update().where(pairing_token.c.token_hash == found.token_hash)
    db.execute(used.values(fingerprint=certificate.fingerprint))
    return certificate


def _again(db: sa.Connection, fingerprint: str, key: TerminalKey) -> sa.Row[Any]:
    """The token was used. By the same key: its answer got lost."""
    known = db.execute(sa.select(terminal_certificate).where(terminal_certificate.c.fingerprint == fingerprint)).one()
    if known.key_hash != tls.key_hash_of(key):
        raise _bad_token("this token was used with another key; ask for a new one, and find out by whom")
    if known.revoked_us is not None:
        raise _bad_token("this token was used, and what it gave was revoked; ask for a new one")
    return known


def renew(engine: sa.Engine, here: Installation, number: str, peer: Peer, request: RenewalRequest) -> Paired:
    """A new certificate for a terminal that showed a good one. Raises RefusedError."""
    authority = _authority(here)
    key = _key_of(request.certificate_request)
    certificate = run_writing(engine, lambda db: _renew(db, authority, number, peer, key))
    return _paired(here, authority, number, certificate.pem)


def _renew(db: sa.Connection, authority: Authority, number: str, peer: Peer, key: TerminalKey) -> sa.Row[Any]:
    """What was issued for this key and never used is given again: its answer got lost."""
    certificate = terminal_certificate
    shown = sa.select(certificate.c.fingerprint).where(certificate.c.fingerprint == peer.fingerprint)
    if db.execute(shown).scalar() is None:
        _record(db, x509.load_der_x509_certificate(peer.certificate), number, first_used_us=now_us())
    waiting = db.execute(
        sa.select(certificate).where(
            certificate.c.terminal == number,
            certificate.c.key_hash == tls.key_hash_of(key),
            certificate.c.first_used_us.is_(None),
            certificate.c.revoked_us.is_(None),
            certificate.c.expires_us > now_us(),
        )
    ).first()
    return waiting or _issue(db, authority, key, number)


def adopt(engine: sa.Engine, number: str, certificate_pem: bytes) -> None:
    """Terminal `number` is known by this certificate of our authority, which was made elsewhere. Raises ValueError."""
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    run_writing(engine, lambda db: _adopt(db, number, certificate))


def _adopt(db: sa.Connection, number: str, certificate: x509.Certificate) -> None:
    known = terminal_certificate.c.fingerprint == tls.fingerprint_of(certificate)
    if db.execute(sa.select(terminal_certificate.c.terminal).where(known)).scalar() is None:
        _record(db, certificate, number)


def revoke(db: sa.Connection, number: str, why: str) -> None:
    """No certificate that terminal `number` has lets it in any more."""
    certificate = terminal_certificate
    db.execute(
        certificate.update()
        .where(certificate.c.terminal == number, certificate.c.revoked_us.is_(None))
        .values(revoked_us=now_us(), revoked_why=why)
    )


def revoke_one(engine: sa.Engine, fingerprint: str, why: str) -> bool:
    """One certificate, by its fingerprint; False if there is none such."""
    certificate = terminal_certificate
    this = certificate.update().where(certificate.c.fingerprint == fingerprint)
    return bool(run_writing(engine, lambda db: db.execute(this.values(revoked_us=now_us(), revoked_why=why)).rowcount))


def _issue(db: sa.Connection, authority: Authority, key: TerminalKey, number: str) -> sa.Row[Any]:
    return _record(db, authority.certify_terminal(key, number), number)


def _record(
    db: sa.Connection, certificate: x509.Certificate, number: str, first_used_us: int | None = None
) -> sa.Row[Any]:
    key = certificate.public_key()
    assert isinstance(key, TerminalKey)
    values = {
        "fingerprint": tls.fingerprint_of(certificate),
        "terminal": number,
        "key_hash": tls.key_hash_of(key),
        "pem": tls.pem_of(certificate),
        "issued_us": now_us() if first_used_us is None else 0,
        "expires_us": int(certificate.not_valid_after_utc.timestamp()) * MICROSECONDS,
        "first_used_us": first_used_us,
        "revoked_why": "",
    }
    return db.execute(terminal_certificate.insert().values(**values).returning(*terminal_certificate.c)).one()


def _authority(here: Installation) -> Authority:
    if here.authority is None:
        message = "this server holds no authority's key and signs no certificates; pair at the one that does"
        raise RefusedError(503, ProblemCode.INTERNAL, message)
    return here.authority


def _paired(here: Installation, authority: Authority, number: str, certificate_pem: str) -> Paired:
    return Paired(number, certificate_pem, authority.pem, here.catalogue_key, here.mode)


def _key_of(pem: str) -> TerminalKey:
    """The public key of a request that was signed with it; nothing else of it is used. Raises RefusedError."""
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        key = request.public_key()
        is_signed = request.is_signature_valid and isinstance(request.signature_hash_algorithm, SIGNED_BY)
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature) as error:
        raise _bad_request("is not a certificate request in PEM") from error
    if not is_signed:
        raise _bad_request("is not signed by the key it is for")
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, CURVES):
        return key
    raise _bad_request("must be for a key of P-256, P-384 or Ed25519")


#: Ed25519 names no hash of its own.
SIGNED_BY = (hashes.SHA256, hashes.SHA384, hashes.SHA512, type(None))


def _bad_request(message: str) -> RefusedError:
    fault = FieldFault("certificate_request", message)
    return RefusedError(422, ProblemCode.INVALID_REQUEST, f"certificate_request {message}", (fault,))


def _bad_token(message: str) -> RefusedError:
    return RefusedError(401, ProblemCode.TOKEN_INVALID, message)
