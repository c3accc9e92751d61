"""Where somebody with a key is on the screen, and what they have typed so far: the screen's own until the till is told. Pure.

Answers for: pages and the way back, forms one field after another, questions before what cannot be undone, what is forgotten
and when. Does not answer for: what a touch means (`touches`), what is shown (`presenter`), who may do what: the till decides.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.domain.receipts import Device, Role
from kiosk.link.messages import Phase, Snapshot
from kiosk.link.staff import Act, CollectionStep, CollectionView, Resolution, StaffView
from kiosk.screen.staff import signing
from kiosk.screen.staff.signing import Form, Wanted


class Page(StrEnum):
    """Which screen of the service menu is shown."""

    TASKS = "tasks"
    BOARD = "board"
    PART = "part"
    FACTS = "facts"
    NOTES = "notes"
    TOUCH = "touch"
    LOG = "log"
    RESTART = "restart"
    RESUME = "resume"
    OWN_REASON = "own_reason"
    COPY_BY = "copy_by"
    COPY_NAME = "copy_name"
    COPY_REASON = "copy_reason"
    CASH = "cash"
    COLLECTION = "collection"
    CASES = "cases"
    CASE = "case"
    CASE_REASON = "case_reason"
    CASE_CONFIRM = "case_confirm"


@dataclass(frozen=True, slots=True)
class Copying:
    """Of which receipt a copy is wanted. `by`: one of link.service.ReceiptBy's values."""

    by: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Collecting:
    """`bag` None: not typed yet. `inserted`: the new box is said to be in. `counts`: of each value so far, in the order they are
    asked for.
    """

    bag: str | None = None
    inserted: bool = False
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Settling:
    """What a supervisor decides about one case."""

    case_id: str = ""
    resolution: Resolution | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """`form`: somebody is signing in. `language`: of the staff, empty: the kiosk's. `way`: pages that were opened, outermost
    first; empty: home. `turned`: pages of a list that were turned. `text`: being typed, on the keys of `layout`. `question`:
    before something is done. `follows`: this collection was gone through here, so its end is shown, too. `acted`: the revision
    something was last asked of the till on this page; -1: nothing was.
    """

    form: Form | None = None
    language: str = ""
    way: tuple[Page, ...] = ()
    turned: int = 0
    device: Device = Device.ACCEPTOR
    text: str = ""
    layout: str = ""
    question: str = ""
    reached: frozenset[int] = field(default=frozenset(), repr=False)
    copying: Copying = Copying()
    collecting: Collecting = Collecting()
    settling: Settling = Settling()
    follows: bool = False
    acted: int = -1


NOBODY = Desk()


def home(staff: StaffView) -> Page:
    """A technician stands before the board; everybody else before what there is to do."""
    return Page.BOARD if staff.role is Role.TECHNICIAN and Act.DIAGNOSE in staff.may else Page.TASKS


def page(desk: Desk, staff: StaffView) -> Page:
    """Which page is shown."""
    return desk.way[-1] if desk.way else home(staff)


def may_open(snapshot: Snapshot | None) -> bool:
    """Whether somebody may begin to sign in: no buyer is here, whether the kiosk is open or not."""
    return snapshot is not None and snapshot.phase is Phase.WELCOME


def is_secret(desk: Desk) -> bool:
    """Whether a picture of the screen could show what nobody may see: which key a finger is on."""
    return desk.form is not None and desk.form.wanted is not Wanted.NUMBER


def scene(desk: Desk, snapshot: Snapshot | None) -> object:
    """What makes it another screen for whoever stands there."""
    collection = snapshot.staff.collection if snapshot and snapshot.staff else None
    step = (collection.step, desk.collecting.bag is None, desk.collecting.inserted) if collection else None
    asked = len(desk.collecting.counts)
    return (desk.form and desk.form.wanted, desk.way, desk.turned, desk.device, desk.question, step, asked)


# --- pages --------------------------------------------------------------------------------------------------------


def opened(desk: Desk, to: Page) -> Desk:
    """One page further in."""
    return replace(desk, way=(*desk.way, to), turned=0, text="", question="", reached=frozenset(), acted=-1)


def closed(desk: Desk, pages: int = 1) -> Desk:
    """Back by so many pages."""
    return replace(desk, way=desk.way[:-pages], turned=0, text="", question="", reached=frozenset(), acted=-1)


# --- snapshots ----------------------------------------------------------------------------------------------------


def seen(desk: Desk, before: Snapshot | None, now: Snapshot) -> Desk:
    """A snapshot arrived."""
    if now.phase is Phase.SERVICE and now.staff:
        was = before.staff if before and before.phase is Phase.SERVICE else None
        return _signed_in(desk, now.staff) if was is None else _followed(desk, was, now.staff)
    if desk.form is None or now.phase is not Phase.WELCOME:
        return NOBODY
    return replace(desk, form=signing.told(desk.form, before.sign_in if before else None, now.sign_in))


def _signed_in(desk: Desk, staff: StaffView) -> Desk:
    """Whoever may collect finds a collection that was begun where it is."""
    goes_on = is_under_way(staff.collection) and Act.COLLECT in staff.may
    return Desk(language=desk.language, way=(Page.COLLECTION,) if goes_on else (), follows=goes_on)


def _followed(desk: Desk, was: StaffView, now: StaffView) -> Desk:
    """What the till did leads on, or back."""
    here = page(desk, now)
    if here is Page.NOTES and was.note_test and not now.note_test:
        return closed(desk)
    if Page.RESUME in desk.way and was.latched and not now.latched:
        return replace(closed(desk, len(desk.way) - desk.way.index(Page.RESUME)), acted=desk.acted)
    if here is Page.COLLECTION and was.collection and now.collection is None:
        return replace(NOBODY, language=desk.language, acted=desk.acted)
    if step_of(was.collection) is not step_of(now.collection):
        follows = desk.follows or is_under_way(now.collection)
        return replace(desk, text="", question="", collecting=Collecting(), follows=follows)
    if was.collection and now.collection and was.collection.to_count != now.collection.to_count:
        return replace(desk, text="", collecting=Collecting())
    return desk


def step_of(collection: CollectionView | None) -> CollectionStep | None:
    """Where the collection is."""
    return collection.step if collection else None


def is_under_way(collection: CollectionView | None) -> bool:
    """Whether there is one that is not over yet."""
    return collection is not None and collection.step is not CollectionStep.DONE


def waited(desk: Desk, elapsed_s: float) -> Desk:
    """Time went by before the glass."""
    if desk.form is None:
        return desk
    form = signing.waited(desk.form, elapsed_s)
    return NOBODY if form is None else replace(desk, form=form)
