from dataclasses import replace

import pytest

from kiosk.domain.catalogue import FieldKind
from kiosk.domain.codes import ALPHABET
from kiosk.screen import keyboards
from kiosk.screen.keyboards import ALPHABETS, COLUMNS, Row, layout_of, layouts_for, needs_letters
from kiosk.screen.scenes.stock import CUSTOMER, MAIL, NAME, PERIOD, PHONE, PLATE
from kiosk.screen.words import OWN_NAMES

LETTERS = {
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "en": "abcdefghijklmnopqrstuvwxyz",
}
ALL = ("bg", "ru", "en")
BOARDS = {
    **{language: keyboards.text_keyboard(language, ALL, "Space", "Clear") for language in ALL},
    "alone": keyboards.text_keyboard("en", ("en",), "Space", "Clear"),
    "mail": keyboards.email_keyboard("Clear"),
    "code": keyboards.code_keyboard("Clear"),
}


def typed(rows: tuple[Row, ...]) -> list[str]:
    return [key.role.partition(":")[2] for row in rows for key in row if key.role.startswith("key:")]


@pytest.mark.parametrize("language", OWN_NAMES)
def test_every_letter_of_the_language_has_one_key(language: str) -> None:
    assert sorted("".join(ALPHABETS[language])) == sorted(LETTERS[language])


@pytest.mark.parametrize("board", BOARDS)
def test_no_row_is_wider_than_the_board_and_no_key_is_there_twice(board: str) -> None:
    rows = BOARDS[board]
    assert max(sum(key.span for key in row) for row in rows) == COLUMNS
    roles = [key.role for row in rows for key in row]
    assert len(roles) == len(set(roles))
    assert {"erase", "erase_all"} <= set(roles)
    assert set("0123456789") <= set(typed(rows))


def test_a_code_s_keyboard_has_what_a_code_is_made_of_and_nothing_else() -> None:
    assert sorted(typed(BOARDS["code"])) == sorted(ALPHABET)


def test_an_address_is_typed_in_small_letters_with_its_signs() -> None:
    assert set(typed(BOARDS["mail"])) == set(LETTERS["en"]) | set("0123456789@.-_+")


def test_text_is_typed_in_capitals_and_every_other_layout_is_one_touch_away() -> None:
    assert set(LETTERS["bg"].upper()) <= set(typed(BOARDS["bg"]))
    assert [key.role for key in BOARDS["bg"][-1] if key.role.startswith("layout")] == ["layout:ru", "layout:en"]
    assert not [key for key in BOARDS["alone"][-1] if key.role.startswith("layout")]


def test_the_buyers_own_layout_comes_first_and_latin_letters_are_always_there() -> None:
    assert layouts_for(("bg", "ru")) == ("bg", "ru", "en")
    assert layouts_for(("en", "xx")) == ("en",)
    assert [layout_of(chosen, ALL, "bg") for chosen in ("", "ru", "xx")] == ["bg", "ru", "bg"]
    assert layout_of("", ("bg", "en"), "xx") == "en"


def test_letters_are_offered_where_digits_are_not_enough() -> None:
    lettered = [NAME, MAIL, PLATE, replace(CUSTOMER, mask="A##-####"), replace(NAME, mask="**")]
    numbered = [CUSTOMER, PHONE, replace(NAME, mask="####"), replace(CUSTOMER, mask="", kind=FieldKind.DIGITS), PERIOD]
    assert [needs_letters(field) for field in lettered] == [True] * len(lettered)
    assert [needs_letters(field) for field in numbered] == [False] * len(numbered)
