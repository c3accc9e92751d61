"""Fields and searching: the right keys, and calm words on what is still missing."""

from dataclasses import replace as with_fields

import pytest
from msgspec.structs import replace

from kiosk.domain.catalogue import FieldKind
from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.glass import Glass
from kiosk.screen.home import favourites
from kiosk.screen.presenter import present
from kiosk.screen.scenes import SCENES, in_language
from kiosk.screen.scenes.letters import POPULAR, filling_in, strokes
from kiosk.screen.scenes.services import BILL, CHOOSING, PHONE_KEYS, SERVICE_OFFER, TOP_UP_KEYS, choosing, paying_for
from kiosk.screen.scenes.stock import MANY, OFFERED, PHONE, TOP_UP, TWO
from kiosk.screen.views import EntryView, OfferView, TilesView, TypingView, View


def english(scene: Glass) -> View:
    return present(in_language(scene, "en"))


def typing(scene: Glass) -> TypingView:
    view = english(scene)
    assert isinstance(view, TypingView)
    return view


def can_go_on(view: View) -> bool:
    return view.chrome.primary is not None and view.chrome.primary.enabled


@pytest.mark.parametrize(
    ("keys", "missing"),
    [("", ""), ("8", "8 more digits"), ("88123412", "1 more digit"), ("881234123", "")],
)
def test_a_number_says_how_many_digits_are_missing(keys: str, missing: str) -> None:
    assert english(choosing(*TOP_UP_KEYS, *strokes(keys))).chrome.hint == missing


@pytest.mark.parametrize(
    ("field", "keys", "missing"),
    [
        ("name", "И", "1 more character"),
        ("name", "ИВ", ""),
        ("plate", "CB12", "4 more characters"),
        ("mail", "ivan", "1 more character"),
        ("mail", "ivan.petrov", "It needs an @ in the middle."),
        ("mail", "ivan@", "It needs an @ in the middle."),
        ("mail", "ivan@example.com", ""),
        ("wish", "", "You may leave this empty."),
    ],
)
def test_letters_say_what_they_still_want_and_next_waits_for_it(field: str, keys: str, missing: str) -> None:
    view = typing(filling_in(field, *strokes(keys)))
    assert view.chrome.hint == missing
    assert can_go_on(view) is (missing in {"", "You may leave this empty."})


def test_a_mask_turns_off_the_keys_that_may_not_follow() -> None:
    def on(*roles: str) -> set[str]:
        return {key.text for row in typing(filling_in("plate", *roles)).rows for key in row if key.enabled}

    assert {"A", "Z"} <= on()
    assert "1" not in on()
    assert on(*strokes("CB")) & {"A", "1"} == {"1"}


def test_the_keyboard_speaks_the_buyers_language_until_another_layout_is_chosen() -> None:
    def first_letters(scene: Glass, language: str) -> str:
        view = present(in_language(scene, language))
        assert isinstance(view, TypingView)
        return "".join(key.text for key in view.rows[1][:6])

    empty, switched = filling_in("name"), filling_in("name", "layout:en")
    assert [first_letters(empty, language) for language in ("bg", "ru", "en")] == ["ЯВЕРТЪ", "ЙЦУКЕН", "QWERTY"]
    assert first_letters(switched, "bg") == "QWERTY"
    assert first_letters(filling_in("mail"), "bg") == "qwerty"


def test_a_telephone_number_without_a_mask_may_begin_with_a_plus() -> None:
    field = with_fields(PHONE, mask="", kind=FieldKind.PHONE, min_length=5, max_length=15)
    catalogue = with_fields(OFFERED, services=(with_fields(TOP_UP, fields=(field,)),))
    now = choosing(*TOP_UP_KEYS, catalogue=catalogue)
    view = english(now)
    assert isinstance(view, EntryView)
    assert view.keys[9].role == "key:+"
    after, _ = glasses.touched(now, "key:+")
    view = english(after)
    assert isinstance(view, EntryView)
    assert (view.number, view.keys[9].role) == ("+", "erase_all")


# --- searching ----------------------------------------------------------------------------------------------------


def test_a_search_counts_what_it_finds_while_somebody_types() -> None:
    start = choosing("search", catalogue=MANY)
    hints = []
    for role in ("", *strokes("WATER")):
        start = glasses.touched(start, role)[0] if role else start
        hints.append(typing(start).chrome.hint)
    assert hints[0] == ""
    assert hints[-1] == "21 services found"
    assert typing(choosing("search", *strokes("TOP UP"), catalogue=MANY)).chrome.hint == "1 service found"


def test_what_is_found_comes_as_tiles_by_pages() -> None:
    now = choosing("search", *strokes("WATER"), "next", catalogue=MANY)
    view = english(now)
    assert isinstance(view, TilesView)
    assert (view.title, view.chrome.hint, len(view.tiles)) == ("21 services found", "Page 1 of 4", 6)
    last = english(choosing("search", *strokes("WATER"), "next", "more", "more", "more", catalogue=MANY))
    assert isinstance(last, TilesView)
    assert len(last.tiles) == 3


def test_where_nothing_is_found_it_is_said_what_to_do_and_there_is_no_way_on() -> None:
    now = choosing("search", *strokes("XYZZY"), catalogue=MANY)
    view = typing(now)
    assert view.banner is not None
    assert view.banner.text.startswith("Nothing is called so. Try fewer letters")
    assert not can_go_on(view)
    assert glasses.touched(now, "next")[0] == now


def test_a_search_begins_with_a_letter_and_has_an_end() -> None:
    now = choosing("search", "key: ", *strokes("W" * 99), catalogue=MANY)
    assert now.browsing.query == "W" * 30


# --- home ---------------------------------------------------------------------------------------------------------


def roles_at_home(**changes: object) -> list[str]:
    catalogue = changes.pop("catalogue", OFFERED)
    view = english(choosing(catalogue=catalogue, snapshot=replace(POPULAR, **changes)))  # type: ignore[arg-type]
    assert isinstance(view, TilesView)
    return [tile.role for tile in view.tiles]


def test_home_has_the_most_popular_services_that_the_catalogue_has_and_no_more_than_fit() -> None:
    assert roles_at_home() == ["order", "services", "service:water", "service:internet", "service:charity", "code"]
    assert roles_at_home(catalogue=MANY) == ["order", "services", "service:water", "service:internet", "search", "code"]


def test_where_nothing_is_popular_yet_the_promoted_ones_stand_there_and_none_twice() -> None:
    assert roles_at_home(popular=()) == ["order", "services", "service:top-up", "code"]
    assert roles_at_home(popular=("top-up",)) == ["order", "services", "service:top-up", "code"]
    assert favourites(choosing(catalogue=TWO)) == (TOP_UP,)


def test_few_services_need_no_search() -> None:
    assert "search" not in roles_at_home()


def test_codes_alone_are_reason_enough_for_a_home() -> None:
    view = english(SCENES["home-codes-only"])
    assert isinstance(view, TilesView)
    assert ([tile.role for tile in view.tiles], view.rows) == (["order", "code"], 1)


# --- what a payee calls things, and going back with money in ----------------------------------------------------------


def test_a_payees_column_names_are_said_in_the_buyers_language_where_they_are_known() -> None:
    bill = replace(BILL, details=(("NAME", "T. Testova"), ("Клиентски №", "7")))
    view = present(in_language(paying_for(replace(SERVICE_OFFER, order=bill)), "bg"))
    assert isinstance(view, OfferView)
    assert [row.label for row in view.rows[3:]] == ["Име", "Клиентски №"]


@pytest.mark.parametrize(
    ("name", "text", "primary"),
    [
        ("cash-some", "€18.50 is still missing, so the order will not be paid for.", "not_yet"),
        ("cash-open-some", "If you pay now, Northern Mobile receives €25.00.", "finish"),
    ],
)
def test_back_with_money_in_says_plainly_what_happens(name: str, text: str, primary: str) -> None:
    asked, command = glasses.touched(SCENES[name], "go_back")
    dialog = english(asked).dialog
    assert command is None
    assert dialog is not None
    assert dialog.title == "Banknotes do not come back"
    assert text in dialog.text
    assert dialog.primary.role == primary
    assert {dialog.primary.role, dialog.alternative.role if dialog.alternative else ""} == {"finish", "not_yet"}
    assert glasses.touched(asked, "not_yet")[0] == SCENES[name]
    assert glasses.touched(asked, "finish")[1] == m.FinishCash()


def test_the_question_goes_when_another_note_is_on_its_way_in() -> None:
    asked, _ = glasses.touched(SCENES["cash-some"], "go_back")
    assert asked.snapshot is not None
    assert asked.snapshot.cash is not None
    moving = replace(asked.snapshot, cash=replace(asked.snapshot.cash, can_finish=False))
    assert glasses.seen(asked, moving).leaving is False


def test_thanks_are_said_for_what_was_paid_and_the_seconds_are_counted() -> None:
    assert english(SCENES["done"]).chrome.hint == "Thank you! This screen will close in 28 seconds."
    assert english(SCENES["done-not-enough"]).chrome.hint == "This screen will close in 28 seconds."


def test_phone_keys_lead_to_the_till_as_before() -> None:
    after, command = glasses.touched(choosing(*TOP_UP_KEYS, *PHONE_KEYS, snapshot=CHOOSING), "next")
    assert command == m.LookUpService("top-up", (("phone", "881234123"),))
    assert after.browsing.asked == ("881234123",)
