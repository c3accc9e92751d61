"""People who take cash boxes, and what they do in which order: the procedure as a person with a key goes through it.

Answers for: the steps of a collection at a played till, from wherever it stands.
"""

from kiosk.domain import collection_events as e
from kiosk.domain.box_book import CollectionStep
from kiosk.domain.people import Role
from kiosk.domain.receipts import CollectionSlip, Person
from tests.support.staff import sign_in, sign_out

MARIA = Person("Maria", Role.COLLECTOR)
BAG = "S-7700412"


def step_of(state):
    """Where the collection stands, the printing of its slips included; None where there was none yet."""
    if state.box.collection is not None:
        return state.box.collection.step
    return state.box.last.step if state.box.last else None


def next_touch(player, bag=BAG, hand_count=None):
    """The next thing a collector does at the kiosk, or None when there is nothing more to do. Takes and puts in boxes."""
    match step_of(player.state):
        case CollectionStep.FROZEN:
            return e.CollectionGoesOn()
        case CollectionStep.TAKE:
            player.world.take_box()
            return None if player.till._rules.collection.sensor else e.CollectionGoesOn()
        case CollectionStep.SEAL:
            return e.BoxWasSealed(bag, box_name(player.state.period))
        case CollectionStep.NEW_BOX:
            if player.world.physical.away:
                player.world.put_box_in()
                player.settle()
            return e.BoxWasPutIn(box_name(player.state.period + 1))
        case CollectionStep.COUNT:
            return e.BoxWasCountedBlind("EUR", counted(player) if hand_count is None else hand_count)
    return None


def counted(player):
    """What a hand finds in the box that was taken last."""
    notes = player.world.physical.taken[-1]
    return tuple(sorted((value, notes.count(value)) for value in set(notes)))


def box_name(period):
    return f"BX-{period:04d}"


def begin(player):
    """Maria signs in and freezes the kiosk, if she may now."""
    if player.state.staff is None:
        sign_in(player, Role.COLLECTOR)
    player.say(e.CollectionAsked())
    player.settle()


def collect(player, *, leaves=True, **how):
    """A whole collection, or the rest of one that was cut."""
    if player.state.box.collection is None:
        begin(player)
    elif player.state.staff is None:
        sign_in(player, Role.COLLECTOR)
    for _ in range(20):
        if player.state.box.collection is None:
            break
        touch = next_touch(player, **how)
        if touch is not None:
            player.say(touch)
        player.settle()
    if leaves:
        sign_out(player)
    return player.state.box.last


def slips_printed(world) -> list[CollectionSlip]:
    """Every collection slip that went to the printer, in order."""
    return [slip for slip in world.printed if isinstance(slip, CollectionSlip)]


def slips_of(player) -> list[CollectionSlip]:
    """Of every period that was closed, as the journal keeps it."""
    return [row.fact.slip for row in player.journal.replay() if row.name == "PeriodClosed"]
