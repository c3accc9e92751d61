import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bill_acceptor.ccnet.frames import FrameTrouble
from drivers.bill_acceptor.id003 import currency_table
from drivers.bill_acceptor.id003.codes import Command, Status
from drivers.bill_acceptor.id003.engine import ASKED, HOLD, INHIBIT, OPERATIONS, RESET, STATUS_REQUEST, VERSION_REQUEST
from drivers.bill_acceptor.id003.engine import Id003Engine as Engine
from drivers.bill_acceptor.id003.frames import FRAME_BYTES_MAX, Frame, reader
from drivers.bill_acceptor.id003.twin import Id003Twin

VECTORS = json.loads((Path(__file__).parent / "id003_frames.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_known_frames_are_read_whole_and_byte_by_byte(vector):
    wire = bytes.fromhex(vector["hex"])
    (frame,) = reader().feed(wire)
    assert frame.to_bytes() == wire
    one = reader()
    assert [item for byte in wire for item in one.feed(bytes((byte,)))] == [frame]


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("STATUS REQUEST", STATUS_REQUEST),
        ("RESET", RESET),
        ("RETURN", OPERATIONS["return"]),
        ("HOLD", HOLD),
        ("VERSION REQUEST", VERSION_REQUEST),
        ("INHIBIT on", INHIBIT),
        ("COMMUNICATION MODE polled", ASKED["setting"][1]),
    ],
)
def test_what_the_engine_sends_is_the_published_frame(name, frame):
    (wire,) = (vector["hex"] for vector in VECTORS if vector["name"] == name and vector["direction"] == "host")
    assert frame.to_bytes() == bytes.fromhex(wire)


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["direction"] == "device"], ids=lambda v: v["name"])
def test_every_published_status_has_a_meaning(vector):
    code = bytes.fromhex(vector["hex"])[2]
    assert code in set(Status) or code == 0x4B


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["direction"] == "host"], ids=lambda v: v["name"])
def test_the_twin_reads_the_published_commands(vector):
    twin = Id003Twin("EUR")
    assert twin.receive(bytes.fromhex(vector["hex"]), 0.0)


@given(noise=st.binary(max_size=40), data=st.binary(max_size=60))
@settings(derandomize=True, deadline=None)
def test_a_frame_is_found_behind_noise(noise, data):
    frame = Frame(Command.VERSION_REQUEST, data)
    one = reader()
    found = one.feed(noise + frame.to_bytes())
    found += one.feed(bytes(300))  # a false start in the noise waits for its length, then gives way
    assert frame in found or 0xFC in noise


@given(st.lists(st.binary(max_size=80), max_size=20))
@settings(derandomize=True, deadline=None)
def test_any_bytes_give_frames_or_troubles_and_bounded_memory(chunks):
    one = reader()
    for chunk in chunks:
        assert all(isinstance(item, Frame | FrameTrouble) for item in one.feed(chunk))
        assert one.waiting_bytes < FRAME_BYTES_MAX


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=20)), max_size=60))
@settings(derandomize=True, deadline=None)
def test_any_reply_gives_events_and_never_an_exception(replies):
    engine = Engine()
    now_s = 0.0
    for code, data in replies:
        now_s += 0.2
        engine.request(now_s)
        engine.stack()
        if not engine.feed(Frame(code, data).to_bytes(), now_s):
            engine.no_reply(now_s)
        engine.events()
        engine.acknowledgement()


@given(st.binary(max_size=300))
@settings(derandomize=True, deadline=None)
def test_any_bytes_leave_the_twin_alive(data):
    twin = Id003Twin("EUR")
    twin.receive(data, 0.0)
    twin.receive(bytes(300), 0.0)
    assert twin.receive(STATUS_REQUEST.to_bytes(), 1.0)


def test_a_wrong_checksum_is_named_and_the_next_frame_is_still_read():
    wire = bytearray(STATUS_REQUEST.to_bytes())
    wire[-1] ^= 1
    found = reader().feed(bytes(wire) + STATUS_REQUEST.to_bytes())
    assert found[0] is FrameTrouble.CHECKSUM
    assert found[-1] == STATUS_REQUEST


def test_a_length_no_frame_can_have_is_named():
    assert reader().feed(b"\xfc\x04")[0] is FrameTrouble.LENGTH


@pytest.mark.parametrize(
    ("row", "value_minor", "currency"),
    [("61E00500", 500, "EUR"), ("62270102", 10000, "RUB"), ("68010500", 500, "USD")],
)
def test_rows_are_code_country_value_and_zeros(row, value_minor, currency):
    (found,) = currency_table.decode(bytes.fromhex(row))
    assert (found.note_type, found.value_minor, found.currency) == (int(row[:2], 16), value_minor, currency)


def test_blank_cut_and_unknown_rows_are_left_out():
    rows = "610000006299050060E0050069E0050063E0050A64E005"
    assert currency_table.decode(bytes.fromhex(rows)) == ()
