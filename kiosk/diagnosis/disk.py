"""The disk the journal is on: room, rights, and whether a few bytes are really on it soon after they were written.

Answers for: cause and facts. Does not answer for: making room, the reserve itself (`till.reserve`), wear: only the disk's own
account of itself tells of it, and reading that needs the administrator's rights.
"""

import errno
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.diagnosis.rounds import Looked
from kiosk.domain.findings import FactCode, Finding, FindingCode, finding

MEGABYTE = 1024 * 1024
PROBE_BYTES = 4096
LOW_TIMES = 8  #: of the reserve: less is worth a word before it becomes the buyers' trouble
SLOW_MS = 500  #: a note waits for one such write; a worn card takes seconds

#: What a write that failed means; any other error is the disk's own failure.
WRITE_ERRORS: Mapping[int, FindingCode] = {
    errno.ENOENT: FindingCode.DISK_FOLDER_MISSING,
    errno.ENOTDIR: FindingCode.DISK_FOLDER_MISSING,
    errno.EACCES: FindingCode.DISK_DENIED,
    errno.EPERM: FindingCode.DISK_DENIED,
    errno.EROFS: FindingCode.DISK_READ_ONLY,
    errno.ENOSPC: FindingCode.DISK_FULL,
    errno.EDQUOT: FindingCode.DISK_FULL,
}


@dataclass(frozen=True, slots=True)
class Disk:
    """What a look does to the disk, so that a test can stand in its way. `write`: durably, then take it away again."""

    free_bytes: Callable[[Path], int]
    write: Callable[[Path], None]


def _free_bytes(folder: Path) -> int:
    """For the till's user; what is kept for the administrator is not free."""
    told = os.statvfs(folder)
    return told.f_bavail * told.f_frsize


def _write(folder: Path) -> None:
    probe = folder / f".probe-{os.getpid()}"
    descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, bytes(PROBE_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
        with suppress(FileNotFoundError):
            probe.unlink()


REAL_DISK = Disk(_free_bytes, _write)


def look(folder: Path, reserve_mb: int, disk: Disk = REAL_DISK) -> Looked:
    """Write and remove a page in `folder`, and see what is free."""
    written, write_ms = _written(folder, reserve_mb, disk)
    room, free_mb = _room(folder, reserve_mb, disk)
    told = ((FactCode.FREE_MB, free_mb), (FactCode.RESERVE_MB, reserve_mb), (FactCode.WRITE_MS, write_ms))
    findings = tuple(dict.fromkeys((*room, written, finding(FindingCode.DISK_WEAR_UNKNOWN))))
    return findings, tuple((code, str(value)) for code, value in told if value is not None)


def _written(folder: Path, reserve_mb: int, disk: Disk) -> tuple[Finding, int | None]:
    begun_s = time.monotonic()
    try:
        disk.write(folder)
    except OSError as error:
        return _failed(folder, reserve_mb, disk, error), None
    took_ms = round((time.monotonic() - begun_s) * 1000)
    return finding(FindingCode.DISK_SLOW if took_ms > SLOW_MS else FindingCode.DISK_WRITES, ms=took_ms), took_ms


def _failed(folder: Path, reserve_mb: int, disk: Disk, error: OSError) -> Finding:
    code = WRITE_ERRORS.get(error.errno or 0, FindingCode.DISK_FAILED)
    if code is FindingCode.DISK_FULL:
        free = 0
        with suppress(OSError):
            free = disk.free_bytes(folder) // MEGABYTE
        return finding(code, free_mb=free, reserve_mb=reserve_mb)
    return finding(code, path=str(folder), cause=error.strerror or str(error))


def _room(folder: Path, reserve_mb: int, disk: Disk) -> tuple[tuple[Finding, ...], int | None]:
    """Below the reserve no session begins (`till.reserve`)."""
    try:
        free_mb = disk.free_bytes(folder) // MEGABYTE
    except OSError:
        return (), None  # the write has told why
    if free_mb < reserve_mb:
        return (finding(FindingCode.DISK_FULL, free_mb=free_mb, reserve_mb=reserve_mb),), free_mb
    code = FindingCode.DISK_LOW if free_mb < LOW_TIMES * reserve_mb else FindingCode.DISK_ROOMY
    return (finding(code, free_mb=free_mb),), free_mb
