"""Tells the service manager that the screen lives: sd_notify(3), over the datagram socket it names in the environment.

Answers for: READY after the first frame, WATCHDOG while frames are really drawn and the link is looked after, STOPPING at
the end. Does not answer for: what restarts a screen that is silent (systemd/). Without such a socket it does nothing.
"""

import logging
import os
import socket
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

PINGS = 3  #: within the time after which the service manager gives up: one may be late, and one lost
MICROSECONDS = 1_000_000


class Pulse:
    """`ask_frame`: have a frame drawn soon; `is_well`: whether all that this process is made of still works."""

    def __init__(
        self,
        environment: Mapping[str, str],
        ask_frame: Callable[[], None],
        is_well: Callable[[], bool],
    ) -> None:
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        self._interval_s = _interval_s(environment)
        self._ask_frame = ask_frame
        self._is_well = is_well
        self._socket = (
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) if self._address else None
        )
        self._ready = False
        self._due_s = 0.0

    def beat(self, now_s: float) -> None:
        """From the clock of the window, several times a second. The frame that is asked for is the proof."""
        if self._socket is not None and (not self._ready or self._is_due(now_s)):
            self._ask_frame()

    def drawn(self, now_s: float) -> None:
        """A frame has been drawn and shown."""
        if self._socket is None:
            return
        if not self._ready:
            self._ready = True
            self._tell("READY=1")
        if self._is_due(now_s) and self._is_well():
            self._due_s = now_s + self._interval_s
            self._tell("WATCHDOG=1")

    def close(self) -> None:
        """Say good-bye. Idempotent."""
        if self._socket is not None:
            self._tell("STOPPING=1")
            self._socket.close()
            self._socket = None

    def _is_due(self, now_s: float) -> bool:
        return self._interval_s > 0 and now_s >= self._due_s

    def _tell(self, state: str) -> None:
        assert self._socket is not None
        try:
            self._socket.sendto(state.encode(), self._address)
        except OSError as error:
            log.warning("pulse: %s is not heard: %s", state, error)


def _address(text: str) -> str:
    """Of a path, or of a name in the abstract namespace, which is written with @."""
    return "\0" + text[1:] if text.startswith("@") else text


def _interval_s(environment: Mapping[str, str]) -> float:
    """0: nobody watches this process."""
    watched = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    text = environment.get("WATCHDOG_USEC", "")
    return int(text) / MICROSECONDS / PINGS if watched and text.isdigit() else 0.0
