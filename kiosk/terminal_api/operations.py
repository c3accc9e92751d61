"""A terminal's life beside payments: pairing, certificates, heartbeats, remote orders, collections."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Gt, MaxLen, MinLen

from kiosk.terminal_api.common import (
    CashCount,
    Currency,
    Hex256,
    Identifier,
    IdentifierOrNone,
    MinorEither,
    MinorOrNone,
    Mode,
    Moment,
    Sequence,
    Words,
)


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """A one-time token from the administrator and a certificate request (PEM) for a key that was made on the terminal and never
    leaves it. The same token with the same key may be sent again: the answer may have been lost.
    """

    token: Annotated[str, MinLen(16), MaxLen(64)]
    certificate_request: Annotated[str, MinLen(1), MaxLen(8192)]
    software: Words


@dataclass(frozen=True, slots=True)
class RenewalRequest:
    """Asked for under the old certificate, for the same or a new key."""

    certificate_request: Annotated[str, MinLen(1), MaxLen(8192)]


@dataclass(frozen=True, slots=True)
class Paired:
    """Who the terminal is from now on. `catalogue_key`: Ed25519, hex, signs every catalogue."""

    terminal_number: str
    certificate: str
    authority: str
    catalogue_key: Hex256
    mode: Mode


class Light(StrEnum):
    """How a part is, at a glance."""

    GREEN = "green"
    AMBER = "amber"  #: works, and wants looking after: paper near its end, a clock that is off
    RED = "red"  #: does not work


@dataclass(frozen=True, slots=True)
class PartState:
    """`part`: acceptor, printer, network, journal, disk, clock, screen …; `words`: a reason, in English."""

    part: Identifier
    light: Light
    words: Words = ""


class OrderKind(StrEnum):
    """What an operator may ask of a terminal from afar."""

    LOCK = "lock"  #: begin no session until unlocked
    UNLOCK = "unlock"
    RESTART = "restart"  #: when nobody is paying
    FETCH_CATALOGUE = "fetch_catalogue"


class OrderProgress(StrEnum):
    RECEIVED = "received"  #: will be carried out when nobody is paying
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RemoteOrder:
    """Stands until it is acknowledged as done or refused, or `expires_at` has passed. `kind` is one of OrderKind's values; a
    terminal whose software does not know it refuses the order.
    """

    order_id: Identifier
    kind: Identifier
    expires_at: Moment


@dataclass(frozen=True, slots=True)
class OrderAcknowledged:
    order_id: Identifier
    progress: OrderProgress
    words: Words = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """How the terminal is. `cash`: what is in the box by denomination; `queued`: payments and reports not yet delivered.

    `journal_seq` never falls and a row never changes its hash: two terminals with one identity are noticed by that.
    """

    sent_at: Moment
    software: Words
    journal_seq: Sequence
    journal_head: Hex256
    parts: Annotated[tuple[PartState, ...], MaxLen(20)]
    currency: Currency
    cash: Annotated[tuple[CashCount, ...], MaxLen(50)]
    queued: Annotated[int, Ge(0)]
    accepting: bool
    catalogue_version: Annotated[int, Ge(0)]
    acknowledged: Annotated[tuple[OrderAcknowledged, ...], MaxLen(50)] = ()


@dataclass(frozen=True, slots=True)
class HeartbeatAnswer:
    """`catalogue_version`: the newest there is for this terminal, 0 for none."""

    time: Moment
    mode: Mode
    catalogue_version: Annotated[int, Ge(0)]
    orders: Annotated[tuple[RemoteOrder, ...], MaxLen(50)] = ()


@dataclass(frozen=True, slots=True)
class CollectionReport:
    """A cash box that was taken: what is in it, and in which places of the books. Frozen and re-sent as payments are.

    Sums in minor units, of money that came in during the period; stacked = confirmed + queued + unallocated + redeemed + orphan +
    test. `suspense_minor` is beside that sum: notes of which nobody knows whether they are in the box. `counted_minor`: by hand,
    at the kiosk. `exact`: nothing speaks against the sum; `attended`: somebody had signed in to take it.
    `previous_hash`: of the slip before, zeros for the first.
    """

    collection_id: Identifier
    period: Annotated[int, Gt(0)]
    taken_at: Moment
    person: Words
    bag: Words
    box: Words
    currency: Currency
    cash: Annotated[tuple[CashCount, ...], MaxLen(50)]
    stacked_minor: MinorOrNone
    confirmed_minor: MinorOrNone
    queued_minor: MinorEither
    unallocated_minor: MinorEither
    test_minor: MinorEither
    suspense_minor: MinorOrNone
    exact: bool
    slip_number: Annotated[int, Ge(0)]
    slip_hash: Hex256
    previous_hash: Hex256
    journal_seq: Sequence
    journal_head: Hex256
    redeemed_minor: MinorEither = 0
    orphan_minor: MinorEither = 0
    counted_minor: MinorOrNone | None = None
    attended: bool = True


@dataclass(frozen=True, slots=True)
class CollectionState:
    """The aggregator's word on one collection. `difference_minor`: against its own books of the terminal, at that moment."""

    collection_id: Identifier
    reference: IdentifierOrNone
    difference_minor: int
