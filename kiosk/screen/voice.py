"""Spoken guidance: a speech program as a process of its own, one utterance at a time.

Answers for: starting it, cutting it short, that none is left behind, and that nothing here ever waits. Does not answer for:
what is said (`spoken`), when (`senses`), where the sound goes (the cabinet's headset jack).
"""

import logging
import os
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Protocol

from kiosk.screen.aloud import Utterance

log = logging.getLogger(__name__)

LANGUAGE_MARK = "{language}"
#: The text comes on its standard input: it is in no list of processes, and nothing in it can be taken for an option.
ESPEAK = ("espeak-ng", "-b", "1", "-s", "150", "-v", LANGUAGE_MARK, "--stdin")
TEXT_BYTES_MAX = 4096  #: a pipe takes this at once (PIPE_BUF, pipe(7)): writing it never waits
WAITING_MAX = 4  #: of more that waits, the oldest is not news any more
ENDS_S = 2.0  #: a killed process is gone after this, or its driver hangs and nobody can end it
_PRIVATE = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")  #: the service manager speaks with the screen alone


class Speaker(Protocol):
    """Who says what is to be said."""

    def say(self, utterance: Utterance) -> None:
        """Say this, instead of whatever is being said or after it."""

    def hush(self) -> None:
        """Say nothing more."""

    def look(self) -> None:
        """See what has ended. To be called now and then."""

    def close(self) -> None:
        """Say nothing more, ever. Idempotent."""


class Voice:
    """Says things by `command`, an argument list with `{language}` in it. A program that is missing or fails is silence, which is
    logged once.
    """

    def __init__(self, command: Sequence[str] = ESPEAK, environment: Mapping[str, str] = os.environ) -> None:
        self._command = tuple(command)
        self._environment = {name: value for name, value in environment.items() if name not in _PRIVATE}
        self._speaking: subprocess.Popen[bytes] | None = None
        self._ending: list[subprocess.Popen[bytes]] = []
        self._waiting: deque[Utterance] = deque(maxlen=WAITING_MAX)
        self._complained = False
        self._closed = False

    def say(self, utterance: Utterance) -> None:
        """Say this, instead of whatever is being said or after it."""
        self.look()
        if utterance.waits and self._speaking is not None:
            self._waiting.append(utterance)
            return
        self.hush()
        self._begin(utterance)

    def _begin(self, utterance: Utterance) -> None:
        if self._closed or not utterance.text:
            return
        argv = [part.replace(LANGUAGE_MARK, utterance.language) for part in self._command]
        try:
            self._speaking = subprocess.Popen(  # noqa: S603 - the operator's own program, no shell
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self._environment,
            )
        except OSError as error:
            self._complain(str(error))
            return
        self._hand_over(self._speaking, utterance.text)

    def hush(self) -> None:
        """Cut short what is being said, and drop what waits."""
        self._waiting.clear()
        if self._speaking is not None:
            self._speaking.kill()
            self._ending.append(self._speaking)
            self._speaking = None
        self._ending = [process for process in self._ending if process.poll() is None]

    def look(self) -> None:
        """See what has ended by itself, and how."""
        self._ending = [process for process in self._ending if process.poll() is None]
        if self._speaking is not None and self._speaking.poll() is not None:
            if self._speaking.returncode != 0:
                self._complain(f"{self._command[0]} ended with {self._speaking.returncode}")
            self._speaking = None
        if self._speaking is None and self._waiting:
            self._begin(self._waiting.popleft())

    def close(self) -> None:
        """Leave no process behind. The only thing here that may wait, for what was killed."""
        self._closed = True
        self.hush()
        for process in self._ending:
            try:
                process.wait(ENDS_S)
            except subprocess.TimeoutExpired:
                log.warning("voice: process %d does not end", process.pid)
        self._ending = []

    def _hand_over(self, process: "subprocess.Popen[bytes]", text: str) -> None:
        assert process.stdin is not None
        try:
            with process.stdin as pipe:
                pipe.write(_cut(text))
        except BrokenPipeError:
            log.debug("voice: it did not listen")  # how it ended is seen by `look`

    def _complain(self, what: str) -> None:
        if not self._complained:
            self._complained = True
            log.warning("voice: nothing can be said: %s", what)


class Silence:
    """A kiosk without a voice."""

    def say(self, utterance: Utterance) -> None:
        """Nothing."""

    def hush(self) -> None:
        """Nothing."""

    def look(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def _cut(text: str) -> bytes:
    """UTF-8 that is not longer than can be handed over at once, never half a letter."""
    return text.encode()[:TEXT_BYTES_MAX].decode(errors="ignore").encode()
