"""Claim codes: sixteen characters that survive a buyer's handwriting."""

import contextlib
import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import codes


def sign(message):
    return hashlib.sha512(b"key" + message).digest()


def other_sign(message):
    return hashlib.sha512(b"another key" + message).digest()


CODE = codes.mint("0042", 1234, sign)


@given(st.integers(0, 9999), st.integers(1, codes.SERIAL_MAX))
def test_a_code_names_its_terminal_and_visit(terminal, serial):
    found = codes.parse(codes.mint(f"{terminal:04d}", serial, sign))
    assert (found.terminal_number, found.serial) == (f"{terminal:04d}", serial)


def test_a_visit_has_one_code_for_ever_and_no_other_key_makes_it():
    assert codes.mint("0042", 1234, sign) == CODE
    assert codes.mint("0042", 1234, other_sign) != CODE
    assert len(CODE) == 16


def test_it_is_read_as_people_write_it():
    assert codes.parse(codes.in_groups(CODE)).text == CODE
    assert codes.parse(CODE.lower().replace("1", "l").replace("0", "o")).text == CODE
    assert codes.in_groups(CODE).count(" ") == 3


def test_every_single_wrong_character_is_noticed():
    for place, wrong in itertools.product(range(16), codes.ALPHABET):
        if wrong != CODE[place]:
            with pytest.raises(codes.CodeError):
                codes.parse(CODE[:place] + wrong + CODE[place + 1 :])


@given(st.data())
def test_every_two_wrong_characters_are_noticed(data):
    first, second = data.draw(st.lists(st.integers(0, 15), min_size=2, max_size=2, unique=True))
    typed = list(CODE)
    for place in (first, second):
        typed[place] = data.draw(st.sampled_from([c for c in codes.ALPHABET if c != CODE[place]]))
    with pytest.raises(codes.CodeError):
        codes.parse("".join(typed))


def test_every_swapped_pair_is_noticed():
    for a, b in itertools.combinations(range(16), 2):
        typed = list(CODE)
        typed[a], typed[b] = typed[b], typed[a]
        if typed != list(CODE):
            with pytest.raises(codes.CodeError):
                codes.parse("".join(typed))


@pytest.mark.parametrize(
    ("typed", "said"), [("", "16 characters"), (CODE[:15], "this one has 15"), ("U" * 16, "never contains U")]
)
def test_what_is_wrong_is_said(typed, said):
    with pytest.raises(codes.CodeError, match=said):
        codes.parse(typed)


@given(st.text())
def test_any_text_is_a_code_or_an_error(text):
    with contextlib.suppress(codes.CodeError):
        assert codes.parse(text).text


@given(st.text())
def test_any_scan_is_a_statement_or_an_error(text):
    with contextlib.suppress(codes.CodeError):
        codes.read_statement(text)


def test_a_statement_carries_the_amount_under_the_whole_signature():
    text = codes.statement(CODE, 3000, "EUR", 1_790_000_000, sign)
    found = codes.read_statement(text)
    assert (found.code.text, found.amount_minor, found.currency, found.issued_s) == (CODE, 3000, "EUR", 1_790_000_000)
    assert found.signature == sign(found.signed)
    forged = codes.read_statement(text.replace("*3000*", "*9000*"))
    assert forged.signature != sign(forged.signed)


def test_a_terminal_that_has_minted_all_its_codes_says_so():
    with pytest.raises(codes.CodeError, match="new number"):
        codes.mint("0042", codes.SERIAL_MAX + 1, sign)
