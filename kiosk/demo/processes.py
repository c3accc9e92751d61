"""Processes a demo starts, or finds again after it was cut: each in a session of its own, known by a pidfd.

Answers for: start, adopt, stop, kill, and knowing at once when one ended. Does not answer for: who starts whom.
A pidfd stays with its process, so a signal never reaches a stranger who got the same number.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from kiosk.demo.run_state import Identity

STOP_GRACE_S = 8.0  #: after SIGTERM; then SIGKILL


class Process:
    """One running process. Needs a running asyncio loop."""

    def __init__(self, name: str, identity: Identity, pidfd: int) -> None:
        self.name = name
        self.identity = identity
        self.exit_code: int | None = None
        self._pidfd = pidfd
        self._ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(pidfd, self._notice_end)

    def __repr__(self) -> str:
        state = f"ended {self.exit_code}" if self.ended else "running"
        return f"<{self.name} pid={self.identity.pid} {state}>"

    @classmethod
    def start(cls, name: str, argv: Sequence[str], log: Path, environment: Mapping[str, str]) -> "Process":
        """Run `python argv…` with its output appended to `log`. It outlives this process unless it is stopped."""
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, *argv],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )
        _, started_ticks = _look(pid)  # even of one that ended already: nobody has waited for it yet
        return cls(name, Identity(pid, started_ticks), os.pidfd_open(pid))

    @classmethod
    def adopt(cls, name: str, identity: Identity) -> "Process | None":
        """The process of an earlier demo, if that very one still runs."""
        try:
            pidfd = os.pidfd_open(identity.pid)
        except ProcessLookupError:
            return None
        try:
            state, started_ticks = _look(identity.pid)
        except ProcessLookupError:
            state, started_ticks = "X", 0
        if state in {"Z", "X"} or started_ticks != identity.started_ticks:
            os.close(pidfd)
            return None
        return cls(name, identity, pidfd)

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    async def wait(self) -> None:
        """Return once the process is gone."""
        await self._ended.wait()

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL when that is not heard. Idempotent."""
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_GRACE_S):
                await self.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """SIGKILL: what a power cut looks like to a process."""
        self._signal(signal.SIGKILL)
        await self.wait()

    def let_go(self) -> None:
        """Leave it running and forget it."""
        if not self.ended:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._ended.set()

    def _signal(self, number: signal.Signals) -> None:
        if not self.ended:
            signal.pidfd_send_signal(self._pidfd, number)

    def _notice_end(self) -> None:
        self._loop.remove_reader(self._pidfd)
        os.close(self._pidfd)
        try:
            _, status = os.waitpid(self.identity.pid, os.WNOHANG)
        except ChildProcessError:
            pass  # adopted: its end is told to somebody else
        else:
            self.exit_code = os.waitstatus_to_exitcode(status)
        self._ended.set()


def _look(pid: int) -> tuple[str, int]:
    """State letter and start time (fields 3 and 22 of /proc/PID/stat, proc(5)). Raises ProcessLookupError."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        raise ProcessLookupError(f"no process {pid}") from None
    state, *rest = text.rpartition(")")[2].split()
    return state, int(rest[18])
