import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bill_acceptor.ccnet.frames import FrameTrouble
from drivers.bill_acceptor.ebds import codes, replies
from drivers.bill_acceptor.ebds.codes import Bit, Kind
from drivers.bill_acceptor.ebds.engine import EbdsEngine
from drivers.bill_acceptor.ebds.frames import FRAME_BYTES_MAX, Frame, frame, reader
from drivers.bill_acceptor.ebds.twin import DIALECTS, EbdsTwin, checksum

VECTORS = json.loads((Path(__file__).parent / "ebds_frames.json").read_text())
BY_NAME = {vector["name"]: bytes.fromhex(vector["hex"]) for vector in VECTORS}
POLL = frame(Kind.HOST, b"\x7f\x10\x00", ack=False)


def read(wire):
    (found,) = reader().feed(wire)
    return found


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_known_frames_are_read_whole_and_byte_by_byte(vector):
    wire = bytes.fromhex(vector["hex"])
    assert read(wire).to_bytes() == wire
    assert checksum(wire[1:-2]) == wire[-1]
    one = reader()
    assert [item for byte in wire for item in one.feed(bytes((byte,)))] == [read(wire)]


def test_what_the_engine_sends_is_published():
    assert POLL.to_bytes() == BY_NAME["poll, escrow mode, ack 0"]
    mode = codes.ANY_ORIENTATION | codes.ESCROW_MODE
    stack = bytes((codes.ALL_NOTES, mode | codes.STACK, codes.EXTENDED_NOTES))
    back = bytes((codes.ALL_NOTES, mode | codes.RETURN, codes.EXTENDED_NOTES))
    assert frame(Kind.HOST, stack, ack=False).to_bytes() == BY_NAME["MEI extended-note STACK"]
    assert frame(Kind.HOST, back, ack=False).to_bytes() == BY_NAME["MEI extended-note RETURN"]
    serial = frame(Kind.AUXILIARY, codes.SERIAL_QUESTION, ack=False)
    assert serial.to_bytes() == BY_NAME["serial number request (auxiliary 05)"]


@pytest.mark.parametrize(
    ("name", "bits", "value"),
    [
        ("idle", {Bit.IDLING, Bit.CASSETTE_PRESENT}, 0),
        ("escrowed, note value 1", {Bit.ESCROWED, Bit.CASSETTE_PRESENT}, 1),
        ("stacked + idle, note value 3", {Bit.STACKED, Bit.IDLING, Bit.CASSETTE_PRESENT}, 3),
        ("returned + idle", {Bit.RETURNED, Bit.IDLING, Bit.CASSETTE_PRESENT}, 0),
        ("cheated + idle", {Bit.CHEATED, Bit.IDLING, Bit.CASSETTE_PRESENT}, 0),
        ("cassette out + idle", {Bit.IDLING}, 0),
        ("jammed", {Bit.JAMMED, Bit.CASSETTE_PRESENT}, 0),
        ("MEI reply, all bits zero", set(), 0),
    ],
)
def test_published_replies_mean_what_they_are_called(name, bits, value):
    status = replies.status(read(BY_NAME[name]))
    assert (status.bits, status.value, status.extended) == (bits, value, False)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("vector", [v for v in VECTORS if v["direction"] == "host"], ids=lambda v: v["name"])
def test_the_twin_answers_the_published_commands(vector, dialect):
    twin = EbdsTwin("EUR")
    twin.do(f"dialect {dialect}", 0.0)
    answer = twin.receive(bytes.fromhex(vector["hex"]), 0.0)
    if vector["name"] == "soft reset":
        assert answer == b""
    else:
        assert read(answer).kind in {Kind.UNIT, Kind.AUXILIARY}


@given(noise=st.binary(max_size=40), data=st.binary(max_size=60))
@settings(derandomize=True, deadline=None)
def test_a_frame_is_found_behind_noise(noise, data):
    sought = frame(Kind.EXTENDED, data, ack=True)
    one = reader()
    found = one.feed(noise + sought.to_bytes()) + one.feed(bytes(FRAME_BYTES_MAX))
    assert sought in found or 2 in noise


@given(st.lists(st.binary(max_size=80), max_size=20))
@settings(derandomize=True, deadline=None)
def test_any_bytes_give_frames_or_troubles_and_bounded_memory(chunks):
    one = reader()
    for chunk in chunks:
        assert all(isinstance(item, Frame | FrameTrouble) for item in one.feed(chunk))
        assert one.waiting_bytes < FRAME_BYTES_MAX


@given(st.lists(st.tuples(st.integers(0, 0x7F), st.binary(max_size=40)), max_size=60))
@settings(derandomize=True, deadline=None)
def test_any_reply_gives_events_and_never_an_exception(answers):
    engine = EbdsEngine()
    now_s = 0.0
    for control, data in answers:
        now_s += 0.2
        sent = read(engine.request(now_s).frame)
        engine.stack()
        if not engine.feed(Frame(control & ~1 | sent.ack, data).to_bytes(), now_s):
            engine.no_reply(now_s)
        engine.events()
        engine.acknowledgement()


@given(st.binary(max_size=300))
@settings(derandomize=True, deadline=None)
def test_any_bytes_leave_the_twin_alive(data):
    twin = EbdsTwin("EUR")
    twin.receive(data, 0.0)
    twin.receive(bytes(300), 0.0)
    assert twin.receive(POLL.to_bytes(), 1.0)


def test_a_wrong_checksum_is_named_and_the_next_frame_is_still_read():
    wire = bytearray(POLL.to_bytes())
    wire[-1] ^= 1
    found = reader().feed(bytes(wire) + POLL.to_bytes())
    assert found[0] is FrameTrouble.CHECKSUM
    assert found[-1] == POLL


def test_two_states_at_once_are_no_status():
    assert replies.status(Frame(0x20, bytes((0x05, 0x10, 0, 0, 1, 2)))) is None


@pytest.mark.parametrize(
    ("text", "value_minor", "currency"),
    [("EUR005+00", 500, "EUR"), ("RUB050+02", 500000, "RUB"), ("USD100-01", 1000, "USD")],
)
def test_an_extended_note_is_base_and_exponent(text, value_minor, currency):
    found = replies.note(b"\x03" + text.encode() + b"\x00ABCD")
    assert (found.value_minor, found.currency) == (value_minor, currency)


@pytest.mark.parametrize(
    "data", [bytes(18), b"\x01XXX005+00", b"\x01EUR0a5+00", b"\x01EUR005 00", b"\x01EUR000+00", b"\x01EU"]
)
def test_a_blank_unknown_or_broken_note_is_none(data):
    assert replies.note(data) is None


def test_a_ladder_needs_one_known_currency():
    assert [row.value_minor for row in replies.ladder("EUR")][:2] == [500, 1000]
    assert {row.currency for row in replies.ladder("")} == {"USD"}
    assert replies.ladder("EUR_USD") == replies.ladder("GBP") == ()
