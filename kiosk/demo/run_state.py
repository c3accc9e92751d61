"""What a demo run is about and what a later `--resume` must know of it: options, folder, run.json.

Answers for: where every file of a run is, and that one demo at a time uses a folder. Does not answer for: processes.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

SOCKET_PATH_BYTES_MAX = 100  #: sun_path holds 108 with its end (unix(7)); the longest name below stays inside


class DemoUsageError(Exception):
    """The demo cannot start as asked; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """Amounts in minor units of `currency`. `acceptor_port`: empty means the twin. `service`: what the scripted buyer pays for,
    with `fields` (name, text) filled in; empty: the order.
    """

    headless: bool
    language: str
    currency: str
    order_amount_minor: int
    notes_minor: tuple[int, ...]
    seed: int
    acceptor_port: str
    protocol: str
    dialect: str = "terminal_api"
    service: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """A process for certain: ids are reused, an id with its start time (clock ticks since boot, proc(5)) is not."""

    pid: int
    started_ticks: int


@dataclass(frozen=True, slots=True)
class RunState:
    """run.json. Ports are kept, so that a restarted server is found where the others look for it."""

    options: DemoOptions
    runtime_dir: str
    order_number: str = ""
    merchant_port: int = 0
    aggregator_port: int = 0
    processes: Mapping[str, Identity] = field(default_factory=dict)
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """The output folder of one run."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "kiosk.toml"

    @property
    def journal(self) -> Path:
        return self.root / "journal.sqlite"

    @property
    def aggregator(self) -> Path:
        return self.root / "aggregator"

    @property
    def merchant(self) -> Path:
        return self.root / "merchant"

    @property
    def tls(self) -> Path:
        return self.root / "tls"

    @property
    def catalogue_key(self) -> Path:
        return self.root / "catalogue.key"

    @property
    def acceptor(self) -> Path:
        return self.root / "acceptor.json"

    @property
    def receipt_text(self) -> Path:
        return self.root / "receipt.txt"

    @property
    def screens(self) -> Path:
        return self.root / "screens"

    @property
    def buyer_events(self) -> Path:
        return self.root / "buyer.jsonl"

    @property
    def story(self) -> Path:
        return self.root / "story.txt"

    @property
    def pids(self) -> Path:
        return self.root / "pids.json"

    @property
    def result(self) -> Path:
        return self.root / "result.json"

    def log(self, name: str) -> Path:
        return self.root / "logs" / f"{name}.log"

    @property
    def run_file(self) -> Path:
        return self.root / "run.json"

    def ready_file(self, name: str) -> Path:
        return self.root / "ready" / name

    def save(self, run: RunState) -> None:
        """Write run.json and pids.json whole or not at all."""
        write_whole(self.run_file, msgspec.json.format(msgspec.json.encode(run)))
        pids = {name: identity.pid for name, identity in run.processes.items()}
        write_whole(self.pids, msgspec.json.format(msgspec.json.encode(pids)))

    def load(self) -> RunState:
        """The run this folder holds. Raises DemoUsageError when there is none."""
        try:
            return msgspec.json.decode(self.run_file.read_bytes(), type=RunState)
        except FileNotFoundError:
            raise DemoUsageError(f"{self.root} holds no demo run to resume") from None
        except msgspec.DecodeError as error:
            raise DemoUsageError(f"{self.run_file} is not readable: {error}") from None


def write_whole(file: Path, content: bytes) -> None:
    """Replace `file` so that a reader sees the old or the new content, never a part."""
    partial = file.with_name(file.name + ".part")
    partial.write_bytes(content)
    partial.replace(file)


def make_folder(root: Path, options: DemoOptions) -> tuple[Folder, RunState]:
    """A folder for a new run. A finished earlier run in it is replaced; anything else in it is never touched."""
    folder = Folder(root)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        _clear_finished_run(folder)
    for sub in ("screens", "logs", "ready", "merchant", "aggregator"):
        (root / sub).mkdir(parents=True, exist_ok=True)
    run = RunState(options, str(_runtime_dir(root)))
    folder.save(run)
    return folder, run


def _clear_finished_run(folder: Folder) -> None:
    if not folder.run_file.is_file():
        raise DemoUsageError(f"{folder.root} exists and is no earlier demo run; choose another --out")
    if not folder.load().ended:
        raise DemoUsageError(f"{folder.root} holds an unfinished run; continue it with --resume {folder.root}")
    with folder_lock(folder):
        for entry in folder.root.iterdir():
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


def _runtime_dir(root: Path) -> Path:
    """Where sockets live: in the folder, or somewhere short when the folder's name is too long for a socket."""
    inside = root / "run"
    if len(os.fsencode(inside / "acceptor.control")) <= SOCKET_PATH_BYTES_MAX:
        inside.mkdir(exist_ok=True)
        return inside
    return Path(tempfile.mkdtemp(prefix="kiosk-demo-", dir="/tmp"))


def ensure_runtime_dir(run: RunState) -> None:
    """A short runtime folder may have been swept away since the run was cut."""
    Path(run.runtime_dir).mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def folder_lock(folder: Folder) -> Iterator[None]:
    """Hold the folder for this process. Raises DemoUsageError when another demo has it."""
    with (folder.root / "demo.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoUsageError(f"another demo is using {folder.root}") from None
        yield
