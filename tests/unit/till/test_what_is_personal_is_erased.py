"""What is personal goes after its time; what is still open stays; the chain never notices."""

from dataclasses import replace

import pytest

from kiosk.domain import events
from kiosk.till.journal_file import closed_journal
from kiosk.till.verify import verify
from tests.support.play import Player
from tests.support.world import RULES, VirtualClock, World

KEEP_DAYS = 30
RULES_SHORT = replace(RULES, keep_personal_s=KEEP_DAYS * 86_400.0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


def player_of(path, world=None, clock=None):
    player = Player(path, world or World(), clock or VirtualClock(), rules=RULES_SHORT)
    player.boot()
    return player


def personal(path):
    with closed_journal(path) as connection:
        return [subject for (subject,) in connection.execute("SELECT subject FROM personal ORDER BY seq")]


def days_later(player, days):
    player.clock.now_s += days * 86_400
    player.world.line(up=True)
    player.wait(1)


def test_bodies_of_finished_payments_go_after_their_time_and_the_journal_still_verifies(path):
    player = player_of(path)
    player.pay((5000, 5000))
    days_later(player, KEEP_DAYS - 2)
    assert len(player.journal._connection.execute("SELECT * FROM personal").fetchall()) == 3
    days_later(player, 4)
    player.close()
    assert personal(path) == []
    assert verify(path).faults == []
    assert b"ToFreeze(payment_id" not in path.read_bytes(), "it is overwritten, not just unlinked"


def test_what_is_still_open_is_kept_however_old(path):
    player = player_of(path)
    player.go_to_cash()
    player.world.line(up=False)
    player.insert(5000, 2000)
    player.wait(60)
    player.clock.now_s += 100 * 86_400
    player.say(events.HealthSeen(up=True, live=False, skew_s=0.0))
    player.world.queue.clear()
    player.say(events.Tick())
    (payment_id,) = player.state.payments
    player.close()
    assert personal(path) == [payment_id]
    again = player_of(path, clock=VirtualClock(now_s=player.clock.now_s))
    assert again.world.physical.paid[0][0] == payment_id, "and is sent whole"
    again.close()


def test_a_wall_clock_nobody_vouches_for_erases_nothing(path):
    player = player_of(path)
    player.pay()
    player.say(events.HealthSeen(up=True, live=False, skew_s=9e6))
    player.clock.now_s += 100 * 86_400
    player.wait(1)
    player.close()
    assert len(personal(path)) == 2
