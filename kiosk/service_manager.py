"""What a service tells its manager: sd_notify(3), datagrams to the socket that it names in the environment.

Answers for: the words and how often they are wanted. Does not answer for: what is vouched for (`till.vouching`, `screen.pulse`),
what becomes of a service that is silent (systemd/). Without such a socket it says nothing.
"""

import logging
import os
import socket
from collections.abc import Mapping

log = logging.getLogger(__name__)

PINGS = 3  #: within the time after which the manager gives up: one may be late, and one lost
MICROSECONDS = 1_000_000
STATUS_LETTERS_MAX = 200


class ServiceManager:
    """Never blocks, never raises: a manager that does not listen is its own trouble."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        name = environment.get("NOTIFY_SOCKET", "")
        self._address = f"\0{name[1:]}" if name.startswith("@") else name
        self.interval_s = _interval_s(environment)
        self._socket = (
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) if self._address else None
        )

    @property
    def listens(self) -> bool:
        """Whether there is one at all."""
        return self._socket is not None

    def ready(self) -> None:
        """Started: what depends on this service may start."""
        self._tell("READY=1")

    def alive(self) -> None:
        """All is well; say it again before the time is over."""
        self._tell("WATCHDOG=1")

    def status(self, words: str) -> None:
        """One line for whoever asks how the service is."""
        self._tell(f"STATUS={' '.join(words.split())[:STATUS_LETTERS_MAX]}")

    def close(self) -> None:
        """Say good-bye. Idempotent."""
        self._tell("STOPPING=1")
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _tell(self, words: str) -> None:
        if self._socket is None:
            return
        try:
            self._socket.sendto(words.encode(), self._address)
        except OSError as error:
            log.warning("the service manager does not hear: %s", error)


def _interval_s(environment: Mapping[str, str]) -> float:
    """How often to say that all is well; 0 where nobody waits for it, or waits for another process."""
    wanted_us, process = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    ours = not process or process == str(os.getpid())
    return int(wanted_us) / MICROSECONDS / PINGS if ours and wanted_us.isdigit() else 0.0
