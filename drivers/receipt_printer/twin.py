"""A receipt printer in software: executes the ESC/POS it gets and knows what is really on the paper.

Answers for: firmware: buffer, code page, styles, cutting, real-time commands, completion, time. Does not answer for: sensors and
paper (`twin_state`), models (`twin_models`), USB (`twin_usb`), the process (`twin_server`), pictures (`paper`).
Reads bytes by tables of its own, so a wrong byte of ours shows on the paper. Time is asked of `clock`, never waited for.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from drivers.receipt_printer.twin_models import ANY, ESC_I, ESC_M, ESC_R, FS_P, GS_E, GS_R, GS_V, TwinModel
from drivers.receipt_printer.twin_state import Body, Dots, Line, Printed, QrCode, Slip

DOTS_A_MM = 8  #: 203 dpi
LINE_MM = 3.75  #: 30 dots
PRESENT_S = 0.8  #: for the presenter's rollers, in models that print at a speed
GARBAGE = b"\xff\x80\x01"
REAL_TIME = re.compile(rb"\x10(?:\x04[\x01-\x06\x14]|\x05[\x01\x02])")

HELP = (
    "paper out|near|in|left MM | cover open|close | cutter stuck|free | jam | unjam | hot | cool | voltage bad|good | "
    "break | mend | feed press|release | presenter stuck|free | take | mute | unmute | garbage on|off | babble on|off | "
    "stale HEX | stuff on|off | forget completion | restart | short N | busy on|off | denied on|off | unplug | plug | "
    "power cycle | after N WORDS | state | help | quit"
)


@dataclass(frozen=True, slots=True)
class _Style:
    align: str = "left"
    bold: bool = False
    wide: int = 1
    tall: int = 1


@dataclass
class _Qr:
    data: bytes = b""
    ecc: str = "L"
    module_dots: int = 3


@dataclass
class PrinterTwin:
    """`receive` and `send` are the two bulk endpoints; `do` is a hand. `slips` were cut off, `open_slip` hangs out."""

    model: TwinModel = ANY
    clock: Callable[[], float] = lambda: 0.0
    slips: list[Slip] = field(default_factory=list)
    open_slip: list[Printed] = field(default_factory=list)
    body: Body = field(default_factory=Body)
    unknown: list[bytes] = field(default_factory=list)  #: what it was told and could not do
    executed: bytearray = field(default_factory=bytearray)
    mute: bool = False
    garbage: bool = False
    babbling: bool = False
    stuffed: bool = False
    forgets_completion: bool = False
    hand: Callable[[str], str] | None = None  #: who does what `after N` plans, when it is more than `do` reaches
    _plans: list[tuple[int, str]] = field(default_factory=list)
    _buffer: bytearray = field(default_factory=bytearray)
    _answers: bytearray = field(default_factory=bytearray)
    _text: list[str] = field(default_factory=list)  #: by the page that was set when each came in
    _tail: bytes = b""  #: the last bytes that came in: a real-time command may come in two transfers
    _codec: str = "cp437"
    _style: _Style = field(default_factory=_Style)
    _qr: _Qr = field(default_factory=_Qr)
    _ready_s: float = 0.0
    _draws_back_at_s: float | None = None

    @property
    def room(self) -> int:
        """Bytes it would take now."""
        return 0 if self.stuffed else self.model.buffer_bytes - len(self._buffer)

    @property
    def printing(self) -> bool:
        """Whether a motor runs."""
        return self._ready_s > self.clock()

    def receive(self, data: bytes) -> int:
        """How many bytes the printer took: fewer when its buffer is full. Real-time commands are executed on arrival."""
        self.tick()
        taken = data[: self.room]
        self._execute_at_once(taken)
        self._buffer += taken
        self.tick()
        return len(taken)

    def receive_all(self, data: bytes) -> None:
        """Print again, at once, what an earlier life of this twin printed: its paper is still there."""
        self._buffer += data
        while self._buffer and (used := self._step()[0]):
            del self._buffer[:used]
        self._buffer.clear()
        self._answers.clear()
        self._ready_s = self.clock()

    def send(self, max_bytes: int) -> bytes:
        """What the printer has to say, once."""
        self.tick()
        if self.babbling:
            return GARBAGE[:max_bytes]
        data = bytes(self._answers[:max_bytes])
        del self._answers[:max_bytes]
        return data

    def tick(self) -> None:
        """Do what there is time for."""
        now_s = self.clock()
        if self._draws_back_at_s is not None and now_s >= self._draws_back_at_s:
            self._draws_back_at_s = None
            self.body.retract()
        if not (self._buffer and self.body.can_print):
            self._ready_s = max(self._ready_s, now_s)
        while self._buffer and self.body.can_print and self._ready_s <= now_s:
            used, took_s = self._step()
            if not used:
                self._ready_s = max(self._ready_s, now_s)
                return
            if self._buffer[0] != 0x10:  # questions are no part of the paper
                self.executed += self._buffer[:used]
            del self._buffer[:used]
            self._ready_s += took_s
            self._follow_plans(used)

    # --- hands --------------------------------------------------------------------------------------------------------

    def do(self, line: str) -> str:
        """A hand at the printer. Unknown words are answered with the menu."""
        self.tick()
        if line == "help":
            return HELP
        found = self._with_number(line) or self._menu().get(line)
        if found is None:
            return f"unknown: {line!r}; {HELP}"
        found()
        self.tick()
        return "ok"

    def _with_number(self, line: str) -> Callable[[], None] | None:
        verb, _, rest = line.rpartition(" ")
        if verb == "paper left" and rest.isdecimal():
            return lambda: setattr(self.body, "paper_mm", float(rest))
        if verb == "stale" and re.fullmatch(r"([0-9a-fA-F]{2})+", rest):
            return lambda: self._answers.extend(bytes.fromhex(rest))
        first, number, words = (*line.split(" ", 2), "", "")[:3]
        if first == "after" and number.isdecimal() and words:
            return lambda: self._plans.append((int(number), words))
        return None

    def _menu(self) -> Mapping[str, Callable[[], None]]:
        def put(name: str, value: bool) -> Callable[[], None]:
            return lambda: setattr(self, name, value)

        return {
            **self.body.menu(),
            "mute": put("mute", True),
            "unmute": put("mute", False),
            "garbage on": put("garbage", True),
            "garbage off": put("garbage", False),
            "babble on": put("babbling", True),
            "babble off": put("babbling", False),
            "stuff on": put("stuffed", True),
            "stuff off": put("stuffed", False),
            "forget completion": put("forgets_completion", True),
            "restart": self.lose_power,
        }

    def _follow_plans(self, executed: int) -> None:
        """`after N …`: things that happen once N more bytes have been executed."""
        due = [words for left, words in self._plans if left <= executed]
        self._plans = [(left - executed, words) for left, words in self._plans if left > executed]
        for words in due:
            (self.hand or self.do)(words)

    def lose_power(self) -> None:
        """What was not printed is gone, and so are code page and style; what stands on the paper stands."""
        self._buffer.clear()
        self._answers.clear()
        self._tail = b""
        self._ready_s = self.clock()
        self.executed += b"\x1b@"
        self._reset()

    def clear_buffer(self) -> None:
        """USB SOFT_RESET: buffers are flushed."""
        self._buffer.clear()
        self._answers.clear()
        self._text.clear()

    def told(self) -> dict[str, object]:
        """Everything a test, a demo or a curious person wants to know."""
        body = self.body
        return {
            "model": self.model.name,
            "cover_open": body.cover_open,
            "mute": self.mute,
            "paper_mm": round(body.paper_mm),
            "can_print": body.can_print,
            "buffered_bytes": len(self._buffer),
            "slips": len(self.slips),
            "in_presenter": body.in_presenter is not None,
            "taken": len(body.taken),
            "retracted": len(body.retracted),
        }

    # --- answering ----------------------------------------------------------------------------------------------------

    def _say(self, data: bytes) -> None:
        if not self.mute:
            self._answers += GARBAGE if self.garbage else data

    def _execute_at_once(self, data: bytes) -> None:
        """DLE EOT and DLE ENQ, wherever they stand: even among the dots of a picture."""
        stream = self._tail + data
        end = 0
        for found in REAL_TIME.finditer(stream):
            end = found.end()
            kind, number = found[0][1], found[0][2]
            if kind == 0x04:
                self._tell_status(number)
            elif number == 2:
                self._buffer.clear()
        self._tail = stream[max(end, len(stream) - 2) :]

    def _tell_status(self, number: int) -> None:
        status = self.model.status
        if number == 0x14:
            if status == "custom":
                self._say(self.body.custom(self.printing, bool(self._buffer)))
        elif status == "citizen":
            self._say(bytes((self.body.citizen(number),)))
        elif status in {"epson", "custom"} and number <= 4:
            self._say(bytes((self.body.epson(number),)))

    # --- executing ----------------------------------------------------------------------------------------------------

    def _step(self) -> tuple[int, float]:
        """Execute one command or character: how many bytes it was (0: not whole yet) and how long it takes."""
        before_mm, waits_s = self.body.paper_mm, 0.0
        used = self._character() if self._buffer[0] not in {0x10, 0x1B, 0x1C, 0x1D} else 0
        if not used:
            head = bytes(self._buffer[:2])
            used = self._length(head)
            if not used or len(self._buffer) < used:
                return 0, 0.0
            waits_s = self._command(head, bytes(self._buffer[2:used]))
        speed = self.model.speed_mm_s
        return used, ((before_mm - self.body.paper_mm) / speed + waits_s) if speed else 0.0

    def _character(self) -> int:
        byte = self._buffer[0]
        if byte == 0x0A:
            self._line_feed()
        elif byte >= 0x20:
            if len(self._text) >= self.model.columns // self._style.wide:
                self._line_feed()  # a printer breaks a line that is too long where its paper ends
            self._text.append(bytes((byte,)).decode(self._codec, "replace"))
        elif byte != 0x0D:
            self.unknown.append(bytes((byte,)))
        return 1

    def _length(self, head: bytes) -> int:
        """Bytes the command takes in all, 0 while that cannot be told."""
        if len(head) < 2:
            return 0
        buffer = self._buffer
        if head == b"\x1d(":
            return 5 + int.from_bytes(buffer[3:5], "little") if len(buffer) >= 5 else 0
        if head == b"\x1dv":
            size = int.from_bytes(buffer[4:6], "little") * int.from_bytes(buffer[6:8], "little")
            return 8 + size if len(buffer) >= 8 else 0
        if head in WITH_A_CHOICE:
            first, longer, length = WITH_A_CHOICE[head]
            return (length if buffer[2] in longer else first) if len(buffer) >= 3 else 0
        return LENGTHS.get(head, 2)

    def _command(self, head: bytes, body: bytes) -> float:
        """Seconds it takes beyond feeding paper."""
        if head in MODEL_COMMANDS and head not in self.model.commands:
            self.unknown.append(head + body)
            return 0.0
        match head:
            case b"\x1b@":
                self._reset()
            case b"\x1d(":
                self._function(body)
            case b"\x1dv":
                self._dots(body)
            case b"\x1dr" if self.model.answers_gs_r:
                self._fence()
            case b"\x1dV" | b"\x1bi" | b"\x1bm":
                self._cut()
            case b"\x1de" | b"\x1cP" | b"\x1dR" | b"\x1br":
                return self._present(head, body)
            case _:
                self._set(head, body)
        return 0.0

    def _set(self, head: bytes, body: bytes) -> None:
        value = body[0] if body else 0
        match head:
            case b"\x1bt":
                self._codec = self.model.pages.get(value, "cp437")
            case b"\x1bE":
                self._style = replace(self._style, bold=bool(value & 1))
            case b"\x1ba":
                self._style = replace(self._style, align=("left", "center", "right")[value % 48 % 3])
            case b"\x1b!":
                wide, tall = (2 if value & 0x20 else 1), (2 if value & 0x10 else 1)
                self._style = replace(self._style, wide=wide, tall=tall, bold=bool(value & 8))
            case b"\x1d!":
                self._style = replace(self._style, wide=1 + (value >> 4 & 7), tall=1 + (value & 7))
            case b"\x1bd":
                for _ in range(value):
                    self._line_feed()
            case b"\x10\x04" | b"\x10\x05":
                pass  # executed when it came in
            case _:
                self.unknown.append(head + body)

    def _function(self, body: bytes) -> None:
        """GS ( x pL pH …: QR codes and the completion request."""
        kind, data = body[0], body[3:]
        if kind == ord("k") and data[:1] == b"1":
            self._qr_function(data[1], data[2:])
        elif kind == ord("H") and data[:2] == b"00" and len(data) == 6:
            if self.model.answers_gs_h and not self.forgets_completion:
                self._say(b"\x37\x22" + data[2:6] + b"\x00")
        else:
            self.unknown.append(b"\x1d(" + body)

    def _qr_function(self, function: int, data: bytes) -> None:
        if not self.model.qr_ecc:
            self.unknown.append(b"QR")
        elif function == 67:
            self._qr.module_dots = data[0]
        elif function == 69:
            self._qr.ecc = self.model.qr_ecc.get(data[0], "L")
        elif function == 80:
            self._qr.data = data[1:]
        elif function == 81:
            item = QrCode(self._qr.data.decode(), self._qr.ecc, self._qr.module_dots, self._style.align)
            self._put(item, 40 * self._qr.module_dots / DOTS_A_MM)

    def _dots(self, body: bytes) -> None:
        width_bytes, height = int.from_bytes(body[2:4], "little"), int.from_bytes(body[4:6], "little")
        self._put(Dots(width_bytes, height, body[6:], self._style.align), height / DOTS_A_MM)

    def _put(self, item: Printed, length_mm: float) -> None:
        self.open_slip.append(item)
        self.body.paper_mm = max(0.0, self.body.paper_mm - length_mm)

    def _line_feed(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        style = self._style
        self._put(Line(text, style.align, style.bold, style.wide, style.tall), LINE_MM * style.tall)

    def _fence(self) -> None:
        if not self.forgets_completion:
            self._say(bytes(((0x03 if self.body.near else 0) | (0x0C if self.body.out else 0),)))

    def _cut(self) -> None:
        if self._text:
            self._line_feed()
        slip = tuple(self.open_slip)
        self.open_slip.clear()
        self.slips.append(slip)
        if self.model.presenter != "none":
            self.body.hold(slip, offered=self.model.presenter == "cut")

    def _present(self, head: bytes, body: bytes) -> float:
        """Whatever moves the slip in the presenter, in the model's own words."""
        match head, body[0]:
            case (b"\x1cP", _):
                self._cut()
                self.body.offered = True
                seconds, action = body[3], body[2]
                self._draws_back_at_s = self.clock() + seconds if seconds and action == ord("R") else None
            case (b"\x1de", 3):
                self.body.offered = True
            case (b"\x1de", 2) | (b"\x1dR", 0x30):
                self.body.retract()
            case (b"\x1de", 5) | (b"\x1br", 0):
                self.body.take()
            case (b"\x1br", 1):
                self.body.retract()
            case _:
                self.unknown.append(head + body)
        return PRESENT_S

    def _reset(self) -> None:
        self._text.clear()
        self._codec, self._style, self._qr = "cp437", _Style(), _Qr()


#: Bytes of a command in all, by its first two; two for any other.
LENGTHS: Mapping[bytes, int] = {
    **dict.fromkeys(
        [b"\x1b!", b"\x1bE", b"\x1ba", b"\x1bt", b"\x1bd", b"\x1bM", b"\x1bG", b"\x1b-", b"\x1b{", b"\x1b3"], 3
    ),
    **dict.fromkeys(
        [b"\x1bJ", b"\x1br", b"\x1d!", b"\x1dB", b"\x1db", b"\x1dr", b"\x1da", b"\x10\x04", b"\x10\x05"], 3
    ),
    b"\x1cP": 6,
}
#: First byte's choice: (length, first bytes that make it longer, length then).
WITH_A_CHOICE: Mapping[bytes, tuple[int, frozenset[int], int]] = {
    b"\x1dV": (3, frozenset({65, 66}), 4),
    b"\x1de": (3, frozenset({3}), 4),
    b"\x1dR": (3, frozenset({0x31}), 4),
}
MODEL_COMMANDS = frozenset({GS_V, ESC_I, ESC_M, ESC_R, FS_P, GS_E, GS_R})
