"""Sums are read off the paper as printed and added by hand."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.receipt_printer.document import Pair
from kiosk.domain.receipts import BoxContents
from kiosk.settings import LANGUAGES
from kiosk.slips import render
from tests.support.slips import IN_BGN, STATIONERY, WIDTHS, amounts_after, notes_on, paper, sample_of

RECEIPTS = ("payment_accepted", "payment_later", "refused_after_cash", "not_enough", "note_under_review")
PLACES = (
    "Payments",
    "Kept under codes",
    "Paid out or settled",
    "Of no known buyer",
    "Test money",
    "Of the present buyer",
)


def one(lines, language, message):
    (amount,) = amounts_after(lines, language, message)
    return amount


def some(lines, language, message):
    return sum(amounts_after(lines, language, message))


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", RECEIPTS)
def test_notes_make_what_was_inserted_and_that_is_credited_or_kept(kind, language, columns):
    lines = paper(sample_of(kind, language), columns)
    notes = notes_on(lines, language)
    assert all(value * count == total for value, count, total in notes)
    inserted = one(lines, language, "Inserted")
    assert sum(total for _, _, total in notes) == inserted
    credited = some(lines, language, "Credited") + some(lines, language, "To be credited")
    assert inserted == credited + some(lines, language, "Kept for you")


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["code_payment", "code_payment_later", "code_payment_refused"])
def test_what_was_under_a_code_is_credited_or_left_under_it(kind, language, columns):
    lines = paper(sample_of(kind, language), columns)
    credited = some(lines, language, "Credited") + some(lines, language, "To be credited")
    left = some(lines, language, "Left under the code") + some(lines, language, "Then under the code")
    assert one(lines, language, "Under the code before") == credited + left
    assert left > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_leftover_what_was_inserted_is_credited_or_kept(language):
    lines = paper(sample_of("leftover", language), 32)
    kept = one(lines, language, "Kept for you")
    assert one(lines, language, "Inserted") == one(lines, language, "Credited") + kept
    assert kept > 0


def check_box(lines, language):
    notes = notes_on(lines, language)
    assert all(value * count == total for value, count, total in notes)
    box, books = amounts_after(lines, language, "In all")
    assert sum(total for _, _, total in notes) == box == books
    assert sum(some(lines, language, place) for place in PLACES) == box
    waiting = one(lines, language, "- confirmed") + one(lines, language, "- waiting")
    assert one(lines, language, "Payments") == waiting


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["x_report", "collection"])
def test_notes_make_the_box_and_every_unit_of_it_is_in_one_place(kind, language, columns):
    check_box(paper(sample_of(kind, language), columns), language)


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.sampled_from([500, 1000, 2000, 5000, 10_000, 20_000, 50_000]), st.integers(1, 3000), min_size=1),
    st.lists(st.integers(0, 100), min_size=5, max_size=5),
    st.sampled_from(LANGUAGES),
)
def test_any_box_that_adds_up_is_printed_so_that_it_adds_up(notes, parts, language):
    total = sum(value * count for value, count in notes.items())
    shares = [total * part // (sum(parts) + 1) // 100 * 100 for part in parts]
    box = BoxContents(
        currency="EUR",
        notes=tuple(sorted(notes.items())),
        confirmed_minor=total - sum(shares),
        queued_minor=shares[0],
        unallocated_minor=shares[1],
        redeemed_minor=shares[2],
        orphan_minor=shares[3],
        test_minor=shares[4],
        open_minor=0,
        suspense_minor=0,
        suspense_notes=0,
        ever_notes=10**6,
        ever_minor=10**11,
    )
    lines = paper(sample_of("collection", language, boxes=(box,)), 32)
    check_box(lines, language)
    assert not any("DIFFERENCE" in line for line in lines)


def test_a_box_that_does_not_add_up_says_by_how_much_and_that_it_must_be_counted():
    box = replace(sample_of("x_report").boxes[0], confirmed_minor=0)
    data = sample_of("x_report", boxes=(box,))
    lines = paper(data)
    assert one(lines, "en", "DIFFERENCE") == box.stacked_minor - box.placed_minor == 171_000
    assert any(line.startswith("The sum is") and line.endswith("to be counted") for line in lines)


def test_two_currencies_in_one_box_are_two_sums():
    euro = sample_of("x_report").boxes[0]
    rouble = replace(euro, currency="RUB")
    lines = [line.replace("RUB", "EUR") for line in paper(sample_of("x_report", boxes=(euro, rouble)))]
    assert len(amounts_after(lines, "en", "In all")) == 4


@pytest.mark.parametrize(("counted", "over"), [(219_000, 5000), (214_000, 0), (209_000, -5000)])
def test_a_count_by_hand_is_compared_with_the_notes(counted, over):
    box = replace(sample_of("collection").boxes[0], counted_minor=counted)
    lines = paper(sample_of("collection", boxes=(box,)))
    assert one(lines, "en", "Counted by hand") == counted
    assert one(lines, "en", "Over (+) or short (-)") == over


@pytest.mark.parametrize(
    ("minor", "told"), [(7000, "136.91"), (1, "0.02"), (9999, "195.56"), (100_000_000, "1,955,830.00")]
)
def test_the_second_currency_is_the_exact_rate_rounded_half_up_once(minor, told):
    data = sample_of("payment_accepted", amount_minor=minor)
    pairs = [element for element in render(data, 42, IN_BGN).elements if isinstance(element, Pair)]
    (second,) = [pair for pair in pairs if pair.label == "1 EUR = 1.95583 BGN"]
    assert second.value == f"{told} BGN"


def test_without_a_second_currency_nothing_is_said_of_one():
    assert "BGN" not in "\n".join(paper(sample_of("payment_accepted"), 42, STATIONERY))
