"""A journal no till has open: read without writing a byte next to the money.

Answers for: opening a closed journal (or a copy of a live one) for reading, and telling why it cannot be. Does not answer for:
the running till's own journal (`journal`), conclusions (`verify`, `audit`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from kiosk.till.journal import JournalError, check_engine, in_words


class JournalBusyError(JournalError):
    """A till is running on this journal: read a copy of it (`kiosk journal backup`)."""


@contextmanager
def closed_journal(path: Path) -> Iterator[apsw.Connection]:
    """A connection that holds the file exclusively and leaves it as it is, the write-ahead log included.

    Raises JournalBusyError while a till has it open, JournalError when it cannot be read.
    """
    check_engine()
    if not path.exists():
        raise JournalError(f"{path}: no such journal")
    try:
        connection = _open(path)
    except apsw.Error as error:
        raise JournalError(f"{path}: {in_words(error)}") from error
    try:
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("SELECT count(*) FROM sqlite_schema")
        yield connection
    except apsw.BusyError as error:
        raise JournalBusyError(f"{path}: {in_words(error)}") from error
    except apsw.Error as error:
        raise JournalError(f"{path}: {in_words(error)}") from error
    finally:
        connection.close()


def _open(path: Path) -> apsw.Connection:
    """Without a log beside it the file is whole and nobody has it open: a running till always has a log."""
    if path.with_name(f"{path.name}-wal").exists():
        return apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    return apsw.Connection(f"{path.absolute().as_uri()}?immutable=1", flags=flags)
