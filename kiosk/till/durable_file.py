"""A file written whole or not at all: a power cut leaves the old one or the new one under the name."""

import os
from pathlib import Path


def write_whole(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Make `data` the content of `path`, on disk when this returns, readable by its owner alone. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
        file.write(data)
    settle(fresh, path)


def settle(fresh: Path, path: Path) -> None:
    """Give the finished file `fresh` the name `path` in the same folder, on disk when this returns. Raises OSError."""
    _sync(fresh, os.O_RDWR)
    fresh.replace(path)
    _sync(path.parent, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
