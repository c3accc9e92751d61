"""Bytes of a scanner → texts: each ends with CR, LF or both. Pure.

Answers for: that a line is bounded, that what is no text is dropped whole, that noise costs no more than the line it is in. Does
not answer for: where bytes come from (`driver`).
"""

from dataclasses import dataclass

LINE_BYTES_MAX = 512  #: a signed claim has about 130; a QR code may hold thousands
ENDS = b"\r\n"
TOO_LONG = f"a line of more than {LINE_BYTES_MAX} bytes"
NO_TEXT = "a line that is no text"


@dataclass(frozen=True, slots=True)
class Line:
    """A whole line: its text, or why it is none."""

    text: str = ""
    fault: str = ""


class LineReader:
    """Fed with bytes as they come. Holds one line at most."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._is_too_long = False

    @property
    def is_waiting(self) -> bool:
        """Whether a line has begun and not ended."""
        return bool(self._held)

    def feed(self, data: bytes) -> list[Line]:
        """The lines that ended; empty ones are none."""
        lines: list[Line] = []
        for byte in data:
            if byte in ENDS:
                lines += self._ended()
            elif len(self._held) < LINE_BYTES_MAX:
                self._held.append(byte)
            else:
                self._is_too_long = True
        return lines

    def forget(self) -> None:
        """The line broke: half a text is none."""
        self._held.clear()
        self._is_too_long = False

    def _ended(self) -> list[Line]:
        held, is_too_long = bytes(self._held), self._is_too_long
        self.forget()
        if is_too_long:
            return [Line(fault=TOO_LONG)]
        try:
            text = held.decode("utf-8").strip()
        except UnicodeDecodeError:
            return [Line(fault=NO_TEXT)]
        if not text:
            return []
        return [Line(text)] if text.isprintable() else [Line(fault=NO_TEXT)]
