"""What the screen itself knows between two snapshots: where the buyer browses, what is being typed or asked. Pure.

Answers for: what a touch or a scan means (a command for the till, or a character) and when what was typed is forgotten. Does not
answer for: money, which is the till's, or looks (`presenter`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kiosk.domain.catalogue import NO_CATALOGUE, Catalogue, Service
from kiosk.domain.codes import CODE_CHARACTERS, CodeError, parse
from kiosk.link import messages as m
from kiosk.link.messages import Command, Phase, Snapshot
from kiosk.screen import browsing as browse
from kiosk.screen import ease
from kiosk.screen.browsing import NOWHERE, At, Browsing
from kiosk.screen.mode import NORMAL, Mode
from kiosk.screen.searching import Index, index_of, search
from kiosk.screen.staff import desk as desks
from kiosk.screen.staff import touches as staff_touches
from kiosk.screen.staff.desk import NOBODY, Desk

ORDER_DIGITS_MAX = 20  #: terminal_api.QuoteRequest.order_number

STILL_BUSY = (
    2  #: who touches the screen within so many times the warning is still here: the till is told, nobody is asked
)
#: Phases in which the till waits for the buyer.
TIMED = frozenset({Phase.WELCOME, Phase.ENTRY, Phase.OFFER, Phase.CASH, Phase.DONE, Phase.FOUND, Phase.SERVICE})

#: What somebody scans means something here: they have not said yet what they want.
SCANS = frozenset({Phase.WELCOME, Phase.ENTRY})


#: What was typed belongs to one buyer: it is forgotten in every other phase.
TYPED_LIVES = frozenset({Phase.ENTRY, Phase.CHECKING, Phase.OFFER, Phase.FOUND})

#: What somebody scans means something here: they have not said yet what they want.
SCANS = frozenset({Phase.WELCOME, Phase.ENTRY})

OF_SERVICES = frozenset({At.SHELF, At.SEARCH, At.RESULTS, At.FIELD})


@dataclass(frozen=True, slots=True)
class Glass:
    """`looked_up`: what was typed of an order or a code when the till was asked. `fresh`: the till's notice has been there since
    the last touch, so it is about what was done last. `finishing`: the buyer is asked whether to finish short; `leaving`: they
    wanted to go back, and money is in. `catalogue`: what this screen can offer, `index`: to find it by; `browsing`: where in it
    the buyer is. `mode`: how it is shown to this buyer. `desk`: where somebody with a key is.
    """

    snapshot: Snapshot | None = None
    linked: bool = False
    typed: str = ""
    looked_up: str = ""
    finishing: bool = False
    catalogue: Catalogue = NO_CATALOGUE
    browsing: Browsing = NOWHERE
    mode: Mode = NORMAL
    index: Index = ()
    fresh: bool = False
    leaving: bool = False
    desk: Desk = NOBODY


def offers(glass: Glass) -> bool:
    """Whether there are services to choose from."""
    return bool(glass.snapshot and glass.snapshot.catalogue_version and glass.catalogue.services)


def takes_codes(glass: Glass) -> bool:
    """Whether a code from a slip can be typed here."""
    return glass.snapshot is not None and glass.snapshot.codes


def has_home(glass: Glass) -> bool:
    """Whether there is anything to choose beside an order."""
    return offers(glass) or takes_codes(glass)


def place(glass: Glass) -> At:
    """Which screen of choosing is shown. Where there is nothing to choose it is always the order's number."""
    if not has_home(glass):
        return At.ORDER
    at = glass.browsing.at
    gone = (at in OF_SERVICES and not offers(glass)) or (at is At.CODE and not takes_codes(glass))
    return At.HOME if gone else at


def found(glass: Glass) -> tuple[Service, ...]:
    """Services that are called as the buyer typed."""
    language = glass.snapshot.language if glass.snapshot else ""
    return search(glass.index, glass.browsing.query, language)


def is_mistyped(code: str) -> bool:
    """Whether a code is whole and yet none: its check characters say so at once."""
    try:
        parse(code)
    except CodeError:
        return len(code) == CODE_CHARACTERS
    return False


def scene(glass: Glass) -> object:
    """What makes it another screen for the buyer: a second tap meant for the one before must not reach it."""
    at = glass.browsing
    phase = glass.snapshot.phase if glass.snapshot and glass.linked else None
    staff = desks.scene(glass.desk, glass.snapshot)
    return (phase, place(glass), at.way, at.page, at.field, at.choices_page, at.layout, staff)


def learnt(glass: Glass, catalogue: Catalogue) -> Glass:
    """A catalogue arrived. Who is typing an order's number when the first one comes stays where they are."""
    is_typing = place(glass) is At.ORDER and bool(glass.typed)
    here = browse.DOORS["order"] if is_typing else browse.still_there(glass.browsing, catalogue)
    return replace(glass, catalogue=catalogue, index=index_of(catalogue), browsing=here)


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
        leaving=glass.leaving and snapshot.cash is not None and snapshot.cash.can_finish,
        fresh=snapshot.notice is not None and (glass.fresh or _is_news(glass.snapshot, snapshot)),
        mode=ease.at_snapshot(glass.mode, glass.snapshot if glass.linked else None, snapshot),
        desk=desks.seen(glass.desk, glass.snapshot if glass.linked else None, snapshot),
    )


def _is_news(before: Snapshot | None, snapshot: Snapshot) -> bool:
    """The till has just said it, or has said it again of something else."""
    return before is None or before.notice is not snapshot.notice or before.phase is not snapshot.phase


def is_staffed(glass: Glass) -> bool:
    """Whether somebody with a key is here, or at the door."""
    return glass.desk.form is not None or (glass.snapshot is not None and glass.snapshot.phase is Phase.SERVICE)


def is_over(before: Glass, glass: Glass) -> bool:
    """Whether a visit has just ended, or whoever was here is thought to have gone."""
    ended = before.snapshot is not None and before.snapshot.phase is not Phase.WELCOME
    is_free = glass.snapshot is not None and glass.snapshot.phase is Phase.WELCOME
    return is_free and (ended or before.mode != glass.mode)


def reminds(before: Glass, glass: Glass) -> Command | None:
    """What a till has to be told that has forgotten it, now that a snapshot arrived."""
    if glass.snapshot is None:
        return None
    return ease.time_wanted(glass.mode, before.snapshot if before.linked else None, glass.snapshot)


def lost(glass: Glass) -> Glass:
    """The till is away. Digits stay: it may be back in a moment. A PIN does not."""
    return replace(glass, linked=False, finishing=False, leaving=False, desk=replace(glass.desk, form=None))


def waited(glass: Glass, elapsed_s: float) -> Glass:
    """Time went by that the till does not measure: somebody is signing in."""
    return glass if glass.desk.form is None else replace(glass, desk=desks.waited(glass.desk, elapsed_s))


def touched(glass: Glass, role: str) -> tuple[Glass, Command | None]:
    """The button of `role` was tapped: what changes here, and what the till is told."""
    name, _, argument = role.partition(":")
    after, command = _TOUCHES[name](glass, argument)
    return replace(after, fresh=False), command or _still_busy(glass)


def scanned(glass: Glass, text: str) -> tuple[Glass, Command | None]:
    """A scanner read `text`: the till is told, where that can be of use; staff may scan what they would type."""
    if glass.snapshot and glass.snapshot.phase is Phase.SERVICE:
        return replace(glass, desk=staff_touches.scanned(glass.desk, glass.snapshot, text)), None
    wanted = glass.linked and glass.snapshot is not None and glass.snapshot.phase in SCANS
    return glass, m.Scanned(text) if wanted else None


def put_back(glass: Glass, before: Glass) -> Glass:
    """What has been typed since `before` was a scanner's."""
    return replace(glass, typed=before.typed, browsing=before.browsing)


def _still_busy(glass: Glass) -> Command | None:
    """A touch that is no business of the till's still tells it that somebody is there, before it would ask."""
    snapshot = glass.snapshot
    if snapshot is None or snapshot.phase not in TIMED:
        return None
    soon = 0 <= snapshot.seconds_left <= STILL_BUSY * snapshot.warn_s
    return m.MoreTime() if soon else None


def notice(glass: Glass) -> m.NoticeCode | None:
    """Why the buyer is not further, as long as what it speaks of is still on the glass."""
    told = glass.snapshot.notice if glass.snapshot else None
    if glass.fresh:
        return told
    match place(glass):
        case At.ORDER | At.CODE:
            is_about_it = bool(glass.looked_up) or not has_home(glass)
            return told if is_about_it and glass.typed == glass.looked_up else None
        case At.HOME if told is m.NoticeCode.TIMED_OUT:
            return told
        case _:
            return None if glass.browsing.asked is None else told


def _is_short(snapshot: Snapshot) -> bool:
    """Finishing now would not pay the order."""
    cash = snapshot.cash
    return cash is not None and cash.can_finish and cash.left_minor > 0


Touched = tuple[Glass, Command | None]


def _key(glass: Glass, character: str) -> Touched:
    match place(glass):
        case At.FIELD:
            return replace(glass, browsing=browse.key(glass.browsing, character)), None
        case At.SEARCH:
            query = (glass.browsing.query + character).lstrip()
            return replace(glass, browsing=browse.seek(glass.browsing, query)), None
        case At.CODE:
            return replace(glass, typed=(glass.typed + character)[:CODE_CHARACTERS]), None
        case _:
            return replace(glass, typed=(glass.typed + character)[:ORDER_DIGITS_MAX]), None


def _erase(glass: Glass, count: int | None) -> Touched:
    """`count` characters from the end, or all."""
    kept = slice(-count if count else 0)
    match place(glass):
        case At.FIELD:
            return replace(glass, browsing=browse.with_text(glass.browsing, browse.text_of(glass.browsing)[kept])), None
        case At.SEARCH:
            return replace(glass, browsing=browse.seek(glass.browsing, glass.browsing.query[kept])), None
        case _:
            return replace(glass, typed=glass.typed[kept]), None


def _next(glass: Glass, _argument: str) -> Touched:
    match place(glass):
        case At.FIELD:
            return _step(glass, browse.forward(glass.browsing))
        case At.SEARCH:
            return (replace(glass, browsing=browse.show_results(glass.browsing)) if found(glass) else glass), None
        case At.CODE if len(glass.typed) < CODE_CHARACTERS or is_mistyped(glass.typed):
            return glass, None
        case At.CODE:
            return replace(glass, looked_up=glass.typed), m.LookUpCode(glass.typed)
        case _:
            return replace(glass, looked_up=glass.typed), m.LookUpOrder(glass.typed)


def _more(glass: Glass, _argument: str) -> Touched:
    at = glass.browsing
    match place(glass):
        case At.FIELD:
            count = len(browse.field_of(at).choices)
        case At.RESULTS:
            count = len(found(glass))
        case _:
            count = len(browse.items(at, glass.catalogue))
    return replace(glass, browsing=browse.turn_page(at, count)), None


def _step(glass: Glass, step: browse.Step) -> Touched:
    return replace(glass, browsing=step[0]), step[1]


def _browses(glass: Glass, browsing: Browsing) -> Touched:
    """To another place; a number that was typed elsewhere is forgotten."""
    return replace(glass, browsing=browsing, typed="", looked_up=""), None


def _staff(glass: Glass, argument: str) -> Touched:
    desk, command = staff_touches.touched(glass.desk, glass.snapshot, argument)
    after = replace(glass, desk=desk)
    return _in_mode(after, NORMAL) if is_staffed(after) and not is_staffed(glass) else (after, command)


def _finish(glass: Glass, _argument: str) -> Touched:
    if glass.snapshot and _is_short(glass.snapshot) and not (glass.finishing or glass.leaving):
        return replace(glass, finishing=True), None
    return replace(glass, finishing=False, leaving=False), m.FinishCash()


def _in_mode(glass: Glass, mode: Mode) -> Touched:
    """Another mode; the till gives more time, or as much as to everybody. Modes are buyers'."""
    if mode == glass.mode or (mode != NORMAL and is_staffed(glass)):
        return glass, None
    wanted = mode != NORMAL
    return replace(glass, mode=mode), m.TakeYourTime(wanted) if wanted is (glass.mode == NORMAL) else None


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
    "search": lambda glass, _: _browses(glass, browse.DOORS["search"]),
    "code": lambda glass, _: _browses(glass, browse.DOORS["code"]),
    "layout": lambda glass, layout: (replace(glass, browsing=replace(glass.browsing, layout=layout)), None),
    "group": lambda glass, group: _browses(glass, browse.open_group(glass.browsing, group)),
    "service": lambda glass, name: _step(glass, browse.choose_service(glass.browsing, glass.catalogue, name)),
    "choice": lambda glass, value: _step(glass, browse.choose(glass.browsing, value)),
    "more": _more,
    "back": lambda glass, _: _browses(glass, browse.back(glass.browsing)),
    "confirm": _tells(m.ConfirmOffer()),
    "confirm_without_receipt": _tells(m.ConfirmOffer(without_receipt=True)),
    "pay_with_code": lambda glass, _: (_browses(glass, NOWHERE)[0], m.PayWithCode()),
    "drop_code": _tells(m.DropCode()),
    "finish": _finish,
    "go_back": lambda glass, _: (replace(glass, leaving=True), None),
    "not_yet": lambda glass, _: (replace(glass, finishing=False, leaving=False), None),
    "cancel": _tells(m.Cancel()),
    "more_time": _tells(m.MoreTime()),
    "mode": lambda glass, _: _in_mode(glass, ease.by_touch(glass.mode)),
    "spoken": lambda glass, _: _in_mode(glass, ease.by_key(glass.mode)),
    "headset": lambda glass, how: _in_mode(glass, ease.by_headset(glass.mode, plugged=how == "in")),
    "leave": _tells(m.Leave()),
    "staff": _staff,
}
