"""A scanner that is told what to read: the twin behind `kiosk twin scanner`.

Answers for: the bytes a real one would send, whole or damaged. Does not answer for: the pseudo-terminal (`drivers.twin_pty`).
"""

import random
from collections.abc import Mapping
from typing import Any

from drivers.twin_pty import TwinOnPty

HELP = "scan TEXT | half TEXT | noise | long | crlf | cr | lf | state"
NOISE_BYTES = 40
LONG_BYTES = 5000  #: longer than any code of ours
ENDINGS: Mapping[str, bytes] = {"crlf": b"\r\n", "cr": b"\r", "lf": b"\n"}


class ScannerTwin:
    """`receive` hands over what it has to send; it never listens."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - noise is no secret
        self._ending = "crlf"
        self._sending = bytearray()
        self._scanned = 0

    def receive(self, _data: bytes, _now_s: float) -> bytes:
        """What it sends now."""
        sending = bytes(self._sending)
        self._sending.clear()
        return sending

    def tick(self, now_s: float) -> None:
        """It does nothing by itself."""

    def do(self, line: str, _now_s: float) -> str:
        """A hand with a code, or a fault of the line."""
        verb, _, text = line.partition(" ")
        if verb in ENDINGS:
            self._ending = verb
            return "ok"
        sent = {
            "scan": text.encode() + ENDINGS[self._ending],
            "half": text.encode(),
            "noise": self._chance.randbytes(NOISE_BYTES),
            "long": b"9" * LONG_BYTES + ENDINGS[self._ending],
        }
        if verb not in sent:
            return HELP
        self._scanned += verb == "scan"
        self._sending += sent[verb]
        return "ok"

    def told(self) -> Mapping[str, Any]:
        """How many it has read, and how it ends a line."""
        return {"scanned": self._scanned, "ending": self._ending}


class ScannerOnPty(TwinOnPty):
    """A scanner speaks when it is held before something, not when it is asked."""

    def do(self, line: str) -> str:
        """A command, and what it makes the scanner send."""
        told = super().do(line)
        self.send(self._twin.receive(b"", 0.0))
        return told
