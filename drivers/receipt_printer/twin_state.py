"""The twin's body: paper, cover, cutter, head, presenter, and what its sensors say of them in each model's dialect.

Answers for: status bytes by the vendors' tables. Does not answer for: executing commands (`twin`), USB (`twin_usb`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

ROLL_MM = 80_000.0
NEAR_END_MM = 3_000.0  #: unverified: the sensor looks at the roll's radius


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. `wide` and `tall` are 1 or more."""

    text: str
    align: str = "left"
    bold: bool = False
    wide: int = 1
    tall: int = 1


@dataclass(frozen=True, slots=True)
class QrCode:
    """Drawn by the printer itself."""

    data: str
    ecc: str
    module_dots: int
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Dots:
    """A band of dots, rows of whole bytes, 1 is burnt."""

    width_bytes: int
    height: int
    bits: bytes
    align: str = "left"


Printed = Line | QrCode | Dots
Slip = tuple[Printed, ...]


@dataclass
class Body:
    """Everything a hand can change, and the sensors."""

    paper_mm: float = ROLL_MM
    cover_open: bool = False
    cutter_stuck: bool = False
    jammed: bool = False
    hot: bool = False
    power_bad: bool = False
    broken: bool = False
    feed_pressed: bool = False
    presenter_stuck: bool = False
    in_presenter: Slip | None = None
    offered: bool = False  #: the slip in the presenter can be taken
    taken: list[Slip] = field(default_factory=list)
    retracted: list[Slip] = field(default_factory=list)

    @property
    def can_print(self) -> bool:
        return self.paper_mm > 0 and not (self.cover_open or self.feed_pressed or self.hot or self.failed)

    @property
    def failed(self) -> bool:
        return self.cutter_stuck or self.jammed or self.broken or self.power_bad or self.presenter_stuck

    @property
    def out(self) -> bool:
        return self.paper_mm <= 0

    @property
    def near(self) -> bool:
        return self.paper_mm <= NEAR_END_MM

    def menu(self) -> Mapping[str, Callable[[], None]]:
        """What a hand can do, by its words."""

        def put(**values: Any) -> Callable[[], None]:
            return lambda: self._put(values)

        return {
            "paper out": put(paper_mm=0.0),
            "paper near": put(paper_mm=NEAR_END_MM - 1000),
            "paper in": put(paper_mm=ROLL_MM),
            "cover open": put(cover_open=True),
            "cover close": put(cover_open=False),
            "cutter stuck": put(cutter_stuck=True),
            "cutter free": put(cutter_stuck=False),
            "jam": put(jammed=True),
            "unjam": put(jammed=False),
            "hot": put(hot=True),
            "cool": put(hot=False),
            "voltage bad": put(power_bad=True),
            "voltage good": put(power_bad=False),
            "break": put(broken=True),
            "mend": put(broken=False),
            "feed press": put(feed_pressed=True),
            "feed release": put(feed_pressed=False),
            "presenter stuck": put(presenter_stuck=True),
            "presenter free": put(presenter_stuck=False),
            "take": self.take,
        }

    def _put(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            setattr(self, name, value)

    # --- the presenter ------------------------------------------------------------------------------------------------

    def hold(self, slip: Slip, offered: bool) -> None:
        """A cut slip moves in and pushes out what was there."""
        self.take()
        self.in_presenter, self.offered = slip, offered

    def take(self) -> None:
        """Somebody pulls the slip out, or it falls."""
        if self.in_presenter is not None:
            self.taken.append(self.in_presenter)
        self.in_presenter, self.offered = None, False

    def retract(self) -> None:
        """The slip goes into the bin inside. A stuck presenter keeps it."""
        if self.in_presenter is None or self.presenter_stuck:
            return
        self.retracted.append(self.in_presenter)
        self.in_presenter, self.offered = None, False

    # --- sensors ------------------------------------------------------------------------------------------------------

    def port_status(self) -> int:
        """USB printer class: bit 5 paper empty, bit 4 selected, bit 3 no error."""
        return (
            (0x20 if self.out else 0)
            | (0x10 if self.can_print else 0)
            | (0 if self.failed or self.cover_open else 0x08)
        )

    def epson(self, number: int) -> int:
        """DLE EOT n."""
        stops = self.cutter_stuck or self.jammed or self.broken or self.power_bad
        bits = {
            1: (0x08 if not self.can_print else 0) | (0x40 if self.feed_pressed else 0),
            2: (0x04 if self.cover_open else 0)
            | (0x08 if self.feed_pressed else 0)
            | (0x20 if self.out else 0)
            | (0x40 if stops else 0),
            3: (0x08 if self.cutter_stuck else 0)
            | (0x20 if self.broken or self.power_bad or self.jammed else 0)
            | (0x40 if self.hot else 0),
            4: (0x0C if self.near else 0) | (0x60 if self.out else 0),
        }
        return 0x12 | bits.get(number, 0)

    def citizen(self, number: int) -> int:
        """DLE EOT n of the PPU-700: one bit for the paper's end, bit 6 for paper in the presenter, two bytes more."""
        bits = {
            3: (0x04 if self.presenter_stuck else 0)
            | (0x08 if self.cutter_stuck else 0)
            | (0x20 if self.broken or self.jammed else 0),
            4: (0x04 if self.near else 0) | (0x20 if self.out else 0) | (0x40 if self.in_presenter else 0),
            5: (0x04 if self.cover_open else 0) | (0x08 if self.hot else 0) | (0x20 if self.power_bad else 0),
            6: (0x20 if self.presenter_stuck else 0) | (0x40 if self.broken else 0),
        }
        return 0x12 | bits[number] if number in bits else self.epson(number)

    def custom(self, printing: bool, spooling: bool) -> bytes:
        """FULL STATUS: 10 0F p u r x."""
        ticket = self.in_presenter is not None and self.offered
        paper = (0x01 if self.out else 0) | (0x04 if self.near else 0) | (0x20 if ticket else 0)
        user = (0x02 if self.cover_open else 0) | (0x04 if spooling else 0) | (0x08 if printing else 0)
        user |= 0x20 if self.feed_pressed else 0
        recoverable = (0x01 if self.hot else 0) | (0x08 if self.power_bad else 0) | (0x40 if self.jammed else 0)
        fatal = (
            (0x01 if self.cutter_stuck else 0) | (0x04 if self.broken else 0) | (0x80 if self.presenter_stuck else 0)
        )
        return bytes((0x10, 0x0F, paper, user, recoverable, fatal))
