"""The outbox: for ever, in order, several at once, never blocked by one that cannot be delivered."""

import pytest

from kiosk.domain import events
from kiosk.domain.advance import IN_FLIGHT_MAX
from kiosk.domain.state import PayState
from kiosk.till.loop import ProgrammingFaultError
from tests.support.play import Player
from tests.support.world import VirtualClock, World


class Poisoned(World):
    """An aggregator that cannot answer about some ids."""

    poison: frozenset[str] = frozenset()
    poison_all = False
    tries = 0

    def _receive(self, payment_id, body):
        if self.poison_all or payment_id in self.poison:
            self.tries += 1
            self.queue.append(events.PostAnswered(payment_id, events.PostResult.NOT_FINAL, "HTTP 500"))
        else:
            super()._receive(payment_id, body)


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", Poisoned(), VirtualClock())
    player.boot()
    yield player
    player.close()


def capture(player):
    """A paid visit whose payment cannot be sent yet; its id."""
    player.go_to_cash()
    player.world.line(up=False)
    player.insert(5000, 2000)
    player.wait(100)
    return list(player.state.payments)[-1]


def test_one_poisoned_payment_blocks_no_other(player):
    poisoned = capture(player)
    player.world.poison = frozenset({poisoned})
    player.world.line(up=True)
    player.settle()
    for _ in range(3):
        player.pay()
    assert len(player.world.physical.paid) == 3
    assert player.state.payments[poisoned].state is PayState.WAITING
    player.world.poison = frozenset()
    player.wait(200)
    assert poisoned in dict(player.world.physical.paid)


def test_a_poisoned_payment_is_tried_for_ever_and_ever_more_rarely(player):
    poisoned = capture(player)
    player.world.poison = frozenset({poisoned})
    player.world.line(up=True)
    player.settle()
    player.wait(60)
    early, player.world.tries = player.world.tries, 0
    for _ in range(60):
        player.wait(60)
    assert early >= 3
    assert 60 <= player.world.tries <= 60 * 6, "at least once a minute, with jitter over a minute"


def test_attempts_and_the_next_time_survive_a_restart(player, tmp_path):
    poisoned = capture(player)
    player.world.poison = frozenset({poisoned})
    player.world.line(up=True)
    player.settle()
    player.wait(20)
    before = player.state.payments[poisoned]
    player.close()
    again = Player(tmp_path / "journal.sqlite", Poisoned(), player.clock)
    again.till.recover()
    after = again.state.payments[poisoned]
    again.close()
    assert (after.attempt, after.next_at_us, after.body) == (before.attempt, before.next_at_us, before.body)


def backlog(player, count):
    """That many paid visits whose payments nobody answers for; their ids."""
    player.world.poison_all = True
    ids = []
    for _ in range(count):
        player.go_to_cash()
        player.insert(5000, 2000)
        ids.append(player.state.session.payment_id)
        player.wait(100)
    return ids


def test_while_the_line_is_down_nothing_is_tried_and_its_coming_back_wakes_all(player):
    ids = backlog(player, 3)
    player.world.line(up=False)
    player.say(events.HealthSeen(up=False, live=None))
    rows = player.journal.seq
    player.wait(3600)
    assert player.journal.seq == rows, "no fact for a try that is not made"
    player.world.poison_all = False
    player.world.line(up=True)
    player.settle()
    assert sorted(dict(player.world.physical.paid)) == sorted(ids)


def test_no_more_than_a_few_are_under_way_at_once_oldest_first(player):
    ids = backlog(player, IN_FLIGHT_MAX + 3)
    silent = []
    player.world._receive = lambda payment_id, body: silent.append(payment_id)
    player.say(events.HealthSeen(up=False, live=None))
    player.say(events.HealthSeen(up=True, live=False, skew_s=0.0))
    assert silent == ids[:IN_FLIGHT_MAX]


def test_what_cannot_happen_latches_acceptance_and_ends_the_till(player, tmp_path):
    player.go_to_cash()

    def broken(order, state):
        raise KeyError("a defect")

    player.world.perform = broken
    with pytest.raises(ProgrammingFaultError, match="a defect"):
        player.say(events.NoteInEscrow(5000, "EUR"))
    assert not player.world.accepting
    player.close()
    again = Player(tmp_path / "journal.sqlite", World(), player.clock)
    again.till.recover()
    assert again.state.latched.startswith("fault:")
    again.close()
