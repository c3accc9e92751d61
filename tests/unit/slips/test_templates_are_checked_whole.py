"""Every fault a template may have is found at the start, with its file, its place, what is wrong and the nearest right name."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.receipt_printer.document import Picture, Text
from kiosk.domain.receipts import SlipKind
from kiosk.settings import LANGUAGES
from kiosk.slips import SlipsError, open_stationery, render
from kiosk.slips.samples import sample
from kiosk.slips.templates import Verb, _elements
from tests.support.slips import CONFIG, SETTINGS, STATIONERY, paper, sample_of

OURS = CONFIG / "slips"
PO_HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def faults_of(folder: Path, **changes):
    with pytest.raises(SlipsError) as caught:
        open_stationery(replace(SETTINGS, own_templates=str(folder), **changes), LANGUAGES, "EUR")
    return caught.value.faults


def with_element(folder: Path, element: str, name: str = "payment_accepted") -> Path:
    """Ours with one more element, before the cut."""
    text = (OURS / f"{name}.toml").read_text()
    (folder / f"{name}.toml").write_text(text.replace("  { cut = true },", f"  {element},\n  {{ cut = true }},"))
    return folder


@pytest.mark.parametrize(
    ("element", "fault"),
    [
        (
            '{ pair = "Amount", value = "amuont" }',
            'element 15 (pair "Amount"): payment_accepted has no field amuont; did you mean amount?',
        ),
        ('{ text = "{paye}" }', "payment_accepted has no field paye; did you mean payee?"),
        (
            '{ qr = "claim_code" }',
            "the field claim_code is code, which cannot stand here; use verification or claim_qr",
        ),
        ('{ text = "{notes}" }', "the field notes is notes, which cannot stand here"),
        ('{ code = "order_number" }', "the field order_number is figure, which cannot stand here; use claim_code"),
        ('{ picture = "lego" }', "payment_accepted has no field lego; did you mean logo?"),
        ('{ notes = "note_count" }', "the field note_count is words, which cannot stand here; use notes"),
        ('{ text = "Buy one, get one" }', "has no words in bg, ru; add them to bg.po, ru.po beside your templates"),
        (
            '{ texxt = "Order" }',
            "must be one of text, pair, code, notes, qr, picture, rule, feed, include, cut, got texxt; did you mean text?",
        ),
        ('{ text = "Order", pair = "Order" }', "must be one of text"),
        ('"Order"', "must be one of text"),
        ('{ pair = "Order" }', "value is missing"),
        ('{ text = "Order", size = 3 }', "unknown option size, text takes when, align, bold, double"),
        (
            '{ text = "Order", alignn = "left" }',
            "unknown option alignn, text takes when, align, bold, double; did you mean align?",
        ),
        ('{ text = "Order", align = "right" }', "align must be left or center, got 'right'"),
        ('{ text = "Order", bold = "yes" }', "bold must be true or false, got 'yes'"),
        ('{ text = "" }', "text must be 1 to 400 characters in quotes, got ''"),
        ("{ feed = 99 }", "feed must be a number of lines from 1 to 10, got 99"),
        ("{ rule = 1 }", "rule must be true"),
        ('{ text = "Order", when = "no order" }', 'when must be a field, or "not" and a field, got "no order"'),
        ('{ text = "Order", when = "not fee_" }', "payment_accepted has no field fee_; did you mean fee?"),
        ('{ include = "prof" }', "there is no part prof; did you mean proof?"),
        ('{ include = "proof", each = "notes" }', "the field notes is notes, which cannot stand here"),
        ('{ include = "payment_accepted" }', "includes itself: payment_accepted > payment_accepted"),
        ("{ cut = true }", "its last element, and no other, must be cut = true"),
    ],
)
def test_an_element_that_is_wrong_is_named_with_its_place_and_what_would_be_right(tmp_path, element, fault):
    found = faults_of(with_element(tmp_path, element))
    assert any(fault in line for line in found), found
    assert all(line.startswith(f"{tmp_path / 'payment_accepted.toml'}: ") for line in found)


@pytest.mark.parametrize(
    "element", ['{ text = "{0.__class__}" }', '{ text = "{order_number!r:>9}" }', '{ text = "%(order)s {" }']
)
def test_nothing_in_a_template_is_evaluated(tmp_path, element):
    (fault,) = faults_of(with_element(tmp_path, element))
    assert "has no words in bg, ru" in fault
    for language in ("bg", "ru"):
        message = element.split('"')[1]
        (tmp_path / f"{language}.po").write_text(f'{PO_HEAD}msgid "{message}"\nmsgstr "{message}"\n')
    stationery = open_stationery(replace(SETTINGS, own_templates=str(tmp_path)), LANGUAGES, "EUR")
    text = "".join(paper(sample_of("payment_accepted"), 48, stationery))
    assert message in text


@pytest.mark.parametrize(
    ("kind", "left_out", "fault"),
    [
        ("payment_accepted", '{ include = "claim", when = "claim_code" }', "must tell the field claim_code"),
        ("not_enough", '{ include = "kept" }', "must tell the field kept"),
        ("payment_later", '{ include = "proof" }', "must tell the field verification"),
        ("payment_later", '{ include = "proof" }', "must tell the field journal"),
        ("test_page", '{ include = "top" }', "must tell the field copy"),
        ("test_page", '{ include = "top" }', "must tell the field kiosk_number"),
        ("x_report", '{ each = "boxes", include = "box" }', "must tell the field boxes.notes"),
        ("collection", '{ pair = "Before", value = "previous_hash" }', "must tell the field previous_hash"),
        ("service_report", '{ each = "checks", include = "check" }', "must tell the field checks.verdict"),
    ],
)
def test_what_a_slip_may_not_lack_is_missed(tmp_path, kind, left_out, fault):
    text = (OURS / f"{kind}.toml").read_text()
    assert left_out in text
    (tmp_path / f"{kind}.toml").write_text(text.replace(f"  {left_out},\n", ""))
    assert f"{tmp_path / f'{kind}.toml'}: {fault}" in faults_of(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('when = "claim_code" }', 'when = "copy" }', "must tell the field claim_code always, not only when copy"),
        (
            '{ include = "kept" }',
            '{ include = "kept", when = "not description" }',
            "kept always, not only when not description and when kept",
        ),
    ],
)
def test_what_a_slip_may_not_lack_is_missed_when_it_stands_under_a_foreign_condition(tmp_path, old, new, fault):
    text = (OURS / "not_enough.toml").read_text()
    assert old in text
    (tmp_path / "not_enough.toml").write_text(text.replace(old, new))
    assert any(fault in line for line in faults_of(tmp_path))


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    with_element(tmp_path, '{ pair = "Amount", value = "amuont" }')
    with_element(tmp_path, '{ texxt = "Order" }', "collection")
    (tmp_path / "paymnt_later.toml").write_text("elements = [ { cut = true } ]")
    (tmp_path / "parts.toml").write_text("box = 3\n")
    english = "In the box: {note_count}, {currency}"
    (tmp_path / "bg.po").write_text(f'{PO_HEAD}msgid "{english}"\nmsgstr "{{nota_count}}"\n')
    (tmp_path / "masks.toml").write_text('[phone]\nfields = ["phone"]\nform = "("\nfirst = 99\n')
    (tmp_path / "logo.png").write_text("no picture")
    found = "\n".join(faults_of(tmp_path, logo=str(tmp_path / "logo.png")))
    for fault in (
        "payment_accepted has no field amuont; did you mean amount?",
        "collection.toml: element 25: must be one of text",
        "paymnt_later is no slip and no part that a slip includes; did you mean payment_later?",
        "parts.toml: box: must be a list of elements, at least one",
        '{nota_count} is not in the English "In the box: {note_count}, {currency}"',
        '{note_count} of the English "In the box: {note_count}, {currency}" is missing',
        "masks.toml: phone: first: must be between 0 and 8, got 99",
        "masks.toml: phone: last: must be int, got None",
        "logo.png: is no picture that can be read",
    ):
        assert fault in found


@pytest.mark.parametrize("content", ["elements = [", "", "elements = []", 'elements = "x"', "\x00"])
def test_a_file_that_is_no_template_is_named(tmp_path, content):
    (tmp_path / "leftover.toml").write_text(content)
    assert any(line.startswith(f"{tmp_path / 'leftover.toml'}: ") for line in faults_of(tmp_path))


def test_a_misspelt_key_of_a_template_is_named(tmp_path):
    (tmp_path / "leftover.toml").write_text((OURS / "leftover.toml").read_text().replace("elements =", "elemnts ="))
    assert f"{tmp_path / 'leftover.toml'}: elemnts: unknown key, a template has elements" in faults_of(tmp_path)


def test_folders_that_are_not_there_are_named(tmp_path):
    with pytest.raises(SlipsError) as caught:
        open_stationery(replace(SETTINGS, templates=str(tmp_path / "none")), LANGUAGES, "EUR")
    assert f"{tmp_path / 'none'}: is no folder" in caught.value.faults
    assert "masks.toml: is missing in every folder of templates" in caught.value.faults


def test_a_slip_without_a_template_is_missed(tmp_path):
    for file in OURS.glob("*.toml"):
        if file.stem != "leftover":
            (tmp_path / file.name).write_text(file.read_text())
    with pytest.raises(SlipsError) as caught:
        open_stationery(replace(SETTINGS, templates=str(tmp_path)), LANGUAGES, "EUR")
    assert caught.value.faults == ("leftover.toml: is missing in every folder of templates",)


def test_an_operators_file_replaces_ours_of_the_same_name_alone(tmp_path):
    (tmp_path / "parts.toml").write_text(
        'end = [ { pair = "Journal", value = "journal" }, { text = "{kiosk_name} 24/7" } ]\n'
    )
    (tmp_path / "en.po").write_text(f'{PO_HEAD}msgid "Support"\nmsgstr "Call us"\n')
    own = open_stationery(replace(SETTINGS, own_templates=str(tmp_path)), LANGUAGES, "EUR")
    lines = paper(sample_of("payment_accepted"), 42, own)
    assert "Kiosk 1 24/7" in lines
    assert any(line.startswith("Call us") for line in lines)
    assert paper(sample_of("payment_accepted", "bg"), 42, own) != paper(sample_of("payment_accepted", "bg"), 42)
    assert own.templates["collection"] == STATIONERY.templates["collection"]


def test_a_slip_in_a_language_that_is_not_offered_any_more_is_printed_in_the_first_that_is():
    stationery = open_stationery(SETTINGS, ("ru", "en"), "EUR")
    assert (
        paper(sample_of("leftover", "bg"), 42, stationery)[5] == paper(sample_of("leftover", "ru"), 42, stationery)[5]
    )


_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.lists(st.text(max_size=3))
)
_KEYS = st.one_of(st.sampled_from([*Verb, "when", "value", "each", "align", "bold", "double"]), st.text(max_size=5))


@given(st.one_of(_SCALARS, st.lists(st.one_of(_SCALARS, st.dictionaries(_KEYS, _SCALARS, max_size=4)))))
def test_no_list_of_elements_breaks_the_reader(raw):
    elements, faults = _elements(raw, "here")
    assert elements or faults
    assert all(fault.startswith("here") for fault in faults)


def test_a_logo_stands_on_top_of_every_slip_black_where_it_is_dark(tmp_path):
    image = Image.new("RGBA", (10, 2), (0, 0, 0, 0))
    for dot in range(3):
        image.putpixel((dot, 1), (20, 20, 60, 255))
    image.save(tmp_path / "logo.png")
    stationery = open_stationery(replace(SETTINGS, logo=str(tmp_path / "logo.png")), LANGUAGES, "EUR")
    for kind in SlipKind:
        assert render(sample(kind, "ru"), 32, stationery).elements[0] == Picture(10, 2, bytes((0, 0, 0b11100000, 0)))


@pytest.mark.parametrize("size", [(385, 10), (10, 241)])
def test_a_logo_that_is_too_large_is_refused_with_what_it_may_be(tmp_path, size):
    Image.new("L", size).save(tmp_path / "logo.png")
    (fault,) = faults_of(tmp_path, logo=str(tmp_path / "logo.png"))
    assert f"is {size[0]} x {size[1]} dots; a logo has at most 384 x 240" in fault


def test_what_would_be_cut_in_double_size_is_printed_in_single():
    data = sample_of("payment_accepted", terminal_name="x")
    titles = [
        element for element in render(data, 32, STATIONERY).elements if isinstance(element, Text) and element.double
    ]
    assert [title.text for title in titles] == ["Payment receipt"]
    narrow = [element for element in render(data, 12, STATIONERY).elements if isinstance(element, Text)]
    assert not any(element.double for element in narrow if element.text in {"Payment", "receipt"})
