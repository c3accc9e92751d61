"""The twin's firmware is worth testing against: buffer, time, paper, real-time commands, plug and pictures of its paper."""

import errno

import pytest
import usb.core
import zxingcpp
from PIL import Image

from drivers.receipt_printer.document import Align, Cut, Document, Feed, Pair, Qr, Text
from drivers.receipt_printer.escpos import to_bytes
from drivers.receipt_printer.paper import as_picture, as_text, printed_slips
from drivers.receipt_printer.profile import Raster
from drivers.receipt_printer.twin import PrinterTwin
from drivers.receipt_printer.twin_models import MODELS
from drivers.receipt_printer.twin_state import Line
from drivers.receipt_printer.usb_line import device_finder
from tests.support.printers import FONT, PROFILES, InProcess, profile_of

QR = "KIOSK1*0001*000121760480900001*7000*EUR*11*9494949494949494"


def lines(count):
    return b"\x1b@" + b"x\n" * count + b"\x1dV\x00"


def test_a_full_buffer_takes_nothing_and_paper_takes_time():
    rig = InProcess(speed_mm_s=100)
    assert rig.twin.receive(lines(4000)) == 4096
    assert rig.twin.receive(b"y") == 1  # the first command was executed at once
    assert rig.twin.receive(b"y" * 50) < 50
    printed = len(rig.twin.open_slip)
    rig.pace.sleep(1.0)
    rig.twin.tick()
    assert len(rig.twin.open_slip) - printed == pytest.approx(100 / 3.75, abs=2)
    assert rig.twin.printing


def test_paper_is_millimetres_of_a_roll():
    twin = PrinterTwin()
    before = twin.body.paper_mm
    twin.receive(lines(10))
    assert before - twin.body.paper_mm == pytest.approx(37.5)
    twin.do("paper left 8")
    twin.receive(lines(10))
    assert len(twin.open_slip) == 3  # the third line ends the roll
    twin.do("paper in")
    assert len(twin.slips) == 2


def test_a_question_is_answered_on_arrival_even_inside_dots_and_across_transfers():
    twin = PrinterTwin(MODELS["generic"])
    twin.receive(b"\x1dv0\x00\x04\x00\x02\x00\x10\x04\x01")
    assert twin.send(64) == b"\x12"
    twin.receive(b"\x00\x00\x00\x00\x10")
    twin.receive(b"\x04")
    twin.receive(b"\x04")
    assert twin.send(64) == b"\x12"


def test_clearing_the_buffer_ends_what_was_queued():
    twin = PrinterTwin()
    twin.do("cover open")
    twin.receive(lines(3))
    twin.receive(b"\x10\x05\x02")
    twin.do("cover close")
    assert (twin.slips, twin.open_slip) == ([], [])


def test_what_it_cannot_do_is_remembered():
    twin = PrinterTwin(MODELS["generic"])
    twin.receive(b"\x1bi\x1d\x65\x03\x05\x1bz\x07")
    assert twin.unknown == [b"\x1bi", b"\x1de\x03\x05", b"\x1bz", b"\x07"]


def test_a_line_longer_than_the_paper_is_broken_by_the_printer():
    twin = PrinterTwin(MODELS["generic_58"])
    twin.receive(b"\x1b@" + b"a" * 40 + b"\n\x1dV\x00")
    assert [item.text for item in twin.slips[0]] == ["a" * 32, "a" * 8]


def test_hands_are_told_what_there_is_to_do():
    rig = InProcess()
    assert rig.do("nonsense").startswith("unknown: 'nonsense'; paper out")
    assert rig.do("paper left x").startswith("unknown")
    assert rig.do("help") == PrinterTwin().do("help")
    assert rig.usb.told()["plugged"] is True


def test_a_token_dies_with_the_plug():
    rig = InProcess()
    device = device_finder(0x0416, 0x5011, rig.backend)()
    rig.do("power cycle")
    with pytest.raises(usb.core.USBError, match="gone") as error:
        device.is_kernel_driver_active(0)
    assert error.value.errno == errno.ENODEV
    again = device_finder(0x0416, 0x5011, rig.backend)()
    assert again.address != device.address
    assert (again.manufacturer, again.product) == ("TWIN", "generic")


# --- its paper --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raster", [Raster.FALLBACK, Raster.ALWAYS])
@pytest.mark.parametrize("name", PROFILES)
def test_the_picture_of_the_paper_carries_the_code_that_was_sent(name, raster):
    slip = Document("s", (Text("Разписка", Align.CENTER), Feed(1), Qr(QR), Text("Край"), Cut()))
    profile = profile_of(name, raster=raster)
    (printed,) = printed_slips(to_bytes(slip, profile, FONT), MODELS[name])
    (found,) = zxingcpp.read_barcodes(as_picture(printed, profile.columns, FONT, profile.dots))
    assert found.text == QR


def ink_columns(picture):
    """Left and right edge of the ink."""
    dark = picture.convert("L").point(lambda value: 255 if value < 100 else 0)
    left, _, right, _ = dark.getbbox()
    return left, right


def picture_of(*items):
    return as_picture(items, 32, FONT)


def test_columns_stand_under_each_other_whatever_the_letters():
    wide, narrow = picture_of(Line("Щ" * 31 + "|")), picture_of(Line("i" * 31 + "|"))
    assert wide.size == narrow.size
    assert ink_columns(wide)[1] == ink_columns(narrow)[1]


def test_double_text_is_twice_as_wide_and_as_high():
    once, twice = picture_of(Line("H" * 10)), picture_of(Line("H" * 10, wide=2, tall=2))
    widths = [right - left for left, right in map(ink_columns, (once, twice))]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.05)
    assert twice.height - once.height == pytest.approx(48, abs=2)


def test_bold_is_darker_and_centred_is_in_the_middle():
    def ink(picture):
        return sum(picture.convert("L").histogram()[:100])

    assert ink(picture_of(Line("Order 16", bold=True))) > 1.1 * ink(picture_of(Line("Order 16")))
    left, right = ink_columns(picture := picture_of(Line("HH", "center")))
    assert abs((left + right) / 2 - picture.width / 2) < 4


def test_drawn_text_lies_where_the_printers_own_would():
    slip = Document("s", (Pair("Поръчка", "100|"), Cut()))
    edges = []
    for raster in (Raster.FALLBACK, Raster.ALWAYS):
        profile = profile_of("generic", raster=raster)
        (printed,) = printed_slips(to_bytes(slip, profile, FONT))
        edges.append(ink_columns(as_picture(printed, 42, FONT, 512)))
    assert abs(edges[0][0] - edges[1][0]) <= 2
    assert abs(edges[0][1] - edges[1][1]) <= 2


def test_an_empty_slip_is_a_piece_of_paper():
    assert isinstance(as_picture((), 42, FONT), Image.Image)
    assert as_text([()], 42) == "\n"
