"""Power is cut after every single operation of a visit, of the disk and of the world alike, and the till starts again.

One log holds both kinds of operation. Every prefix of it is a moment in which the kiosk may die; each is recovered from what
the disk may then hold, finished, and checked against what can never happen (README). Then recovery itself is cut.
"""

import os
import random
from dataclasses import replace

import pytest

from kiosk.domain import events
from kiosk.domain.facts import NoteIntended
from kiosk.till import journal, loop
from kiosk.till.journal_file import closed_journal
from kiosk.till.loop import Till
from tests.support.catalogue import CATALOGUE, PHONE_TYPED
from tests.support.cuts import SEED, SURVIVALS, cut_everywhere, physical_after, record, recover
from tests.support.disk import as_written, image
from tests.support.world import World

LONGER = int(os.environ.get("KIOSK_CUTS", "0"))  #: how many longer lives, drawn by seed, are cut everywhere
NOTES = (500, 1000, 2000, 5000, 10000)


#: Wants a service whose amount the buyer decides, for an account that is personal.
SERVICE = {"catalogue": CATALOGUE, "wants": events.ServiceAsked("top-up", PHONE_TYPED)}


@pytest.mark.parametrize("notes", [(5000, 2000), (5000, 5000), (2000,)], ids=["exact", "leftover", "not enough"])
def test_power_may_be_cut_anywhere(tmp_path, notes):
    tried, wrong = cut_everywhere(tmp_path, power_cut=True, notes=notes)
    assert wrong == []
    assert tried > 100


def test_power_may_be_cut_anywhere_in_the_visit_of_a_buyer_who_decides_how_much(tmp_path):
    tried, wrong = cut_everywhere(tmp_path, power_cut=True, notes=(500, 2000), visit=SERVICE)
    assert wrong == []
    assert tried > 100


def test_the_till_may_be_killed_anywhere(tmp_path):
    tried, wrong = cut_everywhere(tmp_path, power_cut=False)
    assert wrong == []
    assert tried > 40


@pytest.mark.skipif(not LONGER, reason="longer lives by KIOSK_CUTS=N")
def test_power_may_be_cut_anywhere_in_longer_lives(tmp_path):
    rng = random.Random(SEED)
    for number in range(LONGER):
        notes = tuple(rng.choice(NOTES) for _ in range(rng.randint(3, 12)))
        (tmp_path / f"{number}").mkdir()
        _, wrong = cut_everywhere(tmp_path / f"{number}", power_cut=rng.random() < 0.7, notes=notes)
        assert wrong == [], f"notes {notes}, seed {SEED}"


def test_power_may_be_cut_again_anywhere_in_the_recovery(tmp_path):
    """Some first cuts, by seed; after each, every moment of the life that recovers from it."""
    rng = random.Random(SEED)
    first = record(tmp_path, (5000, 5000))
    wrong, tried = [], 0
    for length in sorted(rng.sample(range(len(first)), 8)):
        survive = rng.choice(SURVIVALS)
        folder = tmp_path / f"first-{length}"
        folder.mkdir()
        image(first[:length], folder, survive, rng)
        log = as_written(folder)
        base = len(log)
        record(folder, (5000, 5000), physical=physical_after(first[:length]), log=log)
        for again in range(base, len(log) + 1, 2):
            tried += 1
            survive_again = rng.choice(SURVIVALS)
            whole = [physical_after(first[:length]), *log[:again]]
            faults = recover(whole, tmp_path / f"again-{tried}", survive_again, rng, power_cut=True, notes=(5000, 5000))
            wrong += [f"cut {length} {survive}, then {again - base} {survive_again}: {fault}" for fault in faults]
    assert wrong == []
    assert tried > 200


# --- the harness catches what it is for ---------------------------------------------------------------------------


def caught(tmp_path, **how):
    """What is found with a mistake in place."""
    return cut_everywhere(tmp_path, **{"power_cut": True, "stop_at_first": True, **how})[1]


def test_the_harness_catches_a_missing_fsync(tmp_path, monkeypatch):
    careless = tuple(p.replace("synchronous=FULL", "synchronous=NORMAL") for p in journal._PRAGMAS)
    monkeypatch.setattr(journal, "_PRAGMAS", careless)
    assert caught(tmp_path)


def test_the_harness_catches_a_missing_intent(tmp_path, monkeypatch):
    honest = loop.without_moves
    monkeypatch.setattr(loop, "without_moves", lambda h: tuple(f for f in honest(h) if not isinstance(f, NoteIntended)))
    assert caught(tmp_path)


class DoesBeforeItRecords(Till):
    def _apply(self, decision):
        early = replace(decision, orders=())
        for order in decision.orders:
            if type(order).__name__ == "StackNote":
                self._hands.perform(order, self.state)
                super()._apply(early)
                return
        super()._apply(decision)


def test_the_harness_catches_a_stack_before_the_intent_is_on_disk(tmp_path):
    assert caught(tmp_path, till_type=DoesBeforeItRecords)


class FreshIdForEveryAttempt(Till):
    """Sends what it has under another id whenever it sends."""

    def _apply(self, decision):
        sent = [order for order in decision.orders if type(order).__name__ == "PostPayment"]
        if not sent:
            super()._apply(decision)
            return
        super()._apply(replace(decision, orders=()))
        payment = self.state.payments[sent[0].payment_id]
        fresh = f"{payment.payment_id}{payment.attempt}{self._clock.nonce()}"
        self._hands._receive(fresh, payment.body)
        self._hands.queue.pop()
        self._hands.queue.append(
            events.PostAnswered(payment.payment_id, events.PostResult.ACCEPTED, "taken under another id")
        )


def test_the_harness_catches_a_fresh_id_for_every_attempt(tmp_path):
    assert caught(tmp_path, till_type=FreshIdForEveryAttempt)


def test_the_harness_catches_a_reset_before_the_look(tmp_path, monkeypatch):
    """A unit that is reset before it is asked forgets a note that it had not told of: money in doubt for nothing."""

    def reset_first(self, *, power_cut=True):
        self.physical = replace(self.physical, told=None)
        if self.physical.transit:
            self._arrive()
            self.physical = replace(self.physical, told=None)
        return honest(self, power_cut=power_cut)

    honest = World.wake
    monkeypatch.setattr(World, "wake", reset_first)
    assert caught(tmp_path, power_cut=False)


def test_the_harness_catches_a_last_line_that_wins(tmp_path, monkeypatch):
    """A journal that overwrites the row of its last fact instead of adding one."""
    honest = journal.Journal._commit

    def overwrite(self, lines, beside, totals, erased, tail):
        self._connection.execute("DROP TRIGGER IF EXISTS fact_is_never_removed")
        if isinstance(lines[0][5], bytes) and lines[0][3] == "NoteStacked":
            self._connection.execute("DELETE FROM fact WHERE seq = ?", (lines[0][0] - 1,))
        honest(self, lines, beside, totals, erased, tail)

    monkeypatch.setattr(journal.Journal, "_commit", overwrite)
    assert caught(tmp_path)


def test_the_visit_that_is_cut_writes_all_a_visit_can(tmp_path):
    record(tmp_path, (5000, 5000))
    with closed_journal(tmp_path / "journal.sqlite") as connection:
        kinds = {row.name for row in journal.rows(connection, 0, journal.GENESIS)}
    assert {
        "SessionOpened",
        "NoteIntended",
        "NoteStacked",
        "CashClosed",
        "PaymentCaptured",
        "CreditUnallocated",
    } <= kinds
    assert {"ReportQueued", "PaymentDeferred", "PaymentAccepted", "SlipSettled", "SessionEnded"} <= kinds
