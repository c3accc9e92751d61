"""Whatever a line brings instead of an answer: nothing crashes, credits or loses, and each trouble has its name."""

import asyncio

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.ccnet.frames import Frame, FrameReader, FrameTrouble, crc16
from drivers.bill_acceptor.ccnet.twin import CcnetTwin
from kiosk.domain import events
from kiosk.till.acceptor_seam import AcceptorSeam
from tests.support.bench import Host, bench, now
from tests.support.virtual_time import run

IDLE = Frame(b"\x14").to_bytes()
STACKED = Frame(b"\x81\x03").to_bytes()


def framed(head, payload):
    body = bytes(head) + payload
    return body + crc16(body).to_bytes(2, "little")


BAD = {
    FrameTrouble.CHECKSUM: STACKED[:-1] + bytes((STACKED[-1] ^ 1,)),
    FrameTrouble.ADDRESS: framed((2, 1, 7), b"\x81\x03"),
    FrameTrouble.LENGTH: framed((2, 3, 5), b""),
    FrameTrouble.NOISE: b"\xaa\x55",
}


@pytest.mark.parametrize("trouble", BAD)
def test_a_bad_frame_is_named_and_the_next_one_is_read(trouble):
    found = FrameReader().feed(BAD[trouble] + IDLE)
    assert trouble in found
    assert found[-1] == Frame(b"\x14")


def test_a_truncated_frame_is_waited_for_and_given_up_with_the_next_question():
    reader = FrameReader()
    assert reader.feed(STACKED[:-2]) == []
    reader.clear()
    assert reader.feed(IDLE) == [Frame(b"\x14")]


class Rude:
    """A real twin behind a line that puts something of its own before (or after) every answer."""

    def __init__(self, before=b"", after=b""):
        self.twin = CcnetTwin("EUR")
        self.before = before
        self.after = after

    def receive(self, data, now_s):
        answer = self.twin.receive(data, now_s)
        return self.before + answer + self.after if answer else b""

    def tick(self, now_s):
        self.twin.tick(now_s)


async def stacked_through(line):
    host = Host()
    async with bench(line, host):
        await host.until(unit.Ready)
        await host.until_state(unit.AcceptorState.IDLE)
        assert line.twin.do("note 50", now()) == "ok"
        await host.until(unit.Stacked)
        await host.until_state(unit.AcceptorState.IDLE)
    assert [event.note.value_minor for event in host.of(unit.Stacked)] == [5000]
    assert line.twin.physical.box == {"5000": 1}


@pytest.mark.parametrize(
    "line",
    [
        *(Rude(before=bad) for bad in BAD.values()),
        Rude(before=STACKED[:-2]),
        Rude(before=Frame(b"\x33").to_bytes()),
        Rude(after=Frame(b"\x00").to_bytes()),
        Rude(after=STACKED),
    ],
    ids=[*BAD, "truncated", "our own poll", "an answer to a second host", "a second answer"],
)
def test_a_note_is_credited_once_whatever_stands_around_the_answers(line):
    run(stacked_through(line))


def test_an_ack_meant_for_a_second_host_does_not_answer_our_poll():
    """Only its POLLs: an ACK is what our commands wait for too."""

    class SecondHost(Rude):
        def receive(self, data, now_s):
            answer = self.twin.receive(data, now_s)
            return Frame(b"\x00").to_bytes() + answer if answer and data[3:4] == b"\x33" else answer

    run(stacked_through(SecondHost()))


def test_notes_of_another_currency_are_never_enabled():
    class Unit:
        def __init__(self):
            self.enabled = None

        def enable(self, denominations):
            self.enabled = denominations

        def disable(self):
            self.enabled = frozenset()

    async def story():
        heard = []

        async def hear(event):
            heard.append(event)

        device = Unit()
        seam = AcceptorSeam(device, "EUR", hear)
        seam.accept(frozenset({500, 1000}))
        rubles, euros = unit.Denomination(0, 500, "RUB"), unit.Denomination(1, 1000, "EUR")
        await seam._listen(unit.Identified(unit.Identity("ccnet", "A", "1"), (rubles,)))
        assert not device.enabled
        await seam._listen(unit.Identified(unit.Identity("ccnet", "B", "2"), (rubles, euros)))
        assert device.enabled == {euros}
        await seam._listen(unit.Escrowed(rubles))
        assert heard == [events.NoteInEscrow(500, "RUB")]

    asyncio.run(story())
