"""What the operator decided, as data for `decide` and `advance`: limits, times, the form of a frozen request.

Also carries what pure code may not fetch for itself: the moment, a random draw, the journal's head.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.domain.facts import Order, ReportKind, Typed
from kiosk.domain.receipts import BoxContents, CollectionSlip, SlipData
from kiosk.domain.session import Slip
from kiosk.domain.state import State

MICROSECONDS = 1_000_000

#: Seconds since 1970 of 2020-01-01T00:00:00Z, the zero of payment ids. Nine digits last until 2051.
EPOCH_2020_S = 1_577_836_800


@dataclass(frozen=True, slots=True)
class ToFreeze:
    """All a gateway needs to build the body of a payment request.

    `amount_minor` is what the payee is credited; `cash`: (value_minor, count) of the session; `fields`: what the buyer filled in.
    """

    payment_id: str
    order: Order
    amount_minor: int
    cash: tuple[tuple[int, int], ...]
    captured_at_us: int
    journal_seq: int
    journal_head: str
    fields: Typed = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ClaimToFreeze:
    """All a gateway needs to register money that became claimable. `statement`: the signed text of `codes.statement`;
    `public_key`: of the key that signed it, hex.
    """

    claim_id: str
    code: str
    reason: str
    amount_minor: int
    currency: str
    statement: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the kiosk stands, as its slips say it. `time_zone`: an IANA name."""

    name: str
    address: str
    support_phone: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class CollectionRules:
    """`blind`: counted by hand before the sum is shown; `sheets`: originals of the slip; `sensor`: the acceptor feels its box."""

    blind: bool = False
    sheets: int = 2
    bag_wanted: bool = True
    box_id_wanted: bool = True
    sensor: bool = True


@dataclass(frozen=True, slots=True)
class RedemptionToFreeze:
    """All a gateway needs to pay the quote of `order` with a code."""

    redemption_id: str
    code: str = field(repr=False)
    order: Order


@dataclass(frozen=True, slots=True)
class Rules:
    """`freeze`, `freeze_claim`, `freeze_redemption` and `freeze_collection` (id, slip, which currency of it) are the gateway's
    pure builders of request bodies, `freeze_slip` says what a receipt of the visit in the state tells, `write_slip` turns what
    any slip tells into bytes, `sign` is the till's Ed25519 key; everything else comes from the configuration.
    """

    terminal_number: str
    languages: tuple[str, ...]
    currency: str
    denominations_minor: frozenset[int]
    leftover_limit_minor: int
    session_limit_minor: int
    idle_s: float
    cash_idle_s: float
    pay_wait_s: float
    result_s: float
    outbox_base_s: float
    outbox_cap_s: float
    gateway: str
    twin: bool
    freeze: Callable[[ToFreeze], bytes]
    freeze_claim: Callable[[ClaimToFreeze], bytes]
    freeze_collection: Callable[[str, CollectionSlip, BoxContents], bytes]
    freeze_redemption: Callable[[RedemptionToFreeze], bytes]
    freeze_slip: "Callable[[State, Slip, Now, Rules], bytes]"
    write_slip: Callable[[SlipData], bytes]
    sign: Callable[[bytes], bytes]
    keep_personal_s: float
    place: Place
    intent_wait_s: float = 45.0  #: past the driver's own 30 s for a STACK
    closing_wait_s: float = 15.0  #: for the acceptor to say it is at rest
    note_test_idle_s: float = 120.0  #: a technician who walked away ends the test
    staff_idle_s: float = 180.0  #: and is signed out
    collection_idle_s: float = 900.0  #: unless a collection is under way
    photo_s: float = 90.0  #: a result that has to be photographed stays this long
    reports: frozenset[ReportKind] = frozenset(ReportKind)  #: what the gateway takes; the rest waits unqueued
    registers: bool = True  #: the gateway has the aggregator's daily registers
    catalogue: bool = True  #: this kiosk keeps a catalogue
    collection: CollectionRules = CollectionRules()
    codes: bool = True  #: the gateway looks codes up and pays with them
    code_tries_per_minute: int = 10  #: codes that somebody may ask about; a code has 35 bits nobody can know
    scanner: bool = False  #: something to scan with is there


@dataclass(frozen=True, slots=True)
class Now:
    """`nonce`: a fresh random integer in 0 … 2⁶⁴-1. `journal_*`: the last row on disk."""

    utc_us: int
    mono_s: float
    nonce: int
    journal_seq: int
    journal_head: str


def new_id(terminal_number: str, utc_us: int, serial: int) -> str:
    """18 digits: terminal (4), seconds since 2020 (9), session count (5): unique even if the clock steps back."""
    seconds = max(0, utc_us // MICROSECONDS - EPOCH_2020_S) % 10**9
    return f"{terminal_number}{seconds:09d}{serial % 10**5:05d}"
