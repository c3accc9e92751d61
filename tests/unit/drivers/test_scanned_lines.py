"""Bytes of a scanner become texts: whatever comes, one bounded line at a time, and nothing that is no text."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.memory_channel import memory_pair
from drivers.scanner import driver
from drivers.scanner.interface import Connected, Dropped, Read
from drivers.scanner.lines import LINE_BYTES_MAX, NO_TEXT, TOO_LONG, Line, LineReader
from drivers.scanner.twin import HELP, ScannerTwin
from tests.support import virtual_time
from tests.support.scanners import Host, running


def lines(*parts):
    reader = LineReader()
    return [line for part in parts for line in reader.feed(part)]


def test_a_text_may_come_in_any_pieces():
    assert lines(b"KIO", b"SKO1", b"*1", b"\r", b"\nnext\n") == [Line("KIOSKO1*1"), Line("next")]


@pytest.mark.parametrize("data", [b"\xff\xfe\n", b"a\x00b\n", b"\x1b[31m\n", "a\u202eb\n".encode()])
def test_what_is_no_text_is_dropped(data):
    assert lines(data) == [Line(fault=NO_TEXT)]


def test_nothing_is_no_line():
    assert lines(b"\r\n\r\n  \n") == []


def test_the_longest_line_is_heard_and_a_longer_one_dropped_whole():
    longest = b"9" * LINE_BYTES_MAX
    assert lines(longest + b"\n") == [Line(longest.decode())]
    assert lines(longest + b"9" * 100_000, b"\n", b"ok\n") == [Line(fault=TOO_LONG), Line("ok")]


@given(st.lists(st.binary(max_size=700), max_size=8))
def test_no_bytes_make_it_hold_more_than_a_line_or_say_what_cannot_be_shown(parts):
    reader = LineReader()
    for part in parts:
        for line in reader.feed(part):
            assert bool(line.text) is not bool(line.fault)
            assert line.text.isprintable()
            assert len(line.text.encode()) <= LINE_BYTES_MAX
        assert len(reader._held) <= LINE_BYTES_MAX


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=100), st.integers(1, 7)
)
def test_every_text_that_fits_is_read_back_however_it_is_cut(text, size):
    data = text.encode() + b"\r"
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    assert lines(*parts) == [Line(text.strip())]


def test_half_a_line_that_never_ends_is_forgotten():
    async def story():
        near, far = memory_pair()
        host = Host()

        async def opened():
            return near

        async with running(driver.LineScanner(opened), host):
            await host.until(Connected)
            await far.write(b"noise of a plug", 1.0)
            await asyncio.sleep(driver.STALE_S + 0.1)
            await far.write(b"KIOSKO1*1000000017\r", 1.0)
            return await host.until(Read)

    assert virtual_time.run(story()) == Read("KIOSKO1*1000000017")


def test_the_twin_knows_what_it_can_do():
    twin = ScannerTwin()
    assert twin.do("dance", 0.0) == HELP
    assert all(twin.do(words, 0.0) == "ok" for words in ("scan a", "half a", "noise", "long", "cr", "lf", "crlf"))
    assert twin.told() == {"scanned": 1, "ending": "crlf"}
    assert not isinstance(twin.receive(b"", 0.0), Dropped)
    assert twin.receive(b"", 0.0) == b""
