import pytest

from kiosk.screen import theme
from kiosk.screen.theme import Colour, contrast

PX_PER_MM_AT_96_DPI = 96 / 25.4


@pytest.mark.parametrize(("text", "ground"), theme.TEXT_PAIRS)
def test_every_text_has_a_contrast_of_seven_to_one(text: Colour, ground: Colour) -> None:
    assert contrast(text, ground) >= 7


@pytest.mark.parametrize("ground", [theme.CARD, theme.PAPER])
def test_borders_of_what_can_be_touched_have_three_to_one(ground: Colour) -> None:
    assert contrast(theme.EDGE, ground) >= 3
    assert contrast(theme.ACTION, ground) >= 3


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0, 1), (1, 1, 1, 1)) == pytest.approx(21)


@pytest.mark.parametrize("size", [(1024, 768), (1280, 1024), (1366, 768), (1920, 1080), (1080, 1920)])
def test_targets_are_twenty_millimetres_at_96_dpi_on_every_display(size: tuple[int, int]) -> None:
    assert theme.TARGET_MM * theme.millimetre_px(*size) >= 20 * PX_PER_MM_AT_96_DPI


def test_body_text_has_capitals_of_the_height_ada_asks_for() -> None:
    inter_cap_height_em = 0.727
    assert theme.TYPE_MM["body"] * inter_cap_height_em >= 4.8
