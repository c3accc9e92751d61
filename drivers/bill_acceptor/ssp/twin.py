"""An SSP validator in software. Shares no table with the engine; vectors prove each.

Answers for: the wire and what SSP units do that others do not: events handed over once, an answer repeated for a repeated
sequence bit, the next POLL taking the note. Does not answer for: mechanics (`twin_unit`).
"""

from collections.abc import Callable, Mapping
from typing import ClassVar

from drivers.bill_acceptor.twin_unit import STACKED, UNKNOWN_NOTE, WAITING, At, TwinUnit

SETS: Mapping[str, tuple[int, ...]] = {
    "EUR": (5, 10, 20, 50, 100, 200, 500),
    "RUB": (10, 50, 100, 200, 500, 1000, 2000, 5000),
}

REJECTS: Mapping[str, int] = {
    "length": 0x01,
    "inhibited": 0x06,
    "insertion": 0x07,
    "identification": 0x09,
    "optic": 0x03,
}

SHOWN: Mapping[At, bytes] = {
    At.INITIALIZING: b"\xb6",
    At.DISABLED: b"\xe8",
    At.ACCEPTING: b"\xef\x00",
    At.STACKING: b"\xcc",
    At.RETURNING: b"\xed",
    At.REJECTING: b"\xed",
    At.JAMMED: b"\xe9",
    At.CASSETTE_JAMMED: b"\xea",
    At.FULL: b"\xe7",
    At.CASSETTE_OUT: b"\xe8",
    At.FAILED: b"\xe0",
}
OK, UNKNOWN, BAD_PARAMETER, NOT_NOW, FAILED = b"\xf0", b"\xf2", b"\xf4", b"\xf5", b"\xf8"


def checksum(data: bytes) -> bytes:
    """CRC-16 by polynomial division of the whole message, low byte first."""
    bits = int.from_bytes(data, "big") << 16
    length = len(data) * 8
    bits ^= 0xFFFF << length  # the initial value is xored onto the first two bytes
    for at in range(length + 15, 15, -1):
        if bits >> at & 1:
            bits ^= 0x18005 << at - 16
    return (bits & 0xFFFF).to_bytes(2, "little")


class SspTwin(TwinUnit):
    """`receive`, `tick`, `do`, `told`."""

    values: ClassVar = {currency: tuple(100 * value for value in values) for currency, values in SETS.items()}
    wakes_alone = True
    _version = 4
    _inhibits = 0
    _enabled = False
    _early = False
    _was_early = False
    _at_power_up = False
    _offered = False
    _handed = False
    _last: tuple[bool, bytes] | None = None
    _last_reject = 0

    # --- the line -------------------------------------------------------------------------------------------------

    def _take_frame(self) -> bytes | None:
        """Sequence, length and data of the next frame that is ours, without its stuffing."""
        while self._inbox:
            body = self._unstuffed() if self._inbox[0] == 0x7F else b""
            if body is None:
                return None
            if body:
                return body
            del self._inbox[0]
        return None

    def _unstuffed(self) -> bytes | None:
        """None: need more; empty: no frame starts here."""
        rest = bytes(self._inbox[1:])
        marked = rest.replace(b"\x7f\x7f", b"\x00\x00")
        another = marked.find(b"\x7f")
        whole = rest[:another] if another >= 0 else rest
        body = whole.replace(b"\x7f\x7f", b"\x7f")
        if len(body) < 2 or len(body) < body[1] + 4:
            return None if another < 0 or another == len(marked) - 1 else b""
        body = body[: body[1] + 4]
        if body[0] & 0x7F or checksum(body[:-2]) != body[-2:]:
            return b""
        del self._inbox[: 1 + len(body) + body.count(b"\x7f")]
        return body[:-2]

    def _reply(self, frame: bytes) -> bytes:
        sequence, data = bool(frame[0] & 0x80), frame[2:]
        if not data:
            return b""
        if data[0] == 0x11:
            self._last = None
        if self._last is None or self._last[0] is not sequence:
            self._forget_handed()
            self._last = (sequence, self._answer(data))
        answer = self._last[1]
        if b"\xee" in answer and self._take_fault("lose ack"):
            return b""
        body = bytes((0x80 * sequence, len(answer))) + answer
        return b"\x7f" + (body + checksum(body)).replace(b"\x7f", b"\x7f\x7f")

    def _answer(self, data: bytes) -> bytes:
        actions: Mapping[int, Callable[[bytes], bytes]] = {
            0x01: lambda _: self._reset(),
            0x02: self._inhibit,
            0x05: lambda _: OK + self._setup(),
            0x06: self._agree,
            0x07: lambda _: OK + self._poll(),
            0x08: lambda _: self._when_waiting(self._reject_held),
            0x09: lambda _: self._turn(on=False),
            0x0A: lambda _: self._turn(on=True),
            0x0C: lambda _: OK + int(self._serial).to_bytes(4, "big"),
            0x11: lambda _: OK,
            0x17: lambda _: OK + bytes((self._last_reject,)),
            0x18: lambda _: self._when_waiting(self._hold),
        }
        action = actions.get(data[0])
        return action(data[1:]) if action else UNKNOWN

    def _forget_handed(self) -> None:
        """A new sequence, or SYNC: what the last answer carried is the host's now, heard or lost. Until then no note is taken."""
        if self._handed:
            self._handed = False
            self._heard()

    # --- commands -------------------------------------------------------------------------------------------------

    def _reset(self) -> bytes:
        self._restart()
        return OK

    def _agree(self, data: bytes) -> bytes:
        if len(data) != 1 or not 4 <= data[0] <= 6:
            return FAILED
        self._version = data[0]
        return OK

    def _inhibit(self, data: bytes) -> bytes:
        if len(data) != 2:
            return BAD_PARAMETER
        self._inhibits = data[0] | data[1] << 8
        return self._turn(on=self._enabled)

    def _turn(self, *, on: bool) -> bytes:
        self._enabled = on
        kinds = (kind for kind in range(len(self._values)) if self._inhibits >> kind & 1)
        self._switch(frozenset(kinds) if on else frozenset())
        return OK

    def _when_waiting(self, action: Callable[[], None]) -> bytes:
        if self.state not in WAITING:
            return NOT_NOW
        action()
        return OK

    def _reject_held(self) -> None:
        self._last_reject = 0x08
        self._give_way()

    def _setup(self) -> bytes:
        values = SETS[self._currency]
        count = len(values)
        small = bytes(min(value, 255) if max(values) < 256 else 0 for value in values)
        name = self._currency.encode()
        head = b"\x000102" + name + b"\x00\x00\x01" + bytes((count,)) + small + b"\x02" * count + b"\x00\x00\x64"
        if self._version < 6:
            return head + bytes((self._version,))
        return head + bytes((self._version,)) + name * count + b"".join(value.to_bytes(4, "little") for value in values)

    # --- events ---------------------------------------------------------------------------------------------------

    def _poll(self) -> bytes:
        """What happened since the last POLL, once, and what is the case now."""
        told = bytes(self._queue) + b"\xe6\x01" * self._cheated + self._physical_event()
        self._queue.clear()
        self._cheated = False
        if self.state in WAITING:
            if not self._offered:
                self._offered = True
                return told + bytes((0xEF, 1 + self.physical.note_type))
            self._keep_note()
        return told + SHOWN.get(self.state, b"")

    def _physical_event(self) -> bytes:
        event = self.physical.event
        if event is None or self._handed or self.state is At.INITIALIZING:
            return b""
        self._handed = True
        kind, note = event
        at_power_up, self._at_power_up = self._at_power_up, False
        if kind == STACKED:
            return bytes((0xE2, 1 + note)) if at_power_up else bytes((0xEE, 1 + note, 0xEB))
        return bytes((0xE1, 1 + note)) if at_power_up else b"\xec"

    # --- mechanics ------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        self._queue = bytearray()
        self._last = None
        self._was_early = self._handed = False
        self._at_power_up = self.physical.event is not None
        super()._wake()

    def _restart(self) -> None:
        self._queue += b"\xf1"
        self._inhibits, self._enabled, self._version = 0, False, 4
        super()._restart()

    def _initialized(self) -> None:
        """What is inside goes where it is nearer to, and is told with its channel."""
        place = self.physical.position
        if place == "none" or self.physical.note_type == UNKNOWN_NOTE:
            self._set(position="none")
            self._rest()
            return
        self._at_power_up, self._was_early = True, False
        self._arrive() if place == "stacker" else self._gone()

    def _judge(self) -> None:
        self._offered = False
        super()._judge()

    def _finish(self) -> None:
        if self.state in WAITING:
            self._last_reject = 0x13
        super()._finish()

    def _dropped(self) -> None:
        super()._dropped()
        self._last_reject = REJECTS.get(self._reject, 0x02)
        self._queue += b"\xec"

    def _keep_note(self) -> None:
        self._was_early, self._early = self._early, False
        if self._was_early:
            self._queue += bytes((0xEE, 1 + self.physical.note_type))
        super()._keep_note()

    def _arrive(self) -> None:
        super()._arrive()
        if self._was_early:
            self._was_early = False
            self._heard()
            self._queue += b"\xeb"

    def _menu(self) -> Mapping[str, Callable[[], None]]:
        out = {
            "cassette out": lambda: self._box(b"\xe3", out=True),
            "cassette in": lambda: self._box(b"\xe4", out=False),
        }
        early = {"credit early": lambda: setattr(self, "_early", True)}
        return {**super()._menu(), **out, **early}

    def _box(self, event: bytes, *, out: bool) -> None:
        if out:
            self._go(At.CASSETTE_OUT, None)
        else:
            self._taken, self._enabled = frozenset(), False
            self._rest()
        self._queue += event
