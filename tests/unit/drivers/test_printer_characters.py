"""No character of a slip becomes a question mark, another letter without notice, or a command."""

import unicodedata

import pytest
from babel.messages.pofile import read_po

from drivers.receipt_printer.characters import LOOSE, SUBSTITUTES, UNPRINTABLE, fit, page_of, plain, printable
from drivers.receipt_printer.document import Cut, Document, Pair, Rule, Text
from drivers.receipt_printer.escpos import encode, to_bytes
from drivers.receipt_printer.layout import lines_of
from drivers.receipt_printer.paper import as_text, printed_slips
from drivers.receipt_printer.profile import Raster
from drivers.receipt_printer.twin_models import MODELS
from drivers.receipt_printer.twin_state import Dots
from tests.support.printers import FONT, PROFILES, ROOT, profile_of

CYRILLIC = "".join(chr(code) for code in range(0x0410, 0x0450)) + "ЁёІіЇїЄєҐґЎўЍѝЂђЋћЉљЊњЏџЈјЅѕ"
LATIN_1 = "".join(chr(code) for code in range(0xA0, 0x100))
SIGNS = "€₽₴₸£¥¢¤№«»„“”‘’‚‹›—–−‐‑…•·×÷°±½¼¾™"
KAZAKH = "әғқңөұүһӘҒҚҢӨҰҮҺ"


def written_in_catalogues():
    texts = []
    for file in sorted((ROOT / "kiosk" / "slips" / "locale").glob("*.po")):
        with file.open("rb") as stream:
            texts += [str(part) for message in read_po(stream) for part in (message.id, message.string)]
    return "".join(texts)


EVERY = "".join(sorted({*CYRILLIC, *LATIN_1, *SIGNS, *KAZAKH, *written_in_catalogues()} - {"?", "\n"}))


def pages_of(profile):
    return (profile.codec, *(codec for codec, _ in profile.further_pages))


@pytest.mark.parametrize("loose", [True, False])
@pytest.mark.parametrize("name", PROFILES)
def test_every_character_is_kept_replaced_or_named_as_lost_and_never_a_question_mark(name, loose):
    pages = pages_of(profile_of(name))
    for character in EVERY:
        fitted = fit(character, pages, loose)
        assert "?" not in fitted.text, character
        if fitted.lost:
            assert fitted.text == character
        else:
            assert all(page_of(one, pages) for one in fitted.text), character


@pytest.mark.parametrize("name", PROFILES)
def test_what_the_catalogues_say_needs_no_dots_on_any_profile(name):
    assert fit(written_in_catalogues().replace("?", ""), pages_of(profile_of(name)), loose=False).lost == ()


@pytest.mark.parametrize("name", PROFILES)
def test_what_is_sent_as_characters_stands_on_the_twins_paper(name):
    """The twin decodes by tables of its own: a wrong page number or table would show here."""
    profile = profile_of(name, raster=Raster.NEVER)
    texts = [EVERY[start : start + 8] for start in range(0, len(EVERY), 8)]
    slip = Document("s", (*(Text(text) for text in texts), Cut()))
    (printed,) = printed_slips(to_bytes(slip, profile), MODELS[name])
    codec_lines = [
        " ".join("".join(UNPRINTABLE if one in fitted.lost else one for one in fitted.text).split())
        for fitted in (fit(text, pages_of(profile), loose=True) for text in texts)
    ]
    on_paper = " ".join(item.text for item in printed)
    assert on_paper.split() == " ".join(codec_lines).split()
    assert "?" not in on_paper
    assert "\ufffd" not in on_paper


@pytest.mark.parametrize("name", PROFILES)
def test_a_line_no_page_can_write_is_drawn_and_only_that_line(name):
    slip = Document("s", (Text("Один"), Text("Қазақстан — Żółć"), Text("Три"), Cut()))
    encoded = encode(slip, profile_of(name), FONT)
    (printed,) = printed_slips(encoded.data, MODELS[name])
    assert [type(item) is Dots for item in (printed[0], printed[1], printed[-1])] == [False, True, False]
    assert (printed[0].text, printed[-1].text) == ("Один", "Три")
    assert encoded.remarks == ()


@pytest.mark.parametrize(("raster", "font"), [(Raster.NEVER, FONT), (Raster.FALLBACK, None)])
def test_without_dots_the_nearest_letters_stand_and_what_has_none_is_told(raster, font):
    encoded = encode(Document("s", (Text("José Қазақ 漢"), Cut())), profile_of("generic", raster=raster), font)
    assert as_text(printed_slips(encoded.data), 42) == "Jose Казак *\n"
    assert encoded.remarks == ("missing_glyph U+6F22",)


def test_a_character_not_even_the_font_has_is_a_star_and_told():
    encoded = encode(Document("s", (Text("漢"), Cut())), profile_of("generic"), FONT)
    assert encoded.remarks == ("missing_glyph U+6F22",)


def test_no_command_gets_in_with_a_name():
    hostile = "Shop\x1b@\x1dV\x00\x10\x04\x01\x07 <\u202e>\u200b\ufeff\x7f\x85"
    data = to_bytes(Document("s", (Text(hostile), Pair(hostile, hostile), Cut())), profile_of("generic"))
    (printed,) = printed_slips(data)
    assert printed[0].text == "Shop @ V <>"
    assert plain(hostile).isprintable()


def test_letters_and_their_marks_are_one_character():
    assert printable(unicodedata.normalize("NFD", "Йй Ёё"), "cp866") == "Йй Ёё"
    assert printable("за\u0301мок", "cp866") == "замок"


def test_no_substitute_needs_a_substitute():
    for stand_in in (*SUBSTITUTES.values(), *LOOSE.values()):
        assert all(one.isascii() or one in CYRILLIC for one in stand_in)


def test_nothing_is_too_long_for_a_line():
    lines = list(lines_of(Pair("A rather long label of a line", "and its value, long too"), 32, "cp866"))
    assert " ".join(" ".join(lines).split()) == "A rather long label of a line and its value, long too"
    assert list(lines_of(Text("x" * 70), 32, "cp866")) == ["x" * 32, "x" * 32, "x" * 6]
    assert list(lines_of(Text("x" * 40, double=True), 32, "cp866")) == ["x" * 16, "x" * 16, "x" * 8]
    assert list(lines_of(Rule(), 32, "cp866")) == ["-" * 32]
