"""What the screen itself knows between two snapshots: digits being typed, a question being asked. Pure.

Answers for: what a touch means (a command for the till, or a digit) and when typed digits are forgotten. Does not answer
for: money, which is the till's, or looks (`presenter`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kiosk.link import messages as m
from kiosk.link.messages import Command, Phase, Snapshot

ORDER_DIGITS_MAX = 20  #: terminal_api.QuoteRequest.order_number

#: A number belongs to one buyer: it is forgotten in every other phase.
TYPED_LIVES = frozenset({Phase.ENTRY, Phase.CHECKING, Phase.OFFER})


@dataclass(frozen=True, slots=True)
class Glass:
    """`looked_up`: the digits a notice of the till speaks of. `finishing`: the buyer is asked whether to finish short."""

    snapshot: Snapshot | None = None
    linked: bool = False
    typed: str = ""
    looked_up: str = ""
    finishing: bool = False


def seen(glass: Glass, snapshot: Snapshot) -> Glass:
    """A snapshot arrived."""
    keeps = snapshot.phase in TYPED_LIVES
    return replace(
        glass,
        snapshot=snapshot,
        linked=True,
        typed=glass.typed if keeps else "",
        looked_up=glass.looked_up if keeps else "",
        finishing=glass.finishing and _is_short(snapshot),
    )


def lost(glass: Glass) -> Glass:
    """The till is away. Digits stay: it may be back in a moment."""
    return replace(glass, linked=False, finishing=False)


def touched(glass: Glass, role: str) -> tuple[Glass, Command | None]:
    """The button of `role` was tapped: what changes here, and what the till is told."""
    name, _, argument = role.partition(":")
    return _TOUCHES[name](glass, argument)


def notice(glass: Glass) -> m.NoticeCode | None:
    """Why the buyer is not further, as long as the number it speaks of is still on the glass."""
    if glass.snapshot is None or glass.typed != glass.looked_up:
        return None
    return glass.snapshot.notice


def _is_short(snapshot: Snapshot) -> bool:
    """Finishing now would not pay the order."""
    cash = snapshot.cash
    return cash is not None and cash.can_finish and cash.left_minor > 0


Touched = tuple[Glass, Command | None]


def _key(glass: Glass, digit: str) -> Touched:
    full = len(glass.typed) >= ORDER_DIGITS_MAX
    return glass if full else replace(glass, typed=glass.typed + digit), None


def _finish(glass: Glass, _argument: str) -> Touched:
    if glass.snapshot and _is_short(glass.snapshot) and not glass.finishing:
        return replace(glass, finishing=True), None
    return replace(glass, finishing=False), m.FinishCash()


def _tells(command: Command) -> Callable[[Glass, str], Touched]:
    return lambda glass, _argument: (glass, command)


#: By the name of a role. What follows its colon is the argument.
_TOUCHES: Mapping[str, Callable[[Glass, str], Touched]] = {
    "language": lambda glass, language: (glass, m.ChooseLanguage(language)),
    "key": _key,
    "erase": lambda glass, _: (replace(glass, typed=glass.typed[:-1]), None),
    "erase_all": lambda glass, _: (replace(glass, typed=""), None),
    "next": lambda glass, _: (replace(glass, looked_up=glass.typed), m.LookUpOrder(glass.typed)),
    "confirm": _tells(m.ConfirmOffer()),
    "confirm_without_receipt": _tells(m.ConfirmOffer(without_receipt=True)),
    "finish": _finish,
    "not_yet": lambda glass, _: (replace(glass, finishing=False), None),
    "cancel": _tells(m.Cancel()),
    "more_time": _tells(m.MoreTime()),
    "leave": _tells(m.Leave()),
}
