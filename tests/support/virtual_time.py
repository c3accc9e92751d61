"""An asyncio loop whose time passes only when nobody has anything to do: hours in milliseconds, and no sleeps."""

import asyncio
import selectors


class DeadlockError(AssertionError):
    """Nobody is waiting for time and nobody can go on."""


class _Selector(selectors.SelectSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout=None):
        ready = super().select(0)
        if ready:
            return ready
        if timeout is None:
            raise DeadlockError("nothing is scheduled and nothing can happen")
        self.now_s += timeout
        return []


class SimLoop(asyncio.SelectorEventLoop):
    """`time()` is virtual."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now_s


def run(main):
    """asyncio.run on a SimLoop."""
    with asyncio.Runner(loop_factory=SimLoop) as runner:
        return runner.run(main)
