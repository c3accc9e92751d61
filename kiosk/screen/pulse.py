"""Tells the service manager that the screen lives.

Answers for: READY after the first frame, WATCHDOG while frames are really drawn and the link is looked after, STOPPING at
the end. Does not answer for: what restarts a screen that is silent (systemd/). Without a manager it does nothing.
"""

from collections.abc import Callable, Mapping

from kiosk.service_manager import ServiceManager


class Pulse:
    """`ask_frame`: have a frame drawn soon; `is_well`: whether all that this process is made of still works."""

    def __init__(
        self,
        environment: Mapping[str, str],
        ask_frame: Callable[[], None],
        is_well: Callable[[], bool],
    ) -> None:
        self._manager = ServiceManager(environment)
        self._ask_frame = ask_frame
        self._is_well = is_well
        self._ready = False
        self._due_s = 0.0

    def beat(self, now_s: float) -> None:
        """From the clock of the window, several times a second. The frame that is asked for is the proof."""
        if self._manager.listens and (not self._ready or self._is_due(now_s)):
            self._ask_frame()

    def drawn(self, now_s: float) -> None:
        """A frame has been drawn and shown."""
        if not self._manager.listens:
            return
        if not self._ready:
            self._ready = True
            self._manager.ready()
        if self._is_due(now_s) and self._is_well():
            self._due_s = now_s + self._manager.interval_s
            self._manager.alive()

    def close(self) -> None:
        """Say good-bye. Idempotent."""
        self._manager.close()

    def _is_due(self, now_s: float) -> bool:
        return self._manager.interval_s > 0 and now_s >= self._due_s
