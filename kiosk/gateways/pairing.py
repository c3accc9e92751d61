"""How a terminal becomes known to an aggregator: a key that is made and stays here, and one question with a one-time token.

Answers for: the key's file, the request, that what comes back fits the key, whole files. Does not answer for: issuing.

Before pairing a terminal has no authority to judge a server by, and whoever answered in the aggregator's place would take the
token and hand out an authority of their own, for ever. So the token comes with the fingerprint of the server's key, by the same
person: `token.fingerprint`. A server with another key is told nothing.
"""

import hashlib
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk import terminal_api as api
from kiosk.gateways.terminal_api.answers import problem_of, read
from kiosk.gateways.tls import pin_of, pinned
from kiosk.gateways.wire import NO_ANSWER, NOT_SENT, Wire, words

FINGERPRINT_DIGITS = 64
KEY_MODE, PUBLIC_MODE = 0o400, 0o444


class PairingError(Exception):
    """It did not come about; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the administrator hands over. `fingerprint`: SHA-256, in hex, of the server's public key or of its certificate."""

    token: str = field(repr=False)
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a terminal keeps who it is. All but the key may be read by anybody."""

    key: Path
    certificate: Path
    authority: Path
    catalogue_key: Path


def ticket_of(text: str) -> Ticket:
    """`token.fingerprint` in two. Raises PairingError."""
    token, _, fingerprint = text.strip().partition(".")
    hexadecimal = all(digit in "0123456789abcdef" for digit in fingerprint.lower())
    if not token or len(fingerprint) != FINGERPRINT_DIGITS or not hexadecimal:
        raise PairingError(
            f"the token must be as it was given out: token, point, {FINGERPRINT_DIGITS} hex digits of the server's key"
        )
    return Ticket(token, fingerprint.lower())


def place_in(folder: Path) -> Place:
    """The usual names in one folder."""
    return Place(*(folder / name for name in ("terminal.key", "terminal.pem", "ca.pem", "catalogue.key")))


async def pair(url: str, ticket: Ticket, place: Place, number: str, deadline_s: float, software: str) -> api.Paired:
    """Become known, and keep who we are. `number`: who we must become, empty for whoever we are told to be.

    Safe to repeat with the same token: the key is made once. Raises PairingError.
    """
    key = ensure_key(place.key)
    request = api.PairingRequest(ticket.token, certificate_request(key), software)
    paired = await _ask(url, ticket, msgspec.json.encode(request), deadline_s)
    if number and paired.terminal_number != number:
        raise PairingError(
            f"the token is that of terminal {paired.terminal_number}, and the configuration says {number}; nothing was kept"
        )
    ensure_fits(paired, key)
    for path, text in (
        (place.authority, paired.authority),
        (place.catalogue_key, f"{paired.catalogue_key}\n"),
        (place.certificate, paired.certificate),
    ):
        _keep(path, text.encode(), PUBLIC_MODE, os.replace)
    return paired


async def _ask(url: str, ticket: Ticket, body: bytes, deadline_s: float) -> api.Paired:
    wire = Wire(url, _context(ticket.fingerprint), deadline_s)
    try:
        answer = await wire.call("POST", "/terminal/v1/pairings", body, {"Content-Type": "application/json"})
        if problem := problem_of(answer):
            raise PairingError(f"the aggregator refused: {problem.message} ({problem.code.value})")
        return read(answer, api.Paired)
    except NOT_SENT as error:
        raise PairingError(f"{url} was not told anything: {words(error)}") from error
    except NO_ANSWER as error:
        raise PairingError(
            f"no usable answer from {url}: {words(error)}; run the same command again, nothing is lost by it"
        ) from error
    finally:
        await wire.close()


def _context(fingerprint: str) -> ssl.SSLContext:
    """Trusts one key and no authority: there is none yet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.sslobject_class = pinned(
        lambda certificate: fingerprint in {pin_of(certificate), hashlib.sha256(certificate).hexdigest()}
    )
    return context


def ensure_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The terminal's key: made at the first time, readable by its owner alone, never overwritten. Raises PairingError."""
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _keep(path, made, KEY_MODE, _link)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise PairingError(f"{path}: cannot be used as a key: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise PairingError(f"{path}: is not a key on an elliptic curve; move it away to have one made")
    return key


def certificate_request(key: ec.EllipticCurvePrivateKey) -> str:
    """PEM. It names nobody: who this key is, the aggregator knows by the token."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def ensure_fits(paired: api.Paired, key: ec.EllipticCurvePrivateKey) -> None:
    """Raises PairingError unless the certificate is for our key, our number and now, and by the authority that came along."""
    try:
        certificate = x509.load_pem_x509_certificate(paired.certificate.encode())
        authority = x509.load_pem_x509_certificate(paired.authority.encode())
        certificate.verify_directly_issued_by(authority)
        bytes.fromhex(paired.catalogue_key)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise PairingError(f"what the aggregator sent is not a certificate by its authority: {error}") from error
    names = [name.value for name in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    now = datetime.now(UTC)
    faults = (
        (certificate.public_key() != key.public_key(), "it is for another key"),
        (names != [paired.terminal_number], f"it names {names}, and the answer terminal {paired.terminal_number}"),
        (not _is_authority(authority), "its authority may not issue certificates"),
        (now < certificate.not_valid_before_utc, "it is not valid yet; set the clock"),
        (now >= certificate.not_valid_after_utc, "it is not valid any more; set the clock"),
    )
    for wrong, reason in faults:
        if wrong:
            raise PairingError(f"the certificate cannot be used: {reason}")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _link(made: Path, path: Path) -> None:
    """Give it its name only if nothing has that name."""
    try:
        os.link(made, path)
    finally:
        made.unlink()


def _keep(path: Path, data: bytes, mode: int, name: Callable[[Path, Path], None]) -> None:
    """The whole file or none, on disk. Raises PairingError."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        name(made, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise PairingError(f"{path}: cannot be written: {error.strerror or error}") from error
