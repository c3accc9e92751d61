"""Journals written by earlier versions are read, continued, and verified: names and shapes are for ever."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest

from kiosk.domain import events, facts, staff_facts
from kiosk.domain.facts import OverpayPolicy
from kiosk.domain.fold import fold
from kiosk.domain.session import Phase, Session
from kiosk.domain.state import State
from kiosk.link.service import ReceiptBy
from kiosk.till import fact_codec, journal
from kiosk.till.journal_file import closed_journal
from kiosk.till.past_visits import PastVisits
from kiosk.till.verify import verify
from tests.support.catalogue import CATALOGUE, PHONE_TYPED
from tests.support.play import Player
from tests.support.world import VirtualClock, World

DATA = Path(__file__).parents[2] / "data"
FIRST = DATA / "journal_version_1.jsonl"
YOUNGER = DATA / "journal_version_2.sql"
#: A whole database, as the program before services of a catalogue left it.
BEFORE_SERVICES = DATA / "journal_before_services.sql"


@pytest.fixture
def path(tmp_path):
    """The rows as the first version left them, in the one table it had."""
    path = tmp_path / "journal.sqlite"
    db = sqlite3.connect(path)
    db.execute(
        "CREATE TABLE fact (seq INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, boot_id TEXT NOT NULL, type TEXT NOT NULL, "
        "version INTEGER NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL) STRICT"
    )
    for line in FIRST.read_text().splitlines():
        *fields, body, digest = json.loads(line)
        db.execute("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?)", (*fields, body.encode(), bytes.fromhex(digest)))
    db.commit()
    db.close()
    return path


def test_the_chain_of_the_first_version_holds(path):
    verdict = verify(path)
    assert verdict.faults == []
    assert verdict.rows == 71


def test_a_note_test_from_before_there_was_signing_in_kept_its_notes_and_ended_with_buyers():
    body = b'{"test_id":"0001-t00001","person":"Ivan"}'
    opened = fact_codec.decode("NoteTestOpened", 1, body)
    assert opened == staff_facts.NoteTestOpened("0001-t00001", "Ivan", keep=True)
    state = fold(State(), opened)
    assert (state.session.phase, state.staff) == (Phase.NOTE_TEST, None)
    state = fold(state, fact_codec.decode("NoteTestClosed", 1, b'{"test_id":"0001-t00001"}'))
    assert state.session == Session()


def test_its_facts_mean_what_they_meant(path):
    with closed_journal(path) as connection:
        found = [row.fact for row in journal.rows(connection, 0, journal.GENESIS)]
    opened = [fact for fact in found if isinstance(fact, facts.SessionOpened)]
    captured = [fact for fact in found if isinstance(fact, facts.PaymentCaptured)]
    assert {fact.order.overpay for fact in opened} == {OverpayPolicy.HOLD}
    assert all(fact.body for fact in captured)
    state = verify(path).state
    assert state.stacked == {5000: 5, 2000: 3, 10000: 1, 500: 1}
    assert (state.ledger.total_of("unallocated"), state.ledger.total_of("orphan")) == (-20000, -500)


def test_a_till_of_today_goes_on_in_it(path):
    player = Player(path, World(), VirtualClock(now_s=9000.0))
    player.boot()
    player.pay((5000, 2000))
    assert player.state.counters.sessions == 7
    player.close()
    assert len(player.world.physical.claims) == 5, "what the first version kept is made known under its codes"
    verdict = verify(path)
    assert verdict.faults == []


# --- the journal of before slips were kept with their data --------------------------------------------------------


@pytest.fixture
def younger(tmp_path):
    """Three visits, the last one's slip cut and copied, as SlipIntended of version 1 told it."""
    path = tmp_path / "journal.sqlite"
    db = sqlite3.connect(path)
    db.executescript(YOUNGER.read_text())
    db.close()
    return path


def test_slips_without_data_are_read_and_the_chain_holds(younger):
    assert verify(younger).faults == []
    with closed_journal(younger) as connection:
        found = [row.fact for row in journal.rows(connection, 0, journal.GENESIS)]
    slips = [fact for fact in found if isinstance(fact, facts.SlipIntended)]
    assert [(slip.number, slip.copy) for slip in slips] == [(1, False), (2, False), (3, False), (4, True)]
    assert {(slip.at_us, slip.asked_by, slip.reason, slip.body) for slip in slips} == {(0, "", "", b"")}


def test_a_till_of_today_goes_on_and_prints_an_old_slip_again(younger):
    player = Player(younger, World(), VirtualClock(now_s=9000.0))
    player.boot()
    visit = asyncio.run(PastVisits(player.journal, pause).find(ReceiptBy.SLIP, "2"))
    player.say(events.ReprintAsked(visit, "Maria", "lost"))
    player.settle()
    (copy,) = player.world.printed
    assert (copy.copy, copy.slip_number, copy.leftover_minor) == (True, 2, 3000)
    assert copy.at_us < player.clock.utc_us() - 7000 * 1_000_000, "it names the day of the visit"
    player.pay((5000, 2000))
    assert player.world.printed[-1].slip_number == 5
    player.close()
    assert verify(younger).faults == []


async def pause():
    """Nothing else is going on here."""


# --- the journal of before services -------------------------------------------------------------------------------


@pytest.fixture
def before_services(tmp_path):
    path = tmp_path / "before.sqlite"
    db = sqlite3.connect(path)
    db.executescript(BEFORE_SERVICES.read_text())
    db.close()
    return path


def test_a_journal_from_before_services_holds_and_means_what_it_meant(before_services):
    verdict = verify(before_services)
    assert (verdict.faults, verdict.rows) == ([], 67)
    with closed_journal(before_services) as connection:
        found = [row for row in journal.rows(connection, 0, journal.GENESIS) if row.name == "SessionOpened"]
    assert {row.version for row in found} == {2}
    assert {row.fact.particulars for row in found} == {facts.Particulars()}
    assert {(row.fact.order.service_id, row.fact.order.open_amount, row.fact.order.max_minor) for row in found} == {
        ("", False, 0)
    }


def test_a_till_of_today_goes_on_in_it_with_a_service(before_services):
    world = World(catalogue=CATALOGUE, wants=events.ServiceAsked("top-up", PHONE_TYPED))
    player = Player(before_services, world, VirtualClock(now_s=9000.0))
    player.boot()
    assert player.state.counters.sessions == 4
    player.pay((2000,))
    player.close()
    assert verify(before_services).faults == []
    with closed_journal(before_services) as connection:
        found = [row for row in journal.rows(connection, 0, journal.GENESIS) if row.name == "SessionOpened"]
    assert [row.version for row in found] == [2, 2, 2, 2, 3]
    assert found[-1].fact.particulars.fields == PHONE_TYPED


def test_payments_that_ended_before_registers_were_compared_say_no_moment_and_are_not_awaited(before_services):
    player = Player(before_services, World(), VirtualClock(now_s=9000.0))
    player.boot()
    assert set(player.state.registers.awaited) == set(player.state.payments)
    player.pay((5000, 2000))
    player.close()
    with closed_journal(before_services) as connection:
        ended = [row for row in journal.rows(connection, 0, journal.GENESIS) if row.name == "PaymentAccepted"]
    assert [(row.version, bool(row.fact.at_us)) for row in ended[:-1]] == [(1, False)] * (len(ended) - 1)
    assert (ended[-1].version, bool(ended[-1].fact.at_us)) == (2, True)
