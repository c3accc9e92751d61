from pathlib import Path

import pytest

from kiosk.slips import words
from kiosk.slips.words import LOCALE_FOLDER, NO_BREAK, read_words
from tests.support.slips import STATIONERY, paper, sample_of

GOLDEN = Path(__file__).parent / "golden"
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", {0: "0 banknotes", 1: "1 banknote", 2: "2 banknotes", 1234: "1,234 banknotes"}),
        ("bg", {0: "0 банкноти", 1: "1 банкнота", 2: "2 банкноти", 21: "21 банкноти"}),
        (
            "ru",
            {
                0: "0 купюр",
                1: "1 купюра",
                2: "2 купюры",
                5: "5 купюр",
                11: "11 купюр",
                21: "21 купюра",
                112: "112 купюр",
            },
        ),
    ],
)
def test_numbers_of_things_take_the_right_form(language, counts):
    for number, said in counts.items():
        counted = STATIONERY.words[language].count(number, "{count} banknote", "{count} banknotes")
        assert counted == said.replace(" ", NO_BREAK)


def test_amounts_times_and_numbers_read_as_people_write_them():
    assert words.amount(123_456, "EUR", "en") == "1,234.56\xa0EUR"
    assert words.amount(123_456, "EUR", "bg") == "1\xa0234,56\xa0EUR"
    assert words.amount(-50, "EUR", "ru") == "-0,50\xa0EUR"
    assert words.face_value(5000, "RUB", "ru") == "50\xa0RUB"
    assert words.face_value(50, "EUR", "en") == "0.50\xa0EUR"
    at_us = 1_795_000_000_000_000
    assert words.moment(at_us, "Europe/Sofia", "bg") == "18.11.2026 13:06:40 +02:00"
    assert words.moment(at_us, "Europe/Moscow", "ru") == "18.11.2026 14:06:40 +03:00"
    assert words.moment(at_us, "UTC", "en") == "18 Nov 2026 11:06:40 +00:00"
    assert words.moment(at_us, "UTC", "fr") == "2026-11-18 11:06:40 +00:00"


@pytest.mark.parametrize("language", ["bg", "ru"])
def test_both_catalogues_say_the_same_things_and_nothing_twice(language):
    text = (LOCALE_FOLDER / f"{language}.po").read_text()
    ids = [line for line in text.splitlines() if line.startswith("msgid ")]
    assert len(ids) == len(set(ids))
    other = STATIONERY.words[{"bg": "ru", "ru": "bg"}[language]].entries
    assert set(STATIONERY.words[language].entries) == set(other)
    assert all(form for forms in STATIONERY.words[language].entries.values() for form in forms)


def test_every_message_in_the_catalogues_stands_on_some_slip():
    templates = "".join(element.content for template in STATIONERY.templates.values() for element in template.elements)
    code = "".join(file.read_text() for file in LOCALE_FOLDER.parent.glob("*.py"))
    unused = [
        message for message in STATIONERY.words["bg"].entries if message not in templates and f'"{message}"' not in code
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("msgid x\n", "bg.po: "),
        (HEAD + 'msgid "For {x}"\nmsgstr "За {y}"\n', '"За {y}": {y} is not in the English "For {x}"'),
        (HEAD + 'msgid "For {x}"\nmsgstr "За"\n', '"За": {x} of the English "For {x}" is missing'),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_named(tmp_path, content, fault):
    (tmp_path / "bg.po").write_text(content)
    _, faults = read_words("bg", [tmp_path / "bg.po"])
    assert any(fault in line for line in faults), faults


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.txt")), ids=lambda file: file.stem)
def test_a_slip_looks_as_it_did_when_it_was_looked_at(golden):
    """Written by `scripts/slip_pictures.py`, looked at by a person, to the blank."""
    kind, language, columns = golden.stem.split("-")
    assert "\n".join(paper(sample_of(kind, language), int(columns))) + "\n" == golden.read_text()
