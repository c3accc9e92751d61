"""A receipt printer in software: executes the ESC/POS it gets and knows what is really on the paper.

Answers for: firmware: buffer, code page, paper, cover, status bytes, completion. Does not answer for: USB (`twin_backend…`), the
process (`twin_server`), pictures (`paper`). Reads bytes by its own table, so a wrong byte of ours shows on the paper.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

BUFFER_BYTES = 4096
CODE_PAGES: Mapping[int, str] = {0: "cp437", 17: "cp866", 46: "cp1251"}
LINES_NEAR_END = 40
LINES_OF_A_ROLL = 4000

HELP = (
    "paper out | paper near | paper in | cover open | cover close | mute | unmute | short N | unplug | plug | "
    "state | help | quit"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line."""

    text: str
    align: str = "left"
    bold: bool = False
    double: bool = False


@dataclass(frozen=True, slots=True)
class QrCode:
    data: str


Printed = Line | QrCode


@dataclass(frozen=True, slots=True)
class _Style:
    align: str = "left"
    bold: bool = False
    double: bool = False


@dataclass
class PrinterTwin:
    """`receive` and `send` are the two bulk endpoints; `do` is a hand. `slips` are what was cut off, `open_slip` hangs out."""

    slips: list[tuple[Printed, ...]] = field(default_factory=list)
    open_slip: list[Printed] = field(default_factory=list)
    plugged: bool = True
    cover_open: bool = False
    mute: bool = False
    lines_left: int = LINES_OF_A_ROLL
    short_by: int = 0
    _buffer: bytearray = field(default_factory=bytearray)
    _answers: bytearray = field(default_factory=bytearray)
    _text: bytearray = field(default_factory=bytearray)
    _codec: str = "cp437"
    _style: _Style = field(default_factory=_Style)
    _qr: bytes = b""

    @property
    def can_print(self) -> bool:
        return self.lines_left > 0 and not self.cover_open

    def receive(self, data: bytes) -> int:
        """How many bytes the printer took: fewer when its buffer is full, none when it is not even that."""
        if len(data) == 3 and data[:2] == b"\x10\x04":
            self._status(data[2])
            return 3
        room = BUFFER_BYTES - len(self._buffer)
        taken = data[: min(room, len(data) - self.short_by if self.short_by else len(data))]
        self.short_by = 0
        self._buffer += taken
        self._work()
        return len(taken)

    def receive_all(self, data: bytes) -> None:
        """Print again what an earlier life of this twin printed: its paper is still there."""
        for start in range(0, len(data), BUFFER_BYTES):
            self.receive(data[start : start + BUFFER_BYTES])
        self._answers.clear()

    def send(self, max_bytes: int) -> bytes:
        """What the printer has to say, once."""
        data = bytes(self._answers[:max_bytes])
        del self._answers[:max_bytes]
        return data

    def do(self, line: str) -> str:
        """A hand at the printer. Unknown words are answered with the menu."""
        words = line.split()
        if len(words) == 2 and words[0] == "short" and words[1].isdecimal():
            self.short_by = int(words[1])
            return "ok"
        action = self._menu().get(line)
        if action is None:
            return HELP if line == "help" else f"unknown: {line!r}; {HELP}"
        action()
        self._work()
        return "ok"

    def _menu(self) -> Mapping[str, Callable[[], None]]:
        return {
            "paper out": lambda: setattr(self, "lines_left", 0),
            "paper near": lambda: setattr(self, "lines_left", LINES_NEAR_END),
            "paper in": lambda: setattr(self, "lines_left", LINES_OF_A_ROLL),
            "cover open": lambda: setattr(self, "cover_open", True),
            "cover close": lambda: setattr(self, "cover_open", False),
            "mute": lambda: setattr(self, "mute", True),
            "unmute": lambda: setattr(self, "mute", False),
            "unplug": self._unplug,
            "plug": lambda: setattr(self, "plugged", True),
        }

    def _unplug(self) -> None:
        """Power goes with the cable: what was not printed is gone."""
        self.plugged = False
        self._buffer.clear()
        self._answers.clear()
        self._reset()

    def told(self) -> dict[str, object]:
        """Everything a test, a demo or a curious person wants to know."""
        return {
            "plugged": self.plugged,
            "cover_open": self.cover_open,
            "mute": self.mute,
            "lines_left": self.lines_left,
            "buffered_bytes": len(self._buffer),
            "slips": len(self.slips),
        }

    def _say(self, data: bytes) -> None:
        if not self.mute:
            self._answers += data

    def _status(self, number: int) -> None:
        """One byte, at once, whatever waits in the buffer."""
        out = self.lines_left <= 0
        near = self.lines_left <= LINES_NEAR_END
        byte = 0x12
        if number == 1:
            byte |= 0 if self.can_print else 0x08
        elif number == 2:
            byte |= (0x04 if self.cover_open else 0) | (0x20 if out else 0)
        elif number == 4:
            byte |= (0x0C if near else 0) | (0x60 if out else 0)
        self._say(bytes((byte,)))

    # --- executing ------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while self._buffer and self.can_print:
            used = self._step()
            if not used:
                return
            del self._buffer[:used]

    def _step(self) -> int:
        """Execute one command or character; how many bytes it was, 0 while it is not whole."""
        buffer = self._buffer
        match buffer[0]:
            case 0x1B | 0x1D | 0x10:
                return self._command(bytes(buffer[:8]))
            case 0x0A:
                self._line_feed()
            case 0x0D:
                pass
            case byte:
                self._text.append(byte)
        return 1

    def _command(self, head: bytes) -> int:
        if len(head) < 2:
            return 0
        if head[:2] == b"\x1b@":
            self._reset()
            return 2
        if len(head) < 3:
            return 0
        if head[:2] == b"\x1d(":
            return self._function()
        if head[:2] == b"\x1dV":
            return self._cut(head)
        self._set(head[:2], head[2])
        return 3

    def _set(self, command: bytes, value: int) -> None:
        match command:
            case b"\x1bt":
                self._codec = CODE_PAGES.get(value, "cp437")
            case b"\x1bE":
                self._style = replace(self._style, bold=bool(value & 1))
            case b"\x1ba":
                self._style = replace(self._style, align=("left", "center", "right")[value % 48 % 3])
            case b"\x1b!":
                self._style = replace(self._style, double=bool(value & 0x30), bold=bool(value & 8))
            case b"\x1bd":
                for _ in range(value):
                    self._line_feed()
            case b"\x10\x04":
                self._status(value)
            case _:
                pass

    def _function(self) -> int:
        """GS ( x pL pH …: QR codes and the completion request."""
        if len(self._buffer) < 5:
            return 0
        length = 5 + int.from_bytes(self._buffer[3:5], "little")
        if len(self._buffer) < length:
            return 0
        kind, body = self._buffer[2], bytes(self._buffer[5:length])
        if kind == ord("k") and body[:3] == b"1P0":
            self._qr = body[3:]
        elif kind == ord("k") and body[:3] == b"1Q0":
            self.open_slip.append(QrCode(self._qr.decode("latin-1")))
            self.lines_left -= 8
        elif kind == ord("H") and body[:2] == b"00":
            self._say(b"\x37\x22" + body[2:6] + b"\x00")
        return length

    def _cut(self, head: bytes) -> int:
        feeds = head[2] in {65, 66}
        if feeds and len(head) < 4:
            return 0
        if self._text:
            self._line_feed()
        self.slips.append(tuple(self.open_slip))
        self.open_slip.clear()
        return 4 if feeds else 3

    def _line_feed(self) -> None:
        text = bytes(self._text).decode(self._codec, "replace")
        self._text.clear()
        self.open_slip.append(Line(text, self._style.align, self._style.bold, self._style.double))
        self.lines_left -= 2 if self._style.double else 1

    def _reset(self) -> None:
        self._text.clear()
        self._codec, self._style, self._qr = "cp437", _Style(), b""
