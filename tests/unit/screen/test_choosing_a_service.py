"""Home, shelves and fields as data: what is shown for what was touched, and what the till is told."""

from dataclasses import replace as with_fields

import pytest
from msgspec.structs import replace

from kiosk.domain.catalogue import NO_CATALOGUE, narrowed
from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.browsing import NOWHERE, TILES_MAX, At
from kiosk.screen.glass import STILL_BUSY_S, Glass
from kiosk.screen.presenter import present
from kiosk.screen.scenes import in_language
from kiosk.screen.scenes.parts import ENTRY, OFFER, WELCOME
from kiosk.screen.scenes.services import (
    BILL,
    CHOOSING,
    CUSTOMER_KEYS,
    INTERNET_KEYS,
    OPEN_CASH,
    OPEN_SHORT,
    OPEN_SOME,
    PHONE_KEYS,
    SERVICE_CASH,
    SERVICE_OFFER,
    SHORT_CASH,
    TOP_UP_KEYS,
    choosing,
    paying_for,
    told,
)
from kiosk.screen.scenes.stock import MANY, OFFERED
from kiosk.screen.views import CashView, DoneView, EntryView, OfferView, StatusView, TilesView, View, WelcomeView

HOME = ["order", "services", "service:top-up"]
LOOK_UP = m.LookUpService("top-up", (("phone", "881234123"),))


def english(glass: Glass) -> View:
    return present(in_language(glass, "en"))


def tiles(glass: Glass) -> list[str]:
    view = english(glass)
    assert isinstance(view, TilesView)
    return [tile.role for tile in view.tiles]


def entry(glass: Glass) -> EntryView:
    view = english(glass)
    assert isinstance(view, EntryView)
    return view


def offer(order: m.OrderView) -> OfferView:
    view = english(paying_for(replace(SERVICE_OFFER, order=order)))
    assert isinstance(view, OfferView)
    return view


def cash(**changes: object) -> CashView:
    view = english(paying_for(replace(SERVICE_CASH, cash=replace(OPEN_SOME, **changes))))
    assert isinstance(view, CashView)
    return view


def touch(now: Glass, *roles: str) -> tuple[Glass, list[m.Command]]:
    said = []
    for role in roles:
        now, command = glasses.touched(now, role)
        said += [command] if command else []
    return now, said


# --- where services are offered at all ----------------------------------------------------------------------------


def test_without_services_an_order_number_is_typed_at_once() -> None:
    for glass in (choosing(catalogue=NO_CATALOGUE), choosing(snapshot=ENTRY)):
        secondary = entry(glass).chrome.secondary
        assert secondary is not None
        assert secondary.role == "cancel"


def test_with_services_home_offers_both() -> None:
    assert tiles(choosing()) == HOME
    welcome = english(choosing(snapshot=replace(WELCOME, catalogue_version=7)))
    assert isinstance(welcome, WelcomeView)
    assert welcome.title == "Pay for orders and services"


# --- shelves ------------------------------------------------------------------------------------------------------


def test_what_is_promoted_comes_first_then_groups_then_services() -> None:
    assert tiles(choosing("services")) == ["service:top-up", "group:mobile", "group:home"]
    assert tiles(choosing("services", "group:home")) == ["group:net", "service:water", "service:charity"]


def test_a_tile_names_the_service_in_the_buyers_language_and_its_payee() -> None:
    view = present(in_language(choosing("services", "group:home"), "bg"))
    assert isinstance(view, TilesView)
    assert [(tile.text, tile.note, tile.leads) for tile in view.tiles[:2]] == [
        ("Интернет и телевизия", "", True),
        ("Вода", "City Water", False),
    ]


def test_many_come_in_pages_and_after_the_last_comes_the_first() -> None:
    now, seen = choosing("services", catalogue=MANY), []
    for _ in range(4):
        seen.append(tiles(now))
        now, _ = glasses.touched(now, "more")
    assert [len(page) for page in seen] == [TILES_MAX, TILES_MAX, 2, TILES_MAX]
    assert seen[3] == seen[0]
    assert len({role for page in seen for role in page}) == 14


def test_one_page_needs_no_button_for_more() -> None:
    assert english(choosing("services")).chrome.primary is None
    assert english(choosing("services", catalogue=MANY)).chrome.hint == "Page 1 of 3"


def test_back_leads_the_way_that_was_come_and_ends_at_the_till() -> None:
    now = choosing(*INTERNET_KEYS, *CUSTOMER_KEYS, "next")
    shown = []
    for _ in range(5):
        now, _ = glasses.touched(now, "back")
        shown.append((now.browsing.at, now.browsing.way))
    assert shown == [
        (At.FIELD, ("home", "net")),
        (At.SHELF, ("home", "net")),
        (At.SHELF, ("home",)),
        (At.SHELF, ()),
        (At.HOME, ()),
    ]
    secondary = english(now).chrome.secondary
    assert secondary is not None
    assert secondary.role == "cancel"


def test_back_from_an_order_number_leads_home_and_forgets_it() -> None:
    now = choosing("order", "key:4", "back")
    assert (tiles(now), now.typed) == (HOME, "")


# --- fields -------------------------------------------------------------------------------------------------------


def test_a_number_is_typed_into_its_mask_and_next_is_there_when_it_is_whole() -> None:
    empty, some, whole = (entry(choosing(*TOP_UP_KEYS, *PHONE_KEYS[:count])) for count in (0, 3, 9))
    assert (empty.about, empty.title, empty.where) == ("Prepaid top-up", "Phone number", "Nine digits after +359")
    assert (empty.number, empty.placeholder) == ("", "+359 __ ___ ____")
    assert (some.number, whole.number) == ("+359 88 1__ ____", "+359 88 123 4123")
    assert [view.chrome.primary.enabled for view in (empty, some, whole) if view.chrome.primary] == [False, False, True]


def test_no_more_is_taken_than_fits_and_what_was_typed_can_be_taken_back() -> None:
    now = choosing(*TOP_UP_KEYS, *PHONE_KEYS, "key:7", "key:7")
    assert entry(now).number == "+359 88 123 4123"
    assert entry(touch(now, "erase")[0]).number == "+359 88 123 412_"
    assert entry(touch(now, "erase_all")[0]).number == ""


def test_the_till_is_asked_once_all_fields_are_filled_in() -> None:
    _, said = touch(choosing(*TOP_UP_KEYS, *PHONE_KEYS), "next")
    assert said == [LOOK_UP]
    _, said = touch(choosing(*INTERNET_KEYS, *CUSTOMER_KEYS), "next", "choice:12")
    assert said == [m.LookUpService("internet", (("customer", "1234567"), ("months", "12")))]


def test_a_service_without_fields_is_asked_about_at_once() -> None:
    assert touch(choosing("services", "group:home"), "service:charity")[1] == [m.LookUpService("charity", ())]


def test_a_field_that_is_not_whole_leads_nowhere_even_if_its_button_is_hit() -> None:
    before = choosing(*TOP_UP_KEYS, "key:8")
    assert touch(before, "next") == (before, [])


def test_while_the_till_asks_the_service_is_named_and_not_the_number() -> None:
    now, _ = touch(choosing(*TOP_UP_KEYS, *PHONE_KEYS), "next")
    view = english(glasses.seen(now, replace(CHOOSING, phase=m.Phase.CHECKING)))
    assert isinstance(view, StatusView)
    assert (view.title, view.text) == ("Checking…", "Prepaid top-up")


def test_a_notice_stands_until_the_number_it_speaks_of_is_changed() -> None:
    now = told(m.NoticeCode.ACCOUNT_UNKNOWN)
    banner = entry(now).banner
    assert banner is not None
    assert "nobody under this number" in banner.text
    assert entry(touch(now, "erase")[0]).banner is None


def test_an_older_notice_is_not_about_what_is_chosen_now() -> None:
    elsewhere = touch(told(m.NoticeCode.ACCOUNT_UNKNOWN), "back")[0]
    for roles in ((), ("back",), ("back", "order"), ("group:home",)):
        view = english(touch(elsewhere, *roles)[0])
        assert isinstance(view, TilesView | EntryView)
        assert view.banner is None, roles


def test_back_from_the_offer_is_where_it_was_typed() -> None:
    now, _ = touch(choosing(*TOP_UP_KEYS, *PHONE_KEYS), "next")
    for snapshot in (replace(CHOOSING, phase=m.Phase.CHECKING), SERVICE_OFFER, CHOOSING):
        now = glasses.seen(now, snapshot)
    assert entry(now).number == "+359 88 123 4123"


@pytest.mark.parametrize("snapshot", [WELCOME, SERVICE_CASH], ids=["the next buyer", "cash"])
def test_what_was_typed_is_forgotten_with_its_buyer(snapshot: m.Snapshot) -> None:
    assert glasses.seen(choosing(*TOP_UP_KEYS, *PHONE_KEYS), snapshot).browsing is NOWHERE


# --- a catalogue that changes under the buyer's hands -------------------------------------------------------------


def test_a_newer_catalogue_leaves_the_buyer_where_they_are() -> None:
    newer = with_fields(OFFERED, version=8)
    now = choosing(*TOP_UP_KEYS, *PHONE_KEYS[:3])
    assert entry(glasses.learnt(now, newer)).number == "+359 88 1__ ____"


def test_a_service_or_a_group_that_is_gone_leads_home() -> None:
    without = narrowed(with_fields(OFFERED, version=8), lambda service: service.group_id == "home")
    for roles in (TOP_UP_KEYS, ("services", "group:mobile")):
        assert tiles(glasses.learnt(choosing(*roles), without)) == HOME[:2]


def test_a_service_whose_fields_have_changed_is_begun_again() -> None:
    changed = tuple(with_fields(s, payee="Another") for s in OFFERED.services)
    now = glasses.learnt(choosing(*TOP_UP_KEYS, *PHONE_KEYS), with_fields(OFFERED, version=8, services=changed))
    assert tiles(now) == HOME


def test_a_till_without_a_catalogue_offers_none_whatever_the_screen_remembers() -> None:
    assert isinstance(english(glasses.seen(choosing("services"), ENTRY)), EntryView)


def test_a_double_tap_cannot_reach_the_shelf_behind() -> None:
    steps = [choosing(*roles) for roles in ((), ("services",), ("services", "group:home"), TOP_UP_KEYS, INTERNET_KEYS)]
    assert len({glasses.scene(step) for step in steps}) == len(steps)


# --- somebody is here ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("left", "said"), [(STILL_BUSY_S + 1, []), (STILL_BUSY_S, [m.MoreTime()]), (-1, [])])
def test_a_touch_late_in_the_time_says_that_somebody_is_here(left: int, said: list[m.Command]) -> None:
    now = choosing(snapshot=replace(CHOOSING, seconds_left=left))
    assert touch(now, "services")[1] == said


def test_a_touch_that_says_something_else_says_only_that() -> None:
    now = choosing(*TOP_UP_KEYS, *PHONE_KEYS, snapshot=replace(CHOOSING, seconds_left=30))
    assert touch(now, "next")[1] == [LOOK_UP]


# --- offer, cash, result ------------------------------------------------------------------------------------------


def test_the_offer_says_what_for_whom_to_whom_and_what_to_check() -> None:
    rows = [(row.label, row.value) for row in offer(BILL).rows]
    assert rows[:2] == [("Service", "Water"), ("Number", "123-4567")]
    assert rows[2][0] == "Payee"
    assert rows[3] == ("Name", "И. Петров")
    assert offer(BILL).amount.label == "To pay"


def test_a_service_the_screen_does_not_know_is_called_as_its_payee_calls_it() -> None:
    assert offer(replace(BILL, service_id="gone")).rows[0].value == "Prepaid top-up"


def test_a_buyer_who_decides_is_told_from_what_to_what() -> None:
    view = offer(SERVICE_OFFER.order)  # type: ignore[arg-type]
    assert (view.amount.label, view.amount.value) == ("You decide how much", "from €5.00 to €200.00")
    assert not view.loud
    assert view.leftover == "No change is given: all that you put in is credited."


def test_cash_shows_what_is_in_and_both_limits() -> None:
    view = cash()
    assert [(pair.label, pair.value) for pair in view.amounts] == [
        ("Put in", "€25.00"),
        ("At least", "€5.00"),
        ("At most", "€200.00"),
    ]


def test_from_the_least_on_it_can_be_paid_and_more_be_put_in() -> None:
    view = cash()
    assert view.chrome.primary is not None
    assert (view.chrome.primary.text, view.chrome.primary.enabled) == ("Pay now", True)
    assert view.accepted
    assert view.banner is not None
    assert view.banner.text == "That is enough: pay now, or put in more if you like."
    assert touch(paying_for(replace(SERVICE_CASH, cash=OPEN_SOME)), "finish")[1] == [m.FinishCash()]


def test_below_the_least_it_is_asked_whether_to_finish_with_nothing_paid() -> None:
    short = paying_for(SHORT_CASH)
    asked, said = touch(short, "finish")
    assert said == []
    dialog = english(asked).dialog
    assert dialog is not None
    assert dialog.text.startswith("€15.00 is still missing, so nothing will be paid.")
    assert OPEN_SHORT.left_minor == 1500


def test_nothing_in_yet_cannot_be_paid() -> None:
    primary = english(paying_for(replace(SERVICE_CASH, cash=OPEN_CASH))).chrome.primary
    assert primary is not None
    assert not primary.enabled


def test_at_the_most_no_more_is_asked_for() -> None:
    view = cash(inserted_minor=20_000, accepted_minor=(), can_finish=False)
    assert view.title == "Please put in no more banknotes"
    assert view.banner is not None
    assert "One moment" in view.banner.text


def test_while_it_is_paid_the_sum_is_what_is_credited() -> None:
    order = replace(SERVICE_OFFER.order, paid_minor=2500)  # type: ignore[type-var]
    view = english(paying_for(replace(SERVICE_CASH, phase=m.Phase.PAYING, cash=None, order=order)))
    assert isinstance(view, StatusView)
    assert view.text == "€25.00 · Northern Mobile"


def test_the_result_speaks_of_the_service_and_not_of_an_order() -> None:
    result = m.ResultView(m.ResultKind.NOT_ENOUGH, 0, 500, 0, "EUR", "1", "", m.ReceiptView.PRINTED)
    done = replace(OFFER, phase=m.Phase.DONE, order=SERVICE_OFFER.order, result=result)
    view = english(paying_for(done))
    assert isinstance(view, DoneView)
    assert view.title == "Nothing has been paid"
    assert (view.rows[0].label, view.rows[0].value) == ("Prepaid top-up", "+359 88 ••• •123")


def test_the_first_catalogue_does_not_take_an_order_s_number_from_under_the_fingers() -> None:
    before = Glass(snapshot=ENTRY, linked=True, typed="4829")
    after = glasses.learnt(before, OFFERED)
    assert (after.typed, after.browsing.at) == ("4829", At.ORDER)
    idle = glasses.learnt(Glass(snapshot=ENTRY, linked=True), OFFERED)
    assert idle.browsing.at is At.HOME
