"""The key that signs catalogues: Ed25519, in a file beside the secrets, readable by its owner alone.

Answers for: making it once, signing, its public half. Does not answer for: getting it to other workers (copy the file), telling
terminals (they learn the public half when they are paired, so a new key means pairing them again).
"""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.aggregator.storage.errors import DatabaseError

FILE_NAME = "catalogue.key"


@dataclass(frozen=True, slots=True)
class CatalogueKey:
    """Signs what terminals may offer."""

    private: Ed25519PrivateKey

    @property
    def public_hex(self) -> str:
        """What terminals compare signatures with."""
        return self.private.public_key().public_bytes_raw().hex()

    def sign(self, body: bytes) -> str:
        """Hex signature of exact bytes."""
        return self.private.sign(body).hex()


def ensure_catalogue_key(folder: Path) -> CatalogueKey:
    """The key in `folder`, made if there is none. The name appears when the key is whole, and only if nobody was faster."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE_NAME
    if not file.exists():
        draft = file.with_name(f"{FILE_NAME}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(_pem(Ed25519PrivateKey.generate()))
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except ValueError as error:
        raise DatabaseError(f"{file} holds no key; put the right one back, or pair every terminal again") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise DatabaseError(f"{file} holds a key of another kind than Ed25519")
    return CatalogueKey(key)


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
