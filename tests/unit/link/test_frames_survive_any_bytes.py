import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.link import codec
from kiosk.link import messages as m
from kiosk.screen.scenes import SCENES
from kiosk.screen.scenes.parts import CASH, DONE, OFFER, ORDER, RESULT, note

SNAPSHOTS = [scene.snapshot for scene in SCENES.values() if scene.snapshot]
COMMANDS = [
    m.ChooseLanguage("bg"),
    m.LookUpOrder("482915"),
    m.LookUpService("top-up", (("phone", "881234123"),)),
    m.ConfirmOffer(without_receipt=True),
    m.FinishCash(),
    m.Cancel(),
    m.MoreTime(),
    m.Leave(),
]


def body_of(frame: bytes) -> bytes:
    return frame[codec.LENGTH_BYTES :]


@given(st.binary(max_size=2000))
def test_any_bytes_give_frames_or_a_link_error_and_nothing_else(data: bytes) -> None:
    try:
        frames = codec.FrameReader().feed(data)
    except codec.LinkError:
        return
    assert all(0 < len(frame) <= m.FRAME_BYTES_MAX for frame in frames)


@given(st.binary(max_size=300))
def test_any_body_is_a_message_or_a_link_error_and_nothing_else(body: bytes) -> None:
    for decode in (codec.decode_to_screen, codec.decode_command):
        try:
            decode(body)
        except codec.LinkError:
            continue


@given(st.sampled_from(SNAPSHOTS), st.data())
def test_a_damaged_snapshot_is_a_snapshot_or_a_link_error(snapshot: m.Snapshot, data: st.DataObject) -> None:
    body = bytearray(body_of(codec.encode_to_screen(snapshot)))
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=4)):
        body[place] = data.draw(st.integers(0, 255))
    try:
        codec.decode_to_screen(bytes(body))
    except codec.LinkError:
        return


@given(st.lists(st.sampled_from(SNAPSHOTS), max_size=4), st.data())
def test_however_the_bytes_are_cut_the_same_messages_come_out(sent: list[m.Snapshot], data: st.DataObject) -> None:
    stream = b"".join(codec.encode_to_screen(snapshot) for snapshot in sent)
    reader, heard = codec.FrameReader(), []
    while stream:
        length = data.draw(st.integers(1, len(stream)))
        heard += [codec.decode_to_screen(frame) for frame in reader.feed(stream[:length])]
        stream = stream[length:]
    assert heard == sent


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_every_command_arrives_as_it_was_sent(command: m.Command) -> None:
    frame = m.CommandFrame(command, 41)
    assert codec.decode_command(body_of(codec.encode_command(frame))) == frame


@pytest.mark.parametrize("length", [0, m.FRAME_BYTES_MAX + 1, 0xFFFFFFFF])
def test_an_empty_or_oversized_frame_is_refused_before_its_body_is_read(length: int) -> None:
    with pytest.raises(codec.LinkError, match=f"a frame of {length} bytes"):
        codec.FrameReader().feed(length.to_bytes(codec.LENGTH_BYTES, "big"))


def test_a_message_too_large_for_a_frame_is_not_sent() -> None:
    with pytest.raises(codec.LinkError, match="does not fit"):
        codec.encode_command(m.CommandFrame(m.LookUpOrder("1" * m.FRAME_BYTES_MAX), 1))


@pytest.mark.parametrize(
    "body",
    [b'{"type":"snapshot","x":' + b"[" * 20_000 + b"]" * 20_000 + b"}", b'{"type":"welcome","link_version":"\xff"}'],
    ids=["nested past all reason", "not UTF-8"],
)
def test_a_hostile_body_is_a_link_error(body: bytes) -> None:
    with pytest.raises(codec.LinkError):
        codec.decode_to_screen(body)


@pytest.mark.parametrize(
    ("snapshot", "missing"),
    [
        (replace(OFFER, order=None), "order"),
        (replace(CASH, cash=None), "cash"),
        (replace(DONE, result=None), "result"),
    ],
)
def test_a_snapshot_without_what_its_phase_shows_is_refused(snapshot: m.Snapshot, missing: str) -> None:
    with pytest.raises(codec.LinkError, match=f"without {missing}"):
        codec.decode_to_screen(body_of(codec.encode_to_screen(snapshot)))


@pytest.mark.parametrize(
    "snapshot",
    [
        replace(OFFER, order=replace(ORDER, currency="XXX")),
        replace(DONE, result=replace(RESULT, currency="XXX")),
        replace(CASH, cash=replace(CASH.cash, notes=(replace(note(500), currency="XXX"),))),  # type: ignore[type-var]
    ],
    ids=["order", "result", "note"],
)
def test_a_currency_nobody_can_write_is_refused(snapshot: m.Snapshot) -> None:
    with pytest.raises(codec.LinkError, match="unknown currency: XXX"):
        codec.decode_to_screen(body_of(codec.encode_to_screen(snapshot)))
