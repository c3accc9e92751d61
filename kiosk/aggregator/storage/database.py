"""The aggregator's database, SQLite by default, PostgreSQL by URL, and the two ways to use it: a look, and a unit of work.

Answers for: durability, isolation, bounded waiting, running a unit of work again when the database asks for that. Does not
answer for: schema (`migrate`), what rows mean.

SQLite: one writer at a time, several readers. PostgreSQL: any number of workers; every write is serialisable, so that what one
unit of work read still holds when it commits, and the loser of a race is run again from its start.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from kiosk.aggregator.storage import migrate
from kiosk.aggregator.storage.errors import BusyError, DatabaseError
from kiosk.aggregator.vault import ensure_vault

T = TypeVar("T")

FILE_NAME = "aggregator.sqlite"
KEY_FILE_NAME = "secrets.key"
LOCK_WAIT_S = 10  #: for another writer to finish
STATEMENT_S = 15  #: no statement of ours takes long
IDLE_IN_TRANSACTION_S = 60  #: a worker that hangs holds its locks no longer
CONNECT_S = 10
CONNECTIONS_KEPT, CONNECTIONS_MORE = 5, 15  #: a worker

ATTEMPTS_MAX = 40
DUPLICATE_ATTEMPTS_MAX = 3  #: a key that is there on the third look is no race
FIRST_WAIT_S, LONGEST_WAIT_S = 0.005, 0.25

SERIALISATION, DEADLOCK, DUPLICATE = "40001", "40P01", "23505"  #: PostgreSQL manual, appendix A
#: How often a unit of work is run, by what the database said. A lost race for a key may come as either (manual 13.5).
ATTEMPTS: Mapping[str, int] = {
    SERIALISATION: ATTEMPTS_MAX,
    DEADLOCK: ATTEMPTS_MAX,
    DUPLICATE: DUPLICATE_ATTEMPTS_MAX,
}
WAITED_IN_VAIN = {"55P03", "57014"}  #: lock_not_available, query_canceled (statement_timeout)

READS: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
WRITES: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {"kiosk.writes": True},
    "postgresql": {"isolation_level": "SERIALIZABLE"},
}


def open_database(folder: Path, url: str = "") -> sa.Engine:
    """The database at `url`, else the file in `folder`, made and migrated as needed. `folder` holds the key of its secrets.

    Raises DatabaseError when it cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    vault = ensure_vault(folder / KEY_FILE_NAME)
    engine = make_engine(url or f"sqlite:///{folder / FILE_NAME}").execution_options(**{"kiosk.vault": vault})
    try:
        migrate.ensure_schema(engine)
    except sa.exc.OperationalError as error:
        engine.dispose()
        raise DatabaseError(f"{engine.url.render_as_string()}: {error.orig}") from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def make_engine(url: str) -> sa.Engine:
    """An engine with our limits, whatever its schema. Raises DatabaseError for a URL that is none of ours."""
    try:
        parsed = sa.make_url(url)
        make = ENGINES[parsed.get_backend_name()]
    except (sa.exc.ArgumentError, KeyError) as error:
        raise DatabaseError("a database URL begins with sqlite:/// or postgresql+psycopg://") from error
    if "password" in parsed.query:
        raise DatabaseError(
            "write the password before the host, USER:PASSWORD@HOST; elsewhere it would be shown in messages"
        )
    return make(parsed)


def _sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": LOCK_WAIT_S})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    """Durable when COMMIT returns; transactions are begun by us, not by the driver's guess.

    Several connections write here, and the system's SQLite may lose a commit when they share a write-ahead log (fixed in
    3.51.3). So there is none: a rollback journal, whose removal is synced too (EXTRA).
    """
    connection.isolation_level = None
    for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: sa.Connection) -> None:
    """Writers queue at the start, so that none fails in the middle."""
    writes = connection.get_execution_options().get("kiosk.writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: sa.URL) -> sa.Engine:
    """Durable when COMMIT returns, whatever the server's default; no wait without an end."""
    settings = {
        "synchronous_commit": "on",
        "statement_timeout": f"{STATEMENT_S}s",
        "lock_timeout": f"{LOCK_WAIT_S}s",
        "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_S}s",
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"options": options, "connect_timeout": CONNECT_S, "application_name": "kiosk aggregator"},
        pool_size=CONNECTIONS_KEPT,
        max_overflow=CONNECTIONS_MORE,
        pool_timeout=LOCK_WAIT_S,
        pool_pre_ping=True,
    )


ENGINES: Mapping[str, Callable[[sa.URL], sa.Engine]] = {"sqlite": _sqlite, "postgresql": _postgresql}


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A consistent look: one snapshot, however many questions. Raises BusyError when every connection is in use."""
    with _connected(engine) as connection:
        look = connection.execution_options(**READS[engine.dialect.name])
        with look.begin():
            yield look


def _connected(engine: sa.Engine) -> sa.Connection:
    try:
        return engine.connect()
    except sa.exc.TimeoutError as error:
        raise BusyError("every connection to the database is in use; nothing was changed, try again") from error


def run_writing(engine: sa.Engine, work: Callable[[sa.Connection], T]) -> T:
    """Run `work` in one transaction and return what it returned, once that is durable; rolled back if it raises.

    `work` may be run several times, each time on a clean database, and only the last run counts: it does nothing outside the
    database, and takes nothing out of it but what it returns. Raises BusyError when it lost too often or waited too long;
    nothing was changed then.
    """
    lost: Counter[str] = Counter()
    while True:
        try:
            with _connected(engine) as connection:
                db = connection.execution_options(**WRITES[engine.dialect.name])
                with db.begin():
                    return work(db)
        except sa.exc.DBAPIError as error:
            lost[_state(error)] += 1
            if lost[_state(error)] >= ATTEMPTS.get(_state(error), 0):
                if _is_busy(error):
                    raise BusyError("the database is busy; nothing was changed, try again") from error
                raise
        longest_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** lost.total())
        time.sleep(random.uniform(0, longest_s))  # noqa: S311 - jitter


def _state(error: sa.exc.DBAPIError) -> str:
    """PostgreSQL's SQLSTATE, or nothing."""
    return str(getattr(error.orig, "sqlstate", None) or "")


def _is_busy(error: sa.exc.DBAPIError) -> bool:
    if _state(error) in WAITED_IN_VAIN | {SERIALISATION, DEADLOCK}:
        return True
    return getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")
