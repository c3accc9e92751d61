"""What a printer sends back is told apart byte by byte, whole or in pieces, and noise is never an answer."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.receipt_printer.interface import PaperState, PrinterFault, PrinterStatus
from drivers.receipt_printer.profile import Dialect
from drivers.receipt_printer.replies import (
    AutoStatus,
    Completed,
    FenceByte,
    FullStatus,
    Noise,
    Replies,
    StatusByte,
    is_status,
)
from drivers.receipt_printer.status import CITIZEN, CUSTOM, EPSON, decode, decode_frame, decode_port, query

F = PrinterFault

STREAMS = [
    (Dialect.EPSON, b"\x12", [StatusByte(0x12)]),
    (Dialect.EPSON, b"\x7e\x16", [StatusByte(0x7E), StatusByte(0x16)]),
    (Dialect.EPSON, b"\x14\x00\x00\x0f", [AutoStatus(b"\x14\x00\x00\x0f")]),
    (Dialect.EPSON, b"\x37\x22ABCD\x00\x12", [Completed(b"ABCD"), StatusByte(0x12)]),
    (
        Dialect.EPSON,
        b"\x37\x22\x37\x22\x12\x12",
        [Noise(0x37), Noise(0x22), Noise(0x37), Noise(0x22), *[StatusByte(0x12)] * 2],
    ),
    (Dialect.EPSON, b"\x37\x22ABCD\x01", [Noise(0x37), Noise(0x22), *map(Noise, b"ABCD"), FenceByte(1)]),
    (Dialect.EPSON, b"\x0f\x00", [FenceByte(0x0F), FenceByte(0)]),
    (Dialect.EPSON, b"\xff\x93\x80", [Noise(0xFF), Noise(0x93), Noise(0x80)]),
    (Dialect.EPSON, b"\x10\x00\x12", [Noise(0x10), FenceByte(0), StatusByte(0x12)]),
    (Dialect.CUSTOM, b"\x10\x0f\x20\x08\x00\x00", [FullStatus(b"\x20\x08\x00\x00")]),
    (Dialect.CUSTOM, b"\x10\x0f\xff\xff\xff\xff", [FullStatus(b"\xff" * 4)]),
    (Dialect.CUSTOM, b"\x10\x12", [Noise(0x10), StatusByte(0x12)]),
]


@pytest.mark.parametrize(("dialect", "stream", "replies"), STREAMS)
def test_a_stream_is_told_apart(dialect, stream, replies):
    assert Replies(dialect).feed(stream) == replies


@pytest.mark.parametrize(("dialect", "stream", "replies"), STREAMS)
def test_pieces_are_read_like_the_whole(dialect, stream, replies):
    reader = Replies(dialect)
    assert [reply for byte in stream for reply in reader.feed(bytes((byte,)))] == replies


def test_half_a_frame_of_before_is_forgotten():
    reader = Replies(Dialect.EPSON)
    assert reader.feed(b"\x37\x22AB") == []
    reader.forget()
    assert reader.feed(b"CD\x00\x12")[-1] == StatusByte(0x12)


@given(
    dialect=st.sampled_from(list(Dialect)), stream=st.binary(max_size=80), cuts=st.lists(st.integers(0, 80), max_size=5)
)
@settings(derandomize=True, deadline=None, max_examples=200)
def test_any_bytes_are_read_without_loss_however_they_come(dialect, stream, cuts):
    whole, pieces = Replies(dialect), Replies(dialect)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    together = whole.feed(stream)
    apart = [reply for a, b in pairwise(edges) for reply in pieces.feed(stream[a:b])]
    assert together == apart
    sizes = {AutoStatus: 4, FullStatus: 6, Completed: 7}
    assert len(stream) - 6 <= sum(sizes.get(type(reply), 1) for reply in together) <= len(stream)


def test_a_status_byte_has_four_fixed_bits():
    assert sum(map(is_status, range(256))) == 16
    assert not is_status(0x10)
    assert query(4) == b"\x10\x04\x04"


def answers(**changes):
    return dict.fromkeys(range(1, 7), 18) | {int(key[1:]): value for key, value in changes.items()}


@pytest.mark.parametrize(
    ("table", "told", "faults"),
    [
        (EPSON, answers(), set()),
        (EPSON, answers(n1=0x1A), {F.OFFLINE}),
        (EPSON, answers(n1=0x1A, n2=0x16), {F.COVER_OPEN}),
        (EPSON, answers(n2=0x32), {F.PAPER_END}),
        (EPSON, answers(n4=0x72), {F.PAPER_END}),
        (EPSON, answers(n4=0x32), {F.PAPER_END}),
        (EPSON, answers(n3=0x1A), {F.CUTTER}),
        (EPSON, answers(n3=0x32), {F.UNRECOVERABLE}),
        (EPSON, answers(n3=0x52), {F.RECOVERABLE}),
        (EPSON, answers(n2=0x16, n3=0x52), {F.COVER_OPEN}),
        (CITIZEN, answers(n4=0x52), set()),
        (CITIZEN, answers(n4=0x32), {F.PAPER_END}),
        (CITIZEN, answers(n3=0x16), {F.PRESENTER}),
        (CITIZEN, answers(n5=0x16), {F.COVER_OPEN}),
        (CITIZEN, answers(n5=0x1A), {F.HEAD_HOT}),
        (CITIZEN, answers(n5=0x32), {F.POWER}),
        (CITIZEN, answers(n6=0x52), {F.UNRECOVERABLE}),
    ],
)
def test_bits_of_answers_are_faults(table, told, faults):
    assert decode(told, table).faults == faults


@pytest.mark.parametrize(
    ("frame", "faults"),
    [
        ("00000000", set()),
        ("01000000", {F.PAPER_END}),
        ("00010000", {F.COVER_OPEN}),
        ("00020000", {F.COVER_OPEN}),
        ("000c0000", set()),
        ("00000100", {F.HEAD_HOT}),
        ("00000800", {F.POWER}),
        ("00004000", {F.JAM}),
        ("00002280", {F.PRESENTER}),
        ("00000001", {F.CUTTER}),
        ("00000004", {F.UNRECOVERABLE}),
        ("80006000", {F.JAM}),
    ],
)
def test_bits_of_the_full_status_are_faults(frame, faults):
    assert decode_frame(bytes.fromhex(frame), CUSTOM).faults == faults


def test_near_end_and_a_waiting_ticket_are_no_faults():
    assert decode(answers(n4=0x1E), EPSON) == PrinterStatus(PaperState.NEAR_END)
    assert decode_frame(b"\x24\0\0\0", CUSTOM) == PrinterStatus(PaperState.NEAR_END, ticket_waiting=True)
    assert decode(answers(n4=0x52), CITIZEN).ticket_waiting


@pytest.mark.parametrize(
    ("bits", "faults"), [(0x18, set()), (0x30, {F.PAPER_END}), (0x10, {F.OFFLINE}), (0x08, {F.OFFLINE})]
)
def test_the_usb_port_tells_three_things(bits, faults):
    assert decode_port(bits).faults == faults
