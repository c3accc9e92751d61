"""The catalogue as signed bytes: proved by the key that was pinned, kept beside the journal, read into the domain's words.

Answers for: that no byte of a catalogue is believed before its signature holds, by whatever way it came; that the file is the
exact bytes that were signed. Does not answer for: fetching (`catalogue_keeper`), what of it is offered (`domain.catalogue`).

    line 1   the Ed25519 signature, hex        line 2   the ETag it came with        the rest   the signed bytes
"""

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec
from pydantic import TypeAdapter, ValidationError

from kiosk import terminal_api as api
from kiosk.domain.catalogue import Catalogue
from kiosk.till.durable_file import write_whole
from kiosk.till.signing import KeyFileError, is_signed

CATALOGUE_BYTES_MAX = 16_777_216  #: as the gateway's: 5000 services of 20 fields with labels in several languages
HEAD_BYTES_MAX = 1024
FAULTS_TOLD_MAX = 3

_published = TypeAdapter(api.Catalogue)
_decoder = msgspec.json.Decoder(Catalogue)


class CatalogueError(ValueError):
    """A catalogue that may not be used; the message says why."""


@dataclass(frozen=True, slots=True)
class SignedCatalogue:
    """A catalogue whose signature holds, and what it came as."""

    catalogue: Catalogue
    etag: str
    signature: str
    body: bytes


def load_key(path: Path) -> str:
    """The pinned key: 32 bytes, hex, one line. Raises KeyFileError."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise KeyFileError(f"{path}: cannot be read: {error}; pair this terminal again") from error
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise KeyFileError(f"{path}: must hold the catalogue's Ed25519 key, 64 hex digits; pair this terminal again")
    return text


def prove(key: str, etag: str, signature: str, body: bytes) -> SignedCatalogue:
    """Believe a catalogue, or raise CatalogueError. The signature comes first: nothing else of an unsigned one is looked at."""
    if len(body) > CATALOGUE_BYTES_MAX:
        raise CatalogueError(f"it is larger than {CATALOGUE_BYTES_MAX} bytes")
    if not re.fullmatch(r"[0-9a-fA-F]{128}", signature) or not is_signed(key, body, bytes.fromhex(signature)):
        raise CatalogueError("its signature is not by the pinned key")
    try:
        _published.validate_json(body, strict=True)
        return SignedCatalogue(_decoder.decode(body), etag, signature, body)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_input=False)]
        told = "; ".join(faults[:FAULTS_TOLD_MAX])
        raise CatalogueError(f"it is signed, and not of the published shape ({len(faults)} faults): {told}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"it is signed, and cannot be read: {error}") from error


def keep(path: Path, signed: SignedCatalogue) -> None:
    """Put it on disk, whole or not at all. Raises OSError."""
    write_whole(path, f"{signed.signature}\n{signed.etag}\n".encode() + signed.body)


def kept(path: Path, key: str) -> SignedCatalogue | None:
    """What was kept, proved again; None when nothing was. Raises CatalogueError."""
    try:
        with path.open("rb") as file:
            data = file.read(HEAD_BYTES_MAX + CATALOGUE_BYTES_MAX + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror or error}") from error
    parts = data.split(b"\n", 2)
    if len(parts) != 3:
        raise CatalogueError(f"{path}: is cut short")
    try:
        signature, etag = parts[0].decode("ascii"), parts[1].decode("ascii")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path}: its first lines are damaged") from error
    return prove(key, etag, signature, parts[2])
