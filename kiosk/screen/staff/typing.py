"""What is typed or chosen field by field on the pages of the service menu, and where the till is told of all of it. Pure.

Answers for: which characters a field takes, how many, and what follows the last field. Does not answer for: whether what was
typed is right: the till decides.
"""

from dataclasses import dataclass, replace

from kiosk.domain.codes import CODE_CHARACTERS
from kiosk.link import staff as s
from kiosk.link.messages import Command
from kiosk.link.service import ReceiptBy
from kiosk.link.staff import BoxPlace, CollectionStep, CollectionView, StaffView
from kiosk.screen.staff.desk import Collecting, Desk, Page, closed, opened, page
from kiosk.screen.staff.phrases import CASE_REASONS, COPY_REASONS
from kiosk.screen.words import Words

LAST = ReceiptBy.LAST.value
DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBER_CHARACTERS_MAX = 24  #: of a bag, a seal or a box
SLIP_DIGITS_MAX = 9
PAYMENT_DIGITS_MAX = 18
COUNT_DIGITS_MAX = 5
REASON_CHARACTERS_MAX = 50  #: as many capitals as stand on one line of an upright window

OWN_RESUME = "resume:own"  #: the question whether notes are to be taken again for a reason that was typed
_COPY_PAGES = frozenset({Page.COPY_BY, Page.COPY_NAME, Page.COPY_REASON, Page.OWN_REASON})
_CASE_PAGES = frozenset({Page.CASE, Page.CASE_REASON, Page.CASE_CONFIRM, Page.OWN_REASON})

Step = tuple[Desk, Command | None]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What may be typed; no `characters`: any. `may_be_empty`: it can be left without anything in it."""

    characters: str
    characters_max: int
    may_be_empty: bool = False

    def fits(self, text: str, character: str) -> bool:
        """Whether it takes this one more."""
        return len(text) < self.characters_max and (character in self.characters or not self.characters)


_NUMBER = FieldRule(f"{DIGITS}{LETTERS}-", NUMBER_CHARACTERS_MAX)
_REASON = FieldRule("", REASON_CHARACTERS_MAX)
_COUNT = FieldRule(DIGITS, COUNT_DIGITS_MAX, may_be_empty=True)
_NAMES = {
    ReceiptBy.SLIP.value: FieldRule(DIGITS, SLIP_DIGITS_MAX),
    ReceiptBy.PAYMENT.value: FieldRule(DIGITS, PAYMENT_DIGITS_MAX),
    ReceiptBy.CODE.value: FieldRule(f"{DIGITS}{LETTERS}", CODE_CHARACTERS),
}


def collection_of(desk: Desk, staff: StaffView | None) -> CollectionView | None:
    """The collection somebody is going through on this page."""
    return staff.collection if staff and page(desk, staff) is Page.COLLECTION else None


def asked_value(desk: Desk, collection: CollectionView) -> int | None:
    """The note value to be counted now; None when all of this currency are."""
    if not collection.to_count:
        return None
    values, done = collection.to_count[0][1], len(desk.collecting.counts)
    return values[done] if done < len(values) else None


def names_new_box(desk: Desk, collection: CollectionView) -> bool:
    """Whether a box is in, and only its number is wanted."""
    return desk.collecting.inserted and collection.place is not BoxPlace.OUT


def rule(desk: Desk, staff: StaffView | None) -> FieldRule | None:
    """Of the field that is shown; None where nothing is typed."""
    here = page(desk, staff) if staff else None
    if here is Page.COPY_NAME:
        return _NAMES.get(desk.copying.by)
    if here is Page.OWN_REASON:
        return _REASON
    collection = collection_of(desk, staff)
    if collection is None:
        return None
    match collection.step:
        case CollectionStep.SEAL:
            wanted = collection.bag_wanted if desk.collecting.bag is None else collection.box_id_wanted
            return replace(_NUMBER, may_be_empty=not wanted)
        case CollectionStep.NEW_BOX:
            named = names_new_box(desk, collection)
            return replace(_NUMBER, may_be_empty=not collection.box_id_wanted) if named else None
        case CollectionStep.COUNT:
            return None if asked_value(desk, collection) is None else _COUNT
        case _:
            return None


def key(desk: Desk, staff: StaffView | None, character: str) -> Desk:
    """One more character, if the field takes it."""
    return replace(desk, text=desk.text + character) if fits(desk, staff, character) else desk


def fits(desk: Desk, staff: StaffView | None, character: str) -> bool:
    """Whether the field that is shown takes it."""
    field = rule(desk, staff)
    return field is not None and field.fits(desk.text, character)


def scanned(desk: Desk, staff: StaffView | None, text: str) -> Desk:
    """A whole number at once, from a scanner: as far as the field takes its characters."""
    empty = replace(desk, text="")
    for character in text.upper():
        empty = key(empty, staff, character)
    return empty if rule(desk, staff) else desk


def is_ready(desk: Desk, staff: StaffView | None) -> bool:
    """Whether the field that is shown may be left forwards."""
    field = rule(desk, staff)
    return field is not None and (bool(desk.text.strip()) or field.may_be_empty)


def enter(desk: Desk, staff: StaffView | None) -> Step:
    """On to the next field, or to the till after the last."""
    collection, here = collection_of(desk, staff), page(desk, staff) if staff else None
    if here is Page.COPY_NAME and is_ready(desk, staff):
        return opened(replace(desk, copying=replace(desk.copying, name=desk.text)), Page.COPY_REASON), None
    if here is Page.OWN_REASON and is_ready(desk, staff):
        return because(desk, desk.way[-2], desk.text.strip())
    if collection is None:
        return desk, None
    if collection.step is CollectionStep.COUNT and asked_value(desk, collection) is None:
        return _counted(desk, collection)
    return _collected(desk, collection) if is_ready(desk, staff) else (desk, None)


def _collected(desk: Desk, collection: CollectionView) -> Step:
    """One field of a collection is filled in."""
    here = desk.collecting
    if collection.step is CollectionStep.NEW_BOX:
        return desk, s.InsertBox(desk.text)
    if collection.step is CollectionStep.COUNT:
        return replace(desk, text="", collecting=replace(here, counts=(*here.counts, int(desk.text or "0")))), None
    if here.bag is None:
        return replace(desk, text=known_box(collection), collecting=replace(here, bag=desk.text)), None
    return desk, s.SealBox(here.bag, desk.text)


def known_box(collection: CollectionView) -> str:
    """Which box is said to be in the kiosk."""
    return collection.box_id or (collection.report.box_id if collection.report else "")


def counted_notes(desk: Desk, collection: CollectionView) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The currency that is being counted, and (value_minor, count) of what was found of it so far."""
    currency, values = collection.to_count[0]
    return currency, tuple(zip(values, desk.collecting.counts, strict=False))


def _counted(desk: Desk, collection: CollectionView) -> Step:
    if not collection.to_count:
        return desk, None
    currency, notes = counted_notes(desk, collection)
    return desk, s.CountBox(currency, tuple((value, count) for value, count in notes if count))


def back(desk: Desk, staff: StaffView | None) -> Desk | None:
    """To the field before on the same page; None where there is none."""
    collection = collection_of(desk, staff)
    if collection is None:
        return None
    here = desk.collecting
    if collection.step is CollectionStep.COUNT and here.counts:
        return replace(desk, text=str(here.counts[-1]), collecting=replace(here, counts=here.counts[:-1]))
    if collection.step is CollectionStep.SEAL and here.bag is not None:
        return replace(desk, text=here.bag, collecting=Collecting())
    if collection.step is CollectionStep.NEW_BOX and here.inserted:
        return replace(desk, text="", collecting=Collecting())
    return None


def reason(desk: Desk, staff: StaffView | None, say: Words, number: int) -> Step:
    """One of the reasons was chosen."""
    here = page(desk, staff) if staff else None
    if here is Page.COPY_REASON:
        return because(desk, here, say(COPY_REASONS[number]))
    if here is Page.CASE_REASON and desk.settling.resolution is not None:
        return because(desk, here, say(CASE_REASONS[desk.settling.resolution][number]))
    return desk, None


def because(desk: Desk, of: Page, why: str) -> Step:
    """What a reason leads to: a copy is printed, a case is to be confirmed, it is asked whether notes are to be taken again."""
    if of is Page.COPY_REASON:
        command = s.CopyReceipt(desk.copying.by, desk.copying.name, why)
        return closed(desk, sum(opened_page in _COPY_PAGES for opened_page in desk.way)), command
    if of is Page.CASE_REASON:
        return opened(replace(desk, settling=replace(desk.settling, reason=why)), Page.CASE_CONFIRM), None
    return replace(desk, question=OWN_RESUME), None


def settle(desk: Desk) -> Step:
    """The supervisor has seen what it moves, and means it."""
    chosen = desk.settling
    if chosen.resolution is None or not chosen.reason:
        return desk, None
    command = s.ResolveCase(chosen.case_id, chosen.resolution, chosen.reason)
    return closed(desk, sum(opened_page in _CASE_PAGES for opened_page in desk.way)), command
