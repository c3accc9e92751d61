"""The ways to pay that a merchant is told of: cash at our terminals. Aliases are stable; labels may come to name a network.

Answers for: codes, labels and names per language. Does not answer for: limits of a single terminal.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Currency:
    """What Robokassa calls a currency: a way to pay. `names` per language."""

    label: str
    alias: str
    names: Mapping[str, str]


GROUP = "Terminals"
GROUP_NAMES: Mapping[str, str] = {"en": "Payment terminals", "ru": "Терминалы оплаты", "bg": "Платежни терминали"}

TERMINAL = Currency(
    "TerminalKiosk",
    "Terminal",
    {"en": "Cash at a terminal", "ru": "Наличные в терминале", "bg": "В брой на терминал"},
)
CURRENCIES = (TERMINAL,)


def of(label: str) -> Currency | None:
    """By label or alias, in any letter case."""
    return next((one for one in CURRENCIES if label.lower() in {one.label.lower(), one.alias.lower()}), None)
