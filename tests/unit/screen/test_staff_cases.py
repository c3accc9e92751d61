"""What a supervisor settles, as data: from the list to the entry, in plain words before it is made."""

import pytest

from kiosk.link import staff as s
from kiosk.screen import glass as glasses
from kiosk.screen.glass import Glass
from kiosk.screen.presenter import present
from kiosk.screen.scenes.staff import OPEN_CASES, SETTLING, acting, here, in_staff_language, supervisor, told
from kiosk.screen.staff.phrases import CASE_REASONS
from kiosk.screen.staff.views import SheetView
from kiosk.screen.views import StatusView, TilesView, View

CASES = supervisor(cases=OPEN_CASES)


def english(now: Glass) -> View:
    return present(in_staff_language(now, "en"))


def case(*arguments: str) -> Glass:
    return acting(in_staff_language(here(CASES, *SETTLING), "en"), *arguments)


def test_every_case_is_on_the_list_with_its_amount_and_where_it_came_from() -> None:
    view = english(here(CASES, "page:cases"))
    assert isinstance(view, TilesView)
    assert view.tiles[0].text == "€20.00 · A note in doubt"
    assert view.tiles[0].note.endswith("000121745893100042")
    listed = [tile.role for turns in range(2) for tile in present(here(CASES, "page:cases", *["turn:1"] * turns)).tiles]
    assert listed == [f"staff:case:{case.case_id}" for case in OPEN_CASES]


@pytest.mark.parametrize("resolution", list(s.Resolution))
def test_a_resolution_and_a_reason_lead_to_one_entry_and_back_to_the_list(resolution: s.Resolution) -> None:
    now = acting(case(), f"resolution:{resolution}", "reason:1")
    reason = CASE_REASONS[resolution][1]
    done, command = glasses.touched(now, "staff:settle")
    assert command == s.ResolveCase("case-0", resolution, reason)
    view = english(done)
    assert isinstance(view, TilesView)
    assert view.title == "Open cases"


def test_before_it_is_booked_it_is_said_what_goes_from_where_to_where_and_why() -> None:
    view = english(case("resolution:not_in_box", "reason:0"))
    assert isinstance(view, SheetView)
    assert [(row.label, row.value) for row in view.columns[0].rows] == [
        ("Amount", "€20.00"),
        ("From", "in doubt: it may or may not be in the box"),
        ("To", "out of the books: it never came in"),
        ("Because", "Not there when the box was counted"),
        ("It came from", "000121745893100042"),
        ("Decided by", "Aleksandra Konstantinova"),
    ]


def test_only_what_the_till_allows_can_be_decided() -> None:
    some = supervisor(cases=(s.CaseView("c", s.CaseKind.REFUSED, 500, "EUR", 1, "x", (s.Resolution.PAID_OUT,)),))
    view = english(here(some, "page:cases", "case:c"))
    assert isinstance(view, TilesView)
    assert [tile.role for tile in view.tiles] == ["staff:resolution:paid_out"]


def test_a_reason_in_own_words_is_booked_as_it_was_typed() -> None:
    now = acting(case("resolution:in_box"), "page:own_reason", *(f"key:{letter}" for letter in "SAFE"), "enter")
    assert glasses.touched(now, "staff:settle")[1] == s.ResolveCase("case-0", s.Resolution.IN_BOX, "SAFE")


def test_nothing_is_booked_without_resolution_and_reason() -> None:
    for now in (case(), case("resolution:in_box")):
        assert glasses.touched(now, "staff:settle") == (now, None)


def test_back_leads_through_every_decision() -> None:
    now, titles = case("resolution:in_box", "reason:0"), []
    for _ in range(4):
        titles.append(english(now).title)
        now = acting(now, "back")
    assert titles == ["Is everything right?", "How is that known?", "What was found out?", "Open cases"]


def test_a_case_somebody_else_has_settled_is_said_to_be_gone() -> None:
    for arguments in ((), ("resolution:in_box",), ("resolution:in_box", "reason:0")):
        view = english(told(case(*arguments), supervisor()))
        assert isinstance(view, StatusView)
        assert view.title == "This case is not open any more"
