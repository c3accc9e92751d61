"""TLS of a gateway: one authority, the terminal's own certificate, and pins on the far end's key.

Answers for: whom we talk to. Does not answer for: what is said. A context made here fails the handshake, so that a far end that
is not the right one has heard nothing.
"""

import hashlib
import ssl
from collections.abc import Callable, Collection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class CredentialsError(Exception):
    """A key or certificate file is missing or unusable; the message names it."""


class PinError(ssl.SSLCertVerificationError):
    """The far end proved who it is, and its key is none of those that are pinned."""


def terminal_ssl_context(
    ca_file: Path, certificate_file: Path, key_file: Path, pins: Collection[str] = ()
) -> ssl.SSLContext:
    """For the terminal API: TLS 1.3 and the terminal's certificate. Raises CredentialsError."""
    return client_ssl_context(ca_file, certificate_file, key_file, pins, ssl.TLSVersion.TLSv1_3)


def client_ssl_context(
    ca_file: Path,
    certificate_file: Path | None,
    key_file: Path | None,
    pins: Collection[str] = (),
    minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
) -> ssl.SSLContext:
    """Trusts `ca_file` alone and shows a certificate if there is one. `pins`: as `pin_of`; the far end's key must be one of
    them, none allows any key the authority vouches for. Raises CredentialsError.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file))
        context.minimum_version = minimum
        if certificate_file is not None:
            context.load_cert_chain(str(certificate_file), str(key_file))
    except OSError as error:
        raise CredentialsError(f"{ca_file}, {certificate_file}, {key_file}: {error}") from error
    if pins:
        known = frozenset(pin.lower() for pin in pins)
        context.sslobject_class = pinned(lambda certificate: pin_of(certificate) in known)
    return context


def pin_of(certificate: bytes) -> str:
    """SHA-256 of the SubjectPublicKeyInfo of a certificate (DER), in hex: the key's name, whatever certificate it is in."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def pinned(is_right: Callable[[bytes], bool]) -> type[ssl.SSLObject]:
    """What a context makes its connections of (`sslobject_class`): the handshake fails unless the certificate (DER) is right."""

    class PinnedSSLObject(ssl.SSLObject):
        """Chain and name, where the context wants them, were checked before."""

        def do_handshake(self) -> None:
            super().do_handshake()
            certificate = self.getpeercert(binary_form=True)
            if certificate is None or not is_right(certificate):
                raise PinError("the far end's key is none of those that are pinned")

    return PinnedSSLObject
