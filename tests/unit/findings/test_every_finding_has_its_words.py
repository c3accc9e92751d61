import string

import pytest

from kiosk.domain.findings import FactCode, FindingCode, finding, verdict_of, worst
from kiosk.domain.receipts import Device, Verdict
from kiosk.findings import FindingWords
from kiosk.findings.names import DEVICES, FACT_NAMES, LIGHTS
from kiosk.findings.sentences import SENTENCES
from kiosk.findings.words import FOLDER, LANGUAGES, catalogue
from kiosk.settings import LANGUAGES as KIOSK_LANGUAGES

SAID = {text for said in SENTENCES.values() for text in (said.found, said.next_step) if text}
SAID |= {*FACT_NAMES.values(), *DEVICES.values(), *LIGHTS.values()}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_a_sentence_and_every_part_a_name() -> None:
    assert set(SENTENCES) == set(FindingCode)
    assert set(FACT_NAMES) == set(FactCode)
    assert set(DEVICES) == set(Device)
    assert set(LIGHTS) == set(Verdict)


def test_there_is_a_catalogue_for_every_language_a_kiosk_may_be_set_to() -> None:
    assert set(LANGUAGES) == set(KIOSK_LANGUAGES) == {folder.name for folder in FOLDER.iterdir()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_no_translation_is_left_over(language: str) -> None:
    assert set(catalogue(language)) == SAID


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_blanks_of_its_original(language: str) -> None:
    assert [text for text, said in catalogue(language).items() if blanks(text) != blanks(said)] == []


@pytest.mark.parametrize("language", ["bg", "ru"])
def test_what_is_translated_is_not_the_english_text(language: str) -> None:
    assert [text for text, said in catalogue(language).items() if text == said] == []


def test_what_is_wrong_or_odd_says_what_to_do_about_it() -> None:
    grave = {code for code in FindingCode if verdict_of(code) in {Verdict.WARNING, Verdict.BAD}}
    assert {code for code in grave if not SENTENCES[code].next_step} == set()


def test_what_is_well_asks_nothing_of_anybody() -> None:
    well = {code for code in FindingCode if verdict_of(code) is Verdict.GOOD}
    assert {code for code in well if SENTENCES[code].next_step} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_stand_in_their_places_whatever_they_are(language: str) -> None:
    found = finding(FindingCode.OUTBOX_WAITS, count=3, minutes=17)
    words = FindingWords.of(language)
    said = words.found(found.code, found.values)
    assert "3" in said
    assert "17" in said
    assert "{" not in said
    assert "{x}" in words.found(FindingCode.JOURNAL_BROKEN, (("cause", "{x}"),))


def test_a_code_of_another_version_is_shown_as_it_is() -> None:
    assert FindingWords.of("bg").found("warp_core_cold") == "warp_core_cold"
    assert FindingWords.of("bg").next_step("warp_core_cold") == ""
    assert FindingWords.of("eo").light(Verdict.GOOD) == "in order"


def test_the_gravest_finding_is_the_light_and_ignorance_dims_only_what_is_otherwise_dark() -> None:
    assert worst([]) is Verdict.UNKNOWN
    assert worst([Verdict.UNKNOWN]) is Verdict.UNKNOWN
    assert worst([Verdict.GOOD, Verdict.UNKNOWN]) is Verdict.GOOD
    assert worst([Verdict.GOOD, Verdict.WARNING, Verdict.UNKNOWN]) is Verdict.WARNING
    assert worst([Verdict.BAD, Verdict.WARNING, Verdict.GOOD]) is Verdict.BAD
