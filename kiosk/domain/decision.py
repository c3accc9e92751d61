"""What deciding works with and comes to: shared by `decide`, `quoting` and `advance`."""

from dataclasses import dataclass

from kiosk.domain.facts import Fact
from kiosk.domain.moves import Move
from kiosk.domain.orders import TillOrder
from kiosk.domain.rules import Now, Rules
from kiosk.domain.state import State


@dataclass(frozen=True, slots=True)
class Decision:
    """`happened` is folded in this order; its facts are on disk before any of `orders` is carried out."""

    happened: tuple[Fact | Move, ...] = ()
    orders: tuple[TillOrder, ...] = ()


NOTHING = Decision()


@dataclass(frozen=True, slots=True)
class Context:
    state: State
    now: Now
    rules: Rules


def happened(*what: Fact | Move) -> Decision:
    """A decision that gives no orders."""
    return Decision(what)
