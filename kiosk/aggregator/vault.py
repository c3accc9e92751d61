"""Secrets of merchants: readable by this program, unreadable in the database, its backups and its logs.

Answers for: sealing texts with a key that is kept in a file beside the database, and a type that never shows itself.
Does not answer for: keeping the key file (0600, on every worker, backed up apart from the database).

Why sealed and not hashed: both sides of the protocol sign with the password itself. Why sealed and not plain: a copy of the
database (a dump, a replica, a stolen disk of backups) would let anybody tell a shop that it was paid.
"""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from kiosk.aggregator.storage.errors import DatabaseError


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that is shown only by `reveal`."""

    _text: str = field(repr=False)

    def __str__(self) -> str:
        return "(secret)"

    def reveal(self) -> str:
        """The text itself: to sign with, never to print."""
        return self._text


class Vault:
    """Seals with the first of its keys and opens with any, so that a key can be replaced."""

    def __init__(self, keys: list[bytes]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise DatabaseError("the key file of the secrets holds something else than keys, one a line") from error

    def seal(self, text: str) -> str:
        """What the database may hold."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> Secret:
        """What was sealed. Raises DatabaseError when none of our keys fits."""
        try:
            return Secret(self._fernet.decrypt(sealed.encode()).decode())
        except InvalidToken as error:
            message = "the key file of the secrets is not the one this database was written with; put that one back"
            raise DatabaseError(message) from error


def ensure_vault(key_file: Path) -> Vault:
    """The vault of `key_file`, made with a new key if it is not there, readable by its owner alone.

    The name appears when the key is whole on disk, and only if nobody was faster.
    """
    if not key_file.exists():
        draft = key_file.with_name(f"{key_file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, key_file)
        draft.unlink()
    return Vault(key_file.read_bytes().split())


def vault_of(db: sa.Connection) -> Vault:
    """The vault of the database `db` is a connection of."""
    return cast("Vault", db.get_execution_options()["kiosk.vault"])
