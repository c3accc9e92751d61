"""A CashCode validator in software: it speaks CCNET on any byte stream, has its own state, and physical truth.

Answers for: what a unit does, tick by tick, when notes, commands and faults meet it. Does not answer for: ports and processes
(`twin_pty`). Shares no code and no table with the engine, so that both cannot be wrong in the same way; vectors prove each.

Held events (81, 82, 45) are told until the host acknowledges them, over a restart of the host too.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace

#: (mantissa, country letters, exponent byte): the rows a unit of that country is sold with. Minor value beside it.
BILL_TABLES: Mapping[str, tuple[tuple[int, int, bytes, int], ...]] = {
    "EUR": (
        (500, 5, b"EUR", 0),
        (1000, 1, b"EUR", 1),
        (2000, 2, b"EUR", 1),
        (5000, 5, b"EUR", 1),
        (10000, 1, b"EUR", 2),
        (20000, 2, b"EUR", 2),
        (50000, 5, b"EUR", 2),
    ),
    "RUB": (
        (1000, 1, b"RUS", 1),
        (5000, 5, b"RUS", 1),
        (10000, 1, b"RUS", 2),
        (20000, 2, b"RUS", 2),
        (50000, 5, b"RUS", 2),
        (100000, 1, b"RUS", 3),
        (200000, 2, b"RUS", 3),
        (500000, 5, b"RUS", 3),
    ),
}

REJECT_CODES: Mapping[str, int] = {
    "insertion": 0x60,
    "magnetic": 0x61,
    "remained": 0x62,
    "conveying": 0x64,
    "identification": 0x65,
    "verification": 0x66,
    "optic": 0x67,
    "inhibited": 0x68,
    "capacitance": 0x69,
    "operation": 0x6A,
    "length": 0x6C,
}

NAMES: Mapping[int, str] = {
    0x10: "power up",
    0x11: "power up, note in head",
    0x12: "power up, note in stacker",
    0x13: "initializing",
    0x14: "idle",
    0x15: "accepting",
    0x17: "stacking",
    0x18: "returning",
    0x19: "disabled",
    0x1A: "holding",
    0x1C: "rejecting",
    0x41: "cassette full",
    0x42: "cassette out",
    0x43: "jammed",
    0x44: "cassette jammed",
    0x47: "failure",
    0x46: "paused",
    0x80: "escrow",
}

HELP = (
    "note VALUE [CURRENCY] | jam | unjam | cassette out | cassette in | cassette jam | full | empty | failure CODE | "
    "reject REASON | cheat | pause | resume | busy [N] | lose ack [N] | crc [N] | noise [N] | dead | alive | echo on | "
    "echo off | slow init | refuse COMMAND [N] | forget masks | show CODE | serial TEXT | power cut head | power cut stacker | "
    "power cut | power on | state | help | quit"
)

#: What `refuse` can be told, and the command's byte.
REFUSABLE: Mapping[str, int] = {
    "stack": 0x35,
    "return": 0x36,
    "hold": 0x38,
    "table": 0x41,
    "crc32": 0x51,
    "enable": 0x34,
}


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds a real unit takes, roughly; tests make them what they like."""

    accept_s: float = 0.4
    stack_s: float = 0.5
    return_s: float = 0.4
    reject_s: float = 0.4
    initialize_s: float = 0.6
    escrow_s: float = 10.0
    slow_initialize_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Physical:
    """Where the notes really are; this alone outlives the process. `position`: none, head (returnable) or stacker (not)."""

    box: Mapping[str, int] = field(default_factory=dict)
    returned: Mapping[str, int] = field(default_factory=dict)
    rejected: int = 0
    position: str = "none"
    note_type: int = -1
    event: tuple[int, int] | None = None  #: told until acknowledged


def checksum(data: bytes) -> bytes:
    """CRC-16 by nibbles (the form printed for ID-003), low byte first."""
    crc = 0
    for byte in data:
        crc = (crc >> 4) ^ (((crc ^ byte) & 15) * 0x1081)
        crc = (crc >> 4) ^ (((crc ^ (byte >> 4)) & 15) * 0x1081)
    return bytes((crc & 255, crc >> 8))


class CcnetTwin:
    """One simulated unit. `receive` bytes, `tick` time, `do` what a hand or a fault does. Time comes in as data."""

    def __init__(
        self,
        currency: str,
        seed: int = 0,
        times: Times | None = None,
        physical: Physical | None = None,
        keep: Callable[[Physical], None] = lambda _: None,
    ) -> None:
        self.physical = physical or Physical()
        self._rows = BILL_TABLES[currency]
        self._currency = currency
        self._times = times or Times()
        self._keep = keep
        self._random = random.Random(seed)  # noqa: S311 - noise on a line, not a secret
        self._now_s = 0.0
        self._until_s: float | None = None
        self._accept = self._escrow_mask = 0
        self._inbox = bytearray()
        self._powered = True
        self._cut_at = ""
        self._security = 0
        self._serial = "000000000001"
        self._faults = dict.fromkeys(("ack", "crc", "noise", "busy", *REFUSABLE), 0)
        self._dead = self._echo = self._slow = False
        self._reject, self._failure = 0x65, 0x50
        self._shown: tuple[int, int] | None = None
        self.state = {"none": 0x10, "head": 0x11, "stacker": 0x12}[self.physical.position]

    def __repr__(self) -> str:
        return f"<twin {NAMES.get(self.state, hex(self.state))} {self.physical}>"

    # --- the line -------------------------------------------------------------------------------------------------

    def receive(self, data: bytes, now_s: float) -> bytes:
        """Bytes from the host; what goes back on the line."""
        self.tick(now_s)
        answer = bytearray(data if self._echo else b"")
        self._inbox += data
        while (payload := self._frame()) is not None:
            if self._powered and not self._dead:
                answer += self._reply(payload)
        return bytes(answer)

    def _frame(self) -> bytes | None:
        while len(self._inbox) >= 6:
            length = self._inbox[2]
            if self._inbox[:2] == b"\x02\x03" and length >= 6:
                if len(self._inbox) < length:
                    return None
                frame = bytes(self._inbox[:length])
                if checksum(frame[:-2]) == frame[-2:]:
                    del self._inbox[:length]
                    return frame[3:-2]
            del self._inbox[0]
        return None

    def _reply(self, payload: bytes) -> bytes:
        if payload == b"\x00":
            self._acknowledged()
            return b""
        if payload == b"\xff":
            return b""
        self._shown = None
        reply = self._answer(payload)
        body = bytes((2, 3, len(reply) + 5)) + reply
        frame = bytearray(body + checksum(body))
        if self._take_fault("crc"):
            frame[-1] ^= 0x55
        if self._take_fault("noise"):
            frame[:0] = bytes(self._random.randrange(256) for _ in range(7))
        return bytes(frame)

    def _take_fault(self, name: str) -> bool:
        due = self._faults[name] > 0
        self._faults[name] -= due
        return due

    def _answer(self, payload: bytes) -> bytes:
        ack, illegal = b"\x00", b"\x30"
        command, data = payload[0], payload[1:]
        waiting = self.state in {0x80, 0x1A}
        if any(command == code and self._take_fault(name) for name, code in REFUSABLE.items()):
            return illegal
        match command:
            case 0x33:
                return b"\x1b\x05" if self._take_fault("busy") else self._poll()
            case 0x30:
                return self._reset()
            case 0x34 if len(data) == 6:
                self._mask(int.from_bytes(data[:3], "big"), int.from_bytes(data[3:], "big"))
                return ack
            case 0x35 if waiting:
                self._start_stacking()
                return ack
            case 0x36 if waiting:
                self._go(0x18, self._times.return_s)
                return ack
            case 0x38 if waiting:
                self._go(0x1A, self._times.escrow_s)
                return ack
            case 0x32 if len(data) == 3:
                self._security = int.from_bytes(data, "big")
                return ack
            case _:
                return self._describe(command)

    def _describe(self, command: int) -> bytes:
        """Questions about itself; all but GET STATUS are answered only while it cannot take notes."""
        if command == 0x31:
            return self._accept.to_bytes(3, "big") + self._security.to_bytes(3, "big")
        if self.state not in {0x10, 0x11, 0x12, 0x13, 0x19, 0x41, 0x42, 0x43, 0x44, 0x47}:
            return b"\x30"
        match command:
            case 0x37:
                return b"TWIN-SM".ljust(15) + self._serial.encode().ljust(12)[:12] + bytes(7)
            case 0x41:
                rows = (bytes((mantissa,)) + letters + bytes((zeros,)) for _, mantissa, letters, zeros in self._rows)
                return b"".join(rows).ljust(120, b"\0")
            case 0x51:
                return b"\x00\xc0\xff\xee"
            case _:
                return b"\x30"

    def _poll(self) -> bytes:
        if self.physical.event is not None and self.state not in {0x10, 0x11, 0x12}:
            self._shown = code, detail = self.physical.event
            return bytes((code,)) if code == 0x45 else bytes((code, detail))
        if self.state == 0x80:
            return bytes((0x80, self.physical.note_type))
        if self.state == 0x1C:
            return bytes((0x1C, self._reject))
        if self.state == 0x47:
            return bytes((0x47, self._failure))
        return bytes((self.state,))

    def _acknowledged(self) -> None:
        """Only an event that the last reply carried is over; one that came since has not been heard."""
        if self._shown is not None and self._shown == self.physical.event and not self._take_fault("ack"):
            self._set(event=None)
        self._shown = None

    def _reset(self) -> bytes:
        self._accept = self._escrow_mask = 0
        if self.state == 0x17:
            return b"\x30"
        slow, self._slow = self._slow, False
        self._go(0x13, self._times.slow_initialize_s if slow else self._times.initialize_s)
        return b"\x00"

    def _mask(self, accept: int, escrow: int) -> None:
        self._accept, self._escrow_mask = accept, escrow
        if self.state in {0x14, 0x19}:
            self._rest()
        elif accept == 0 and self.state in {0x15, 0x80, 0x1A}:
            self._go(0x18, self._times.return_s)

    # --- time -----------------------------------------------------------------------------------------------------

    def tick(self, now_s: float) -> None:
        """Time is `now_s`: finish what should be finished by then."""
        self._now_s = now_s
        while self._powered and self._until_s is not None and now_s >= self._until_s:
            self._until_s = None
            self._finish()

    def _go(self, state: int, seconds: float) -> None:
        self.state, self._until_s = state, self._now_s + seconds

    def _rest(self) -> None:
        self.state, self._until_s = (0x14 if self._accept else 0x19), None

    def _finish(self) -> None:
        match self.state:
            case 0x13:
                self._initialized()
            case 0x15:
                self._judge()
            case 0x80 | 0x1A:
                self._go(0x18, self._times.return_s)
            case 0x17:
                self._arrive()
            case 0x18:
                self._give_back(0x82)
            case 0x1C:
                self._set(position="none", note_type=-1, rejected=self.physical.rejected + 1)
                self._rest()
            case _:
                pass

    def _initialized(self) -> None:
        if self.physical.position == "stacker":
            self._arrive()
        elif self.physical.position == "head":
            self._give_back(0x82)
        self._rest()

    def _judge(self) -> None:
        kind = self.physical.note_type
        if kind < 0 or not self._accept >> kind & 1:
            self._reject = 0x68 if kind >= 0 else self._reject
            self._go(0x1C, self._times.reject_s)
        elif self._escrow_mask >> kind & 1:
            self._go(0x80, self._times.escrow_s)
            if self._cut_at == "head":
                self._cut()
        else:
            self._start_stacking()

    def _start_stacking(self) -> None:
        self._set(position="stacker")
        self._go(0x17, self._times.stack_s)
        if self._cut_at == "stacker":
            self._cut()

    def _arrive(self) -> None:
        kind = self.physical.note_type
        box = _counted(self.physical.box, self._rows[kind][0])
        self._set(box=box, position="none", note_type=-1, event=(0x81, kind))
        self._rest()

    def _give_back(self, code: int) -> None:
        kind = self.physical.note_type
        returned = _counted(self.physical.returned, self._rows[kind][0])
        self._set(returned=returned, position="none", note_type=-1, event=(code, kind))
        self._rest()

    def _set(self, **changes: object) -> None:
        self.physical = replace(self.physical, **changes)  # type: ignore[arg-type]  # names are the fields'
        self._keep(self.physical)

    def _cut(self) -> None:
        self._powered, self._cut_at, self._until_s = False, "", None

    # --- hands and faults -----------------------------------------------------------------------------------------

    def do(self, line: str, now_s: float) -> str:
        """One command of the fault menu; the answer is one line. Unknown words are answered with the menu."""
        self.tick(now_s)
        words = line.split()
        action = self._menu().get(" ".join(words))
        if action is not None:
            action()
            return "ok"
        verb = self._verbs().get(words[0]) if len(words) > 1 else None
        told = verb(words[1:]) if verb is not None else ""
        count = self._count(words) if words else ""
        return told or count or (HELP if words == ["help"] else f"unknown: {line!r}; {HELP}")

    def _count(self, words: list[str]) -> str:
        """Faults of the line that happen N times: `crc 3`, `lose ack 2`, `refuse hold`."""
        times = int(words[-1]) if words[-1].isdecimal() else 1
        name = " ".join(words[:-1] if words[-1].isdecimal() else words)
        name = {"lose ack": "ack", **{f"refuse {word}": word for word in REFUSABLE}}.get(name, name)
        if name not in {"ack", "crc", "noise", "busy"} and not (name in REFUSABLE and words[0] == "refuse"):
            return ""
        self._faults[name] = times
        return "ok"

    def _verbs(self) -> Mapping[str, Callable[[list[str]], str]]:
        """Those with words of their own; an answer of "" means: not understood."""
        return {
            "note": lambda words: self._note(words[0], words[1] if len(words) > 1 else self._currency),
            "reject": self._refuse,
            "failure": lambda words: self._show(words[0], failure=True),
            "show": lambda words: self._show(words[0], failure=False),
            "serial": self._rename,
        }

    def _rename(self, words: list[str]) -> str:
        self._serial = words[0]
        return "ok"

    def _refuse(self, words: list[str]) -> str:
        if words[0] not in REJECT_CODES:
            return ""
        self._reject = REJECT_CODES[words[0]]
        self._set(position="head", note_type=-1)
        self._go(0x1C, self._times.reject_s)
        return "ok"

    def _show(self, code: str, *, failure: bool) -> str:
        """Stand in a state of this hexadecimal code, or in failure with it as the second byte."""
        try:
            number = int(code, 16)
        except ValueError:
            return ""
        if failure:
            self._failure = number & 0xFF
        self._break(0x47 if failure else number & 0xFF)
        return "ok"

    def _menu(self) -> Mapping[str, Callable[[], None]]:
        return {
            "jam": lambda: self._break(0x43),
            "unjam": self._mend,
            "cassette out": lambda: self._break(0x42),
            "cassette in": self._mend,
            "full": lambda: self._break(0x41),
            "empty": self._mend,
            "pause": lambda: self._break(0x46),
            "resume": self._rest,
            "cassette jam": lambda: self._break(0x44),
            "cheat": lambda: self._set(event=(0x45, 0)),
            "dead": lambda: setattr(self, "_dead", True),
            "alive": lambda: setattr(self, "_dead", False),
            "echo on": lambda: setattr(self, "_echo", True),
            "echo off": lambda: setattr(self, "_echo", False),
            "forget masks": lambda: self._mask(0, 0),
            "slow init": lambda: setattr(self, "_slow", True),
            "power cut": self._cut,
            "power cut head": lambda: self._cut_when("head"),
            "power cut stacker": lambda: self._cut_when("stacker"),
            "power on": self._power_on,
        }

    def _cut_when(self, place: str) -> None:
        """Now, if a note is there; else with the next one that gets there."""
        if self.physical.position == place and self.state in {0x15, 0x80, 0x1A, 0x17}:
            self._cut()
        else:
            self._cut_at = place

    def _power_on(self) -> None:
        self._powered, self._until_s = True, None
        self._accept = self._escrow_mask = 0
        self._inbox.clear()
        self.state = {"none": 0x10, "head": 0x11, "stacker": 0x12}[self.physical.position]

    def _break(self, state: int) -> None:
        self.state, self._until_s = state, None

    def _mend(self) -> None:
        self._accept = self._escrow_mask = 0
        self._go(0x13, self._times.initialize_s)

    def _note(self, value: str, currency: str) -> str:
        if not value.isdecimal():
            return f"refused: {value!r} is not a note; say `note 50`"
        if not self._powered or self.state != 0x14 or self.physical.event is not None:
            why = NAMES.get(self.state, hex(self.state)) if self._powered else "no power"
            return f"refused: {why}"
        known = [row[0] for row in self._rows]
        minor = int(value) * 100
        kind = known.index(minor) if currency == self._currency and minor in known else -1
        self._reject = 0x65
        self._set(position="head", note_type=kind)
        self._go(0x15, self._times.accept_s)
        return "ok"

    def told(self) -> dict[str, object]:
        """Everything a test, a demo or a curious person wants to know."""
        state = NAMES.get(self.state, hex(self.state)) if self._powered else "no power"
        return {"state": state, **asdict(self.physical), "currency": self._currency}


def _counted(counts: Mapping[str, int], value_minor: int) -> Mapping[str, int]:
    return {**counts, str(value_minor): counts.get(str(value_minor), 0) + 1}
