"""The journal: an append-only, gapless, hash-chained table of facts in SQLite, one durable commit per decision.

Answers for: that a fact is on disk when `append` returns, in order, that a change to the past is found, and that what is
personal can be erased without breaking the chain. Does not answer for: what facts mean (but for `PersonalErased`, which it
carries out), what a checkpoint holds (`checkpoints`), full verification (`verify`).

One connection for the life of the process, exclusive, WAL, synchronous=FULL: one fdatasync a commit. A commit that raises is
*unknown*, not failed: the row may be there after a restart. The only right answer is to stop and read again, so every I/O
trouble is a JournalError and the process ends on it.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from kiosk.domain.facts import Fact, PersonalErased
from kiosk.domain.totals import RULE
from kiosk.till import fact_codec

#: First SQLite without the WAL-reset bug (durability notes, section 0).
SQLITE_VERSION_MIN = (3, 51, 3)

GENESIS = b"\0" * 32  #: the hash before the first row

#: `tail` and `total` are written in the same commit as the facts they follow from: a row cut off at the end, or a total that
#: was changed, no longer fits; `user_version` says by which rule totals were counted. Only `personal` is ever erased.
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
CREATE TABLE IF NOT EXISTS personal (
    seq     INTEGER PRIMARY KEY REFERENCES fact (seq),
    at_us   INTEGER NOT NULL,
    subject TEXT    NOT NULL,
    salt    BLOB    NOT NULL,
    body    BLOB    NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS personal_is_never_changed BEFORE UPDATE ON personal
    BEGIN SELECT RAISE(ABORT, 'what is personal may be erased, never changed'); END;
CREATE TABLE IF NOT EXISTS total (
    period  INTEGER NOT NULL,
    name    TEXT    NOT NULL,
    amount  INTEGER NOT NULL,
    PRIMARY KEY (period, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tail (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    seq     INTEGER NOT NULL,
    hash    BLOB    NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS checkpoint (
    seq           INTEGER PRIMARY KEY,
    hash          BLOB NOT NULL,
    state_version TEXT NOT NULL,
    state_hash    BLOB NOT NULL,
    state         BLOB,
    public_key    TEXT NOT NULL,
    signature     BLOB NOT NULL
) STRICT;
"""

#: busy_timeout is 0: a second till on the same journal must be told at once. secure_delete: what is erased is overwritten.
#: Reasons for the rest: durability notes 1.5.
_PRAGMAS = (
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA journal_size_limit=8388608",
    "PRAGMA mmap_size=0",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)

#: The first journals had no table `personal`: they are read, and get it when a till opens them.
_FIRST_ROWS = "SELECT seq, at_us, boot_id, type, version, body, hash, NULL, NULL FROM fact WHERE seq > ? ORDER BY seq"
_ROWS = """
SELECT fact.seq, fact.at_us, fact.boot_id, fact.type, fact.version, fact.body, fact.hash, personal.salt, personal.body
FROM fact LEFT JOIN personal ON personal.seq = fact.seq WHERE fact.seq > ? ORDER BY fact.seq
"""

_ROWS_OF = """
SELECT fact.seq, fact.at_us, fact.boot_id, fact.type, fact.version, fact.body, fact.hash, personal.body
FROM fact LEFT JOIN personal ON personal.seq = fact.seq
WHERE fact.seq BETWEEN ? AND ? AND fact.type IN (SELECT value FROM json_each(?)) ORDER BY fact.seq
"""

Totals = Mapping[tuple[int, str], int]


class JournalError(Exception):
    """The journal could not be read or written: stop taking cash, end the process, recover by reading again."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the journal. `at_us` is wall time for people; order is `seq` alone. `name`, `version` and `body` as stored."""

    seq: int
    at_us: int
    boot_id: str
    fact: Fact
    hash: bytes
    name: str
    version: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A state somebody signed for: what the facts up to `seq` (hash `head`) fold to, in the words of `state_version`."""

    seq: int
    head: bytes
    state_version: str
    state_hash: bytes
    state: bytes | None
    public_key: str
    signature: bytes


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

    def __init__(
        self, path: Path, vfs: str | None = None, entropy: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        check_engine()
        self.path = path
        self.seq = 0
        self.head = GENESIS
        self._entropy = entropy
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = apsw.Connection(str(path), vfs=vfs)
            for pragma in _PRAGMAS:
                self._connection.execute(pragma)
            self._connection.execute(_SCHEMA)
        except (apsw.Error, OSError) as error:
            raise JournalError(f"{path}: {in_words(error)}") from error

    def __repr__(self) -> str:
        return f"<journal {self.path} seq={self.seq} head={self.head.hex()[:12]}>"

    def replay(self, after: Checkpoint | None = None) -> Iterator[Row]:
        """Every row in order, or those after a checkpoint, the chain checked on the way and the end of it last.

        Raises JournalError at the first row that does not fit.
        """
        try:
            self.seq, self.head = (after.seq, after.head) if after else (0, GENESIS)
            for row in rows(self._connection, self.seq, self.head):
                self.seq, self.head = row.seq, row.hash
                yield row
            check_tail(self._connection, self.seq, self.head)
        except apsw.Error as error:
            raise JournalError(f"{self.path}: {in_words(error)}") from error

    def append(self, facts: Sequence[Fact], at_us: int, boot_id: str, totals: Totals | None = None) -> None:
        """Make `facts`, and what they add to `totals`, durable in one commit.

        When this returns they survive a power cut; if it raises JournalError, nobody knows.
        """
        seq, head = self.seq, self.head
        lines, beside = [], []
        for fact in facts:
            row = fact_codec.encode(fact, self._entropy)
            seq += 1
            head = chain(head, seq, at_us, boot_id, row.name, row.version, row.body)
            lines.append((seq, at_us, boot_id, row.name, row.version, row.body, head))
            if row.personal:
                beside.append((seq, at_us, row.subject, row.salt, row.personal))
        try:
            self._commit(lines, beside, totals or {}, [f for f in facts if isinstance(f, PersonalErased)], (seq, head))
        except (apsw.Error, OSError) as error:
            raise self._broken(error) from error
        self.seq, self.head = seq, head

    def _commit(
        self,
        lines: Sequence[tuple[object, ...]],
        beside: Sequence[tuple[object, ...]],
        totals: Totals,
        erased: Sequence[PersonalErased],
        tail: tuple[int, bytes],
    ) -> None:
        run = self._connection
        run.execute("BEGIN IMMEDIATE")
        run.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?)", lines)
        run.executemany("INSERT INTO personal VALUES (?, ?, ?, ?, ?)", beside)
        run.executemany(
            "INSERT INTO total VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
            [(period, name, amount) for (period, name), amount in totals.items()],
        )
        for fact in erased:
            run.execute(
                "DELETE FROM personal WHERE at_us < ? AND subject NOT IN (SELECT value FROM json_each(?))",
                (fact.before_us, json.dumps(fact.kept)),
            )
        run.execute("INSERT INTO tail VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET seq = ?1, hash = ?2", tail)
        run.execute("COMMIT")

    def keep(self, checkpoint: Checkpoint) -> None:
        """Store a checkpoint; older ones keep their signature and lose their state. Raises JournalError."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("UPDATE checkpoint SET state = NULL WHERE state IS NOT NULL")
            self._connection.execute(
                "INSERT INTO checkpoint VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    checkpoint.seq,
                    checkpoint.head,
                    checkpoint.state_version,
                    checkpoint.state_hash,
                    checkpoint.state,
                    checkpoint.public_key,
                    checkpoint.signature,
                ),
            )
            self._connection.execute("COMMIT")
        except (apsw.Error, OSError) as error:
            raise self._broken(error) from error

    def latest_checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint that lies on the chain. Raises JournalError when it does not."""
        try:
            found = next(iter(checkpoints(self._connection, newest_first=True)), None)
            if found is None:
                return None
            row = self._connection.execute("SELECT hash FROM fact WHERE seq = ?", (found.seq,)).get
        except apsw.Error as error:
            raise self._broken(error) from error
        if row != found.head:
            raise JournalError(f"row {found.seq} is not the one that was signed at the checkpoint there")
        return found

    def between(self, first: int, last: int, names: Collection[str]) -> list[Row]:
        """Facts of these types with numbers from `first` to `last`, not proved against the chain. Raises JournalError."""
        try:
            found = list(self._connection.execute(_ROWS_OF, (first, last, json.dumps(sorted(names)))))
            return [
                Row(seq, at_us, boot_id, fact_codec.decode(name, version, body, personal), digest, name, version, body)
                for seq, at_us, boot_id, name, version, body, digest, personal in found
            ]
        except (apsw.Error, fact_codec.FactCodecError) as error:
            raise self._broken(error) from error

    def period_totals(self, period: int) -> dict[str, int]:
        """What happened in a collection period, by name (`kiosk.domain.totals`). Raises JournalError."""
        try:
            return dict(self._connection.execute("SELECT name, amount FROM total WHERE period = ?", (period,)))
        except apsw.Error as error:
            raise self._broken(error) from error

    def check_end(self, rows_max: int) -> int:
        """Prove the last rows, at most so many; how many were proved. Raises JournalError where they do not hold."""
        try:
            return check_end(self._connection, rows_max)
        except apsw.Error as error:
            raise self._broken(error) from error

    def copy_to(self, path: Path, pages_at_once: int) -> Iterator[tuple[int, int]]:
        """A consistent copy, made in steps between which the till goes on: yields (pages left, pages in all).

        What is appended meanwhile through this journal is in the copy too. Raises JournalError.
        """
        try:
            target = apsw.Connection(str(path))
            try:
                with target.backup("main", self._connection, "main") as copying:
                    while not copying.done:
                        copying.step(pages_at_once)
                        yield copying.remaining, copying.page_count
            finally:
                target.close()
        except (apsw.Error, OSError) as error:
            raise JournalError(f"{path}: {in_words(error)}") from error

    def totals(self) -> dict[tuple[int, str], int] | None:
        """Every total on disk, or None where they were counted by another rule, or not at all. Raises JournalError."""
        try:
            return kept_totals(self._connection)
        except apsw.Error as error:
            raise self._broken(error) from error

    def count_again(self, totals: Totals) -> None:
        """Totals of all rows so far, by the rule of this program, instead of those there are. Raises JournalError."""
        run = self._connection
        try:
            run.execute("BEGIN IMMEDIATE")
            run.execute("DELETE FROM total")
            run.executemany("INSERT INTO total VALUES (?, ?, ?)", [(*key, amount) for key, amount in totals.items()])
            run.execute(f"PRAGMA user_version = {RULE:d}")
            run.execute("COMMIT")
        except (apsw.Error, OSError) as error:
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> JournalError:
        """After trouble nothing more is written, not even on closing: the next life reads what is really there."""
        self._connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        return JournalError(f"{self.path}: {in_words(error)}")

    def close(self) -> None:
        """Give the file back. Idempotent. Raises JournalError; all that was appended is on disk all the same."""
        try:
            self._connection.close()
        except (apsw.Error, OSError) as error:
            self._connection.close(True)
            raise JournalError(f"{self.path}: {in_words(error)}") from error


def in_words(error: Exception) -> str:
    """An engine's error for people."""
    if isinstance(error, apsw.BusyError):
        return "another process has this journal open; is a till running?"
    return f"{type(error).__name__}: {error}"


def rows(connection: apsw.Connection, after_seq: int, after_hash: bytes) -> Iterator[Row]:
    """Rows in order. Raises JournalError naming the first one with a gap, a wrong hash, a broken seal or an unreadable body."""
    previous, expected = after_hash, after_seq + 1
    wanted = _ROWS if has_table(connection, "personal") else _FIRST_ROWS
    for seq, at_us, boot_id, name, version, body, digest, salt, personal in connection.execute(wanted, (after_seq,)):
        if seq != expected:
            raise JournalError(f"row {expected} is missing (the next one is {seq})")
        if chain(previous, seq, at_us, boot_id, name, version, body) != digest:
            raise JournalError(f"row {seq} ({name}) does not fit the chain: it was changed, or the one before it was")
        try:
            if personal is not None and fact_codec.raw(body).get("sealed") != fact_codec.seal(salt, personal):
                raise JournalError(f"row {seq} ({name}): what is personal in it was changed")
            fact = fact_codec.decode(name, version, body, personal)
        except fact_codec.FactCodecError as error:
            raise JournalError(f"row {seq}: {error}") from error
        yield Row(seq, at_us, boot_id, fact, digest, name, version, body)
        previous, expected = digest, expected + 1


def last_row(connection: apsw.Connection) -> tuple[int, bytes]:
    """Number and hash of the last row; of none in an empty journal."""
    found = connection.execute("SELECT seq, hash FROM fact ORDER BY seq DESC LIMIT 1").fetchone()
    return found or (0, GENESIS)


def check_end(connection: apsw.Connection, rows_max: int) -> int:
    """Prove chain, seals and tail of the last rows, at most so many; how many were. Raises JournalError."""
    last, _ = last_row(connection)
    start = max(0, last - rows_max)
    head = connection.execute("SELECT hash FROM fact WHERE seq = ?", (start,)).get if start else GENESIS
    if head is None:
        raise JournalError(f"row {start} is missing")
    seq = start
    for row in rows(connection, start, head):
        seq, head = row.seq, row.hash
    if has_table(connection, "tail"):
        check_tail(connection, seq, head)
    return seq - start


def has_table(connection: apsw.Connection, name: str) -> bool:
    """Whether a journal is young enough to have this table."""
    found = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", (name,)).get
    return bool(found)


def kept_totals(connection: apsw.Connection) -> dict[tuple[int, str], int] | None:
    """(period, name) → amount of every total on disk; None where another rule than this program's has counted them, or none."""
    if connection.execute("PRAGMA user_version").get != RULE:
        return None
    return {(period, name): amount for period, name, amount in connection.execute("SELECT * FROM total")}


def check_tail(connection: apsw.Connection, seq: int, head: bytes) -> None:
    """Raise JournalError if the journal once went on after `seq`. A journal from before tails were kept has none."""
    for last_seq, last_hash in connection.execute("SELECT seq, hash FROM tail"):
        if last_seq != seq:
            raise JournalError(f"rows {seq + 1} to {last_seq} are missing at the end")
        if last_hash != head:
            raise JournalError(f"row {seq} is not the one the journal ended with")


def checkpoints(connection: apsw.Connection, *, newest_first: bool = False) -> Iterator[Checkpoint]:
    """Every checkpoint there is."""
    wanted = "SELECT * FROM checkpoint ORDER BY seq DESC" if newest_first else "SELECT * FROM checkpoint ORDER BY seq"
    for found in connection.execute(wanted):
        yield Checkpoint(*found)
