from dataclasses import asdict
from dataclasses import replace as changed

import pytest
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen.chrome import STILL_THERE_S
from kiosk.screen.glass import Glass
from kiosk.screen.presenter import present
from kiosk.screen.scenes import SCENES, in_language
from kiosk.screen.scenes.parts import (
    BASE,
    CASH,
    DONE,
    ENTRY,
    LANGUAGES,
    NO_CASH,
    OFFER,
    RESULT,
    SOME_CASH,
    WELCOME,
    glass,
)
from kiosk.screen.views import (
    ButtonView,
    CashView,
    DoneView,
    EntryView,
    OfferView,
    Pair,
    StatusView,
    Tone,
    View,
    WelcomeView,
)
from tests.support.buttons import buttons

ALL = [
    pytest.param(in_language(scene, language), id=f"{name}-{language}")
    for name, scene in SCENES.items()
    for language in LANGUAGES
]


def texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    return [text for part in value for text in texts(part)] if isinstance(value, tuple | list) else []


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def in_english(snapshot: m.Snapshot, typed: str = "", *, finishing: bool = False) -> View:
    return present(glass(replace(snapshot, language="en"), typed, finishing=finishing))


def cash_view(**changes: object) -> CashView:
    view = in_english(replace(CASH, cash=replace(SOME_CASH, **changes)))
    assert isinstance(view, CashView)
    return view


@pytest.mark.parametrize("scene", ALL)
def test_terminal_and_support_are_on_every_screen_once_they_are_known(scene: Glass) -> None:
    chrome = present(scene).chrome
    if scene.snapshot:
        assert "0001" in chrome.terminal
        assert "+359 2 000 0000" in chrome.support


@pytest.mark.parametrize("scene", ALL)
def test_no_screen_shows_an_unfilled_blank(scene: Glass) -> None:
    assert [text for text in texts(asdict(present(scene))) if "{" in text or "}" in text] == []


@pytest.mark.parametrize("scene", ALL)
def test_every_button_has_a_word_and_no_role_is_twice_in_one_layer(scene: Glass) -> None:
    view = present(scene)
    assert all(button.text for button in buttons(view))
    roles = [button.role for button in buttons(changed(view, dialog=None))]
    assert len(roles) == len(set(roles))


def test_welcome_offers_each_language_in_its_own_words() -> None:
    view = in_english(WELCOME)
    assert isinstance(view, WelcomeView)
    assert [(choice.role, choice.text) for choice in view.choices] == [
        ("language:bg", "Български"),
        ("language:ru", "Русский"),
        ("language:en", "English"),
    ]
    assert [choice.purpose for choice in view.choices] == [
        "Платете поръчка в брой",
        "Оплата заказов наличными",
        "Pay for an order in cash",
    ]


def test_a_closed_kiosk_says_why_in_every_language() -> None:
    view = in_english(replace(WELCOME, availability=m.Availability.NETWORK_DOWN))
    assert isinstance(view, StatusView)
    assert (view.title, view.text) == ("Out of service", "There is no connection to the payment system.")
    assert [other.label for other in view.others] == ["Терминалът не работи", "Терминал не работает"]
    assert buttons(view) == []


def test_without_a_till_nothing_can_be_pressed() -> None:
    for scene in (Glass(), changed(glass(CASH), linked=False), changed(glass(WELCOME), linked=False)):
        assert buttons(present(scene)) == []


def test_a_buyer_whose_till_is_away_reads_that_the_money_is_safe() -> None:
    view = present(changed(glass(replace(CASH, language="en", cash=SOME_CASH)), linked=False))
    assert isinstance(view, StatusView)
    assert view.detail == "Money you have already put in is recorded and safe."


def test_next_waits_for_a_digit_and_for_an_open_kiosk() -> None:
    assert in_english(ENTRY).chrome.primary == ButtonView("next", "Next", enabled=False)
    assert in_english(ENTRY, "4").chrome.primary == ButtonView("next", "Next", enabled=True)
    closed = replace(ENTRY, availability=m.Availability.NETWORK_DOWN)
    assert in_english(closed, "4").chrome.primary == ButtonView("next", "Next", enabled=False)


def test_entry_echoes_the_number_in_groups_and_says_what_was_wrong_with_it() -> None:
    view = in_english(replace(ENTRY, notice=m.NoticeCode.ORDER_NOT_FOUND), "482915")
    assert isinstance(view, EntryView)
    assert plain(view.number) == "482 915"
    assert view.banner is not None
    assert view.banner.text.startswith("There is no order with this number")


def test_the_keypad_is_that_of_a_telephone() -> None:
    view = in_english(ENTRY, "1")
    assert isinstance(view, EntryView)
    roles = [key.role.removeprefix("key:") for key in view.keys]
    assert roles == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "erase_all", "0", "erase"]


def test_an_offer_names_payee_purpose_amount_no_fee_and_the_rule_of_what_is_over() -> None:
    view = in_english(OFFER)
    assert isinstance(view, OfferView)
    rows = [(row.label, plain(row.value)) for row in view.rows]
    assert rows == [("Shop", "Demo Shop"), ("What for", "Ceramic tea set, 2 pieces"), ("Order number", "482 915")]
    assert (view.amount, view.fee.text) == (Pair("To pay", "€73.50"), "No fee")
    assert "up to €20.00 over" in view.leftover


def test_without_a_printer_the_buyer_is_asked_and_consents_by_name() -> None:
    view = in_english(replace(OFFER, printer=m.PrinterView.NO_RECEIPT))
    assert isinstance(view, OfferView)
    assert view.banner is not None
    assert view.chrome.primary == ButtonView("confirm_without_receipt", "Pay without receipt")


def test_an_offer_of_a_closed_kiosk_cannot_be_confirmed() -> None:
    primary = in_english(replace(OFFER, availability=m.Availability.LATCHED)).chrome.primary
    assert primary is not None
    assert not primary.enabled


def test_cash_shows_what_is_in_what_is_due_what_is_left() -> None:
    view = cash_view()
    assert [pair.value for pair in view.amounts] == ["€18.50", "€55.00", "€73.50"]
    assert view.accepted == ("€5", "€10", "€20")


def test_notes_are_listed_latest_first_with_their_fate() -> None:
    assert [(row.value, row.fate) for row in cash_view().notes] == [
        ("€20", "going in"),
        ("€100", "returned to you"),
        ("€5", "accepted"),
        ("€50", "accepted"),
    ]


def test_a_note_that_came_back_is_explained_with_what_still_fits() -> None:
    banner = cash_view(message=m.NoteMessage.OVER_LIMIT, largest_note_minor=2000).banner
    assert banner is not None
    assert banner.text.endswith("Largest now: €20.")


def test_a_stopped_acceptor_asks_for_no_more_notes() -> None:
    view = cash_view(message=m.NoteMessage.ACCEPTOR_STOPPED)
    assert (view.title, view.accepted) == ("Please put in no more banknotes", ())


@pytest.mark.parametrize(("can_cancel", "role"), [(True, "cancel"), (False, None)])
def test_cancel_is_there_only_while_the_till_allows_it(can_cancel: bool, role: str | None) -> None:
    view = in_english(replace(CASH, cash=replace(NO_CASH, can_cancel=can_cancel)))
    assert (view.chrome.secondary.role if view.chrome.secondary else None) == role


def test_finishing_short_says_what_is_missing_and_what_is_kept() -> None:
    dialog = in_english(replace(CASH, cash=SOME_CASH), finishing=True).dialog
    assert dialog is not None
    assert "€18.50 is still missing" in dialog.text
    assert "€55.00 is kept for you" in dialog.text
    assert dialog.primary.role == "not_yet"


@pytest.mark.parametrize("snapshot", [ENTRY, OFFER, CASH], ids=lambda snapshot: snapshot.phase)
def test_the_buyer_is_asked_before_time_runs_out(snapshot: m.Snapshot) -> None:
    early, late = (in_english(replace(snapshot, seconds_left=left)) for left in (STILL_THERE_S + 1, STILL_THERE_S))
    assert early.dialog is None
    assert late.dialog is not None
    assert late.dialog.primary.role == "more_time"
    assert late.dialog.remaining == 1.0


def test_a_till_that_sets_no_limit_asks_nothing() -> None:
    assert in_english(replace(CASH, seconds_left=-1)).dialog is None


def test_with_money_in_silence_is_said_to_mean_finish() -> None:
    dialog = in_english(replace(CASH, cash=SOME_CASH, seconds_left=5)).dialog
    assert dialog is not None
    assert dialog.text == "In 5 s we will finish with what you have put in: €55.00."


def test_paying_names_the_amount_and_can_not_be_interrupted() -> None:
    view = in_english(replace(BASE, phase=m.Phase.PAYING, order=OFFER.order))
    assert isinstance(view, StatusView)
    assert view.text == "€73.50 · Demo Shop"
    assert buttons(view) == []


@pytest.mark.parametrize(
    ("kind", "tone", "rows"),
    [
        (m.ResultKind.ACCEPTED, Tone.GOOD, {"Order number", "Paid", "Kept for you"}),
        (m.ResultKind.ACCEPTED_FOR_LATER, Tone.GOOD, {"Order number", "Paid", "Kept for you"}),
        (m.ResultKind.REFUSED, Tone.WARN, {"Order number", "Kept for you"}),
        (m.ResultKind.NOT_ENOUGH, Tone.WARN, {"Order number", "Kept for you"}),
        (m.ResultKind.NOTE_UNDER_REVIEW, Tone.WARN, {"Order number", "Kept for you"}),
    ],
)
def test_only_an_accepted_payment_is_called_paid(kind: m.ResultKind, tone: Tone, rows: set[str]) -> None:
    view = in_english(replace(DONE, result=replace(RESULT, kind=kind)))
    assert isinstance(view, DoneView)
    assert (view.tone, {row.label for row in view.rows}) == (tone, rows)
    assert plain(view.reference.value) == "000 121 745 893 100 042"


def test_nobody_is_sent_away_while_the_receipt_is_being_printed() -> None:
    view = in_english(replace(DONE, result=replace(RESULT, receipt=m.ReceiptView.PRINTING)))
    assert view.chrome.primary == ButtonView("leave", "Finish", enabled=False)
    assert view.chrome.hint == ""


def test_a_long_name_is_clipped_and_an_amount_never_is() -> None:
    order = replace(OFFER.order, payee="A" * 500, due_minor=10**14)
    view = in_english(replace(OFFER, order=order))
    assert isinstance(view, OfferView)
    assert len(view.rows[0].value) == 60
    assert view.amount.value == "€1,000,000,000,000.00"
