"""What a scripted buyer does next, from what is on the screen and which notes are still in hand. Pure; no Kivy, no sockets.

Answers for: the order of taps and notes, patience, and continuing after the till was cut. Does not answer for: touching.
A button is tapped because it is on the glass; where it is not, the buyer turns a page, goes back, or looks again.
The mind remembers little, because most of what it needs stands in the world: the screen says where the session is, the
acceptor says which notes are physically in its box.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kiosk.link.messages import (
    Availability,
    CashView,
    NoteMessage,
    NoticeCode,
    Phase,
    PrinterView,
    ReceiptView,
    Snapshot,
)
from kiosk.screen.browsing import At

PATIENCE_S = 25.0  #: without any progress, before the buyer gives up
REFUSALS_S = 10.0  #: how long a note is offered to an acceptor that will not take it
BOOKING_S = 5.0  #: how long the screen may lag behind the box before the buyer stops waiting for it
ATTEMPTS_MAX = 3  #: how often one note that came back is tried again

#: The till said why; trying the same note again would be rude.
FINAL_MESSAGES = frozenset({NoteMessage.OVER_LIMIT, NoteMessage.WRONG_CURRENCY, NoteMessage.NOT_ACCEPTED})

#: What a kiosk says of something that this buyer paid for before the till was cut.
PAID_BEFORE = frozenset({NoticeCode.ORDER_ALREADY_PAID, NoticeCode.NOTHING_DUE})


@dataclass(frozen=True, slots=True)
class Purchase:
    """A service of the catalogue. `way`: the groups it stands in, outermost first. `texts`: what to fill in, by field."""

    service_id: str
    way: tuple[str, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """`notes_minor`: what the buyer brought, in the order it goes in; empty when somebody else feeds a real acceptor.
    `purchase`: the service to pay for; None: the order.
    """

    language: str
    order_number: str
    notes_minor: tuple[int, ...]
    resumed: bool
    purchase: Purchase | None = None


@dataclass(frozen=True, slots=True)
class AcceptorSight:
    """`free`: no note is moving. Counts are notes by value in minor units."""

    free: bool
    box: Mapping[int, int]
    returned: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What the buyer sees now. `place`: which screen of choosing; `field`: the one it asks for, if it is one of a service's.
    `typed`: the characters echoed on it. `roles`: of the buttons that may be touched. `now_s`: any clock that only grows.
    """

    snapshot: Snapshot
    place: At
    field: str
    typed: str
    roles: frozenset[str]
    acceptor: AcceptorSight | None
    now_s: float


@dataclass(frozen=True, slots=True)
class Tap:
    role: str


@dataclass(frozen=True, slots=True)
class Insert:
    value_minor: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do but look again."""


@dataclass(frozen=True, slots=True)
class Went:
    """The buyer leaves. `fault` is empty when the session came to its end."""

    fault: str = ""


Action = Tap | Insert | Wait | Went
WAIT = Wait()


@dataclass(frozen=True, slots=True)
class Memory:
    """`offered`: the note that was put in last and has not been seen to settle; `tries` counts those that came back."""

    saw_result: bool = False
    offered: int = 0
    returned_before: int = 0
    tries: Mapping[int, int] = field(default_factory=dict)
    kept: tuple[int, ...] = ()
    refused_since_s: float | None = None
    progress_s: float = 0.0
    last_scene: tuple[object, ...] = ()


def think(plan: Plan, memory: Memory, sight: Sight) -> tuple[Action, Memory]:
    """The next action and what is remembered of it."""
    memory = _with_progress(memory, sight)
    action, memory = _SCENES[sight.snapshot.phase](plan, memory, sight)
    if isinstance(action, Wait | Tap) and sight.now_s - memory.progress_s > PATIENCE_S and not _till_decides(sight):
        return Went(f"nothing moved for {PATIENCE_S:.0f} s on the {sight.snapshot.phase} screen"), memory
    return action, memory


def refused(memory: Memory, now_s: float) -> Memory:
    """The acceptor did not pull the offered note in."""
    since_s = memory.refused_since_s if memory.refused_since_s is not None else now_s
    return replace(memory, offered=0, refused_since_s=since_s)


def _till_decides(sight: Sight) -> bool:
    """With cash on the screen the till itself ends the session after its own silence."""
    return sight.snapshot.phase is Phase.CASH


def _with_progress(memory: Memory, sight: Sight) -> Memory:
    shot = sight.snapshot
    cash = shot.cash.inserted_minor if shot.cash else 0
    scene = (shot.phase, sight.place, sight.field, sight.typed, cash, shot.availability, shot.result)
    if scene == memory.last_scene:
        return memory
    return replace(memory, last_scene=scene, progress_s=sight.now_s)


def _welcome(plan: Plan, memory: Memory, sight: Sight) -> tuple[Action, Memory]:
    """The start, or the end: a screen that is back here after notes went in has finished with this buyer."""
    paid_in = sight.acceptor is not None and any(sight.acceptor.box.values())
    if memory.saw_result or paid_in:
        return Went(), memory
    if sight.snapshot.availability is not Availability.OPEN:
        return WAIT, memory
    if plan.purchase is not None and not sight.snapshot.catalogue_version:
        return WAIT, memory
    return Tap(f"language:{plan.language}"), memory


def _entry(plan: Plan, memory: Memory, sight: Sight) -> tuple[Action, Memory]:
    notice = sight.snapshot.notice
    if notice in PAID_BEFORE and plan.resumed:
        return Went(), memory
    if notice not in {None, NoticeCode.NETWORK_DOWN, NoticeCode.TIMED_OUT}:
        return Went(f"the kiosk said {notice}"), memory
    if plan.purchase is None:
        return _choose_order(plan.order_number, sight), memory
    return _choose_service(plan.purchase, sight), memory


def _choose_order(number: str, sight: Sight) -> Action:
    match sight.place:
        case At.HOME:
            return Tap("order")
        case At.ORDER:
            return _type(number, sight)
        case _:
            return Tap("back")


def _choose_service(wanted: Purchase, sight: Sight) -> Action:
    match sight.place:
        case At.HOME:
            return Tap("services")
        case At.SHELF:
            inwards = (f"service:{wanted.service_id}", *(f"group:{group}" for group in reversed(wanted.way)))
            return _first_on_glass((*inwards, "more", "back"), sight)
        case At.FIELD if sight.field in wanted.texts:
            return _fill_in(wanted.texts[sight.field], sight)
        case _:
            return _first_on_glass(("back",), sight)


def _fill_in(text: str, sight: Sight) -> Action:
    """By keys where there are some, else by one of the choices."""
    if any(role.startswith("key:") for role in sight.roles):
        return _type(text, sight)
    return _first_on_glass((f"choice:{text}", "more"), sight)


def _type(wanted: str, sight: Sight) -> Action:
    if sight.typed == wanted:
        return Tap("next")
    if wanted.startswith(sight.typed):
        return _key(wanted[len(sight.typed)], sight)
    return Tap("erase_all")


def _key(character: str, sight: Sight) -> Action:
    """The key itself, or the way to the layout that has it: every Bulgarian letter is a Russian one too."""
    layouts = ("layout:en",) if character.isascii() else ("layout:bg", "layout:ru")
    return _first_on_glass((f"key:{character}", *layouts), sight)


def _first_on_glass(roles: Sequence[str], sight: Sight) -> Action:
    return next((Tap(role) for role in roles if role in sight.roles), WAIT)


def _watch(_plan: Plan, memory: Memory, _sight: Sight) -> tuple[Action, Memory]:
    return WAIT, memory


def _offer(_plan: Plan, memory: Memory, sight: Sight) -> tuple[Action, Memory]:
    return Tap("confirm_without_receipt" if sight.snapshot.printer is PrinterView.NO_RECEIPT else "confirm"), memory


def _cash(plan: Plan, memory: Memory, sight: Sight) -> tuple[Action, Memory]:
    cash, acceptor = sight.snapshot.cash, sight.acceptor
    if cash is None or acceptor is None or not acceptor.free:
        return WAIT, memory
    if memory.offered:
        memory = _settle(memory, acceptor, cash.message)
    in_box = sum(value * count for value, count in acceptor.box.items())
    unbooked = cash.inserted_minor + cash.under_review_minor < in_box
    if unbooked and sight.now_s - memory.progress_s < BOOKING_S:
        return WAIT, memory
    note = _next_note(plan, memory, acceptor)
    impatient = memory.refused_since_s is not None and sight.now_s - memory.refused_since_s > REFUSALS_S
    if note is None or impatient:
        return _give_up_notes(cash), memory
    return Insert(note), replace(memory, offered=note, returned_before=acceptor.returned)


def _settle(memory: Memory, acceptor: AcceptorSight, message: NoteMessage) -> Memory:
    """What became of the note that was offered: it is in the box, or it came back."""
    note, memory = memory.offered, replace(memory, offered=0)
    if acceptor.returned == memory.returned_before:
        return replace(memory, refused_since_s=None)
    tries = {**memory.tries, note: memory.tries.get(note, 0) + 1}
    given_up = message in FINAL_MESSAGES or tries[note] >= ATTEMPTS_MAX
    return replace(memory, tries=tries, kept=(*memory.kept, note) if given_up else memory.kept)


def _next_note(plan: Plan, memory: Memory, acceptor: AcceptorSight) -> int | None:
    gone = Counter(acceptor.box) + Counter(memory.kept)
    for note in plan.notes_minor:
        if gone[note] == 0:
            return note
        gone[note] -= 1
    return None


def _give_up_notes(cash: CashView) -> Action:
    if cash.can_finish:
        return Tap("finish")
    return Tap("cancel") if cash.can_cancel else WAIT


def _done(_plan: Plan, memory: Memory, sight: Sight) -> tuple[Action, Memory]:
    memory = replace(memory, saw_result=True)
    result = sight.snapshot.result
    if result is None or result.receipt is ReceiptView.PRINTING:
        return WAIT, memory
    return Tap("leave"), memory


_SCENES: Mapping[Phase, Callable[[Plan, Memory, Sight], tuple[Action, Memory]]] = {
    Phase.WELCOME: _welcome,
    Phase.ENTRY: _entry,
    Phase.CHECKING: _watch,
    Phase.OFFER: _offer,
    Phase.CASH: _cash,
    Phase.PAYING: _watch,
    Phase.DONE: _done,
}
