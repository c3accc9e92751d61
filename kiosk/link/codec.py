"""Frames on the link: four bytes of length, big-endian, then one message as JSON.

Answers for: bounded, typed, versioned bytes in both directions. Does not answer for: sockets, or what a message means.
"""

from collections.abc import Mapping
from typing import cast

import msgspec

from kiosk.domain.money import EXPONENTS
from kiosk.link.messages import FRAME_BYTES_MAX, CataloguePage, CommandFrame, Phase, Snapshot, ToScreen
from kiosk.link.service import ServiceAnswer, ServiceAsk

LENGTH_BYTES = 4

#: What msgspec raises for bytes that are not JSON, not of our shape, not UTF-8, or nested past all reason.
MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

#: What a snapshot must hold for its phase to be shown.
PARTS: Mapping[Phase, tuple[str, ...]] = {
    Phase.OFFER: ("order",),
    Phase.CASH: ("order", "cash"),
    Phase.DONE: ("result",),
    Phase.FOUND: ("found",),
    Phase.SERVICE: ("staff",),
}

_encoder = msgspec.json.Encoder()
_to_screen = msgspec.json.Decoder(ToScreen)
_command = msgspec.json.Decoder(CommandFrame)
_service_ask = msgspec.json.Decoder(ServiceAsk)
_service_answer = msgspec.json.Decoder(ServiceAnswer)


class LinkError(ValueError):
    """Bytes that are no message of ours: close that peer. The message says what was wrong."""


class FrameReader:
    """Feed bytes, take whole frames. Holds at most one frame of FRAME_BYTES_MAX."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Every frame that `data` completes. Raises LinkError for an empty or an oversized one."""
        self._buffer += data
        frames = []
        while len(self._buffer) >= LENGTH_BYTES:
            length = int.from_bytes(self._buffer[:LENGTH_BYTES], "big")
            if not 0 < length <= FRAME_BYTES_MAX:
                raise LinkError(f"a frame of {length} bytes; 1 to {FRAME_BYTES_MAX} are allowed")
            if len(self._buffer) < LENGTH_BYTES + length:
                break
            frames.append(bytes(self._buffer[LENGTH_BYTES : LENGTH_BYTES + length]))
            del self._buffer[: LENGTH_BYTES + length]
        return frames


def _frame(message: object) -> bytes:
    body = _encoder.encode(message)
    if len(body) > FRAME_BYTES_MAX:
        raise LinkError(f"a message of {len(body)} bytes does not fit into a frame")
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def encode_to_screen(message: ToScreen) -> bytes:
    """A message of the till, framed."""
    return _frame(message)


def encode_command(frame: CommandFrame) -> bytes:
    """A command of the screen, framed."""
    return _frame(frame)


def decode_to_screen(body: bytes) -> ToScreen:
    """What the till said, whole enough to be shown. Raises LinkError."""
    try:
        message = cast("ToScreen", _to_screen.decode(body))
    except MALFORMED as error:
        raise LinkError(f"not a message of the till: {error}") from error
    if isinstance(message, Snapshot):
        _ensure_whole(message)
    if isinstance(message, CataloguePage):
        _ensure_known({service.currency for service in message.services})
    return message


def _ensure_whole(snapshot: Snapshot) -> None:
    missing = [part for part in PARTS.get(snapshot.phase, ()) if getattr(snapshot, part) is None]
    if missing:
        raise LinkError(f"a snapshot of {snapshot.phase} without {' and '.join(missing)}")
    notes = snapshot.cash.notes if snapshot.cash else ()
    _ensure_known({part.currency for part in (snapshot.order, snapshot.result, *notes) if part is not None})


def _ensure_known(currencies: set[str]) -> None:
    unknown = currencies - EXPONENTS.keys()
    if unknown:
        raise LinkError(f"a message with an unknown currency: {', '.join(sorted(unknown))}")


def decode_command(body: bytes) -> CommandFrame:
    """What the screen asks. Raises LinkError."""
    try:
        return _command.decode(body)
    except MALFORMED as error:
        raise LinkError(f"not a command: {error}") from error


def encode_service(message: ServiceAsk | ServiceAnswer) -> bytes:
    """A message on the service socket, framed."""
    return _frame(message)


def decode_service_ask(body: bytes) -> ServiceAsk:
    """What a tool asks. Raises LinkError."""
    try:
        return cast("ServiceAsk", _service_ask.decode(body))
    except MALFORMED as error:
        raise LinkError(f"not a request of a tool: {error}") from error


def decode_service_answer(body: bytes) -> ServiceAnswer:
    """What the till answers a tool. Raises LinkError."""
    try:
        return cast("ServiceAnswer", _service_answer.decode(body))
    except MALFORMED as error:
        raise LinkError(f"not an answer of the till: {error}") from error
