"""Kivy falls back to no other font: what our fonts do not have is an empty box on the screen."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from kiosk.screen import amounts, typing_screens
from kiosk.screen.words import FOLDER, OWN_NAMES, catalogue

FONTS = Path(amounts.__file__).parent / "fonts"
#: What stands on the screen beside words: signs, keys, breaks.
SIGNS = "i✓!×→›⌫…·•_\u2009\u00a0„“”‘’—–№C" + "".join(amounts.SYMBOLS.values())


def letters_of(font: str) -> set[str]:
    return {chr(code) for code in TTFont(FONTS / font).getBestCmap()}


def said() -> dict[str, str]:
    """Every letter of every catalogue, and where it comes from."""
    return {
        letter: f"{language}: {text}"
        for language in OWN_NAMES
        for text in (*catalogue(language), *catalogue(language).values())
        for letter in text
        if letter != "\n"
    }


@pytest.mark.parametrize("font", sorted(file.name for file in FONTS.glob("*.otf")))
def test_our_fonts_have_every_letter_and_sign(font: str) -> None:
    letters = letters_of(font)
    missing = {letter: where for letter, where in said().items() if letter not in letters}
    assert missing == {}
    assert set(SIGNS + typing_screens.BLANK + "".join(OWN_NAMES.values())) - letters == set()


def test_the_catalogues_of_every_language_are_read() -> None:
    assert {folder.name for folder in FOLDER.iterdir()} == set(OWN_NAMES)
    assert len(said()) > 100


def test_the_cyrillic_of_other_languages_is_there_too() -> None:
    wanted = "ѝЀІіЇїЄєҐґЎўЂђЈјЉљЊњЋћЏџҚқҒғҢңҮүҰұҺһӘәӨөЁё"
    assert set(wanted) - letters_of("Inter-Regular.otf") == set()
