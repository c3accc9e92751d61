"""Every kind × every language × every width of paper, read as it comes out of the twin."""

import re

import pytest

from drivers.receipt_printer.document import Cut, Pair, Qr, Text
from kiosk.domain.receipts import DATA_TYPES, FIRST_HASH, Doubt, SlipKind, collection_hash
from kiosk.settings import LANGUAGES
from kiosk.slips import render
from kiosk.slips.fields import DOUBTS, FIELDS, OBLIGATORY, REASONS, ROLES, TITLES, VERDICTS
from kiosk.slips.samples import sample
from kiosk.slips.setting import width
from kiosk.slips.verification import LETTERS
from tests.support.slips import (
    IN_BGN,
    STATIONERY,
    WIDTHS,
    amounts_after,
    kinds_and_languages,
    paper,
    sample_of,
    say,
    twin_of,
)

#: Latin letters that stand on slips in Cyrillic too: ids, currencies, names of the world.
LATIN = {"EUR", "Kiosk", "Example", "Street", "Sofia", "CCNET", "GB", "generic", "kiosk", "BX", "orphan", "unallocated"}
MESSAGES_OF_CODE = {*TITLES.values(), *ROLES.values(), *DOUBTS.values(), *VERDICTS.values(), *REASONS.values()}


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(("kind", "language"), kinds_and_languages())
def test_it_fits_and_says_what_every_slip_must(kind, language, columns):
    data = sample(kind, language)
    lines = paper(data, columns)
    assert all(len(line) <= columns for line in lines)
    assert not any(sign in line for line in lines for sign in ("?�\xa0" if kind is SlipKind.TEST_PAGE else "?�\xa0*"))
    text = "\n".join(lines)
    for needed in (
        "Плащания ЕООД",
        data.terminal_name,
        "0001",
        "117",
        "18",
        "2026 13:06:40 +02:00",
        "4711:9f2e6d33a3717ee8",
    ):
        assert needed in text
    assert "{" not in text


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(("kind", "language"), kinds_and_languages())
def test_no_word_is_cut_and_no_value_is_torn(kind, language, columns):
    document = render(sample(kind, language), columns, IN_BGN)
    assert isinstance(document.elements[-1], Cut)
    for element in document.elements:
        match element:
            case Text(text=text, double=double):
                assert width(text) <= (columns // 2 if double else columns), text
            case Pair(label=label, value=value):
                assert max(width(label), width(value)) <= columns
                assert width(label) + 1 + width(value) <= columns or " " not in value.replace("EUR", "")


@pytest.mark.parametrize("language", ["bg", "ru"])
@pytest.mark.parametrize("kind", list(SlipKind))
def test_nothing_english_is_left_on_a_slip_in_another_language(kind, language):
    text = "\n".join(paper(sample(kind, language), 48))
    if kind is SlipKind.TEST_PAGE:
        text = re.sub(r"(?i)abcdefghijklmnopqrstuvwxyz", "", text)
    assert set(re.findall(r"\b[A-Za-z]{2,}\b", text)) <= LATIN


@pytest.mark.parametrize("language", ["bg", "ru"])
def test_every_message_of_the_code_is_translated(language):
    assert all(STATIONERY.words[language].entries.get(message) for message in MESSAGES_OF_CODE)


@pytest.mark.parametrize(("kind", "language"), kinds_and_languages())
def test_a_copy_says_so_in_large_letters(kind, language):
    word = say(language, "COPY")
    assert not any(word in line for line in paper(sample(kind, language)))
    document = render(sample(kind, language, copy=True), 32, STATIONERY)
    assert any(isinstance(element, Text) and element.double and element.text == word for element in document.elements)


def test_every_kind_has_a_type_fields_letters_and_obligations():
    for table in (DATA_TYPES, FIELDS, OBLIGATORY, LETTERS, TITLES):
        assert set(table) == set(SlipKind)
    for kind in SlipKind:
        assert type(sample(kind, "en")) is DATA_TYPES[kind]
        assert sample(kind, "en").kind is kind


@pytest.mark.parametrize("kind", ["payment_accepted", "payment_later", "refused_after_cash", "leftover"])
def test_a_buyers_slip_is_small_enough_for_a_printers_buffer(kind):
    for language in LANGUAGES:
        assert len(twin_of(sample_of(kind, language))[1]) <= 2048


@pytest.mark.parametrize(("columns", "printed"), [(32, ["0020 01AF", "AR1J D9YQ"]), (42, ["0020 01AF AR1J D9YQ"])])
def test_the_claim_code_is_as_large_as_the_paper_allows(columns, printed):
    elements = render(sample_of("not_enough"), columns, STATIONERY).elements
    large = [element.text for element in elements if isinstance(element, Text) and element.double]
    assert large[-len(printed) :] == printed


def test_words_that_do_not_fit_beside_their_label_follow_it():
    data = sample_of("payment_accepted", payee="The long name of a payee who has much to say of itself")
    lines = paper(data, 32)
    assert "Payee: The long name of a payee" in lines
    assert "who has much to say of itself" in lines


def test_what_is_not_there_leaves_no_empty_label():
    lines = paper(sample_of("payment_accepted", description="", reference=""))
    assert not any(line.startswith(("For", "Reference", "Kept", "Under review")) for line in lines)


@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [
        ("payment_later", {"leftover_minor": 0}, "If the payee does not have the money"),
        ("payment_later", {}, "To get back the money that is"),
        ("note_under_review", {}, "To learn what became of your"),
        ("payment_accepted", {"under_review_minor": 5000}, "where a banknote of yours is"),
    ],
)
def test_the_code_is_explained_by_what_it_is_for(kind, changes, sentence):
    assert sentence in " ".join(paper(sample_of(kind, **changes), 42))


def test_a_box_taken_with_nobody_signed_in_is_said_to_be():
    assert any("NOBODY SIGNED IN" in line for line in paper(sample_of("collection", attended=False)))
    assert not any("NOBODY SIGNED IN" in line for line in paper(sample_of("collection")))


def test_a_sum_is_called_exact_only_when_nothing_is_in_doubt():
    exact = sample_of("x_report")
    assert any(re.fullmatch("The sum is +exact", line) for line in paper(exact))
    doubtful = sample_of("x_report", doubts=(Doubt.POWER_CUT,))
    text = "\n".join(paper(doubtful))
    assert re.search("The sum is +to be counted", text)
    assert "- the power failed while a banknote was moving" in text.replace("\n", " ")


def test_collection_slips_form_a_chain_and_a_copy_is_the_same_link():
    first = sample_of("collection", serial=1, previous_hash=FIRST_HASH)
    second = sample_of("collection", serial=2, previous_hash=collection_hash(first))
    assert f"1:{collection_hash(first)[:16]}" in "\n".join(paper(second))
    changes = {"copy": True, "slip_number": 118, "sheet": 2, "people": first.people}
    copy = sample_of("collection", "ru", serial=1, previous_hash=FIRST_HASH, **changes)
    assert collection_hash(copy) == collection_hash(first)
    assert collection_hash(first) != collection_hash(
        sample_of("collection", serial=1, previous_hash=FIRST_HASH, bag="S-1")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_service_report_names_every_part_its_verdict_and_what_to_do(language):
    data = sample_of("service_report", language)
    text = "\n".join(paper(data, 48))
    for check in data.checks:
        assert say(language, VERDICTS[check.verdict]) in text
        assert check.finding.split(";")[0] in text
        assert not check.next_step or f"-> {check.next_step}" in text


def test_a_picture_and_one_code_stand_on_every_slip():
    for kind in SlipKind:
        assert sum(isinstance(element, Qr) for element in render(sample(kind, "bg"), 42, STATIONERY).elements) == 1


ALL_PAID_OUT = {"paid_out_minor": 7000, "claim_code": "", "claim_qr": ""}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_says_what_was_paid_out_since_and_offers_no_code_for_nothing(language):
    lines = paper(sample_of("refused_after_cash", language, **ALL_PAID_OUT))
    assert amounts_after(lines, language, "Kept for you") == [7000]
    assert amounts_after(lines, language, "Paid out against the code") == [7000]
    assert amounts_after(lines, language, "Still kept for you") == []
    claim = say(language, "To get back the money that is kept, give this code to support:").split()[-1]
    assert claim not in " ".join(lines)


def test_what_is_paid_out_is_not_promised_any_more():
    text = " ".join(paper(sample_of("refused_after_cash", **ALL_PAID_OUT), 48))
    assert "Your money was kept and has been paid out." in text
    assert "will be given back" not in text
    assert "give this code" not in text


def test_of_two_claims_one_paid_out_the_rest_is_still_offered():
    lines = paper(sample_of("refused_after_cash", paid_out_minor=3000), 48)
    assert amounts_after(lines, "en", "Still kept for you") == [4000]
    text = " ".join(lines)
    assert "will be given back" in text
    assert "give this code" in text
