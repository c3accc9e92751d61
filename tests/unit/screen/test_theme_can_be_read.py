from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.screen import theme
from kiosk.screen.theme import DAY, NIGHT, OURS, Palette, contrast, millimetre_px, too_faint
from kiosk.screen.theme_file import READERS, load_theme
from kiosk.settings import SettingsError

SHIPPED = Path(__file__).parents[3] / "config" / "theme.toml"
PX_PER_MM_AT_96_DPI = 96 / 25.4
DISPLAYS = [(1024, 768), (1280, 1024), (1366, 768), (1920, 1080), (1080, 1920)]


@pytest.mark.parametrize("palette", [DAY, NIGHT, load_theme(SHIPPED).colours], ids=["ours", "high contrast", "shipped"])
def test_every_text_has_seven_to_one_and_every_border_three(palette: Palette) -> None:
    assert too_faint(palette) == ()


def test_what_is_too_faint_is_found_with_its_ratio() -> None:
    faint = too_faint(replace(DAY, ink=DAY.edge))
    assert {pair[:2] for pair in faint} == {("ink", "paper"), ("ink", "card"), ("ink", "key_pressed")}
    assert all(3 < ratio < least == 7 for _, _, ratio, least in faint)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0, 1), (1, 1, 1, 1)) == pytest.approx(21)
    assert contrast(theme.colour("#777777"), theme.colour("#FFFFFF")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("size", DISPLAYS)
def test_targets_are_twenty_millimetres_at_96_dpi_on_every_display(size: tuple[int, int]) -> None:
    assert theme.TARGET_MM * millimetre_px(*size) >= 20 * PX_PER_MM_AT_96_DPI


def test_no_letter_is_below_what_ada_asks_and_what_is_acted_on_has_seven_millimetres() -> None:
    capitals_mm = {step: size_mm * theme.CAPITAL_EM for step, size_mm in theme.TYPE_MM.items()}
    assert min(capitals_mm.values()) >= 4.8
    assert all(capitals_mm[step] >= 7 for step in ("title", "amount", "display", "hero", "ask", "button"))
    assert capitals_mm["body"] * theme.LEVELS[0].zoom >= 7


def test_every_large_letter_is_seven_tenths_of_a_degree_at_600_mm() -> None:
    assert min(theme.LARGE_TYPE_MM.values()) * theme.CAPITAL_EM >= 7.33
    assert min(level.zoom for level in theme.LARGE_LEVELS) == 1
    assert set(theme.LARGE_TYPE_MM) == set(theme.TYPE_MM)


# --- the operator's file ------------------------------------------------------------------------------------------


def faults_of(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "theme.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_theme(file)
    return [fault.removeprefix(f"{file}: ") for fault in caught.value.faults]


def test_the_shipped_theme_is_ours_and_names_every_key() -> None:
    assert load_theme(SHIPPED) == OURS
    text = SHIPPED.read_text()
    assert [key for key in READERS if f"\n{key.partition('.')[2]} = " not in text] == []


def test_an_empty_theme_is_ours(tmp_path: Path) -> None:
    (tmp_path / "theme.toml").write_text("")
    assert load_theme(tmp_path / "theme.toml") == OURS


def test_a_theme_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "ours.png").write_bytes(b"\x89PNG\r\n\x1a\n and more")
    file = tmp_path / "theme.toml"
    file.write_text('logo.file = "ours.png"\ncolours.night = "#301040"\nletters.body_mm = 7.0\ncorners.radius_mm = 0\n')
    assert load_theme(file) == replace(
        OURS,
        colours=replace(DAY, night=theme.colour("#301040")),
        type_mm={**theme.TYPE_MM, "body": 7.0},
        radius_mm=0.0,
        logo=str(tmp_path / "ours.png"),
    )


def test_all_faults_of_a_theme_are_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"JFIF")
    wrong = """\
[colours]
inkk = "#000000"
night = "navy"
quiet = "#777777"
[letters]
body_mm = 3
[logo]
file = "photo.png"
"""
    assert faults_of(tmp_path, wrong) == [
        "colours.inkk: unknown key; did you mean colours.ink?",
        'colours.night: must be a colour as "#RRGGBB", got "navy"',
        "letters.body_mm: must be between 6.7 and 7.8, got 3",
        f"logo.file: must be a PNG of at most 2 MB, got {tmp_path / 'photo.png'}",
        "colours.quiet on colours.paper: contrast is 4.05:1, must be 7:1",
        "colours.quiet on colours.card: contrast is 4.47:1, must be 7:1",
        "colours.quiet on colours.key_pressed: contrast is 3.95:1, must be 7:1",
    ]


@pytest.mark.parametrize("text", ["[colours", "\udcff"])
def test_what_is_no_toml_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "theme.toml").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(SettingsError, match="is not TOML"):
        load_theme(tmp_path / "theme.toml")


def test_a_theme_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        load_theme(tmp_path / "nothing.toml")


@pytest.mark.parametrize("code", ["#12345", "123456", "#1234567", "#GG0000", 7])
def test_only_six_hex_digits_are_a_colour(tmp_path: Path, code: object) -> None:
    value = code if isinstance(code, int) else f'"{code}"'
    assert faults_of(tmp_path, f"colours.ink = {value}\n")[0].startswith("colours.ink: must be a colour")
