"""The look in tokens: colours, type scale, spacing, round corners. No Kivy.

Answers for: every number and colour a widget uses, and which colours must stand out from which. Does not answer for: reading an
operator's file (`theme_file`), what is on the screen. Lengths are millimetres of a nominal display, turned into pixels by
`millimetre_px`.

What each mode guarantees, in capitals (Inter's are 0.727 of the font's size), measured on the nominal display:

- normal: no letter below 4.8 mm (ADA 707.7.2). What is read in order to act (titles, amounts, typed numbers, buttons) has 7 mm or
  more. Body text has 7 mm wherever the screen's own content leaves room for it (`LEVELS`), and never less than 5.3 mm.
- large: no letter at all below 7.33 mm, which is 0.7° at 600 mm (EN 301 549, 5.1.4). Where that does not fit, less is shown, not
  smaller.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from kiosk.screen.views import Tone

Colour = tuple[float, float, float, float]

#: Landscape is drawn for a 15-inch 4:3 panel, portrait for an upright 21.5-inch one; both grow with the window.
LANDSCAPE_MM = (300, 228)
PORTRAIT_MM = (268, 476)

TARGET_MM = 23.0  #: least side of what is touched: 20 mm at 96 dpi even on 1024 × 768 (Colle & Hiszem 2004: 20 mm)
KEY_MAX_MM = 31.0
KEY_GAP_MM = 1.5  #: between letters: spacing of 1 or 3 mm makes no difference (Colle & Hiszem 2004)
GAP_MM = 4.0
MARGIN_MM = 10.0
RADIUS_MM = 3.0
BORDER_MM = 0.5
BOLD_BORDER_MM = 1.2  #: in high contrast
CAPITAL_EM = 0.727  #: Inter: height of capitals, as a share of the font's size

#: Font sizes in millimetres. `caption`, `body` and `lead` grow with the room a screen leaves (`LEVELS`); the last five belong to
#: what surrounds every screen and to questions, which stay as they are.
TYPE_MM: Mapping[str, float] = {
    "caption": 6.7,
    "body": 7.45,
    "lead": 8.6,
    "title": 12.5,
    "amount": 15.0,
    "display": 18.0,
    "hero": 24.0,
    "foot": 6.7,
    "step": 7.45,
    "chip": 8.2,
    "ask": 9.7,
    "button": 9.7,
}
LARGE_TYPE_MM: Mapping[str, float] = {
    "caption": 10.1,
    "body": 10.4,
    "lead": 11.4,
    "title": 14.0,
    "amount": 16.0,
    "display": 19.0,
    "hero": 24.0,
    "foot": 10.1,
    "step": 10.4,
    "chip": 10.4,
    "ask": 11.0,
    "button": 11.6,
}
TYPE_MM_MIN = 6.7  #: capitals of 4.8 mm
TYPE_SHARES = (0.85, 1.05)  #: how far an operator's letters may be from ours
GROWING = frozenset({"caption", "body", "lead"})


@dataclass(frozen=True, slots=True)
class Level:
    """`zoom`: how much the growing steps are enlarged. `dense`: how much is left out or put closer: 0 nothing."""

    zoom: float
    dense: int = 0


#: Tried one after another until all that a screen has to say fits.
LEVELS = (Level(1.3), Level(1.15), Level(1.0), Level(1.0, 1), Level(1.0, 2), Level(1.0, 3))
LARGE_LEVELS = (Level(1.2), Level(1.0), Level(1.0, 1), Level(1.0, 2), Level(1.0, 3), Level(1.0, 4))


def _hex(code: str) -> Colour:
    red, green, blue = (int(code[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return (red, green, blue, 1.0)


def colour(code: str) -> Colour:
    """`#RRGGBB` → a colour. Raises ValueError for anything else."""
    if len(code) != len("#RRGGBB") or code[0] != "#":
        raise ValueError(code)
    return _hex(code[1:])


CLEAR: Colour = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour there is. `…_paper` and `…_ink`: ground and text of what has a tone."""

    paper: Colour  #: behind everything
    card: Colour
    ink: Colour
    quiet: Colour  #: secondary text
    line: Colour  #: rims of what is only looked at
    edge: Colour  #: borders of what can be touched
    night: Colour  #: header, footer and the amount to look at
    night_ink: Colour
    night_quiet: Colour
    night_pressed: Colour
    action: Colour  #: the one primary action
    action_ink: Colour
    action_pressed: Colour
    accent: Colour  #: words that can be touched
    key_pressed: Colour
    off: Colour  #: a button that cannot be touched now
    off_edge: Colour
    off_ink: Colour
    focus: Colour  #: the ring around what a key would press
    scrim: Colour  #: over the screen, under a question
    plain_paper: Colour
    plain_ink: Colour
    busy_paper: Colour
    busy_ink: Colour
    good_paper: Colour
    good_ink: Colour
    warn_paper: Colour
    warn_ink: Colour
    bad_paper: Colour
    bad_ink: Colour

    def tone_paper(self, tone: Tone) -> Colour:
        """The ground of something of this tone."""
        found: Colour = getattr(self, f"{tone}_paper")
        return found

    def tone_ink(self, tone: Tone) -> Colour:
        """The text of something of this tone, and its sign."""
        found: Colour = getattr(self, f"{tone}_ink")
        return found


DAY = Palette(
    paper=_hex("F1F4F6"),
    card=_hex("FFFFFF"),
    ink=_hex("11212D"),
    quiet=_hex("3B4A56"),
    line=_hex("D3DBE1"),
    edge=_hex("6B7A86"),
    night=_hex("10293A"),
    night_ink=_hex("FFFFFF"),
    night_quiet=_hex("C3D0DA"),
    night_pressed=_hex("34495A"),
    action=_hex("0B5A46"),
    action_ink=_hex("FFFFFF"),
    action_pressed=_hex("063B2E"),
    accent=_hex("0B5A46"),
    key_pressed=_hex("E9F3EF"),
    off=_hex("E4E9ED"),
    off_edge=_hex("E4E9ED"),
    off_ink=_hex("3D4B56"),
    focus=_hex("B3400A"),
    scrim=(0.04, 0.09, 0.13, 0.72),
    plain_paper=_hex("E6ECF1"),
    plain_ink=_hex("11212D"),
    busy_paper=_hex("E3EEF8"),
    busy_ink=_hex("0D3B66"),
    good_paper=_hex("DDF3E6"),
    good_ink=_hex("0A4A2F"),
    warn_paper=_hex("FFF0C9"),
    warn_ink=_hex("4A3300"),
    bad_paper=_hex("FCE3E0"),
    bad_ink=_hex("7A1410"),
)

#: High contrast: light on black, one colour for the one action. Not the operator's to change.
NIGHT = Palette(
    paper=_hex("000000"),
    card=_hex("000000"),
    ink=_hex("FFFFFF"),
    quiet=_hex("FFFFFF"),
    line=_hex("9A9A9A"),
    edge=_hex("FFFFFF"),
    night=_hex("000000"),
    night_ink=_hex("FFFFFF"),
    night_quiet=_hex("FFFFFF"),
    night_pressed=_hex("484848"),
    action=_hex("FFE14A"),
    action_ink=_hex("000000"),
    action_pressed=_hex("FFF6C2"),
    accent=_hex("FFE14A"),
    key_pressed=_hex("484848"),
    off=_hex("000000"),
    off_edge=_hex("8C8C8C"),
    off_ink=_hex("B8B8B8"),
    focus=_hex("4AE3FF"),
    scrim=(0.0, 0.0, 0.0, 0.86),
    plain_paper=_hex("000000"),
    plain_ink=_hex("FFFFFF"),
    busy_paper=_hex("000000"),
    busy_ink=_hex("9AD4FF"),
    good_paper=_hex("000000"),
    good_ink=_hex("86F2B0"),
    warn_paper=_hex("000000"),
    warn_ink=_hex("FFE14A"),
    bad_paper=_hex("000000"),
    bad_ink=_hex("FFB0A6"),
)

COLOURS = tuple(each.name for each in fields(Palette) if each.name != "scrim")  #: an operator's to choose

#: Every text with every ground it is drawn on: 7:1 and more (WCAG 2.2, 1.4.6).
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("ink", "quiet", "accent") for ground in ("paper", "card")),
    ("night_ink", "night"),
    ("night_quiet", "night"),
    ("night_ink", "night_pressed"),
    ("action_ink", "action"),
    ("action_ink", "action_pressed"),
    ("ink", "key_pressed"),
    ("accent", "key_pressed"),
    ("quiet", "key_pressed"),
    ("off_ink", "off"),
    *((f"{tone}_ink", f"{tone}_paper") for tone in Tone),
)
TEXT_CONTRAST_MIN = 7.0
#: What must be seen, though it is no text: 3:1 and more (WCAG 2.2, 1.4.11).
EDGE_PAIRS: tuple[tuple[str, str], ...] = (
    ("edge", "card"),
    ("edge", "paper"),
    ("action", "card"),
    ("action", "paper"),
    ("night_quiet", "night"),
    ("focus", "paper"),
    ("focus", "card"),
)
EDGE_CONTRAST_MIN = 3.0


@dataclass(frozen=True, slots=True)
class Theme:
    """What an operator may choose. `logo`: a PNG, or empty."""

    colours: Palette = DAY
    type_mm: Mapping[str, float] = field(
        default_factory=lambda: TYPE_MM
    )  #: the normal scale; the large one is nobody's to change
    gap_mm: float = GAP_MM
    margin_mm: float = MARGIN_MM
    radius_mm: float = RADIUS_MM
    logo: str = ""


OURS = Theme()


def millimetre_px(width_px: float, height_px: float) -> float:
    """Pixels of one nominal millimetre in a window: the whole layout fits."""
    width_mm, height_mm = PORTRAIT_MM if height_px > width_px else LANDSCAPE_MM
    return min(width_px / width_mm, height_px / height_mm)


def _luminance(rgba: Colour) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgba[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_faint(palette: Palette) -> tuple[tuple[str, str, float, float], ...]:
    """Pairs that do not stand out enough: their names, the ratio they have, the ratio they need."""
    wanted = [(pair, TEXT_CONTRAST_MIN) for pair in TEXT_PAIRS] + [(pair, EDGE_CONTRAST_MIN) for pair in EDGE_PAIRS]
    measured = [
        (one, other, contrast(getattr(palette, one), getattr(palette, other)), least) for (one, other), least in wanted
    ]
    return tuple(pair for pair in measured if pair[2] < pair[3])
