"""Databases for the aggregator's tests: an SQLite file, or a PostgreSQL of our own, started once and thrown away.

Answers for: the `database` fixture, which runs a test on both engines, each time on a database nobody used before.
The PostgreSQL cluster listens on a socket file alone, and trades durability for speed; tests of durability ask for a
`careful_cluster`. It is made on the first use and ends with the session.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from kiosk.aggregator.storage import migrate
from kiosk.aggregator.storage.database import FILE_NAME, make_engine, open_database

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
SYSTEM_USER = "postgres"  #: PostgreSQL refuses to run as root; its package brings this user
ROLE = "kiosk"
TEMPLATE = "template_kiosk"
QUICK = ("fsync=off", "full_page_writes=off")
CAREFUL = ("fsync=on",)
SETTINGS = (
    "listen_addresses=",
    "autovacuum=off",
    "max_connections=200",
    "shared_buffers=32MB",
    "dynamic_shared_memory_type=mmap",  # in its own folder, so that nothing is left when it is killed
    "timezone=UTC",
)
#: Waits until whoever holds the other end of its stdin is gone, however that ended, and then takes the cluster away.
WATCH = """exec 3<&0; (cat <&3 >/dev/null; kill -QUIT $(head -n 1 "$1/data/postmaster.pid"); rm -rf "$1") >/dev/null 2>&1 &"""


@dataclass(frozen=True)
class Place:
    """Where an aggregator keeps its things. `options`: the same for a command line."""

    name: str
    data: Path
    url: str = field(default="", repr=False)
    url_file: Path | None = None

    def open(self) -> sa.Engine:
        return open_database(self.data, self.url)

    def raw(self) -> sa.Engine:
        """The database as it is, not migrated."""
        self.data.mkdir(parents=True, exist_ok=True)
        return make_engine(self.url or f"sqlite:///{self.data / FILE_NAME}")

    @property
    def options(self) -> list[str]:
        also = ["--database-file", str(self.url_file)] if self.url_file else []
        return ["--data", str(self.data), *also]


def ram_folder(prefix: str) -> Path:
    """A new folder in memory if this machine has such: our tests sync to disk thousands of times."""
    shm = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix=prefix, dir=shm if os.access(shm, os.W_OK) else None))


class Cluster:
    """One PostgreSQL server of our own."""

    def __init__(self, settings: tuple[str, ...]) -> None:
        self.folder = ram_folder("kiosk-pg-")
        self._alive = self._watched()
        self._settings = settings
        self._numbers = count(1)
        self._template_is_made = False

    def _watched(self) -> int:
        """A pipe that ends with this process. The watcher is nobody's child: tests look for children left behind."""
        waits, alive = os.pipe()
        subprocess.run(["/bin/sh", "-c", WATCH, "watch", str(self.folder)], stdin=waits, check=True)
        os.close(waits)
        return alive

    def start(self) -> None:
        if os.geteuid() == 0:
            user = pwd.getpwnam(SYSTEM_USER)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        data = self.folder / "data"
        if not data.exists():
            self._run("initdb", "-D", data, "-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = " ".join(
            f"-c {one}" for one in (*SETTINGS, f"unix_socket_directories={self.folder}", *self._settings)
        )
        self._run("pg_ctl", "-D", data, "-l", self.folder / "log", "-o", options, "-w", "start")

    def stop(self, how: str = "immediate") -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-m", how, "-w", "stop")

    def destroy(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)
        os.close(self._alive)

    def _run(self, program: str, *arguments: object) -> None:
        who = {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []} if os.geteuid() == 0 else {}
        command = [str(BINARIES[-1] / program), *map(str, arguments)]
        # Its output goes to a file: the server would keep a pipe open for as long as it runs.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                command, cwd="/", stdout=said, stderr=said, check=False, env={"LC_ALL": "C", "PATH": os.defpath}, **who
            )
            said.seek(0)
            words = said.read()
        if done.returncode:
            raise RuntimeError(f"{program} failed: {words}")

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{ROLE}@/{name}?host={quote(str(self.folder))}"

    def new_database(self, *, empty: bool = False) -> str:
        """The URL of a database of its own: with today's schema, or without anything."""
        name = f"t_{next(self._numbers)}"
        if not (empty or self._template_is_made):
            self._make_template()
        self._execute(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else TEMPLATE}")
        return self.url(name)

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {sa.make_url(url).database} WITH (FORCE)")

    def _make_template(self) -> None:
        self._execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
        engine = sa.create_engine(self.url(TEMPLATE))
        migrate.ensure_schema(engine)
        engine.dispose()
        self._template_is_made = True

    def _execute(self, statement: str) -> None:
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            db.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def running_cluster(settings: tuple[str, ...] = QUICK) -> Iterator[Cluster]:
    if not BINARIES:
        pytest.skip("no PostgreSQL on this machine (package postgresql)")
    cluster = Cluster(settings)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.destroy()


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with today's schema, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    open_database(folder).dispose()
    return folder / FILE_NAME


@contextmanager
def place_on(engine_name: str, request: pytest.FixtureRequest, *, empty: bool) -> Iterator[Place]:
    folder = ram_folder("kiosk-db-")
    try:
        if engine_name == "sqlite":
            yield _sqlite_place(request, folder, empty=empty)
        else:
            yield from _postgresql_place(request, folder, empty=empty)
    finally:
        shutil.rmtree(folder)


def _sqlite_place(request: pytest.FixtureRequest, folder: Path, *, empty: bool) -> Place:
    place = Place("sqlite", folder / "data")
    if not empty:
        place.data.mkdir()
        shutil.copyfile(request.getfixturevalue("sqlite_template"), place.data / FILE_NAME)
    return place


def _postgresql_place(request: pytest.FixtureRequest, folder: Path, *, empty: bool) -> Iterator[Place]:
    cluster: Cluster = request.getfixturevalue("postgresql_cluster")
    url = cluster.new_database(empty=empty)
    url_file = folder / "database-url"
    url_file.write_text(url + "\n")
    yield Place("postgresql", folder / "data", url, url_file)
    cluster.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Place]:
    """An aggregator's database with today's schema, on either engine."""
    with place_on(request.param, request, empty=False) as place:
        yield place


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest) -> Iterator[Place]:
    """A database without a table, on either engine."""
    with place_on(request.param, request, empty=True) as place:
        yield place


@pytest.fixture
def engine(database: Place) -> Iterator[sa.Engine]:
    """`database`, open."""
    opened = database.open()
    yield opened
    opened.dispose()
