"""Every screen is said, in the buyer's language, and what changes on it is said as it changes."""

import itertools

import pytest
from msgspec.structs import replace

from kiosk.domain.money import EXPONENTS
from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.aloud import UNITS, amount_aloud, is_number, spelt
from kiosk.screen.glass import Glass
from kiosk.screen.hearing import heard
from kiosk.screen.presenter import present
from kiosk.screen.scenes import BUYERS, in_language
from kiosk.screen.scenes.parts import CASH, DONE, ENTRY, LANGUAGES, OFFER, SOME_CASH, WELCOME, glass, note
from kiosk.screen.scenes.services import TOP_UP_KEYS, choosing
from kiosk.screen.spoken import Heard, labels, utterances
from kiosk.screen.words import OWN_NAMES, Words


def hears(scene: Glass, focus: str = "") -> Heard:
    return heard(scene, focus)


def english(snapshot: m.Snapshot, typed: str = "") -> Glass:
    return in_language(glass(snapshot, typed), "en")


def said(before: Heard | None, now: Heard) -> list[str]:
    return [utterance.text for utterance in utterances(before, now)]


@pytest.mark.parametrize(
    ("minor", "currency", "language", "text"),
    [
        (1550, "EUR", "en", "15 euro 50 cents"),
        (1500, "EUR", "en", "15 euro"),
        (50, "EUR", "en", "50 cents"),
        (0, "EUR", "en", "0 euro"),
        (123_456_701, "EUR", "en", "1234567 euro 1 cent"),
        (2102, "BGN", "bg", "20 и един лева и две стотинки"),
        (101, "BGN", "bg", "един лев и една стотинка"),
        (1550, "EUR", "bg", "15 евро и 50 цента"),
        (2101, "RUB", "ru", "21 рубль одна копейка"),
        (2202, "RUB", "ru", "22 рубля две копейки"),
        (2505, "RUB", "ru", "25 рублей 5 копеек"),
        (1100, "USD", "ru", "11 долларов"),
        (123_112, "BGN", "bg", "1200 30 и един лева и 12 стотинки"),
    ],
)
def test_amounts_are_said_with_the_right_form_of_their_words(minor, currency, language, text) -> None:
    assert amount_aloud(minor, currency, language) == text


def test_every_currency_has_its_words_in_every_language() -> None:
    assert {language: set(table) for language, table in UNITS.items()} == {
        language: set(EXPONENTS) for language in OWN_NAMES
    }


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("482\u00a0915", "4, 8, 2, 9, 1, 5"),
        ("0020 5AZY", "0, 0, 2, 0, 5, A, Z, Y"),
        ("+359 88 ••• •123", "+, 3, 5, 9, 8, 8, covered, 1, 2, 3"),
    ],
)
def test_numbers_and_codes_are_read_sign_by_sign(text: str, signs: str) -> None:
    assert is_number(text)
    assert spelt(text, Words.of("en")) == signs


@pytest.mark.parametrize("text", ["73 euro 50 cents", "Demo Shop", "Prepaid", ""])
def test_words_and_amounts_are_not_spelt(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUYERS)
def test_every_screen_is_said_with_its_title_and_what_to_do(name: str, language: str) -> None:
    scene = in_language(BUYERS[name], language)
    view = present(scene, aloud=True)
    text = " ".join(said(None, hears(scene)))
    asked = view.dialog or view
    assert asked.title in text
    if view.dialog is None and view.chrome.primary and view.chrome.primary.enabled:
        assert view.chrome.primary.text in text
    if view.dialog is None and getattr(view, "banner", None):
        assert view.banner.text in text
    assert "€" not in text
    assert "\u00a0" not in text


def test_an_offer_is_said_with_whom_how_much_and_that_there_is_no_fee() -> None:
    (text,) = said(None, hears(english(OFFER)))
    for part in (
        "Demo Shop",
        "Ceramic tea set",
        "4, 8, 2, 9, 1, 5",
        "To pay: 73 euro 50 cents",
        "No fee",
        "Pay in cash",
    ):
        assert part in text


def test_how_keys_work_is_said_once_when_listening_begins() -> None:
    first, second = hears(english(ENTRY)), hears(english(OFFER))
    assert "arrow keys" in said(None, first)[0]
    assert "arrow keys" not in said(first, second)[0]


def test_each_digit_is_said_as_it_is_typed_and_that_it_was_erased() -> None:
    steps = [hears(english(ENTRY, typed)) for typed in ("", "4", "48", "4")]
    heard_all = [said(before, now) for before, now in itertools.pairwise(steps)]
    assert heard_all == [["4."], ["8."], ["Erased. 4."]]


def test_a_note_is_followed_as_it_goes_in() -> None:
    empty = english(CASH)
    reading, stacked = (
        english(
            replace(
                CASH,
                cash=replace(
                    CASH.cash,
                    notes=(note(5000, fate),),
                    inserted_minor=inserted,
                    left_minor=7350 - inserted,
                    can_cancel=False,
                ),
            )
        )
        for fate, inserted in ((m.NoteFate.STACKING, 0), (m.NoteFate.STACKED, 5000))
    )
    assert said(hears(empty), hears(reading)) == ["50 euro: going in."]
    (text,) = said(hears(reading), hears(stacked))
    assert "50 euro: accepted" in text
    assert "Still to put in: 23 euro 50 cents" in text


def test_a_second_note_of_the_same_value_is_news_too() -> None:
    one, two = (
        english(replace(CASH, cash=replace(CASH.cash, notes=(note(500),) * count, can_cancel=False)))
        for count in (1, 2)
    )
    assert said(hears(one), hears(two)) == ["5 euro: accepted."]


def test_nothing_is_said_where_nothing_changed_for_the_ear() -> None:
    before, now = (hears(english(replace(DONE, seconds_left=left))) for left in (28, 27))
    assert said(before, now) == []


@pytest.mark.parametrize(
    "snapshot", [ENTRY, OFFER, CASH, replace(CASH, cash=SOME_CASH), DONE], ids=lambda shown: shown.phase
)
def test_the_time_that_is_left_is_told_when_the_warning_begins_and_twice_after(snapshot: m.Snapshot) -> None:
    seconds = [*range(snapshot.warn_s + 2, -1, -1)]
    steps = [hears(english(replace(snapshot, seconds_left=left))) for left in seconds]
    told = {
        left: text
        for left, before, now in zip(seconds[1:], steps, steps[1:], strict=False)
        if (text := " ".join(said(before, now)))
    }
    assert list(told) == [snapshot.warn_s, 10, 5]
    assert all(text.endswith(f"Seconds left: {left}.") for left, text in told.items()), told


def test_with_money_in_the_warning_says_what_will_become_of_it() -> None:
    before, now = (hears(english(replace(CASH, cash=SOME_CASH, seconds_left=left)), "more_time") for left in (21, 20))
    assert "finish with what you have put in: 55 euro" in said(before, now)[0]


def test_the_control_that_has_the_focus_is_said() -> None:
    scene = english(OFFER)
    assert said(hears(scene, "cancel"), hears(scene, "confirm")) == ["Pay in cash."]


def test_a_language_is_said_in_that_language() -> None:
    (utterance,) = utterances(hears(english(WELCOME), "mode"), hears(english(WELCOME), "language:ru"))
    assert utterance.language == "ru"
    assert utterance.text.startswith("Русский")


def test_a_sign_without_a_word_has_a_name_for_the_ear() -> None:
    scene = english(ENTRY, "4")
    assert said(hears(scene), hears(scene, "erase")) == ["Erase the last character."]


def test_every_control_of_every_screen_has_something_to_say() -> None:
    for name, scene in BUYERS.items():
        silent = [role for role, text in labels(present(scene, aloud=True)).items() if not text.strip()]
        assert (name, silent) == (name, [])


def test_what_a_question_covers_is_not_said() -> None:
    (text, *_) = said(None, hears(english(replace(OFFER, seconds_left=9))))
    assert "Are you still here?" in text
    assert "Demo Shop" not in text


def test_the_language_changes_and_all_is_said_anew() -> None:
    before, now = hears(english(OFFER)), hears(in_language(glass(OFFER), "bg"))
    assert "Ceramic tea set" in " ".join(said(before, now))


def test_what_is_typed_into_a_field_is_said_too() -> None:
    scene = in_language(choosing(*TOP_UP_KEYS), "en")
    after, _ = glasses.touched(scene, "key:8")
    assert said(hears(scene), hears(after))[0].startswith("8.")
