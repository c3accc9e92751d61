"""A code from a slip on the screen: typed, found, paid with; and what is said of its money."""

import pytest
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.glass import Glass
from kiosk.screen.presenter import present
from kiosk.screen.scenes import SCENES, in_language
from kiosk.screen.scenes.codes import CODES, MONEY, OFFER_WITH, PAYING_WITH, WRONG_CODE, found, typing_code
from kiosk.screen.scenes.letters import WITH_CODES, strokes
from kiosk.screen.scenes.parts import CODE, ENTRY, OFFER, ORDER, glass
from kiosk.screen.scenes.services import CHOOSING, choosing
from kiosk.screen.views import DoneView, EntryView, OfferView, TilesView, Tone, TypingView, View


def english(scene: Glass) -> View:
    return present(in_language(scene, "en"))


def typing(*roles: str) -> TypingView:
    view = english(typing_code(*roles))
    assert isinstance(view, TypingView)
    return view


def offer(**changes: object) -> OfferView:
    view = english(glass(replace(OFFER_WITH, **changes)))
    assert isinstance(view, OfferView)
    return view


def result(name: str) -> DoneView:
    view = english(SCENES[name])
    assert isinstance(view, DoneView)
    return view


def rows(view: DoneView) -> dict[str, str]:
    return {row.label: row.value for row in view.rows}


# --- typing one ---------------------------------------------------------------------------------------------------


def test_a_code_is_echoed_in_fours_and_what_is_missing_is_counted() -> None:
    assert typing().placeholder == "____ ____ ____ ____"
    half, nearly, whole = typing(*strokes(CODE[:6])), typing(*strokes(CODE[:15])), typing(*strokes(CODE))
    assert (half.number, whole.number) == ("0020 00__ ____ ____", "0020 0021 5AZY KXZQ")
    assert [view.chrome.hint for view in (half, nearly, whole)] == ["10 more characters", "1 more character", ""]
    assert [view.chrome.primary.enabled for view in (half, nearly, whole) if view.chrome.primary] == [
        False,
        False,
        True,
    ]


def test_a_mistyped_code_is_told_at_once_and_goes_nowhere() -> None:
    view = typing(*strokes(WRONG_CODE))
    assert view.banner is not None
    assert view.banner.text.startswith("A letter or digit of the code is wrong")
    assert view.chrome.primary is not None
    assert not view.chrome.primary.enabled
    assert glasses.touched(typing_code(*strokes(WRONG_CODE)), "next")[1] is None
    assert typing(*strokes(WRONG_CODE), "erase").banner is None


def test_a_whole_code_takes_no_more_characters() -> None:
    now = typing_code(*strokes(CODE), "key:7")
    assert now.typed == CODE
    assert {key.role for row in typing(*strokes(CODE)).rows for key in row if key.enabled} == {"erase", "erase_all"}


def test_the_till_is_asked_about_it_and_its_answer_stands_until_the_code_is_changed() -> None:
    asked, command = glasses.touched(typing_code(*strokes(CODE)), "next")
    assert command == m.LookUpCode(CODE)
    told = glasses.seen(asked, replace(WITH_CODES, notice=m.NoticeCode.CODE_SPENT))
    view = english(told)
    assert isinstance(view, TypingView)
    assert view.banner is not None
    assert view.banner.text == "There is no money left under this code."
    assert english(glasses.touched(told, "erase")[0]).banner is None


def test_codes_are_offered_only_where_they_are_taken() -> None:
    for snapshot, there in ((CHOOSING, False), (WITH_CODES, True), (PAYING_WITH, False)):
        view = english(choosing(snapshot=snapshot))
        assert isinstance(view, TilesView)
        assert ("code" in [tile.role for tile in view.tiles]) is there
    gone = glasses.seen(typing_code(), CHOOSING)
    assert glasses.place(gone) == "home"


def test_a_scanner_is_spoken_of_only_where_there_is_one() -> None:
    for snapshot in (WITH_CODES, replace(WITH_CODES, scanner=False)):
        order, code = (english(choosing(door, snapshot=snapshot)) for door in ("order", "code"))
        home = english(choosing(snapshot=snapshot))
        assert isinstance(order, EntryView)
        assert isinstance(code, TypingView)
        assert isinstance(home, TilesView)
        said = [text for text in (order.where, code.where, home.tiles[0].note) if "scan" in text]
        assert len(said) == (3 if snapshot.scanner else 0)


# --- what it stands for -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whereabouts", m.Whereabouts)
def test_every_whereabouts_says_where_the_money_is_and_leads_back(whereabouts: m.Whereabouts) -> None:
    view = english(found(whereabouts=whereabouts))
    assert isinstance(view, DoneView)
    assert view.title
    assert "{" not in view.text
    assert view.chrome.secondary is not None
    assert view.chrome.secondary.role == "cancel"
    assert view.reference.value == "0020 0021 5AZY KXZQ"


def test_kept_money_that_can_be_used_can_be_paid_with() -> None:
    view = english(found())
    assert isinstance(view, DoneView)
    assert rows(view) == {"Payee": "Demo Shop", "Paid": "€73.50", "Kept for you": "€15.00", "Date": "November 24, 2026"}
    assert view.chrome.primary is not None
    assert view.chrome.primary.role == "pay_with_code"
    assert view.receipt.text == "You can pay with it here, now or another day."


def test_money_that_cannot_be_used_here_is_had_by_telephone() -> None:
    view = english(found(usable=False))
    assert isinstance(view, DoneView)
    assert view.chrome.primary is None
    assert "+359 2 000 0000" in view.receipt.text


def test_a_note_in_doubt_is_said_beside_the_rest() -> None:
    view = english(found(under_review_minor=2000))
    assert isinstance(view, DoneView)
    assert rows(view)["Being checked"] == "€20.00"
    assert view.receipt.tone is Tone.WARN


def test_what_nobody_knows_is_not_shown() -> None:
    view = english(CODES["found-kept-only"])
    assert isinstance(view, DoneView)
    assert rows(view) == {"Kept for you": "€15.00"}


def test_paying_with_it_begins_anew_with_the_code_in_hand() -> None:
    typed = typing_code(*strokes(CODE), "next")
    after, command = glasses.touched(glasses.seen(typed, replace(WITH_CODES, phase=m.Phase.FOUND)), "pay_with_code")
    assert (command, after.typed, glasses.place(after)) == (m.PayWithCode(), "", "home")


# --- paying with it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["home-with-code", "shelf-with-code", "field-with-code", "order-with-code"])
def test_whoever_pays_with_a_code_sees_so_on_every_screen_of_choosing(name: str) -> None:
    view = english(SCENES[name])
    assert isinstance(view, TilesView | EntryView)
    banner = view.banner.text if view.banner else ""
    assert "€100.00 from your code" in f"{view.about} {banner}"


def test_an_offer_says_that_the_code_pays_and_how_much_stays_under_it() -> None:
    view = offer()
    assert view.leftover == "There is €100.00 under your code. After this payment €26.50 stays under it."
    assert view.chrome.primary is not None
    assert (view.chrome.primary.role, view.chrome.primary.text) == ("confirm", "Pay with the code")
    assert view.alternative is not None
    assert (view.alternative.role, view.alternative.text) == ("drop_code", "Pay in cash instead")
    assert glasses.touched(glass(OFFER_WITH), "drop_code")[1] == m.DropCode()


def test_a_code_that_is_worth_exactly_so_much_is_used_up() -> None:
    assert offer(code=replace(MONEY, open_minor=ORDER.due_minor)).leftover.endswith("nothing is left under it.")


def test_without_a_printer_the_buyer_consents_to_no_receipt_with_a_code_too() -> None:
    primary = offer(printer=m.PrinterView.NO_RECEIPT).chrome.primary
    assert primary is not None
    assert primary.role == "confirm_without_receipt"


@pytest.mark.parametrize(
    "code", [replace(MONEY, open_minor=7349), replace(MONEY, currency="USD")], ids=["less", "dollars"]
)
def test_a_code_that_is_not_enough_leaves_cash(code: m.CodeView) -> None:
    view = offer(code=code, notice=m.NoticeCode.CODE_TOO_SMALL)
    assert view.chrome.primary is not None
    assert view.chrome.primary.role == "drop_code"
    assert view.alternative is None
    assert view.banner is not None
    assert view.banner.text.startswith("There is less under your code")


def test_an_offer_in_cash_knows_of_no_code() -> None:
    view = english(glass(OFFER))
    assert isinstance(view, OfferView)
    assert view.alternative is None
    assert view.loud


def test_the_result_says_that_the_code_was_paid_with_and_what_is_left() -> None:
    view = result("done-with-code")
    assert view.text == "Demo Shop has received your payment. It was paid from your code."
    assert rows(view)["Left under your code"] == "€26.50"
    assert (view.reference.label, view.reference.value) == ("Your code", "0020 0021 5AZY KXZQ")


def test_a_code_that_is_used_up_is_no_reference_any_more() -> None:
    assert result("done-with-code-spent").reference.label == "Number for support"


def test_a_payment_with_a_code_that_was_refused_took_nothing() -> None:
    view = result("done-with-code-refused")
    assert view.text == "Nothing was taken: your money is still under your code."
    assert rows(view)["Left under your code"] == "€100.00"


def test_a_code_that_was_just_given_is_said_to_be_good_for_paying_where_it_is() -> None:
    assert result("done-refused-codes").text.endswith("You can also pay here with your code.")
    assert "pay here" not in result("done-refused").text
    assert "pay here" not in result("done-with-code").text


# --- scanning -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("snapshot", [CHOOSING, ENTRY], ids=["home", "order"])
def test_a_scan_is_told_to_the_till_where_somebody_chooses(snapshot: m.Snapshot) -> None:
    before = choosing(snapshot=snapshot)
    assert glasses.scanned(before, "KIOSKO1*1000000017") == (before, m.Scanned("KIOSKO1*1000000017"))


def test_a_scan_over_an_offer_or_without_a_till_is_nothing() -> None:
    assert glasses.scanned(glass(OFFER), "KIOSKO1*1000000017")[1] is None
    assert glasses.scanned(glasses.lost(choosing()), "KIOSKO1*1000000017")[1] is None


def test_what_comes_of_a_scan_is_said_wherever_the_buyer_is_until_they_touch_something() -> None:
    for roles in ((), ("services",), ("order",), ("services", "group:home", "service:water")):
        now = glasses.seen(choosing(*roles, snapshot=WITH_CODES), replace(WITH_CODES, notice=m.NoticeCode.SCAN_UNKNOWN))
        assert glasses.notice(now) is m.NoticeCode.SCAN_UNKNOWN, roles
        later = glasses.seen(now, replace(WITH_CODES, notice=m.NoticeCode.SCAN_UNKNOWN, seconds_left=50))
        assert glasses.notice(later) is m.NoticeCode.SCAN_UNKNOWN, roles
        assert glasses.notice(glasses.touched(later, "services")[0]) is None, roles
