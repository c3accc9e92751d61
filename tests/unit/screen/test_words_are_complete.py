import ast
import string
from pathlib import Path

import pytest
from PIL import ImageFont

from kiosk import screen
from kiosk.link import messages as m
from kiosk.screen import phrases
from kiosk.screen.amounts import SYMBOLS
from kiosk.screen.keyboards import ALPHABETS
from kiosk.screen.words import FOLDER, OWN_NAMES, Words, catalogue, counted, form_of
from kiosk.settings import LANGUAGES

HOME = Path(screen.__file__).parent
SPEAKERS = {"say", "mark"}
NOT_A_GLYPH = "\ue9f9"  #: private use: drawn as the font's box for what it does not have


def said_in_code() -> set[str]:
    found = set()
    for file in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in SPEAKERS:
                    found.add(str(node.args[0].value))
    return found


def counted_in_code() -> set[tuple[str, str]]:
    calls = [node for file in HOME.glob("*.py") for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    named = [node for node in calls if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "many"]
    return {(str(node.args[0].value), str(node.args[1].value)) for node in named}  # type: ignore[attr-defined]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_there_is_a_catalogue_for_every_language_a_kiosk_may_be_set_to() -> None:
    assert set(LANGUAGES) == set(OWN_NAMES) == {folder.name for folder in FOLDER.iterdir()}


@pytest.mark.parametrize("language", OWN_NAMES)
def test_every_text_is_translated_and_no_translation_is_left_over(language: str) -> None:
    assert set(catalogue(language)) == said_in_code()


@pytest.mark.parametrize("language", OWN_NAMES)
def test_a_translation_has_the_blanks_of_its_original(language: str) -> None:
    assert [text for text, said in catalogue(language).items() if blanks(text) != blanks(said)] == []


@pytest.mark.parametrize(("language", "forms"), [("en", 2), ("bg", 2), ("ru", 3)])
def test_every_counted_text_has_all_the_forms_its_language_has(language: str, forms: int) -> None:
    assert set(counted(language)) == counted_in_code()
    assert {len(said) for said in counted(language).values()} == {forms}
    assert {form_of(language)(count) for count in range(200)} == set(range(forms))
    assert [
        said for said in counted(language).values() if any(blanks(form) != {"count"} or not form for form in said)
    ] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["0 more digits", "1 more digit", "2 more digits", "21 more digits"]),
        ("bg", ["Още 0 цифри", "Още 1 цифра", "Още 2 цифри", "Още 21 цифри"]),
        ("ru", ["Ещё 0 цифр", "Ещё 1 цифра", "Ещё 2 цифры", "Ещё 21 цифра"]),
    ],
)
def test_counts_are_said_as_the_language_says_them(language: str, said: list[str]) -> None:
    say = Words.of(language)
    assert [say.many("{count} more digit", "{count} more digits", count) for count in (0, 1, 2, 21)] == said
    assert [say.many("{count} cow", "{count} cows", count) for count in (1, 5)] == ["1 cow", "5 cows"]


def test_bulgarian_and_russian_are_written_in_cyrillic() -> None:
    def latin(text: str) -> set[str]:
        return {letter for letter in text if letter.isascii() and letter.isalpha()}

    for language in ("bg", "ru"):
        texts = [*catalogue(language).values(), *(form for forms in counted(language).values() for form in forms)]
        bare = {said: latin(said.format(**dict.fromkeys(blanks(said), ""))) for said in texts}
        assert {said for said, letters in bare.items() if letters} == set()


def test_a_language_nobody_knows_is_answered_in_english() -> None:
    assert Words.of("eo")("Next") == "Next"


@pytest.mark.parametrize("font", ["Inter-Regular.otf", "Inter-SemiBold.otf"])
def test_the_fonts_can_draw_every_letter_and_currency_sign(font: str) -> None:
    face = ImageFont.truetype(str(HOME / "fonts" / font), 40)

    def picture(letter: str) -> tuple[bytes, object]:
        return bytes(face.getmask(letter)), face.getbbox(letter)

    texts = [said for language in OWN_NAMES for said in catalogue(language).values()]
    texts += [form for language in OWN_NAMES for forms in counted(language).values() for form in forms]
    keys = [row.upper() for rows in ALPHABETS.values() for row in rows]
    letters = set("".join([*texts, *keys, *OWN_NAMES.values(), *SYMBOLS.values()])) | set(
        "✓!×→i⌫\u00a0\u202f…„“«»—№ѝЁё"
    )
    assert {letter for letter in letters if picture(letter) == picture(NOT_A_GLYPH)} == set()


@pytest.mark.parametrize(
    ("table", "members"),
    [
        (phrases.NOTICES, set(m.NoticeCode)),
        (phrases.CLOSED, set(m.Availability) - {m.Availability.OPEN}),
        (phrases.NOTE_MESSAGES, set(m.NoteMessage)),
        (phrases.NOTE_FATES, set(m.NoteFate)),
        (phrases.RESULTS, set(m.ResultKind)),
        (phrases.FOUND, set(m.Whereabouts)),
        (phrases.RECEIPTS, set(m.ReceiptView)),
        (phrases.PHOTOGRAPHS, set(m.ReceiptView) - {m.ReceiptView.PRINTING, m.ReceiptView.PRINTED}),
    ],
)
def test_every_code_of_the_link_has_its_words(table: dict[object, object], members: set[object]) -> None:
    assert set(table) == members
