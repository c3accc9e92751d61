"""A document as bytes: few of them, reset and code page first, dots that hide no command, and nothing lost in silence."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.receipt_printer.document import Align, Cut, Document, Feed, Picture, Qr, Text
from drivers.receipt_printer.escpos import encode, to_bytes
from drivers.receipt_printer.interface import SlipFault
from drivers.receipt_printer.paper import printed_slips
from drivers.receipt_printer.profile import Raster
from drivers.receipt_printer.raster import SlipError
from drivers.receipt_printer.twin_models import MODELS
from drivers.receipt_printer.twin_state import Dots, Line, QrCode
from tests.support.printers import EVERYTHING, FONT, LONG, profile_of

GENERIC = profile_of("generic")
REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")


def printed(*elements, name="generic", **changes):
    (slip,) = printed_slips(
        to_bytes(Document("s", (*elements, Cut())), profile_of(name, **changes), FONT), MODELS[name]
    )
    return slip


def test_every_slip_begins_with_reset_and_code_page():
    assert to_bytes(LONG, GENERIC).startswith(b"\x1b@\x1bt\x11")
    assert to_bytes(LONG, profile_of("nippon_np2511")).startswith(b"\x1b@\x1bt\x04")


def test_styles_are_what_they_were_and_end_where_they_end():
    slip = printed(
        Text("a", Align.CENTER, bold=True, double=True),
        Text("b", bold=True),
        Text("c", Align.CENTER),
        Text("d", double=True),
    )
    assert slip == (
        Line("a", "center", bold=True, wide=2, tall=2),
        Line("b", bold=True),
        Line("c", "center"),
        Line("d", wide=2, tall=2),
    )


def test_a_line_keeps_the_page_of_each_of_its_characters():
    (line,) = printed(Text("«Дом» №5 за €9 — „да“"), name="custom_vkp80ii")
    assert line.text == "«Дом» №5 за €9 — „да“"


def test_the_visible_part_ends_before_the_cut():
    encoded = encode(LONG, GENERIC)
    assert encoded.data[encoded.visible_bytes :] == GENERIC.cut
    presented = encode(LONG, profile_of("custom_vkp80iii"), retract_after_s=30)
    assert presented.data[presented.visible_bytes :] == bytes.fromhex("1C 50 06 01 52 1E")


def test_the_length_of_a_slip_is_known_about():
    assert encode(LONG, GENERIC).length_mm == pytest.approx(41 * 3.75)
    drawn = encode(LONG, profile_of("generic", raster=Raster.ALWAYS), FONT)
    assert drawn.length_mm == pytest.approx(41 * 3.75, rel=0.05)


@given(
    width=st.integers(1, 64),
    rows=st.lists(st.sampled_from([0x10, 0x04, 0x05, 0x14, 0x01, 0xFF]), min_size=8, max_size=400),
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_no_picture_hides_a_command_that_is_executed_on_arrival(width, rows):
    row_bytes = (width + 7) // 8
    height = max(1, len(rows) // row_bytes)
    bits = bytes((rows * row_bytes)[: row_bytes * height])
    assert not REAL_TIME.search(to_bytes(Document("s", (Picture(width, height, bits), Cut())), GENERIC))


def test_a_picture_is_printed_dot_by_dot_but_for_the_dot_that_defuses():
    bits = b"\x81\x10\x04\xff" * 8
    dots = [item for item in printed(Picture(32, 8, bits)) if isinstance(item, Dots)]
    rows = b"".join(band.bits for band in dots)
    assert all(rows[at : at + 64].strip(b"\0") == b"\x81\x30\x04\xff" for at in range(0, len(rows), 64))


@pytest.mark.parametrize("raster", list(Raster))
def test_no_slip_holds_a_real_time_command(raster):
    assert not REAL_TIME.search(encode(EVERYTHING, profile_of("generic", raster=raster), FONT).data)


def test_dots_come_in_bands_a_small_buffer_can_hold():
    profile = profile_of("generic", buffer_bytes=1024)
    bands = printed_slips(to_bytes(Document("s", (Picture(512, 200, b"\xff" * 64 * 200), Cut())), profile))[0]
    assert max(len(band.bits) for band in bands) <= 512
    assert sum(band.height for band in bands) == 200


@pytest.mark.parametrize(
    ("element", "fault"),
    [
        (Picture(513, 1, b"\xff" * 65), SlipFault.PICTURE_TOO_WIDE),
        (Picture(16, 2, b"\xff" * 3), SlipFault.PICTURE_BROKEN),
        (Picture(0, 0, b""), SlipFault.PICTURE_BROKEN),
        (Qr("x" * 4000), SlipFault.QR_TOO_LARGE),
    ],
)
def test_what_cannot_be_on_this_paper_has_a_name(element, fault):
    with pytest.raises(SlipError) as error:
        to_bytes(Document("s", (element, Cut())), GENERIC)
    assert error.value.fault is fault


@pytest.mark.parametrize("native", [True, False])
def test_a_large_code_gets_smaller_modules_before_it_is_refused(native):
    slip = printed(Qr("Z" * 900), qr_native=native)
    if native:
        assert [item.module_dots for item in slip if isinstance(item, QrCode)] == [5]
    else:
        assert sum(item.height for item in slip if isinstance(item, Dots)) <= 512


def test_the_models_own_number_says_which_correction_level():
    for name in ("generic", "custom_vkp80iii"):
        (code,) = [item for item in printed(Qr("x"), name=name) if isinstance(item, QrCode)]
        assert code.ecc == "M"


def test_feeds_are_lines():
    assert printed(Text("a"), Feed(3), Text("b")) == (Line("a"), Line(""), Line(""), Line(""), Line("b"))
