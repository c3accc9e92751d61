"""What the till remembers of orders an operator gave it from afar.

Answers for: the shapes, and which orders are to be acknowledged. Does not answer for: obeying (`remote_orders`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.operation_facts import OrderProgress


class RemoteKind(StrEnum):
    """Every order this program can carry out; the terminal API's words."""

    LOCK = "lock"
    UNLOCK = "unlock"
    RESTART = "restart"
    FETCH_CATALOGUE = "fetch_catalogue"


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """An order as the aggregator lists it: `kind` as it came; void after `expires_at_us`, by the aggregator's clock."""

    order_id: str
    kind: str
    expires_at_us: int


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """`told`: the aggregator knows how it ended."""

    order_id: str
    kind: str
    expires_at_us: int
    progress: OrderProgress = OrderProgress.RECEIVED
    words: str = ""
    told: bool = False

    @property
    def is_open(self) -> bool:
        return self.progress is OrderProgress.RECEIVED


@dataclass(frozen=True, slots=True)
class OrderBook:
    """`orders`: by id, oldest first: those that stand, and ended ones as long as they could be listed again."""

    orders: Mapping[str, KnownOrder] = field(default_factory=dict)
    locked: bool = False

    @property
    def is_closing(self) -> bool:
        """Whether no session may begin: locked, or about to be."""
        last = ""
        for order in self.orders.values():
            if order.is_open and order.kind in {RemoteKind.LOCK, RemoteKind.UNLOCK}:
                last = order.kind
        return self.locked or last == RemoteKind.LOCK


def to_acknowledge(book: OrderBook, listed_again: tuple[str, ...]) -> tuple[KnownOrder, ...]:
    """What the next heartbeat tells of: every order whose end the aggregator may not know."""
    return tuple(order for order in book.orders.values() if not order.told or order.order_id in listed_again)
