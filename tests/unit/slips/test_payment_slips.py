"""What the printer's encoder does to words of slips."""

import pytest

from drivers.receipt_printer import escpos
from drivers.receipt_printer.document import Pair, Text
from drivers.receipt_printer.profile import ProfileError, load_profile


@pytest.mark.parametrize("character", [*escpos.SUBSTITUTES, "é", "ß", "ё", "Ъ", "ў", "漢"])
def test_a_character_is_printed_replaced_or_starred_but_never_a_question_mark(character):
    text = escpos.printable(character, "cp866")
    assert text
    assert "?" not in text.encode("cp866").decode("cp866")


def test_long_labels_and_words_are_wrapped_not_cut():
    lines = list(escpos.lines_of(Pair("A rather long label of a line", "and its value, long too"), 32, "cp866"))
    assert " ".join(" ".join(lines).split()) == "A rather long label of a line and its value, long too"
    assert list(escpos.lines_of(Text("x" * 70), 32, "cp866")) == ["x" * 32, "x" * 32, "x" * 6]


def test_a_bad_profile_is_refused_with_every_fault(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "x"\ncolumns = 7\ncut = "zz"\ncolour = 1\n')
    with pytest.raises(ProfileError) as error:
        load_profile(bad)
    for fault in ("colour: unknown", "columns: must be between", "codec: missing", "confirms: missing"):
        assert fault in str(error.value)
