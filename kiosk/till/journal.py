"""The journal: an append-only, gapless, hash-chained table of facts in SQLite, one durable commit per decision.

Answers for: that a fact is on disk when `append` returns, in order, and that a change to the past is found. Does not answer
for: what facts mean. One connection for the life of the process, exclusive, WAL, synchronous=FULL: one fdatasync a commit.

A commit that raises is *unknown*, not failed: the row may be there after a restart. The only right answer is to stop and
read again, so `append` turns every I/O trouble into JournalError and the process ends on it.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from kiosk.domain.facts import Fact
from kiosk.till import fact_codec

#: First SQLite without the WAL-reset bug (durability notes, section 0).
SQLITE_VERSION_MIN = (3, 51, 3)

GENESIS = b"\0" * 32  #: the hash before the first row

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (
    seq     INTEGER PRIMARY KEY,
    at_us   INTEGER NOT NULL,
    boot_id TEXT    NOT NULL,
    type    TEXT    NOT NULL,
    version INTEGER NOT NULL,
    body    BLOB    NOT NULL,
    hash    BLOB    NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS fact_is_never_changed BEFORE UPDATE ON fact
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS fact_is_never_removed BEFORE DELETE ON fact
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""

#: busy_timeout is 0: a second till on the same journal must be told at once. Reasons for the rest: durability notes 1.5.
_PRAGMAS = (
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA journal_size_limit=8388608",
    "PRAGMA mmap_size=0",
    "PRAGMA foreign_keys=ON",
)


class JournalError(Exception):
    """The journal could not be read or written: stop taking cash, end the process, recover by reading again."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the journal. `at_us` is wall time for people; order is `seq` alone."""

    seq: int
    at_us: int
    boot_id: str
    fact: Fact
    hash: bytes


def chain(previous: bytes, seq: int, at_us: int, boot_id: str, name: str, version: int, body: bytes) -> bytes:
    """Hash of a row: SHA-256 over the hash before it and its fields, each with its length in front."""
    digest = hashlib.sha256(previous)
    for part in (str(seq).encode(), str(at_us).encode(), boot_id.encode(), name.encode(), str(version).encode(), body):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def check_engine() -> None:
    """Raise JournalError unless the bundled SQLite is new enough to trust with money."""
    found = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if found < SQLITE_VERSION_MIN:
        wanted = ".".join(map(str, SQLITE_VERSION_MIN))
        raise JournalError(f"SQLite {apsw.sqlite_lib_version()} is older than {wanted}; update the package apsw")


class Journal:
    """The open journal of a running till. `seq` and `head` are those of the last row on disk."""

    def __init__(self, path: Path, vfs: str | None = None) -> None:
        check_engine()
        self.path = path
        self.seq = 0
        self.head = GENESIS
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = apsw.Connection(str(path), vfs=vfs)
            for pragma in _PRAGMAS:
                self._connection.execute(pragma)
            self._connection.execute(_SCHEMA)
        except (apsw.Error, OSError) as error:
            raise JournalError(f"{path}: {_in_words(error)}") from error

    def __repr__(self) -> str:
        return f"<journal {self.path} seq={self.seq} head={self.head.hex()[:12]}>"

    def replay(self) -> Iterator[Row]:
        """Every row in order, the chain checked on the way. Raises JournalError at the first one that does not fit."""
        try:
            for row in _checked(self._connection):
                self.seq, self.head = row.seq, row.hash
                yield row
        except apsw.Error as error:
            raise JournalError(f"{self.path}: {_in_words(error)}") from error

    def append(self, facts: Sequence[Fact], at_us: int, boot_id: str) -> None:
        """Make `facts` durable in one commit. When this returns they survive a power cut; if it raises, nobody knows."""
        seq, head = self.seq, self.head
        rows = []
        for fact in facts:
            name, version, body = fact_codec.encode(fact)
            seq += 1
            head = chain(head, seq, at_us, boot_id, name, version, body)
            rows.append((seq, at_us, boot_id, name, version, body, head))
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            self._connection.execute("COMMIT")
        except (apsw.Error, OSError) as error:
            raise JournalError(f"{self.path}: {_in_words(error)}") from error
        self.seq, self.head = seq, head

    def close(self) -> None:
        """Give the file back. Idempotent."""
        self._connection.close()


def _in_words(error: Exception) -> str:
    if isinstance(error, apsw.BusyError):
        return "another process has this journal open; is a till running?"
    return f"{type(error).__name__}: {error}"


def _checked(connection: apsw.Connection) -> Iterator[Row]:
    """Rows in order. Raises JournalError naming the first row with a gap, a wrong hash or an unreadable body."""
    previous, expected = GENESIS, 1
    for seq, at_us, boot_id, name, version, body, digest in connection.execute("SELECT * FROM fact ORDER BY seq"):
        if seq != expected:
            raise JournalError(f"row {expected} is missing (the next one is {seq})")
        if chain(previous, seq, at_us, boot_id, name, version, body) != digest:
            raise JournalError(f"row {seq} ({name}) does not fit the chain: it was changed, or the one before it was")
        try:
            fact = fact_codec.decode(name, version, body)
        except fact_codec.FactCodecError as error:
            raise JournalError(f"row {seq}: {error}") from error
        yield Row(seq, at_us, boot_id, fact, digest)
        previous, expected = digest, expected + 1


def read(path: Path, note: Callable[[Row], None]) -> bytes:
    """Read a journal no till has open, from a private copy, telling `note` every row; returns the head.

    Raises JournalError. The copy is in memory, so that reading never writes next to the money.
    """
    check_engine()
    if not path.exists():
        raise JournalError(f"{path}: no such journal")
    head = GENESIS
    try:
        source = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        copy = apsw.Connection(":memory:")
        try:
            with copy.backup("main", source, "main") as backup:
                backup.step()
            for row in _checked(copy):
                note(row)
                head = row.hash
        finally:
            copy.close()
            source.close()
    except apsw.Error as error:
        raise JournalError(f"{path}: {_in_words(error)}") from error
    return head
