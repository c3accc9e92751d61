"""How a payment reaches an aggregator, whatever its dialect: the port every gateway implements.

Answers for: the closed set of outcomes. Does not answer for: retrying (the outbox does), money (the ledger does).
`Unknown` is not failure; only `NotSent` proves that the far end has heard nothing.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.domain.facts import ReportKind


class StatusBy(StrEnum):
    """How a dialect tells what became of a payment."""

    QUERY = "query"  #: `status` asks
    REPOST = "repost"  #: `post` again with the same body; `status` is Unknown
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a dialect can do, as data. A call outside of it answers Unknown or Unavailable.

    `id_digits`, `id_alphabet`: the longest payment id and what it may be made of. `echoes_sum`: an acceptance names the sum,
    and the gateway has compared it. `live_told`: the far end says itself whether it is live; otherwise the configuration does.
    """

    dialect: str
    id_digits: int
    id_alphabet: str
    status_by: StatusBy
    echoes_sum: bool
    live_told: bool
    reports: frozenset[ReportKind] = frozenset()
    services: bool = False
    catalogue: bool = False
    register: bool = False
    heartbeat: bool = False
    codes: bool = False


@dataclass(frozen=True, slots=True)
class QuoteWanted:
    """An order by `order_number` as typed, or a service of the catalogue by `service_id` with what the buyer filled in
    (`fields`: name, value), one of both. `currency` is the terminal's own.
    """

    order_number: str
    currency: str
    service_id: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Quoted:
    """What would be paid. Amounts in minor units; `expires_at_us` UTC microseconds since 1970.

    `overpay`: what becomes of money over the amount, one of domain.facts.OverpayPolicy's values. `open_amount`: the buyer
    decides, from `amount_minor` to `max_minor` (0: no limit of the payee's). `account`: whom it is for, as it may be shown.
    `details`: what the buyer should check (label, value).
    """

    quote_id: str
    order_number: str
    payee: str
    description: str
    amount_minor: int
    currency: str
    expires_at_us: int
    overpay: str
    service_id: str = ""
    account: str = ""
    open_amount: bool = False
    max_minor: int = 0
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteRefused:
    """The aggregator says no: `code` is one of terminal_api.ProblemCode's values."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class QuoteUnavailable:
    """No usable answer: network, garbage, time-out. Nothing is known of the order."""

    cause: str


QuoteAnswer = Quoted | QuoteRefused | QuoteUnavailable


@dataclass(frozen=True, slots=True)
class Healthy:
    """The aggregator answers. `live`: real money moves there, so no simulated acceptor may. `skew_s`: our clock minus its."""

    live: bool
    skew_s: float


@dataclass(frozen=True, slots=True)
class Unhealthy:
    """`status`: of HTTP, where the far end answered and that is the cause, else 0."""

    cause: str
    status: int = 0


HealthAnswer = Healthy | Unhealthy


@dataclass(frozen=True, slots=True)
class Accepted:
    """Final. `reference` is the aggregator's id. The gateway has compared the echoed id, sum and currency."""

    reference: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Final: the aggregator will never take this payment."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Heard and put off. `not_before_s`: seconds the far end asked us to wait (Retry-After), 0 if it did not say."""

    not_before_s: float
    cause: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been taken or not: the same body goes again under the same id, later."""

    cause: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """No connection was made: the far end has heard nothing."""

    cause: str


Outcome = Accepted | Refused | Retry | Unknown | NotSent


@dataclass(frozen=True, slots=True)
class CodeOpen:
    """The aggregator knows the code; so much is left under it, 0: nothing any more."""

    open_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class CodeNotKnown:
    """No terminal has registered it, or not yet."""


@dataclass(frozen=True, slots=True)
class CodeUnavailable:
    """No usable answer. `asked`: whether this dialect knows codes at all."""

    cause: str
    asked: bool = True


CodeAnswer = CodeOpen | CodeNotKnown | CodeUnavailable


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Final: the payee was paid out of the code, which has `left_minor` left. The gateway has compared id, sum and currency."""

    reference: str
    left_minor: int


RedemptionOutcome = Redeemed | Refused | Retry | Unknown | NotSent


@dataclass(frozen=True, slots=True)
class CatalogueFetched:
    """The exact bytes and the signature they came with, neither read nor checked here. `etag` is for the next asking."""

    etag: str
    body: bytes = field(repr=False)
    signature: str


@dataclass(frozen=True, slots=True)
class CatalogueUnchanged:
    """The one known by its etag is still the newest."""


@dataclass(frozen=True, slots=True)
class CatalogueUnavailable:
    cause: str


CatalogueAnswer = CatalogueFetched | CatalogueUnchanged | CatalogueUnavailable


@dataclass(frozen=True, slots=True)
class RegisteredPayment:
    """A payment the aggregator took. Times in UTC microseconds since 1970: the terminal's word and the aggregator's."""

    payment_id: str
    reference: str
    amount_minor: int
    currency: str
    captured_at_us: int
    received_at_us: int


@dataclass(frozen=True, slots=True)
class RegisteredClaim:
    """A claim of this terminal that was paid out, in whole."""

    claim_id: str
    reference: str
    amount_minor: int
    currency: str
    redeemed_at_us: int


@dataclass(frozen=True, slots=True)
class RegisterRead:
    """One day of this terminal as the aggregator has it. `closed`: it will not change any more."""

    day: str
    closed: bool
    payments: tuple[RegisteredPayment, ...]
    claims: tuple[RegisteredClaim, ...]


@dataclass(frozen=True, slots=True)
class RegisterUnavailable:
    cause: str


RegisterAnswer = RegisterRead | RegisterUnavailable


@dataclass(frozen=True, slots=True)
class RemoteOrder:
    """What the operator asks of this terminal: `kind` is one of terminal_api.OrderKind's values, or one that is newer than this
    software; void after `expires_at_us`.
    """

    order_id: str
    kind: str
    expires_at_us: int


@dataclass(frozen=True, slots=True)
class HeartbeatHeard:
    """As Healthy, and: the newest catalogue there is for this terminal (0: none), and the orders that stand."""

    live: bool
    skew_s: float
    catalogue_version: int
    orders: tuple[RemoteOrder, ...]


HeartbeatAnswer = HeartbeatHeard | Unhealthy


class Gateway(Protocol):
    """Every call has a total deadline inside and raises nothing but cancellation."""

    @property
    def capabilities(self) -> Capabilities:
        """What this gateway can do."""

    async def health(self) -> HealthAnswer:
        """Ask whether the aggregator is there, and whether it is live."""

    async def heartbeat(self, body: bytes) -> HeartbeatAnswer:
        """Tell how the terminal is (`body`: a terminal_api.Heartbeat) and hear what is wanted of it."""

    async def catalogue(self, known_etag: str) -> CatalogueAnswer:
        """Ask for the catalogue unless it is still the one of `known_etag` (empty: none is known)."""

    async def quote(self, wanted: QuoteWanted) -> QuoteAnswer:
        """Ask what an order or a service costs, before cash."""

    async def post(self, payment_id: str, body: bytes) -> Outcome:
        """Send a frozen body under its id."""

    async def status(self, payment_id: str) -> Outcome:
        """Ask what became of an id; Unknown where the far end does not know it or cannot say."""

    async def report(self, kind: ReportKind, report_id: str, body: bytes) -> Outcome:
        """Send a frozen report of this kind under its id."""

    async def register(self, day: str) -> RegisterAnswer:
        """Ask for a day's register, YYYY-MM-DD in UTC."""

    async def look_up_code(self, code: str) -> CodeAnswer:
        """Ask what is left under a code. It is worth money: it stands in no log and no cause."""

    async def redeem(self, redemption_id: str, body: bytes, amount_minor: int, currency: str) -> RedemptionOutcome:
        """Send a frozen redemption under its id; only an answer about this sum is final."""

    async def close(self) -> None:
        """Give the connections back. Idempotent."""
