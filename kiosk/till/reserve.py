"""Room on disk, foreseen: a reserve file that is given up when the disk fills, so that what has begun can be recorded.

Answers for: saying in time that no new session may begin, and for the space to finish the running one. Does not answer for:
what refuses cash then (`decide.why_closed`), what else fills the disk.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

MEGABYTE = 1024 * 1024


def free_bytes_of(folder: Path) -> int:
    """What is free on the disk of `folder`."""
    return shutil.disk_usage(folder).free


class Reserve:
    """`size_mb` are held beside the journal. Room is there while the reserve is whole and as much again is free."""

    def __init__(self, journal_file: Path, size_mb: int, free_bytes: Callable[[Path], int] = free_bytes_of) -> None:
        self._path = journal_file.with_name(f"{journal_file.name}.reserve")
        self._bytes = size_mb * MEGABYTE
        self._free_bytes = free_bytes

    def __repr__(self) -> str:
        return f"<reserve {self._path} of {self._bytes}>"

    def has_room(self) -> bool:
        """Look, and act: take the reserve while there is plenty, give it up when nothing else is left."""
        try:
            free = self._free_bytes(self._path.parent)
            if self._is_whole():
                if free < self._bytes // 4:
                    self._path.unlink()
                return free >= self._bytes
            if free < 3 * self._bytes:
                return False
            self._take()
        except OSError:
            return False  # a disk that cannot even say how full it is takes no money
        return True

    def _is_whole(self) -> bool:
        return self._path.exists() and self._path.stat().st_size == self._bytes

    def _take(self) -> None:
        with self._path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, self._bytes)
