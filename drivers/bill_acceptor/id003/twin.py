"""An ID-003 validator in software. Shares no table with the engine; vectors prove each.

Answers for: the wire and what ID-003 units do that others do not: VEND VALID until acknowledged, settings taken only while
initialising, a note given back when nobody asks for three seconds. Does not answer for: mechanics (`twin_unit`).
"""

from collections.abc import Mapping
from typing import ClassVar

from drivers.bill_acceptor.twin_unit import STACKED, WAITING, At, TwinUnit

ASKED_EVERY_S = 3.0  #: longer without STATUS REQUEST and a note in escrow goes back
STACKED_S = 0.2  #: how long 16 is shown after VEND VALID was acknowledged

#: (value byte, zeros) beside the minor value; country byte of the table.
ROWS: Mapping[str, tuple[tuple[int, int, int], ...]] = {
    "EUR": (
        (500, 5, 0),
        (1000, 1, 1),
        (2000, 2, 1),
        (5000, 5, 1),
        (10000, 1, 2),
        (20000, 2, 2),
        (50000, 5, 2),
    ),
    "RUB": (
        (1000, 1, 1),
        (5000, 5, 1),
        (10000, 1, 2),
        (20000, 2, 2),
        (50000, 5, 2),
        (100000, 1, 3),
        (200000, 2, 3),
        (500000, 5, 3),
    ),
}
COUNTRY: Mapping[str, int] = {"EUR": 0xE0, "RUB": 0x27}

CODES: Mapping[At, int] = {
    At.INITIALIZING: 0x1B,
    At.DISABLED: 0x1A,
    At.IDLE: 0x11,
    At.ACCEPTING: 0x12,
    At.STACKING: 0x14,
    At.STACKED: 0x16,
    At.RETURNING: 0x18,
    At.HOLDING: 0x19,
    At.FULL: 0x43,
    At.CASSETTE_OUT: 0x44,
    At.JAMMED: 0x45,
    At.CASSETTE_JAMMED: 0x46,
    At.PAUSED: 0x47,
    At.CHEATED: 0x48,
}

REJECTS: Mapping[str, int] = {
    "insertion": 0x71,
    "magnetic": 0x72,
    "remained": 0x73,
    "conveying": 0x75,
    "identification": 0x76,
    "verification": 0x77,
    "optic": 0x78,
    "inhibited": 0x79,
    "operation": 0x7B,
    "length": 0x7D,
}

DONE, ILLEGAL = b"\x50", b"\x4b"


def checksum(data: bytes) -> bytes:
    """CRC-16 by nibbles, the form printed for ID-003, low byte first."""
    crc = 0
    for byte in data:
        crc = (crc >> 4) ^ (((crc ^ byte) & 15) * 0x1081)
        crc = (crc >> 4) ^ (((crc ^ (byte >> 4)) & 15) * 0x1081)
    return bytes((crc & 255, crc >> 8))


class Id003Twin(TwinUnit):
    """`receive`, `tick`, `do`, `told`."""

    values: ClassVar = {currency: tuple(row[0] for row in rows) for currency, rows in ROWS.items()}
    _asked_s = 0.0
    _off_bits = 0
    _recovers = False
    names_vend_valid = False  #: some units tell which note it was

    def _take_frame(self) -> bytes | None:
        while self._inbox:
            length = self._inbox[1] if len(self._inbox) > 1 else 5
            if self._inbox[0] == 0xFC and length >= 5:
                if len(self._inbox) < length:
                    return None
                frame = bytes(self._inbox[:length])
                if checksum(frame[:-2]) == frame[-2:]:
                    del self._inbox[:length]
                    return frame
            del self._inbox[0]
        return None

    def _reply(self, frame: bytes) -> bytes:
        code, data = frame[2], frame[3:-2]
        answer = self._answer(code, data)
        if not answer:
            return b""
        body = bytes((0xFC, len(answer) + 4)) + answer
        return body + checksum(body)

    def _answer(self, code: int, data: bytes) -> bytes:
        match code:
            case 0x11:
                self._asked_s = self._now_s
                return self._status()
            case 0x50:
                self._acknowledged()
                return b""
            case 0x40:
                self._recovers = False
                self._restart()
                return DONE
            case _ if self.state is At.POWER_UP:
                return ILLEGAL
            case 0x41 | 0x42 | 0x43 | 0x44:
                return self._operate(code)
            case 0x88:
                return b"\x88TWIN-ID003 V1.0 " + self._serial.encode()
            case 0x8A:
                return b"\x8a" + self._currency_rows()
            case _:
                return self._setting(code, data)

    def _operate(self, code: int) -> bytes:
        if self.state not in WAITING:
            return ILLEGAL
        if code == 0x43:
            self._give_way()
        elif code == 0x44:
            self._hold()
        else:
            self._keep_note()
        return DONE

    def _setting(self, code: int, data: bytes) -> bytes:
        """Echoed when taken. All but INHIBIT only while initialising."""
        if code == 0xC3 and len(data) == 1:
            taken = (kind for kind in range(len(self._values)) if not self._off_bits >> kind & 1)
            self._switch(frozenset() if data[0] & 1 else frozenset(taken))
        elif self.state is not At.INITIALIZING:
            return ILLEGAL
        elif code == 0xC0 and len(data) == 2:
            self._off_bits = data[0] | data[1] << 8
        elif code == 0xC5 and len(data) == 2:
            self._recovers = bool(data[0] & 2)
        elif code not in {0xC1, 0xC2, 0xC4}:
            return ILLEGAL
        return bytes((code,)) + data

    def _currency_rows(self) -> bytes:
        rows = ROWS[self._currency]
        country = COUNTRY[self._currency]
        known = b"".join(bytes((0x61 + at, country, value, zeros)) for at, (_, value, zeros) in enumerate(rows))
        return known + b"".join(bytes((0x61 + at, 0, 0, 0)) for at in range(len(rows), 8))

    def _status(self) -> bytes:
        event = self.physical.event
        if self.state is At.POWER_UP:
            return {"none": b"\x40", "head": b"\x41", "stacker": b"\x42"}[self.physical.position]
        if event is not None and self.state is At.STACKED:
            return bytes((0x15, 0x61 + event[1])) if self.names_vend_valid else b"\x15"
        if self.state is At.ESCROW:
            return bytes((0x13, 0x61 + self.physical.note_type))
        if self.state is At.REJECTING:
            return bytes((0x17, REJECTS.get(self._reject, 0x71)))
        if self.state is At.FAILED:
            return b"\x49\xa2"
        return bytes((CODES[self.state],))

    def _acknowledged(self) -> None:
        """VEND VALID is over; the note is shown as stacked for a moment."""
        if self._owes_credit() and self.state is At.STACKED and not self._take_fault("lose ack"):
            self._heard()
            self._go(At.STACKED, STACKED_S)

    # --- mechanics ------------------------------------------------------------------------------------------------

    def tick(self, now_s: float) -> None:
        """Besides: nobody asks, so a note in escrow goes back."""
        super().tick(now_s)
        if self._powered and self.state in WAITING and now_s - self._asked_s > ASKED_EVERY_S:
            self._give_way()

    def _initialized(self) -> None:
        """VEND VALID after a restart only if the host has asked for it by the optional function; else stored, and that is all."""
        super()._initialized()
        if self._owes_credit() and not self._recovers:
            self._heard()
            self._rest()

    def _rest(self) -> None:
        if self._owes_credit():
            self._go(At.STACKED, None)
        else:
            super()._rest()

    def _owes_credit(self) -> bool:
        return self.physical.event is not None and self.physical.event[0] == STACKED

    def _gone(self) -> None:
        super()._gone()
        if self.physical.event is not None:
            self._heard()  # told by the state it has left, by nothing else

    def _cheat(self) -> None:
        self._go(At.CHEATED, None)
