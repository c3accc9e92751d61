import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bill_acceptor.ccnet import bill_table
from drivers.bill_acceptor.ccnet.engine import CcnetEngine
from drivers.bill_acceptor.ccnet.frames import LONG_FRAME_BYTES_MAX, Frame, FrameReader, FrameTrouble, crc16
from drivers.bill_acceptor.ccnet.twin import checksum

VECTORS = json.loads((Path(__file__).parent / "ccnet_frames.json").read_text())


def test_the_checksum_is_kermit():
    assert crc16(b"123456789") == 0x2189
    assert checksum(b"123456789") == b"\x89\x21"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_known_frames_are_read_whole_and_byte_by_byte(vector):
    wire = bytes.fromhex(vector["hex"])
    (frame,) = FrameReader().feed(wire)
    assert frame.to_bytes() == wire
    reader = FrameReader()
    found = [item for byte in wire for item in reader.feed(bytes((byte,)))]
    assert found == [frame]


@given(noise=st.binary(max_size=40), payload=st.binary(min_size=1, max_size=60))
@settings(derandomize=True, deadline=None)
def test_a_frame_is_found_behind_noise(noise, payload):
    wire = Frame(payload).to_bytes()
    reader = FrameReader()
    found = reader.feed(noise + wire)
    found += reader.feed(bytes(300)) if not any(isinstance(i, Frame) for i in found) else []
    assert Frame(payload) in found or len(noise) >= 6 or 2 in noise


@given(st.lists(st.binary(max_size=80), max_size=20))
@settings(derandomize=True, deadline=None)
def test_any_bytes_give_frames_or_troubles_and_bounded_memory(chunks):
    reader = FrameReader()
    for chunk in chunks:
        assert all(isinstance(item, Frame | FrameTrouble) for item in reader.feed(chunk))
        assert len(reader._buffer) <= LONG_FRAME_BYTES_MAX


@given(st.lists(st.binary(max_size=40), max_size=30))
@settings(derandomize=True, deadline=None)
def test_any_reply_gives_events_and_never_an_exception(replies):
    engine = CcnetEngine()
    engine.line_up(0.0)
    now_s = 0.0
    for reply in replies:
        now_s += 0.2
        engine.request(now_s)
        if not engine.feed(Frame(reply or b"\0").to_bytes(), now_s):
            engine.no_reply(now_s)
        engine.events()
        engine.acknowledgement()


def test_a_wrong_checksum_is_named_and_the_next_frame_is_still_read():
    wire = bytearray(Frame(b"\x14").to_bytes())
    wire[-1] ^= 1
    found = FrameReader().feed(bytes(wire) + Frame(b"\x14").to_bytes())
    assert found[0] is FrameTrouble.CHECKSUM
    assert found[-1] == Frame(b"\x14")


def test_a_frame_of_another_address_is_not_ours():
    body = bytes((2, 1, 6, 0x14))
    assert FrameTrouble.ADDRESS in FrameReader().feed(body + crc16(body).to_bytes(2, "little"))


def test_a_long_frame_carries_its_length_behind_a_zero():
    data = bytes(range(200)) * 2
    body = bytes((2, 3, 0)) + (len(data) + 7).to_bytes(2, "big") + data
    assert FrameReader().feed(body + crc16(body).to_bytes(2, "little")) == [Frame(data)]


@pytest.mark.parametrize(
    ("row", "value_minor", "currency"),
    [("0545555200", 500, "EUR"), ("0545555201", 5000, "EUR"), ("1945555281", 250, "EUR"), ("0255534101", 2000, "USD")],
)
def test_bill_rows_are_mantissa_and_exponent(row, value_minor, currency):
    (found,) = bill_table.decode(bytes.fromhex(row))
    assert (found.value_minor, found.currency) == (value_minor, currency)


def test_blank_short_and_unknown_rows_are_left_out():
    table = bill_table.decode(bytes(5) + b"\x01XXX\x01" + b"\x01EU")
    assert table == ()


def test_a_mask_is_24_bits_big_endian():
    assert bill_table.mask([0]) == b"\x00\x00\x01"
    assert bill_table.mask([8]) == b"\x00\x01\x00"
    assert bill_table.mask(range(24)) == b"\xff\xff\xff"
