"""An EBDS validator in software, in three dialects. Shares no table with the engine; vectors prove each.

Answers for: the wire and what EBDS units do that others do not: the ack bit, a note that waits for ever, power-up policy B, blank
records. Does not answer for: mechanics (`twin_unit`).

    mei      extended notes, serial number, variant name
    plain    values 1 to 7 and a variant name
    pyramid  values 1 to 7, US dollars, knows no questions, misses polls while it reads a note
"""

from collections.abc import Callable, Mapping
from typing import ClassVar

from drivers.bill_acceptor.twin_unit import RETURNED, STACKED, UNKNOWN_NOTE, WAITING, At, TwinUnit

SETS: Mapping[str, tuple[int, ...]] = {
    "EUR": (5, 10, 20, 50, 100, 200, 500),
    "RUB": (10, 50, 100, 200, 500, 1000, 2000, 5000),
    "USD": (1, 2, 5, 10, 20, 50, 100),
}
DIALECTS = ("mei", "plain", "pyramid")

#: First three status bytes of a state; the cassette's bit is added where it is in place.
SHOWN: Mapping[At, tuple[int, int, int, int]] = {
    At.INITIALIZING: (0x00, 0x40, 0x00, 0x00),
    At.DISABLED: (0x01, 0x00, 0x00, 0x00),
    At.IDLE: (0x01, 0x00, 0x00, 0x00),
    At.ACCEPTING: (0x02, 0x00, 0x00, 0x00),
    At.ESCROW: (0x04, 0x00, 0x00, 0x00),
    At.STACKING: (0x08, 0x00, 0x00, 0x00),
    At.RETURNING: (0x20, 0x00, 0x00, 0x00),
    At.REJECTING: (0x02, 0x00, 0x00, 0x00),
    At.JAMMED: (0x00, 0x04, 0x00, 0x00),
    At.CASSETTE_JAMMED: (0x00, 0x00, 0x00, 0x01),
    At.FULL: (0x00, 0x08, 0x00, 0x00),
    At.CASSETTE_OUT: (0x01, 0x00, 0x00, 0x00),
    At.FAILED: (0x00, 0x00, 0x04, 0x00),
    At.PAUSED: (0x00, 0x20, 0x00, 0x00),
}
BLANK_NOTE = bytes(18)


def checksum(data: bytes) -> int:
    """Bit by bit: odd where an odd number of bytes has it."""
    return sum(sum(byte >> bit & 1 for byte in data) % 2 << bit for bit in range(8))


class EbdsTwin(TwinUnit):
    """`receive`, `tick`, `do`, `told`."""

    values: ClassVar = {currency: tuple(100 * value for value in values) for currency, values in SETS.items()}
    escrow_ends = False
    wakes_alone = True
    stopped_by = frozenset({At.ACCEPTING})
    dialect = "mei"
    _last: tuple[int, bytes] | None = None
    _wants_extended = False
    _handed = _handed_power_up = False
    _power_up = _rejected = _blank = _misses = False

    # --- the line -------------------------------------------------------------------------------------------------

    def _take_frame(self) -> bytes | None:
        while self._inbox:
            length = self._inbox[1] if len(self._inbox) > 1 else 5
            if self._inbox[0] == 0x02 and 5 <= length <= 0x7F:
                if len(self._inbox) < length:
                    return None
                frame = bytes(self._inbox[:length])
                if frame[-2] == 0x03 and checksum(frame[1:-2]) == frame[-1]:
                    del self._inbox[:length]
                    return frame
            del self._inbox[0]
        return None

    def _reply(self, frame: bytes) -> bytes:
        if self.dialect == "pyramid" and self.state is At.ACCEPTING:
            self._misses = not self._misses
            if self._misses:
                return b""
        ack, kind, data = frame[2] & 1, frame[2] >> 4 & 7, frame[3:-2]
        if kind == 6 and data == b"\x7f\x7f\x7f":
            self._wake()
            return b""
        if self._last is None or self._last[0] != ack:
            self._forget_handed()
            control, answer = self._answer(kind, data)
            self._last = (ack, self._framed(control | ack, answer))
        stacked = self._handed and self.physical.event is not None and self.physical.event[0] == STACKED
        return b"" if stacked and self._take_fault("lose ack") else self._last[1]

    def _framed(self, control: int, answer: bytes) -> bytes:
        body = bytes((len(answer) + 5, control)) + answer
        return b"\x02" + body + bytes((0x03, checksum(body)))

    def _forget_handed(self) -> None:
        """A new bit: the host has what the last reply carried. Until then no note is taken."""
        if self._handed:
            self._handed = False
            self._heard()
        if self._handed_power_up:
            self._power_up = self._handed_power_up = False

    # --- messages -------------------------------------------------------------------------------------------------

    def _answer(self, kind: int, data: bytes) -> tuple[int, bytes]:
        """Control byte without the ack bit, and data."""
        if kind == 1 and len(data) == 3:
            self._wants_extended = self.dialect == "mei" and bool(data[2] & 0x10)
            answer = self._status()  # as it is, not as it will be
            self._obey(data)
            return answer
        if kind == 6 and self.dialect != "pyramid" and data[-1:] in {b"\x05", b"\x08"}:
            return 0x60, self._serial.encode() if data[-1] == 5 else self._currency.encode()
        if kind == 7 and self.dialect == "mei" and data[:1] == b"\x02" and len(data) == 5:
            return 0x70, b"\x02" + bytes(self._bytes()) + self._described(data[4] - 1, data[4])
        status = self._bytes()
        status[2] |= 0x02
        return 0x20, bytes(status)

    def _obey(self, data: bytes) -> None:
        enable, mode, _ = data
        kinds = range(len(self._values))
        self._switch(frozenset(kind for kind in kinds if enable and (self._wants_extended or enable >> kind & 1)))
        if self.state in WAITING and mode & 0x20:
            self._keep_note()
        elif self.state in WAITING and mode & 0x40:
            self._give_way()

    def _status(self) -> tuple[int, bytes]:
        """Poll replies carry what happened, until the host's next bit."""
        status = self._bytes()
        event = self.physical.event
        note = self.physical.note_type if self.state in {At.ESCROW, At.STACKING} else UNKNOWN_NOTE
        if event is not None and self.state is not At.INITIALIZING:
            self._handed = True
            status[0] |= 0x10 if event[0] == STACKED else 0x40
            note = event[1]
        elif self._blank and self._wants_extended and self.state in {At.IDLE, At.DISABLED}:
            self._blank = False
            status[0] |= 0x10
            return 0x70, b"\x02" + bytes(status) + BLANK_NOTE
        status[1] |= 0x01 * self._cheated | 0x02 * self._rejected
        self._cheated = self._rejected = False
        self._handed_power_up = self._power_up
        valued = note != UNKNOWN_NOTE and (event is None or event[0] != RETURNED)
        if valued and self._wants_extended and status[0] & 0x14:
            return 0x70, b"\x02" + bytes(status) + self._described(note, 0)
        if valued and not self._wants_extended and note < 7:
            status[2] |= 1 + note << 3
        return 0x20, bytes(status)

    def _bytes(self) -> bytearray:
        status = bytearray((*SHOWN[self.state], 0x54, 0x0A))
        status[1] |= 0x10 * (self.state is not At.CASSETTE_OUT)
        if self._power_up:
            status[2] |= 0x01
            status[1] &= ~0x40
        return status

    def _described(self, kind: int, index: int) -> bytes:
        """An extended note: index, ISO letters, base and exponent as digits, then what is not money."""
        if not 0 <= kind < len(self._values):
            return BLANK_NOTE
        value, zeros = SETS[self._currency][kind], 0
        while value > 999:
            value, zeros = value // 10, zeros + 1
        return bytes((index,)) + f"{self._currency}{value:03d}+{zeros:02d}".encode() + b"\x00ABCD\x04\x00\x00"

    # --- mechanics ------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        self._last = None
        self._handed = self._handed_power_up = False
        self._power_up = True
        super()._wake()

    def _initialized(self) -> None:
        """Policy B: what can be kept waits in escrow, what is too far goes in and is told with its value."""
        if self.physical.position == "head" and self.physical.note_type != UNKNOWN_NOTE:
            self._go(At.ESCROW, None)
        else:
            super()._initialized()

    def _dropped(self) -> None:
        super()._dropped()
        self._rejected = True

    def _verb(self, words: list[str]) -> bool:
        if words[:1] == ["dialect"] and words[-1] in DIALECTS:
            self.dialect = words[-1]
            return True
        return super()._verb(words)

    def _menu(self) -> Mapping[str, Callable[[], None]]:
        return {**super()._menu(), "cassette in": self._box_is_back}

    def _box_is_back(self) -> None:
        self._blank = True
        self._restart()
