import pytest
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.glass import ORDER_DIGITS_MAX, Glass
from kiosk.screen.presenter import present
from kiosk.screen.scenes import SCENES
from kiosk.screen.scenes.parts import CASH, ENTRY, OFFER, SOME_CASH, WELCOME, glass
from tests.support.buttons import buttons


def typed(digits: str) -> Glass:
    now = glass(ENTRY)
    for digit in digits:
        now, command = glasses.touched(now, f"key:{digit}")
        assert command is None
    return now


@pytest.mark.parametrize(
    ("role", "command"),
    [
        ("language:ru", m.ChooseLanguage("ru")),
        ("confirm", m.ConfirmOffer(without_receipt=False)),
        ("confirm_without_receipt", m.ConfirmOffer(without_receipt=True)),
        ("cancel", m.Cancel()),
        ("more_time", m.MoreTime()),
        ("leave", m.Leave()),
    ],
)
def test_a_button_says_one_thing_to_the_till(role: str, command: m.Command) -> None:
    before = glass(OFFER)
    assert glasses.touched(before, role) == (before, command)


def test_digits_stay_here_until_next_takes_them_to_the_till() -> None:
    after, command = glasses.touched(typed("482915"), "next")
    assert (after.typed, command) == ("482915", m.LookUpOrder("482915"))


def test_erasing_takes_one_or_all() -> None:
    assert glasses.touched(typed("123"), "erase")[0].typed == "12"
    assert glasses.touched(typed("123"), "erase_all")[0].typed == ""
    assert glasses.touched(typed(""), "erase")[0].typed == ""


def test_no_more_digits_are_taken_than_an_order_number_may_have() -> None:
    assert typed("7" * (ORDER_DIGITS_MAX + 5)).typed == "7" * ORDER_DIGITS_MAX


def test_a_number_is_kept_on_the_way_to_the_offer_and_back() -> None:
    now = typed("482915")
    for snapshot in (replace(ENTRY, phase=m.Phase.CHECKING), OFFER, ENTRY):
        now = glasses.seen(now, snapshot)
    assert now.typed == "482915"


@pytest.mark.parametrize("snapshot", [WELCOME, CASH], ids=["the next buyer", "cash"])
def test_a_number_is_forgotten_with_its_buyer(snapshot: m.Snapshot) -> None:
    assert glasses.seen(typed("482915"), snapshot).typed == ""


def test_a_notice_goes_as_soon_as_the_number_it_speaks_of_is_changed() -> None:
    asked, _ = glasses.touched(typed("482"), "next")
    told = glasses.seen(asked, replace(ENTRY, notice=m.NoticeCode.ORDER_NOT_FOUND))
    assert glasses.notice(told) is m.NoticeCode.ORDER_NOT_FOUND
    assert glasses.notice(glasses.touched(told, "erase")[0]) is None


def test_finishing_with_too_little_is_asked_about_first() -> None:
    asked, command = glasses.touched(glass(replace(CASH, cash=SOME_CASH)), "finish")
    assert (asked.finishing, command) == (True, None)
    assert glasses.touched(asked, "not_yet")[0].finishing is False
    assert glasses.touched(asked, "finish")[1] == m.FinishCash()


def test_finishing_with_enough_is_not_asked_about() -> None:
    enough = replace(CASH, cash=replace(SOME_CASH, left_minor=0))
    assert glasses.touched(glass(enough), "finish")[1] == m.FinishCash()


def test_the_question_goes_when_another_note_makes_it_pointless() -> None:
    asked = glass(replace(CASH, cash=SOME_CASH), finishing=True)
    enough = replace(CASH, cash=replace(SOME_CASH, left_minor=0))
    assert glasses.seen(asked, enough).finishing is False


def test_a_till_that_is_away_for_a_moment_costs_no_digits() -> None:
    away = glasses.lost(typed("482915"))
    assert (away.linked, glasses.seen(away, ENTRY).typed) == (False, "482915")


def test_every_button_of_every_screen_means_something() -> None:
    from_views = {button.role for scene in SCENES.values() for button in buttons(present(scene))}
    for role in from_views:
        glasses.touched(glass(replace(CASH, cash=SOME_CASH)), role)
    assert {"language:en", "key:0", "erase", "erase_all", "next", "confirm", "finish", "cancel", "leave"} <= from_views
