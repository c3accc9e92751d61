"""A backup of the aggregator in one file, and the way back; the same on both engines, and from one to the other.

Answers for: one moment of the whole database, proof that the file is whole, never writing over anything, and books that agree
after a restore. Does not answer for: the key of the secrets (kept apart, so that a stolen backup signs nothing).

The file is gzipped lines of JSON: a head with the schema's revision, each table's name and columns, its rows, and an end with the
number of rows and the SHA-256 of all lines before. A backup made by an older program is restored into its own schema first and
then migrated like any old database.
"""

import base64
import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money.verify import Verification, verify
from kiosk.aggregator.shops.shops import SECRETS
from kiosk.aggregator.storage import migrate
from kiosk.aggregator.storage.database import FILE_NAME, KEY_FILE_NAME, make_engine, reading
from kiosk.aggregator.storage.errors import DatabaseError
from kiosk.aggregator.storage.still import still
from kiosk.aggregator.vault import ensure_vault

FORMAT = 1
ROWS_AT_ONCE = 1000
ALEMBIC_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True)
class Backup:
    """What is in a backup file."""

    schema: str
    made_us: int
    rows: dict[str, int]


def back_up(engine: sa.Engine, file: Path) -> Backup:
    """Write one moment of the database to `file`, durable when this returns. Raises DatabaseError if `file` exists."""
    if file.exists():
        raise DatabaseError(f"{file} exists; a backup never writes over anything")
    draft = file.with_name(f"{file.name}.part")
    with still(engine, file.parent) as source, reading(source) as db:
        made = _write(db, draft)
    try:
        os.link(draft, file)
    except FileExistsError as error:
        raise DatabaseError(f"{file} exists; a backup never writes over anything") from error
    finally:
        draft.unlink()
    _sync_folder(file.parent)
    return made


def _write(db: sa.Connection, draft: Path) -> Backup:
    tables = _tables(db)
    schema = db.execute(sa.text(f"SELECT version_num FROM {ALEMBIC_TABLE}")).scalar_one()  # noqa: S608 - a constant
    made = Backup(schema, now_us(), {})
    sum_ = hashlib.sha256()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:

            def put(value: object) -> None:
                line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                sum_.update(line)
                packed.write(line)

            put({"format": FORMAT, "schema": schema, "made_us": made.made_us})
            for table in tables:
                put({"table": table.name, "columns": [column.name for column in table.columns]})
                made.rows[table.name] = 0
                for row in _rows(db, table):
                    put([_plain(value) for value in row])
                    made.rows[table.name] += 1
            put({"rows": made.rows, "sha256": sum_.hexdigest()})
        raw.flush()
        os.fsync(raw.fileno())
    return made


def _plain(value: object) -> object:
    """As JSON can say it; bytes in base64, as the only object there is in a row."""
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _as_kept(value: object) -> object:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _tables(db: sa.Connection) -> list[sa.Table]:
    """As the database has them, parents before children."""
    found = sa.MetaData()
    found.reflect(db)
    return [table for table in found.sorted_tables if table.name != ALEMBIC_TABLE]


def _rows(db: sa.Connection, table: sa.Table) -> Iterator[Any]:
    ordered = sa.select(table).order_by(*table.primary_key.columns)
    yield from db.execution_options(yield_per=ROWS_AT_ONCE).execute(ordered)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def inspect(file: Path) -> Backup:
    """What is in a backup, read whole. Raises DatabaseError for a file that is none, or not whole."""
    sum_ = hashlib.sha256()
    head: dict[str, Any] = {}
    last, before = b"", ""
    try:
        with gzip.open(file) as lines:
            for line in lines:
                head = head or json.loads(line)
                before = sum_.hexdigest()
                sum_.update(line)
                last = line
        end = json.loads(last)
        found = Backup(head["schema"], head["made_us"], end["rows"])
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise DatabaseError(f"{file} is not a whole backup: {error}") from error
    if head.get("format") != FORMAT or end.get("sha256") != before:
        raise DatabaseError(f"{file} is not a whole backup: its sum is wrong, or a newer program made it")
    return found


def restore(file: Path, folder: Path, url: str = "", key_file: Path | None = None) -> Verification:
    """Bring a backup into an empty database and prove the books; all of it, or nothing. `key_file` is copied into `folder`.

    Raises DatabaseError if there is a database already, or the key does not fit.
    """
    backup = inspect(file)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _ensure_key(folder / KEY_FILE_NAME, key_file)
    engine = make_engine(url or f"sqlite:///{folder / FILE_NAME}")
    vault = ensure_vault(folder / KEY_FILE_NAME)
    try:
        with migrate.EXCLUSIVE[engine.dialect.name](engine.execution_options(**{"kiosk.vault": vault})) as db:
            if sa.inspect(db).get_table_names():
                raise DatabaseError("there is a database already; restore into an empty one")
            migrate.upgrade(db, backup.schema)
            _load(db, file, backup)
            migrate.upgrade(db)
            _ensure_secrets_open(db)
            return verify(db)
    finally:
        engine.dispose()


def _ensure_key(wanted: Path, given: Path | None) -> None:
    if wanted.exists() and given is not None and wanted.read_bytes() != given.read_bytes():
        raise DatabaseError(f"{wanted} is there and is another key than {given}")
    if wanted.exists():
        return
    if given is None:
        raise DatabaseError(f"the key of the secrets is not in {wanted}; name it with --key-file")
    shutil.copyfile(given, wanted)
    wanted.chmod(0o600)


def _load(db: sa.Connection, file: Path, backup: Backup) -> None:
    tables = {table.name: table for table in _tables(db)}
    if set(tables) != set(backup.rows):
        raise DatabaseError(f"the backup does not hold the tables of schema {backup.schema}")
    table, columns, rows = None, [], cast("list[dict[str, Any]]", [])
    counts = dict.fromkeys(tables, 0)
    with gzip.open(file) as lines:
        next(lines)
        for line in lines:
            value = json.loads(line)
            if isinstance(value, list) and table is not None:
                rows.append(dict(zip(columns, map(_as_kept, value), strict=True)))
                counts[table.name] += 1
            if rows and table is not None and (len(rows) == ROWS_AT_ONCE or isinstance(value, dict)):
                db.execute(table.insert(), rows)
                rows = []
            if isinstance(value, dict) and "table" in value:
                table, columns = tables[value["table"]], value["columns"]
    if counts != backup.rows:
        raise DatabaseError("the backup holds another number of rows than it says")
    _continue_counting(db, tables.values())


def _continue_counting(db: sa.Connection, tables: Any) -> None:
    """PostgreSQL gives ids from a sequence, which knows nothing of rows that brought theirs along."""
    if db.dialect.name != "postgresql":
        return
    for table in tables:
        name = (
            db.execute(sa.text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}).scalar()
            if "id" in table.c
            else None
        )
        highest = db.execute(sa.select(sa.func.max(table.c.id))).scalar() if name else None
        if highest is not None:
            db.execute(sa.select(sa.func.setval(name, highest)))


def _ensure_secrets_open(db: sa.Connection) -> None:
    vault = db.get_execution_options()["kiosk.vault"]
    for row in db.execute(sa.text(f"SELECT {', '.join(SECRETS)} FROM merchant")):  # noqa: S608 - constants
        for sealed in row:
            if sealed is not None:
                vault.open(sealed)
