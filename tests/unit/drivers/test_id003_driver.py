"""What only ID-003 does: settings while initialising, VEND VALID until acknowledged, an idle status that is our own question."""

import asyncio

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.id003.engine import Id003Engine
from drivers.bill_acceptor.id003.frames import Frame
from drivers.bill_acceptor.id003.phases import TRANSITIONS, Phase, Sign
from drivers.bill_acceptor.id003.twin import Id003Twin
from tests.support.bench import bench, now
from tests.support.books import Bookkeeper, Books
from tests.support.virtual_time import run

ACK = Frame(0x50).to_bytes()


async def insert(twin, value="50"):
    async with asyncio.timeout(60):
        while twin.do(f"note {value}", now()).startswith("refused"):
            await asyncio.sleep(0.1)


class Deaf(Id003Twin):
    """Notes what was told before the acknowledgement came."""

    def __init__(self, host) -> None:
        super().__init__("EUR")
        self.host, self.told_at_ack = host, []

    def receive(self, data, now_s):
        if data == ACK:
            self.told_at_ack.append(len(self.host.of(unit.Stacked)))
        return super().receive(data, now_s)


def test_vend_valid_is_acknowledged_after_it_was_told_and_as_often_as_it_is_shown():
    async def play():
        host = Bookkeeper(Books())
        twin = Deaf(host)
        async with bench(twin, host, Id003Engine):
            await host.until(unit.Ready)
            twin.do("lose ack 3", now())
            await insert(twin)
            await host.until_state(unit.AcceptorState.STACKING)
            await host.until_state(unit.AcceptorState.IDLE)
        assert twin.told_at_ack == [1, 1, 1, 1]
        assert host.books.credited == [5000]

    run(play())


def test_a_unit_that_names_the_note_again_is_believed():
    async def play():
        twin, host = Id003Twin("EUR"), Bookkeeper(Books())
        twin.names_vend_valid = True
        async with bench(twin, host, Id003Engine):
            await host.until(unit.Ready)
            await insert(twin)
            await host.until(unit.Stacked)
        assert host.books.credited == [5000]

    run(play())


def test_a_host_born_after_a_cut_in_the_stacker_is_told_that_a_note_went_in():
    async def play():
        twin, books = Id003Twin("EUR"), Books()
        async with bench(twin, first := Bookkeeper(books), Id003Engine):
            await first.until(unit.Ready)
            twin.do("power cut stacker", now())
            await insert(twin)
            await first.until(unit.Disconnected)
        async with bench(twin, second := Bookkeeper(books), Id003Engine):
            twin.do("power on", now())
            stacked = await second.until(unit.Stacked)
            await second.until(unit.Ready)
        assert second.of(unit.PoweredUp) == [unit.PoweredUp(unit.PowerUpNote.STACKER)]
        assert stacked == unit.Stacked(None, commanded=False)
        assert books.credited == [5000]

    run(play())


def drive(engine, answers, steps=40):
    """Answer each request by its code; what was sent and told."""
    sent, told, now_s = [], [], 0.0
    for _ in range(steps):
        now_s += 0.2
        frame = engine.request(now_s).frame
        sent.append(frame[2])
        answer = answers.get(frame[2])
        if answer is None or not engine.feed(answer.to_bytes(), now_s):
            engine.no_reply(now_s)
        told += engine.events()
        engine.acknowledgement()
    return sent, told


def test_a_unit_that_never_names_itself_is_still_watched():
    sent, told = drive(Id003Engine(), {0x11: Frame(0x1A)})
    assert unit.Connected(unit.AcceptorState.DISABLED) in told
    assert unit.Ready() in told
    assert sent[:4] == [0x88, 0x88, 0x88, 0x11]


def test_a_status_no_manual_has_is_a_fault_after_a_while():
    _, told = drive(Id003Engine(), {0x88: Frame(0x88, b"X 1"), 0x11: Frame(0x2F)})
    assert [event for event in told if isinstance(event, unit.Fault)] == [
        unit.Fault(unit.FaultReason.FAILURE, "2F unknown status")
    ]


def test_settings_are_sent_only_while_the_unit_initialises():
    async def play():
        class Strict(Id003Twin):
            refused = 0

            def _setting(self, code, data):
                answer = super()._setting(code, data)
                self.refused += answer == b"\x4b"
                return answer

        twin, host = Strict("EUR"), Bookkeeper(Books())
        async with bench(twin, host, Id003Engine):
            await host.until(unit.Ready)
            await insert(twin)
            await host.until(unit.Stacked)
        assert twin.refused == 0
        assert twin._recovers

    run(play())


def test_every_sign_leads_somewhere_known():
    for phase, row in TRANSITIONS.items():
        assert phase in Phase
        assert set(row) <= set(Sign)
        assert set(row.values()) <= set(Phase)
