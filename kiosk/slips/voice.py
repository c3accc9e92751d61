"""How one slip speaks: its language, its paper, and what the operator puts on every slip.

Answers for: turning values into printed words. Does not answer for: which value stands where (`templates`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from drivers.receipt_printer.document import Picture
from kiosk.domain.money import exponent
from kiosk.slips import words
from kiosk.slips.words import Words


@dataclass(frozen=True, slots=True)
class SecondCurrency:
    """Sums in `base` are also told in `currency`: `rate` of it for one unit, rounded half up to its smallest unit.

    Only single sums are told twice, never their parts: rounded parts need not add up to the rounded sum.
    """

    base: str
    currency: str
    rate: Decimal

    def of(self, minor: int) -> int:
        """Minor units of `base` → minor units of `currency`."""
        shift = exponent(self.currency) - exponent(self.base)
        return int((Decimal(minor) * self.rate).scaleb(shift).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Look:
    """What the operator puts on every slip. `issuer`: lines; `footer`: by language, may lack some."""

    issuer: tuple[str, ...] = ()
    footer: Mapping[str, str] = field(default_factory=dict)
    logo: Picture | None = None
    second: SecondCurrency | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """`columns`: characters a line; `time_zone`: of the kiosk."""

    words: Words
    look: Look
    columns: int
    time_zone: str

    @property
    def language(self) -> str:
        return self.words.language

    def say(self, message: str, **values: str) -> str:
        """`message` in the slip's language, with `values` in its places."""
        said = self.words.say(message)
        return words.PLACE.sub(lambda place: values.get(place[1], place[0]), said)

    def count(self, number: int, one: str, many: str) -> str:
        return self.words.count(number, one, many)

    def number(self, value: int) -> str:
        return words.number(value, self.language)

    def moment(self, at_us: int) -> str:
        return words.moment(at_us, self.time_zone, self.language)

    def amount(self, minor: int, currency: str) -> str:
        return words.amount(minor, currency, self.language)

    def second(self, minor: int, currency: str) -> str:
        """The same sum in the second currency; empty when there is none for `currency`, or nothing to tell."""
        second = self.look.second
        if second is None or second.base != currency or not minor:
            return ""
        return words.amount(second.of(minor), second.currency, self.language)

    def rate(self) -> str:
        """`1 EUR = 1,95583 BGN`, or empty."""
        second = self.look.second
        if second is None:
            return ""
        return f"1 {second.base} = {words.number(second.rate, self.language)} {second.currency}"
