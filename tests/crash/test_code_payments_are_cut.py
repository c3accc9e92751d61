"""Power is cut after every operation of a visit that is paid with a code, by the same harness as one that is paid in cash.

The next buyer pays with the same code as far as it goes, and in cash after that: whatever was cut, the aggregator has taken each
redemption once, under one id with one body, and the journal knows of each how it ended.
"""

from dataclasses import replace

from kiosk.domain import codes, events
from kiosk.domain.fold import fold
from kiosk.domain.redemption_facts import RedemptionCaptured
from kiosk.till import journal
from kiosk.till.journal_file import closed_journal
from kiosk.till.loop import Till
from tests.support.cuts import cut_everywhere, record
from tests.support.world import KEY

CODE = codes.mint("0007", 41, KEY.sign)
VISIT = {"open_codes": {CODE: 10_000}, "pays_with": CODE}


def test_power_may_be_cut_anywhere_while_a_code_pays(tmp_path):
    tried, wrong = cut_everywhere(tmp_path, power_cut=True, notes=(5000, 2000), visit=VISIT)
    assert wrong == []
    assert tried > 60


def test_the_till_may_be_killed_anywhere_while_a_code_pays(tmp_path):
    tried, wrong = cut_everywhere(tmp_path, power_cut=False, notes=(5000, 2000), visit=VISIT)
    assert wrong == []
    assert tried > 20


def test_the_visit_that_is_cut_writes_all_such_a_visit_can(tmp_path):
    record(tmp_path, (5000, 2000), visit=VISIT)
    with closed_journal(tmp_path / "journal.sqlite") as connection:
        kinds = {row.name for row in journal.rows(connection, 0, journal.GENESIS)}
    assert {"RedemptionCaptured", "RedemptionDeferred", "RedemptionAccepted", "ResultKnown", "SlipSettled"} <= kinds
    assert not {"SessionOpened", "CashClosed", "PaymentCaptured"} & kinds


# --- the harness catches what it is for ---------------------------------------------------------------------------


def caught(tmp_path, **how):
    return cut_everywhere(
        tmp_path, **{"power_cut": True, "stop_at_first": True, "notes": (5000, 2000), "visit": VISIT, **how}
    )[1]


class SendsBeforeItRecords(Till):
    """The first byte goes out before the redemption is on disk."""

    def _apply(self, decision):
        for fact in decision.happened:
            if isinstance(fact, RedemptionCaptured):
                self._hands._redeem(fold(self.state, fact).redemptions[fact.redemption_id])
                self._hands.queue.pop()
        super()._apply(decision)


def test_the_harness_catches_a_redemption_that_is_sent_before_it_is_on_disk(tmp_path):
    assert caught(tmp_path, till_type=SendsBeforeItRecords)


class FreshIdForEveryAttempt(Till):
    """Redeems under another id whenever it sends."""

    def _apply(self, decision):
        sent = [order for order in decision.orders if type(order).__name__ == "PostRedemption"]
        if not sent:
            super()._apply(decision)
            return
        super()._apply(replace(decision, orders=()))
        redemption = self.state.redemptions[sent[0].redemption_id]
        fresh = f"{redemption.redemption_id}{redemption.attempt}{self._clock.nonce()}"
        self._hands._redeem(replace(redemption, redemption_id=fresh))
        answered = self._hands.queue.pop()
        self._hands.queue.append(replace(answered, redemption_id=redemption.redemption_id))


def test_the_harness_catches_a_fresh_id_for_every_attempt(tmp_path):
    assert caught(tmp_path, till_type=FreshIdForEveryAttempt)


class GivesUpAfterOneTry(Till):
    """Takes an unknown outcome for a failure."""

    def process(self, event):
        if isinstance(event, events.RedemptionAnswered) and event.result is events.PostResult.NOT_FINAL:
            event = replace(event, result=events.PostResult.REFUSED)
        super().process(event)


def test_the_harness_catches_an_unknown_outcome_that_is_taken_for_a_failure(tmp_path):
    assert caught(tmp_path, till_type=GivesUpAfterOneTry)
