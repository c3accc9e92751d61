"""What the screen itself knows between two snapshots: where the buyer browses, what is being typed or asked. Pure.

Answers for: what a touch means (a command for the till, or a digit) and when typed digits are forgotten. Does not answer
for: money, which is the till's, or looks (`presenter`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kiosk.domain.catalogue import NO_CATALOGUE, Catalogue
from kiosk.link import messages as m
from kiosk.link.messages import Command, Phase, Snapshot
from kiosk.screen import browsing as browse
from kiosk.screen.browsing import NOWHERE, At, Browsing
from kiosk.screen.mode import NORMAL, Mode
from kiosk.screen.staff import desk as desks
from kiosk.screen.staff import touches as staff_touches
from kiosk.screen.staff.desk import NOBODY, Desk

ORDER_DIGITS_MAX = 20  #: terminal_api.QuoteRequest.order_number

STILL_BUSY_S = (
    40  #: who touches the screen while less is left is still here: the till is told, and nobody need be asked
)

#: Where much can be touched that the till need not know.
TOUCHED_ALONE = frozenset({Phase.ENTRY, Phase.SERVICE})

#: What was typed belongs to one buyer: it is forgotten in every other phase.
TYPED_LIVES = frozenset({Phase.ENTRY, Phase.CHECKING, Phase.OFFER})


@dataclass(frozen=True, slots=True)
class Glass:
    """`looked_up`: the digits a notice of the till speaks of. `finishing`: the buyer is asked whether to finish short.
    `catalogue`: what this screen can offer; `browsing`: where in it the buyer is. `mode`: how it is shown to this buyer.
    `desk`: where somebody with a key is.
    """

    snapshot: Snapshot | None = None
    linked: bool = False
    typed: str = ""
    looked_up: str = ""
    finishing: bool = False
    catalogue: Catalogue = NO_CATALOGUE
    browsing: Browsing = NOWHERE
    mode: Mode = NORMAL
    desk: Desk = NOBODY


def offers(glass: Glass) -> bool:
    """Whether there are services to choose from."""
    return bool(glass.snapshot and glass.snapshot.catalogue_version and glass.catalogue.services)


def place(glass: Glass) -> At:
    """Which screen of choosing is shown. Without services it is always the order's number."""
    return glass.browsing.at if offers(glass) else At.ORDER


def scene(glass: Glass) -> object:
    """What makes it another screen for the buyer: a second tap meant for the one before must not reach it."""
    at = glass.browsing
    phase = glass.snapshot.phase if glass.snapshot and glass.linked else None
    staff = desks.scene(glass.desk, glass.snapshot)
    return (phase, place(glass), at.way, at.page, at.field, at.choices_page, staff)


def learnt(glass: Glass, catalogue: Catalogue) -> Glass:
    """A catalogue arrived. Who is typing an order's number when the first one comes stays where they are."""
    offered = browse.typeable(catalogue)
    is_typing = place(glass) is At.ORDER and bool(glass.typed)
    here = browse.DOORS["order"] if is_typing else browse.still_there(glass.browsing, offered)
    return replace(glass, catalogue=offered, browsing=here)


def seen(glass: Glass, snapshot: Snapshot) -> Glass:
    """A snapshot arrived."""
    keeps = snapshot.phase in TYPED_LIVES
    return replace(
        glass,
        snapshot=snapshot,
        linked=True,
        typed=glass.typed if keeps else "",
        looked_up=glass.looked_up if keeps else "",
        browsing=glass.browsing if keeps else NOWHERE,
        finishing=glass.finishing and _is_short(snapshot),
        desk=desks.seen(glass.desk, glass.snapshot if glass.linked else None, snapshot),
    )


def lost(glass: Glass) -> Glass:
    """The till is away. Digits stay: it may be back in a moment. A PIN does not."""
    return replace(glass, linked=False, finishing=False, desk=replace(glass.desk, form=None))


def waited(glass: Glass, elapsed_s: float) -> Glass:
    """Time went by that the till does not measure: somebody is signing in."""
    return glass if glass.desk.form is None else replace(glass, desk=desks.waited(glass.desk, elapsed_s))


def touched(glass: Glass, role: str) -> tuple[Glass, Command | None]:
    """The button of `role` was tapped: what changes here, and what the till is told."""
    name, _, argument = role.partition(":")
    after, command = _TOUCHES[name](glass, argument)
    return after, command or _still_busy(glass)


def _still_busy(glass: Glass) -> Command | None:
    """A touch that is no business of the till's still tells it that somebody is there, before it would ask."""
    snapshot = glass.snapshot
    soon = snapshot is not None and snapshot.phase in TOUCHED_ALONE and 0 <= snapshot.seconds_left <= STILL_BUSY_S
    return m.MoreTime() if soon else None


def notice(glass: Glass) -> m.NoticeCode | None:
    """Why the buyer is not further, as long as what it speaks of is still on the glass."""
    told = glass.snapshot.notice if glass.snapshot else None
    match place(glass):
        case At.ORDER:
            is_about_it = bool(glass.looked_up) or not offers(glass)
            return told if is_about_it and glass.typed == glass.looked_up else None
        case At.HOME:
            return told if told is m.NoticeCode.TIMED_OUT else None
        case _:
            return None if glass.browsing.asked is None else told


def _is_short(snapshot: Snapshot) -> bool:
    """Finishing now would not pay the order."""
    cash = snapshot.cash
    return cash is not None and cash.can_finish and cash.left_minor > 0


Touched = tuple[Glass, Command | None]


def _key(glass: Glass, digit: str) -> Touched:
    if place(glass) is At.FIELD:
        return replace(glass, browsing=browse.key(glass.browsing, digit)), None
    full = len(glass.typed) >= ORDER_DIGITS_MAX
    return glass if full else replace(glass, typed=glass.typed + digit), None


def _erase(glass: Glass, count: int | None) -> Touched:
    """`count` characters from the end, or all."""
    if place(glass) is At.FIELD:
        left = browse.text_of(glass.browsing)[: -count if count else 0]
        return replace(glass, browsing=browse.with_text(glass.browsing, left)), None
    return replace(glass, typed=glass.typed[: -count if count else 0]), None


def _next(glass: Glass, _argument: str) -> Touched:
    if place(glass) is At.FIELD:
        return _step(glass, browse.forward(glass.browsing))
    return replace(glass, looked_up=glass.typed), m.LookUpOrder(glass.typed)


def _step(glass: Glass, step: browse.Step) -> Touched:
    return replace(glass, browsing=step[0]), step[1]


def _browses(glass: Glass, browsing: Browsing) -> Touched:
    """To another place; a number that was typed elsewhere is forgotten."""
    return replace(glass, browsing=browsing, typed="", looked_up=""), None


def _staff(glass: Glass, argument: str) -> Touched:
    desk, command = staff_touches.touched(glass.desk, glass.snapshot, argument)
    return replace(glass, desk=desk), command


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
    "erase": lambda glass, _: _erase(glass, 1),
    "erase_all": lambda glass, _: _erase(glass, None),
    "next": _next,
    "order": lambda glass, _: _browses(glass, browse.DOORS["order"]),
    "services": lambda glass, _: _browses(glass, browse.DOORS["services"]),
    "group": lambda glass, group: _browses(glass, browse.open_group(glass.browsing, group)),
    "service": lambda glass, name: _step(glass, browse.choose_service(glass.browsing, glass.catalogue, name)),
    "choice": lambda glass, value: _step(glass, browse.choose(glass.browsing, value)),
    "more": lambda glass, _: _browses(glass, browse.turn_page(glass.browsing, glass.catalogue)),
    "back": lambda glass, _: _browses(glass, browse.back(glass.browsing)),
    "confirm": _tells(m.ConfirmOffer()),
    "confirm_without_receipt": _tells(m.ConfirmOffer(without_receipt=True)),
    "finish": _finish,
    "not_yet": lambda glass, _: (replace(glass, finishing=False), None),
    "cancel": _tells(m.Cancel()),
    "more_time": _tells(m.MoreTime()),
    "leave": _tells(m.Leave()),
    "staff": _staff,
}
