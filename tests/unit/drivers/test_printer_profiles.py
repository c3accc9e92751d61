"""Profiles are data: all that ship load and print everything; a bad one is refused with every fault and a hint."""

import pytest

from drivers.receipt_printer.escpos import encode
from drivers.receipt_printer.paper import as_text
from drivers.receipt_printer.profile import ProfileError, Raster, load_profile
from drivers.receipt_printer.twin import PrinterTwin
from drivers.receipt_printer.twin_models import MODELS
from tests.support.printers import EVERYTHING, FONT, PROFILES, profile_of

WIDTHS = [(name, columns) for name in PROFILES for columns in (32, 42, 48) if columns <= profile_of(name).columns]


@pytest.mark.parametrize("raster", list(Raster))
@pytest.mark.parametrize(("name", "columns"), WIDTHS)
def test_every_shipped_profile_prints_every_element_on_the_twin_of_its_model(name, raster, columns):
    encoded = encode(EVERYTHING, profile_of(name, raster=raster, columns=columns), FONT)
    twin = PrinterTwin(MODELS[name])
    twin.receive_all(encoded.data)
    (slip,) = twin.slips
    assert twin.unknown == []
    assert encoded.remarks == ()
    text = as_text([slip], columns)
    if raster is not Raster.ALWAYS:
        assert "1000000016" in text
        assert "Книжарница" in text
        assert all(len(line) <= columns for line in text.splitlines() if not line.startswith("["))


def test_every_model_has_a_twin():
    assert set(MODELS) == set(PROFILES)


def bad(tmp_path, text):
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(ProfileError) as error:
        load_profile(file)
    return str(error.value)


GOOD = PROFILES["custom_vkp80ii"].read_text()


def test_a_bad_profile_is_refused_with_every_fault_at_once(tmp_path):
    said = bad(
        tmp_path,
        'name = ""\ncolumns = 7\ncodec = "cp866x"\ncode_pages = 17\nusb = ["416:5011"]\ncompletion = "gsh"\n'
        '[cut]\nfull = "zz"\nuse = "ful"\n[further_pages]\ncp9999 = 3\n',
    )
    for fault in (
        "name: must be one line",
        "columns: must be between 32 and 48, got 7",
        "codec: no table for the codec 'cp866x'; did you mean 'cp866'?",
        "code_pages: unknown key; did you mean code_page?",
        "code_page: missing",
        'usb: must be a list such as ["0416:5011"]',
        "completion: must be one of gs_h, gs_r_fence, motor, none, got 'gsh'; did you mean 'gs_h'?",
        "cut.full: must be bytes in hex",
        "cut.use: must be one of full, partial, got 'ful'; did you mean 'full'?",
        "further_pages.cp9999: no table for the codec",
        "qr.by: missing",
        "cut.partial: missing",
    ):
        assert fault in said
    assert all(line.startswith(f"{tmp_path / 'bad.toml'}: ") for line in said.splitlines())


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("dots = 576", "dots = 256", "columns: 48 characters in 256 dots"),
        ("dots = 576", "dots = 570", "dots: must be a multiple of 8"),
        ('status = "custom"', 'status = "epson"', 'completion: "motor" needs'),
        ('present = "1D 65 03 0C"', 'present = "1D 65 0"', "presenter.present: must be bytes in hex"),
        ('eject = "1D 65 05"', "", "presenter.eject: missing"),
        ("buffer_bytes = 4096", "buffer_bytes = true", "buffer_bytes: must be between"),
        ('init = "1B 40"', 'init = ""', "init: must not be empty"),
        ("size = 6", "size = 17", "qr.size: must be between 1 and 16"),
    ],
)
def test_a_profile_that_contradicts_itself_says_where(tmp_path, was, becomes, fault):
    assert was in GOOD
    assert fault in bad(tmp_path, GOOD.replace(was, becomes))


def test_a_slip_is_cut_by_the_cutter_or_by_the_presenter(tmp_path):
    text = PROFILES["generic"].read_text().replace('full = "1D 56 41 03"', 'full = ""')
    assert "cut.use: cut.full is empty" in bad(tmp_path, text)


def test_a_presenter_nobody_can_see_may_not_draw_back(tmp_path):
    text = GOOD.replace('status = "custom"', 'status = "epson"').replace('completion = "motor"', 'completion = "gs_h"')
    assert "cannot tell whether a slip waits in the presenter" in bad(tmp_path, text)


@pytest.mark.parametrize("text", ["[", "\udcff"])
def test_a_file_that_is_no_toml_is_named(tmp_path, text):
    file = tmp_path / "bad.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ProfileError, match=r"bad\.toml"):
        load_profile(file)
    with pytest.raises(ProfileError, match=r"none\.toml"):
        load_profile(tmp_path / "none.toml")
