import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drivers.bill_acceptor.ccnet.frames import FrameTrouble
from drivers.bill_acceptor.ssp import replies
from drivers.bill_acceptor.ssp.codes import Event
from drivers.bill_acceptor.ssp.engine import SspEngine
from drivers.bill_acceptor.ssp.frames import FRAME_BYTES_MAX, Frame, crc16, reader
from drivers.bill_acceptor.ssp.twin import SspTwin, checksum

VECTORS = json.loads((Path(__file__).parent / "ssp_frames.json").read_text())
SETUP = next(bytes.fromhex(vector["hex"]) for vector in VECTORS if vector["name"].startswith("setup reply"))
SYNC = Frame(True, b"\x11")


def test_the_checksum_is_cms():
    assert crc16(b"123456789") == 0xAEE7
    assert checksum(b"123456789") == b"\xe7\xae"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_known_frames_are_read_whole_and_byte_by_byte(vector):
    wire = bytes.fromhex(vector["hex"])
    (frame,) = reader().feed(wire)
    assert frame.to_bytes() == wire
    one = reader()
    assert [item for byte in wire for item in one.feed(bytes((byte,)))] == [frame]


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["direction"] == "host"], ids=lambda v: v["name"])
def test_the_twin_reads_the_published_commands(vector):
    assert SspTwin("EUR").receive(bytes.fromhex(vector["hex"]), 0.0)


def test_a_start_byte_inside_is_doubled_on_the_wire():
    frame = Frame(True, b"\x7f\x00\x7f\x7f")
    assert frame.to_bytes()[1:].replace(b"\x7f\x7f", b"").count(b"\x7f") == 0
    assert reader().feed(frame.to_bytes()) == [frame]


def test_a_lone_start_byte_begins_anew():
    found = reader().feed(SYNC.to_bytes()[:4] + SYNC.to_bytes())
    assert found[-1] == SYNC


@given(noise=st.binary(max_size=40), sequence=st.booleans(), data=st.binary(min_size=1, max_size=60))
@settings(derandomize=True, deadline=None)
@example(noise=b"\x7f", sequence=True, data=b"\x7f")
def test_a_frame_is_found_behind_noise(noise, sequence, data):
    frame = Frame(sequence, data)
    one = reader()
    found = one.feed(noise + frame.to_bytes()) + one.feed(bytes(FRAME_BYTES_MAX))
    assert frame in found or 0x7F in noise


@given(st.lists(st.binary(max_size=80), max_size=20))
@settings(derandomize=True, deadline=None)
def test_any_bytes_give_frames_or_troubles_and_bounded_memory(chunks):
    one = reader()
    for chunk in chunks:
        assert all(isinstance(item, Frame | FrameTrouble) for item in one.feed(chunk))
        assert one.waiting_bytes < FRAME_BYTES_MAX


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=60))
@settings(derandomize=True, deadline=None)
def test_any_reply_gives_events_and_never_an_exception(chunks):
    engine = SspEngine()
    now_s = 0.0
    for data in chunks:
        now_s += 0.2
        sent = engine.request(now_s).frame
        engine.stack()
        if not engine.feed(Frame(bool(sent[1] & 0x80), b"\xf0" + data).to_bytes(), now_s):
            engine.no_reply(now_s)
        engine.events()
        engine.acknowledgement()


@given(st.binary(max_size=300))
@settings(derandomize=True, deadline=None)
def test_any_bytes_leave_the_twin_alive(data):
    twin = SspTwin("EUR")
    twin.receive(data, 0.0)
    twin.receive(bytes(600), 0.0)
    assert twin.receive(SYNC.to_bytes(), 1.0)


def test_a_wrong_checksum_is_named_and_the_next_frame_is_still_read():
    wire = bytearray(SYNC.to_bytes())
    wire[-1] ^= 1
    found = reader().feed(bytes(wire) + SYNC.to_bytes())
    assert found[0] is FrameTrouble.CHECKSUM
    assert found[-1] == SYNC


def test_a_frame_of_another_address_is_not_ours():
    body = bytes((0x90, 1, 7))
    assert FrameTrouble.ADDRESS in reader().feed(b"\x7f" + body + crc16(body).to_bytes(2, "little"))


def test_a_published_setup_reply_is_three_euro_channels():
    (frame,) = reader().feed(SETUP)
    found = replies.channels(frame.data[1:])
    assert [(row.note_type, row.value_minor, row.currency) for row in found] == [
        (1, 500, "EUR"),
        (2, 1000, "EUR"),
        (3, 2000, "EUR"),
    ]
    assert replies.firmware(frame.data[1:]) == "0100"


def test_newer_versions_give_every_channel_a_currency_and_four_bytes_of_value():
    head = b"\x000102XXX\x00\x00\x00\x02\x00\x00\x02\x02\x00\x00\x64\x06"
    tail = b"RUBZZZ" + (5000).to_bytes(4, "little") + (1).to_bytes(4, "little")
    (row,) = replies.channels(head + tail)
    assert (row.note_type, row.value_minor, row.currency) == (1, 500000, "RUB")


@given(st.binary(max_size=60))
@settings(derandomize=True, deadline=None)
def test_any_setup_reply_gives_denominations_or_none(data):
    assert all(row.value_minor > 0 for row in replies.channels(data))
    assert isinstance(replies.firmware(data), str)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("EE01EBCC", [(Event.CREDIT, 1), (Event.STACKED, 0), (Event.STACKING, 0)]),
        ("EF00", [(Event.READ, 0)]),
        ("F1E202E8", [(Event.SLAVE_RESET, 0), (Event.CLEARED_INTO_CASHBOX, 2), (Event.DISABLED, 0)]),
        ("E8EE", [(Event.DISABLED, 0)]),
        ("CC99EE01", [(Event.STACKING, 0)]),
    ],
    ids=["all of the list", "reading", "power-up", "a cut credit is none", "nothing is read behind an unknown event"],
)
def test_a_poll_reply_is_a_list(data, expected):
    assert list(replies.events(bytes.fromhex(data))) == expected
