"""Bringing a database to today's schema: revisions in `kiosk/aggregator/migrations`, run under a lock, whole or not at all.

Answers for: new databases, older ones, those from before there were revisions, and refusing newer or foreign ones. Does not
answer for: what a revision does.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kiosk.aggregator.storage.errors import DatabaseError

FOLDER = Path(__file__).parents[1] / "migrations"
FIRST = "0001"  #: the schema of the time before revisions
#: Tables by which a database of that time is known.
FIRST_TABLES = frozenset(
    {"merchant", "terminal", "orders", "quote", "payment", "transfer", "claim", "notification"},
)
ADVISORY_LOCK = 0x6B696F736B  #: "kiosk"; whoever migrates holds it
LOCK_WAIT_S = 120  #: for another worker that migrates


@dataclass(frozen=True, slots=True)
class Schema:
    """`found` is empty for a database without revisions."""

    found: str
    newest: str

    @property
    def is_current(self) -> bool:
        return self.found == self.newest


def schema_of(engine: sa.Engine) -> Schema:
    """What the database has and what this program wants. Raises DatabaseError for one of a newer program."""
    with engine.connect() as db, db.begin():
        return _schema(db)


def _schema(db: sa.Connection) -> Schema:
    scripts = ScriptDirectory(str(FOLDER))
    found = MigrationContext.configure(db).get_current_revision() or ""
    if found and found not in _revisions(scripts):
        raise DatabaseError(
            f"the database is of a newer program (schema {found}); run that one, or restore a backup made before it"
        )
    return Schema(found, scripts.get_current_head() or "")


def ensure_schema(engine: sa.Engine) -> Schema:
    """Migrate to the newest revision if needed; what was found before. One process does it, others wait for it."""
    before = schema_of(engine)
    if not before.is_current:
        with EXCLUSIVE[engine.dialect.name](engine) as db:
            upgrade(db)
    return before


def upgrade(db: sa.Connection, revision: str = "head") -> None:
    """Within an exclusive transaction: go up to a revision. Raises DatabaseError for a newer or foreign database or revision."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = db
    if revision not in {"head", *_revisions(ScriptDirectory(str(FOLDER)))}:
        raise DatabaseError(f"schema {revision} is of a newer program; run that one")
    if not _schema(db).found and _is_of_the_time_before(db):
        command.stamp(config, FIRST)
    command.upgrade(config, revision)


def _revisions(scripts: ScriptDirectory) -> set[str]:
    return {script.revision for script in scripts.walk_revisions()}


def _is_of_the_time_before(db: sa.Connection) -> bool:
    tables = set(sa.inspect(db).get_table_names()) - {"alembic_version"}
    if tables and not tables >= FIRST_TABLES:
        raise DatabaseError("this database holds something else; name another one, or an empty one")
    return bool(tables)


@contextmanager
def _alone_on_sqlite(engine: sa.Engine) -> Iterator[sa.Connection]:
    """The only writer. Rebuilding a table drops it, which its children may not notice: they are counted at the end."""
    with engine.connect().execution_options(**{"kiosk.writes": True}) as db:
        raw = db.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF").close()
        try:
            with db.begin():
                yield db
                orphans = db.exec_driver_sql("PRAGMA foreign_key_check").all()
                if orphans:
                    raise DatabaseError(f"a migration would leave rows without their parents: {orphans[:3]}")
        finally:
            raw.execute("PRAGMA foreign_keys=ON").close()


@contextmanager
def _alone_on_postgresql(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Each statement sees what the one before us committed; long ones are allowed."""
    with engine.connect().execution_options(isolation_level="READ COMMITTED") as db, db.begin():
        db.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT_S}s'")
        db.exec_driver_sql("SET LOCAL statement_timeout = 0")
        db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
        yield db


EXCLUSIVE: Mapping[str, Callable[[sa.Engine], AbstractContextManager[sa.Connection]]] = {
    "sqlite": _alone_on_sqlite,
    "postgresql": _alone_on_postgresql,
}
