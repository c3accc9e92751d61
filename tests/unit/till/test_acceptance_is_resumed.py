"""A latch is a fact: it survives restarts, and only a person with a reason ends it."""

import pytest

from kiosk.domain import events
from kiosk.till.acceptance import resume
from kiosk.till.journal import JournalError
from tests.support.play import Player
from tests.support.world import KEY, VirtualClock, World


def test_a_latch_survives_a_restart_and_ends_with_a_reason(tmp_path):
    path = tmp_path / "journal.sqlite"
    player = Player(path, World(), VirtualClock())
    player.boot()
    player.say(events.FraudSuspected())
    with pytest.raises(JournalError, match="is a till running"):
        resume(path, KEY, "too early", 1, "Ivan")
    player.close()
    again = Player(path, World(), VirtualClock())
    again.boot()
    assert again.state.latched
    again.close()
    assert resume(path, KEY, "looked into the slot, all clear", 1, "Ivan") == "the acceptor suspects fraud"
    assert resume(path, KEY, "once more", 1, "Ivan") == ""
    free = Player(path, World(), VirtualClock())
    free.boot()
    assert not free.state.latched
    free.pay()
    free.close()
