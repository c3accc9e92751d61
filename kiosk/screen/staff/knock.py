"""The hidden way in: hold the terminal's number in the footer, then tap the opposite corner. Pure.

Answers for: telling this from everything else fingers do. Does not answer for: when the door may open (`desk`), who may come in:
whoever finds the way by chance stands before a number and a PIN, and is back among buyers with one touch.
"""

from dataclasses import dataclass

HOLD_S = 3.0  #: nobody rests a finger on a footer without buttons for so long
HOLD_MAX_S = 10.0  #: longer is a bag that leans against the glass
TAP_WITHIN_S = 4.0
FOOTER_WIDE_MM, FOOTER_HIGH_MM = 70.0, 24.0
CORNER_MM = 30.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a finger is, in nominal millimetres from the bottom left of a glass of this size."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float

    @property
    def is_on_the_number(self) -> bool:
        """At the bottom left, where the footer names the terminal."""
        return self.x_mm <= FOOTER_WIDE_MM and self.y_mm <= FOOTER_HIGH_MM

    @property
    def is_in_the_corner(self) -> bool:
        """At the top right."""
        return self.x_mm >= self.width_mm - CORNER_MM and self.y_mm >= self.height_mm - CORNER_MM


@dataclass(frozen=True, slots=True)
class Knock:
    """`down_s`: since when a finger holds the number, `until_s`: how long the corner may be tapped. Below 0: neither."""

    down_s: float = -1.0
    until_s: float = -1.0


QUIET = Knock()


def pressed(knock: Knock, spot: Spot, now_s: float) -> tuple[Knock, bool]:
    """A finger came down: what that makes of it, and whether it was the whole knock."""
    if now_s <= knock.until_s:
        return QUIET, spot.is_in_the_corner
    return Knock(down_s=now_s) if spot.is_on_the_number else QUIET, False


def lifted(knock: Knock, spot: Spot, now_s: float) -> Knock:
    """The finger left the glass."""
    held = knock.down_s >= 0 and HOLD_S <= now_s - knock.down_s <= HOLD_MAX_S
    return Knock(until_s=now_s + TAP_WITHIN_S) if held and spot.is_on_the_number else QUIET
