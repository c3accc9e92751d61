"""A disk that fails once, at its nth operation, and works before and after: what a worn card or a full one does."""

import itertools

import apsw

_names = itertools.count()

#: What SQLite calls the trouble, by what the operating system calls it.
ERRORS = {"EIO": apsw.IOError, "ENOSPC": apsw.FullError}

#: The operation itself may have happened before the error is told: nobody knows.
WRITING = ("xWrite", "xSync", "xTruncate")


class FaultyDisk(apsw.VFS):
    """Counts operations of all its files; number `fail_at` (from 1) raises `error`. `done`: it is carried out nevertheless."""

    def __init__(self, fail_at: int = 0, error: str = "EIO", *, done: bool = False) -> None:
        self.name = f"faulty-{next(_names)}"
        self.count = 0
        self.fail_at = fail_at
        self.error = error
        self.done = done
        super().__init__(self.name, "")

    def xOpen(self, name, flags):  # noqa: N802 - SQLite's name
        return _FaultyFile(self, name, flags)

    def fails_now(self) -> bool:
        self.count += 1
        return self.count == self.fail_at


def _failing(verb):
    def operation(self, *args):
        carry_out = getattr(super(_FaultyFile, self), verb)
        if not self._disk.fails_now():
            return carry_out(*args)
        if self._disk.done:
            carry_out(*args)
        raise ERRORS[self._disk.error](f"{self._disk.error} by test")

    return operation


class _FaultyFile(apsw.VFSFile):
    def __init__(self, disk, name, flags) -> None:
        self._disk = disk
        super().__init__("", name, flags)

    xWrite = _failing("xWrite")  # noqa: N815 - SQLite's name
    xSync = _failing("xSync")  # noqa: N815 - SQLite's name
    xTruncate = _failing("xTruncate")  # noqa: N815 - SQLite's name
    xRead = _failing("xRead")  # noqa: N815 - SQLite's name
