"""A disk that remembers every operation, and what may be left of it when power is cut.

A SQLite VFS that passes everything on to the real file system and logs it. `image` then makes the files as they could be
after a cut: nothing unsynced survived, everything did, or a random half of the 512-byte sectors did.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import apsw

SECTOR_BYTES = 512


@dataclass(frozen=True)
class Write:
    name: str
    offset: int
    data: bytes


@dataclass(frozen=True)
class Truncate:
    name: str
    size: int


@dataclass(frozen=True)
class Sync:
    name: str


@dataclass(frozen=True)
class SyncFolder:
    """Names are durable: SQLite's unix VFS does this by itself at the first sync of a new journal or WAL file."""


@dataclass(frozen=True)
class Delete:
    name: str
    synced: bool


class _File(apsw.VFSFile):
    def __init__(self, log, name, flags) -> None:
        self._log = log
        self._name = Path(name.filename() if hasattr(name, "filename") else name).name
        self._new_name = bool(flags[0] & (apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL))
        super().__init__("", name, flags)

    def xWrite(self, data, offset):  # noqa: N802 - SQLite's name
        super().xWrite(data, offset)
        self._log.append(Write(self._name, offset, bytes(data)))

    def xTruncate(self, size):  # noqa: N802 - SQLite's name
        super().xTruncate(size)
        self._log.append(Truncate(self._name, size))

    def xSync(self, flags):  # noqa: N802 - SQLite's name
        super().xSync(flags)
        self._log.append(Sync(self._name))
        if self._new_name:
            self._new_name = False
            self._log.append(SyncFolder())


class RecordingDisk(apsw.VFS):
    """Register under `name`; operations go to `log`."""

    def __init__(self, name: str, log: list[object]) -> None:
        self.name = name
        self._log = log
        super().__init__(name, "")

    def xOpen(self, name, flags):  # noqa: N802 - SQLite's name
        return _File(self._log, name, flags)

    def xDelete(self, filename, syncdir):  # noqa: N802 - SQLite's name
        super().xDelete(filename, syncdir)
        self._log.append(Delete(Path(filename).name, bool(syncdir)))


def image(log: Iterable[object], folder: Path, survive: str, rng: random.Random) -> None:
    """Write the files as a cut after `log` may leave them. `survive`: "synced", "all" or "torn"."""
    durable, volatile = _after(log, survive)
    if survive != "synced":
        for name, pending in volatile.items():
            kept = pending if survive == "all" else list(_torn(pending, rng))
            _carry_out(durable.setdefault(name, bytearray()), kept)
    for name, content in durable.items():
        (folder / name).write_bytes(bytes(content))


def _after(log: Iterable[object], survive: str) -> tuple[dict[str, bytearray], dict[str, list[Write | Truncate]]]:
    """File contents that are on disk for certain, and what was written to each since. A file that is deleted and made anew is
    the old one until the folder is synced.
    """
    durable: dict[str, bytearray] = {}
    volatile: dict[str, list[Write | Truncate]] = {}
    buried: dict[str, bytearray] = {}
    for operation in log:
        match operation:
            case SyncFolder():
                buried.clear()
            case Write(name=name) | Truncate(name=name):
                volatile.setdefault(name, []).append(operation)
            case Sync(name=name):
                _carry_out(durable.setdefault(name, bytearray()), volatile.pop(name, []))
            case Delete(name=name, synced=synced):
                volatile.pop(name, None)
                content = durable.pop(name, None)
                if content is not None and not synced and survive != "all":
                    buried.setdefault(name, content)
    for name in buried:
        volatile.pop(name, None)
    return durable | buried, volatile


def _carry_out(content: bytearray, operations: Iterable[Write | Truncate]) -> None:
    for operation in operations:
        if isinstance(operation, Truncate):
            del content[operation.size :]
            continue
        end = operation.offset + len(operation.data)
        content.extend(bytes(max(0, end - len(content))))
        content[operation.offset : end] = operation.data


def _torn(operations: Iterable[Write | Truncate], rng: random.Random) -> Iterable[Write | Truncate]:
    for operation in operations:
        if isinstance(operation, Truncate):
            if rng.random() < 0.5:
                yield operation
            continue
        for start in range(0, len(operation.data), SECTOR_BYTES):
            if rng.random() < 0.5:
                piece = operation.data[start : start + SECTOR_BYTES]
                yield Write(operation.name, operation.offset + start, piece)


def as_written(folder: Path) -> list[object]:
    """A log that begins with what is in `folder` already, all of it durable."""
    log: list[object] = []
    for file in sorted(folder.iterdir()):
        log += [Write(file.name, 0, file.read_bytes()), Sync(file.name)]
    return log
