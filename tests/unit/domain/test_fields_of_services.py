"""What may be typed, how it is laid out, what of it may be shown: for any mask and any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.catalogue import SLOTS, Choice, Field, FieldKind, longest, service_of
from kiosk.domain.fields import (
    COVER,
    Fault,
    account_of,
    check_field,
    covered,
    formatted,
    is_discreet,
    is_filled_in,
    may_follow,
    shown,
)
from tests.support.catalogue import CATALOGUE, PHONE_SHOWN, PHONE_TYPED

TOP_UP, WATER, INTERNET = (service_of(CATALOGUE, name) for name in ("top-up", "water", "internet"))
PHONE = TOP_UP.fields[0]

KEYS = {"#": "0123456789", "A": "abzАЯйß", "*": "0aЯ -."}
masks = st.text("#A*+359 -()X", max_size=20)
kinds = st.sampled_from([kind for kind in FieldKind if kind is not FieldKind.CHOICE])


def field(kind=FieldKind.DIGITS, mask="", least=1, most=20, *, personal=False, choices=()):
    return Field("f", kind, {}, {}, mask, least, most, personal, choices)


def typed_by_rule(field, keys):
    """What is on the glass when somebody hits these keys and the field takes what it takes."""
    text = ""
    for key in keys:
        text += key if may_follow(field, text, key) else ""
    return text


@given(kinds, masks, st.text(st.characters(), max_size=30))
def test_what_a_field_lets_somebody_type_is_only_ever_too_short(kind, mask, keys):
    asked = field(kind, mask, least=3, most=12)
    fault = check_field(asked, typed_by_rule(asked, keys))
    assert fault in {None, Fault.TOO_SHORT, Fault.NO_ADDRESS}


@given(kinds, masks, st.text(st.characters(), max_size=30))
def test_a_text_that_passes_could_have_been_typed(kind, mask, text):
    asked = field(kind, mask, least=0, most=12)
    if check_field(asked, text) is None:
        assert typed_by_rule(asked, text) == text
        assert len(text) <= longest(asked)


@given(masks.filter(lambda mask: SLOTS & set(mask)), st.data())
def test_laying_out_adds_what_stands_in_the_mask_and_loses_nothing(mask, data):
    slots = [sign for sign in mask if sign in SLOTS]
    count = data.draw(st.integers(0, len(slots)))
    text = "".join(data.draw(st.sampled_from(KEYS[sign])) for sign in slots[:count])
    asked = field(FieldKind.TEXT, mask, least=0)
    assert check_field(asked, text) is None
    whole = formatted(asked, text, blank="_")
    assert len(whole) == len(mask)
    assert whole.startswith(formatted(asked, text))
    rest = iter(text)
    for sign, laid in zip(mask, whole, strict=True):
        assert laid == (next(rest, "_") if sign in SLOTS else sign)


@given(st.text(st.characters(categories=["L", "N"]), max_size=40))
def test_what_is_covered_keeps_its_length_and_hides_the_middle(text):
    hidden = covered(text)
    assert len(hidden) == len(text)
    assert hidden.count(COVER) * 3 >= len(text)
    assert all(shown in {real, COVER} for shown, real in zip(hidden, text, strict=True))


@pytest.mark.parametrize(
    ("text", "laid"),
    [("", "+359 "), ("8", "+359 8"), ("88", "+359 88 "), ("881234123", "+359 88 123 4123")],
)
def test_a_number_is_laid_out_as_it_is_typed(text, laid):
    assert formatted(PHONE, text) == laid


def test_the_rest_of_a_mask_can_be_shown_blank():
    assert formatted(PHONE, "881", blank="_") == "+359 88 1__ ____"


@pytest.mark.parametrize(
    ("asked", "text", "fault"),
    [
        (PHONE, "881234123", None),
        (PHONE, "88123412", Fault.TOO_SHORT),
        (PHONE, "8812341234", Fault.TOO_LONG),
        (PHONE, "88123412x", Fault.WRONG_CHARACTER),
        (PHONE, "８８１２３４１２３", Fault.WRONG_CHARACTER),
        (field(FieldKind.PHONE), "+359881234123", None),
        (field(FieldKind.PHONE), "35+9", Fault.WRONG_CHARACTER),
        (field(FieldKind.DIGITS), "12 34", Fault.WRONG_CHARACTER),
        (field(FieldKind.DIGITS, least=0), "", None),
        (field(FieldKind.TEXT), "Иван Петров", None),
        (field(FieldKind.TEXT), "a\nb", Fault.WRONG_CHARACTER),
        (field(FieldKind.TEXT, "A##"), "К12", None),
        (field(FieldKind.TEXT, "A##"), "112", Fault.WRONG_CHARACTER),
        (field(FieldKind.EMAIL), "a@b", None),
        (field(FieldKind.EMAIL), "a.b", Fault.NO_ADDRESS),
        (field(FieldKind.EMAIL), "a@b@c", Fault.NO_ADDRESS),
        (field(FieldKind.EMAIL), "a b@c", Fault.WRONG_CHARACTER),
        (INTERNET.fields[1], "12", None),
        (INTERNET.fields[1], "2", Fault.NOT_A_CHOICE),
        (INTERNET.fields[1], "", Fault.NOT_A_CHOICE),
        (field(FieldKind.CHOICE, least=0, choices=(Choice("1", {}),)), "", None),
    ],
)
def test_each_fault_has_a_name(asked, text, fault):
    assert check_field(asked, text) is fault


def test_every_field_has_to_be_there_once_and_in_order():
    both = (("customer", "1234567"), ("months", "1"))
    assert is_filled_in(INTERNET, both)
    assert not is_filled_in(INTERNET, both[::-1])
    assert not is_filled_in(INTERNET, both[:1])
    assert not is_filled_in(INTERNET, (*both, both[0]))


def test_what_is_personal_is_shown_in_part_and_what_is_not_in_whole():
    assert shown(PHONE, "881234123") == PHONE_SHOWN
    assert shown(WATER.fields[0], "1234567") == "123-4567"


def test_an_account_is_what_was_typed_or_else_what_was_chosen():
    assert account_of(INTERNET, (("customer", "1234567"), ("months", "12"))) == "123-4567"
    assert account_of(TOP_UP, PHONE_TYPED) == PHONE_SHOWN


@pytest.mark.parametrize(
    ("said", "discreet"),
    [(PHONE_SHOWN, True), ("881234123", False), ("0 88-12.34/123", False), ("Top-up", True), ("", True)],
)
def test_a_payee_that_repeats_what_is_personal_is_noticed_however_it_writes_it(said, discreet):
    assert is_discreet(TOP_UP, PHONE_TYPED, said) is discreet


def test_an_account_that_is_not_personal_may_be_repeated():
    assert is_discreet(WATER, (("customer", "1234567"),), "1234567")
