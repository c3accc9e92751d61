"""Certificates in a technician's words: whose, from when, until when, and why one was not believed.

Answers for: cause. Does not answer for: whether to trust (`gateways.tls` alone decides).
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kiosk.domain.findings import Finding, FindingCode, finding
from kiosk.gateways.tls import PinError, pin_of

OURS_ENDS_SOON = timedelta(days=30)  #: pairing anew wants a person and a token
THEIRS_ENDS_SOON = timedelta(days=7)  #: many are renewed by themselves some weeks before

C = FindingCode

#: X509_V_ERR_* of OpenSSL's x509_vfy.h → what is wrong with the far end's certificate.
NOT_BELIEVED: Mapping[int, FindingCode] = {
    9: C.SERVER_CERTIFICATE_EARLY,
    10: C.SERVER_CERTIFICATE_EXPIRED,
    18: C.SERVER_CERTIFICATE_UNKNOWN,
    19: C.SERVER_CERTIFICATE_UNKNOWN,
    20: C.SERVER_CERTIFICATE_UNKNOWN,
    21: C.SERVER_CERTIFICATE_UNKNOWN,
    62: C.SERVER_CERTIFICATE_NAME,
    64: C.SERVER_CERTIFICATE_NAME,
}
#: Alerts of RFC 8446, 6.2, by which a far end refuses who we are, in OpenSSL's words.
WE_ARE_REFUSED = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED", "HANDSHAKE_FAILURE", "DECRYPT_ERROR")


@dataclass(frozen=True, slots=True)
class Certificate:
    """`name`: its common name, `issuer` that of who vouches for it; `pin` of its key."""

    name: str
    issuer: str
    begins: datetime
    ends: datetime
    pin: str


def read(pem: bytes) -> Certificate:
    """The first certificate of a PEM file. Raises ValueError."""
    return _told(x509.load_pem_x509_certificate(pem))


def parse(der: bytes) -> Certificate:
    """A certificate as it is shown in a handshake. Raises ValueError."""
    return _told(x509.load_der_x509_certificate(der))


def _told(certificate: x509.Certificate) -> Certificate:
    return Certificate(
        _common_name(certificate.subject),
        _common_name(certificate.issuer) or certificate.issuer.rfc4514_string(),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        pin_of(certificate.public_bytes(Encoding.DER)),
    )


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def day(moment: datetime) -> str:
    """2026-11-25, in UTC."""
    return f"{moment:%Y-%m-%d}"


def ours(certificate: Certificate, number: str, now: datetime) -> Finding:
    """Whether the terminal's own certificate is its own, and good today."""
    if number and certificate.name != number:
        return finding(C.OUR_CERTIFICATE_OTHERS, named=certificate.name or "?", number=number)
    if now > certificate.ends:
        return finding(C.OUR_CERTIFICATE_EXPIRED, until=day(certificate.ends))
    if now < certificate.begins:
        return finding(C.OUR_CERTIFICATE_EARLY, since=day(certificate.begins))
    if certificate.ends - now < OURS_ENDS_SOON:
        return finding(C.OUR_CERTIFICATE_ENDS, days=(certificate.ends - now).days)
    return finding(C.OUR_CERTIFICATE_GOOD, until=day(certificate.ends))


def ends_soon(theirs: Certificate, now: datetime) -> list[Finding]:
    """A word in time about the far end's certificate, or none."""
    left = theirs.ends - now
    return [finding(C.SERVER_CERTIFICATE_ENDS, days=left.days)] if left < THEIRS_ENDS_SOON else []


def refused(error: ssl.SSLCertVerificationError, shown: bytes, host: str) -> Finding:
    """Why the far end's certificate was not believed. `shown`: that certificate (DER), or nothing where it was not had again."""
    theirs = parse(shown) if shown else None
    pinned_out = isinstance(error, PinError)
    code = C.SERVER_KEY_NOT_PINNED if pinned_out else NOT_BELIEVED.get(error.verify_code, C.SERVER_CERTIFICATE_WRONG)
    match code:
        case C.SERVER_KEY_NOT_PINNED:
            return finding(code, pin=theirs.pin if theirs else "?")
        case C.SERVER_CERTIFICATE_EARLY:
            return finding(code, since=day(theirs.begins) if theirs else "?")
        case C.SERVER_CERTIFICATE_EXPIRED:
            return finding(code, until=day(theirs.ends) if theirs else "?")
        case C.SERVER_CERTIFICATE_UNKNOWN:
            return finding(code, issuer=theirs.issuer if theirs else "?")
        case C.SERVER_CERTIFICATE_NAME:
            return finding(code, host=host)
        case _:
            return finding(code, cause=getattr(error, "verify_message", "") or str(error))


def no_line(error: Exception) -> Finding:
    """Why no encrypted line came about though the far end's certificate was not in question."""
    reason = (getattr(error, "reason", None) or "").upper()
    if "ALERT" in reason and any(word in reason for word in WE_ARE_REFUSED):
        return finding(C.OUR_CERTIFICATE_REFUSED, cause=reason.replace("_", " ").lower())
    return finding(C.TLS_FAILED, cause=str(error) or type(error).__name__)
