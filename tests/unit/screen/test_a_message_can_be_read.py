"""A message whose reason is over stays as long as the operator decided; whatever else changes is shown at once."""

import pytest
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen.linger import Linger
from kiosk.screen.scenes.parts import CASH, DONE, NO_CASH, note


def cash(message: m.NoteMessage, *notes: m.NoteView, **more: int) -> m.Snapshot:
    return replace(CASH, message_min_s=4, cash=replace(NO_CASH, message=message, notes=notes, **more))


NONE, LARGE, ONE = m.NoteMessage.NONE, m.NoteMessage.OVER_LIMIT, m.NoteMessage.ONE_AT_A_TIME


def shown(snapshot: m.Snapshot) -> m.NoteMessage:
    assert snapshot.cash is not None
    return snapshot.cash.message


def test_a_message_stays_its_time_while_the_next_note_is_already_told() -> None:
    linger = Linger()
    linger.pass_on(cash(LARGE), 100.0)
    now, again_s = linger.pass_on(cash(NONE, note(500), inserted_minor=500, can_cancel=False), 101.5)
    assert shown(now) is LARGE
    assert now.cash.inserted_minor == 500
    assert again_s == pytest.approx(2.5)
    now, again_s = linger.pass_on(cash(NONE, note(500)), 104.0)
    assert (shown(now), again_s) == (NONE, 0.0)


def test_a_message_that_was_there_long_enough_goes_at_once() -> None:
    linger = Linger()
    for at_s in (100.0, 103.0):
        linger.pass_on(cash(LARGE), at_s)
    assert shown(linger.pass_on(cash(NONE), 104.5)[0]) is NONE


def test_what_is_newer_is_told_instead() -> None:
    linger = Linger()
    linger.pass_on(cash(LARGE), 100.0)
    assert shown(linger.pass_on(cash(ONE), 101.0)[0]) is ONE
    assert shown(linger.pass_on(cash(NONE), 104.5)[0]) is ONE
    assert shown(linger.pass_on(cash(NONE), 105.5)[0]) is NONE


def test_a_message_is_never_carried_to_another_screen() -> None:
    linger = Linger()
    linger.pass_on(cash(LARGE), 100.0)
    assert linger.pass_on(DONE, 100.5) == (DONE, 0.0)
