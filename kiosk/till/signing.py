"""The till's Ed25519 key: what its checkpoints and claims are signed with.

Answers for: making the key once, keeping it private, signing, verifying. Does not answer for: what is signed, or TLS keys.
"""

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kiosk.till.durable_file import write_whole


class KeyFileError(Exception):
    """The key file cannot be used; the message says why and what to do."""


class SigningKey:
    """A private key in memory. `public_key` is its 32 bytes in hex."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def __repr__(self) -> str:
        return f"<signing key {self.public_key[:16]}>"

    def sign(self, data: bytes) -> bytes:
        """64 bytes; the same data always gets the same ones (RFC 8032, 5.1.6)."""
        return self._key.sign(data)


def is_signed(public_key: str, data: bytes, signature: bytes) -> bool:
    """Whether the holder of `public_key` (hex) signed `data`. False also for a key that is none."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def ensure_key(path: Path) -> SigningKey:
    """The key in `path` (PEM, PKCS #8), made and made durable first if there is none. Raises KeyFileError."""
    try:
        if not path.exists():
            _make(path)
    except OSError as error:
        raise KeyFileError(f"{path}: cannot be read or made: {error}; restore it from the backup") from error
    return load_key(path)


def load_key(path: Path) -> SigningKey:
    """The key in `path`, which must be there. Raises KeyFileError."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise KeyFileError(f"{path}: cannot be read: {error}; restore it from the backup") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path}: is no Ed25519 key; restore it from the backup, or move it away to get a new one")
    return SigningKey(key)


def _make(path: Path) -> None:
    """Whole or not at all: a power cut leaves no half key under the name."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_whole(path, pem)
