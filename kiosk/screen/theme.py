"""The look in tokens: colours, type scale, spacing. No Kivy.

Answers for: every number and colour a widget uses; contrast of at least 7:1 for text (a test measures every pair).
Lengths are millimetres of a nominal display, turned into pixels by `millimetre_px`.
"""

from collections.abc import Mapping

from kiosk.screen.views import Tone

Colour = tuple[float, float, float, float]

#: The layout is drawn for a display of 300 × 228 mm (a 15-inch 4:3 panel) and grows with the window.
NOMINAL_WIDTH_MM = 300
NOMINAL_HEIGHT_MM = 228

TARGET_MM = (
    23.0  #: least side of anything to be touched; 20 mm at 96 dpi even on 1024 × 768 (Colle & Hiszem 2004: 20 mm)
)
KEY_MAX_MM = 31.0
KEY_GAP_MM = 1.5  #: between letters: spacing of 1 or 3 mm makes no difference (Colle & Hiszem 2004)
GAP_MM = 4.0
MARGIN_MM = 10.0
RADIUS_MM = 3.0
BORDER_MM = 0.5

#: Font sizes in millimetres. ADA 707.7.2 wants capitals of 4.8 mm: body and larger have them (Inter's are 0.727 em).
TYPE_MM: Mapping[str, float] = {
    "caption": 5.4,
    "body": 6.7,
    "lead": 8.2,
    "title": 12.0,
    "amount": 14.0,
    "display": 17.0,
    "hero": 21.0,
}


def _hex(code: str) -> Colour:
    red, green, blue = (int(code[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return (red, green, blue, 1.0)


PAPER = _hex("F3F5F7")  #: behind everything
CARD = _hex("FFFFFF")
INK = _hex("11212D")
QUIET = _hex("3F4F5B")  #: secondary text
LINE = _hex("C9D2D9")
EDGE = _hex("6B7A86")  #: borders of what can be touched: 3:1 and more (WCAG 2.2, 1.4.11)
NIGHT = _hex("10293A")  #: header and footer
NIGHT_QUIET = _hex("C3D0DA")
ACTION = _hex("0B5A46")  #: the one primary action
ACTION_PRESSED = _hex("063B2E")
KEY_PRESSED = _hex("D6E4DF")
OFF = _hex("E4E9ED")  #: a button that cannot be touched now
OFF_INK = _hex("3D4B56")
SCRIM: Colour = (0.04, 0.09, 0.13, 0.72)
CLEAR: Colour = (0.0, 0.0, 0.0, 0.0)

TONE_PAPER: Mapping[Tone, Colour] = {
    Tone.PLAIN: _hex("E6ECF1"),
    Tone.BUSY: _hex("E3EEF8"),
    Tone.GOOD: _hex("DDF3E6"),
    Tone.WARN: _hex("FFF0C9"),
    Tone.BAD: _hex("FCE3E0"),
}
TONE_INK: Mapping[Tone, Colour] = {
    Tone.PLAIN: INK,
    Tone.BUSY: _hex("0D3B66"),
    Tone.GOOD: _hex("0A4A2F"),
    Tone.WARN: _hex("4A3300"),
    Tone.BAD: _hex("7A1410"),
}

#: Every text colour with every ground it is drawn on.
TEXT_PAIRS: tuple[tuple[Colour, Colour], ...] = (
    *((ink, ground) for ink in (INK, QUIET) for ground in (PAPER, CARD)),
    (CARD, NIGHT),
    (NIGHT_QUIET, NIGHT),
    (CARD, ACTION),
    (CARD, ACTION_PRESSED),
    (INK, KEY_PRESSED),
    (ACTION, CARD),
    (ACTION, PAPER),
    (OFF_INK, OFF),
    *((TONE_INK[tone], TONE_PAPER[tone]) for tone in Tone),
)


def millimetre_px(width_px: float, height_px: float) -> float:
    """Pixels of one nominal millimetre in a window: the whole layout fits, in landscape and in portrait."""
    return min(width_px / NOMINAL_WIDTH_MM, height_px / NOMINAL_HEIGHT_MM)


def _luminance(colour: Colour) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
