"""One thread that owns one printer: work is done in order, and who asked gets an answer in time even when the thread hangs.

Answers for: that work given up on is never begun later. Does not answer for: what the work is.
The thread is a daemon, so a call into libusb that never comes back does not keep the process from ending.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass
class _Job(Generic[T]):
    work: Callable[[], T]
    future: "asyncio.Future[T]"
    loop: asyncio.AbstractEventLoop
    begun: bool = False
    given_up: bool = False


def _nothing() -> None:
    """Nobody asked for a last thing."""


class GivenUpError(Exception):
    """No answer in time. `begun`: the work is under way and may still have its effect; otherwise it never will."""

    def __init__(self, begun: bool) -> None:
        super().__init__("under way" if begun else "never begun")
        self.begun = begun


class OwnerThread:
    """Does one thing at a time."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._closed = False
        self._last: Callable[[], None] = _nothing

    async def do(self, work: Callable[[], T], within_s: float) -> T:
        """The work's result. Raises GivenUpError after `within_s`, and whatever the work raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        job = _Job(work, future, loop)
        if self._closed:
            raise GivenUpError(begun=False)
        if not self._thread.is_alive():
            self._thread.start()
        self._jobs.put(job)
        try:
            done, _ = await asyncio.wait([future], timeout=within_s)
        finally:
            with self._lock:
                job.given_up = not future.done()
        if not done:
            raise GivenUpError(job.begun)
        return future.result()

    def close(self, last: Callable[[], None]) -> None:
        """Do one last thing, then end. Idempotent; waits for nothing."""
        if self._closed:
            return
        self._closed = True
        if self._thread.is_alive():
            self._last = last
            self._jobs.put(None)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            with self._lock:
                job.begun = not job.given_up
            if job.begun:
                self._carry_out(job)
        self._last()

    def _carry_out(self, job: _Job[Any]) -> None:
        result, error = None, None
        try:
            result = job.work()
        except BaseException as raised:  # noqa: BLE001 - handed to who asked, whatever it is
            error = raised
        if not job.loop.is_closed():
            job.loop.call_soon_threadsafe(_tell, job, result, error)


def _tell(job: _Job[Any], result: Any, error: BaseException | None) -> None:
    if job.future.done() or job.given_up:
        return
    if error is not None:
        job.future.set_exception(error)
    else:
        job.future.set_result(result)
