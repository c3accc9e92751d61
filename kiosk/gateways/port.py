"""How a payment reaches an aggregator, whatever its dialect: the port every gateway implements.

Answers for: the closed set of outcomes. Does not answer for: retrying (the outbox does), money (the ledger does).
`Unknown` is not failure; only `NotSent` proves that the far end has heard nothing.
"""

from dataclasses import dataclass
from typing import Protocol


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
    cause: str


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


class Gateway(Protocol):
    """Every call has a total deadline inside and raises nothing but cancellation."""

    async def health(self) -> HealthAnswer:
        """Ask whether the aggregator is there, and whether it is live."""

    async def quote(self, wanted: QuoteWanted) -> QuoteAnswer:
        """Ask what an order costs, before cash."""

    async def post(self, payment_id: str, body: bytes) -> Outcome:
        """Send a frozen body under its id."""

    async def status(self, payment_id: str) -> Outcome:
        """Ask what became of an id; Unknown where the far end does not know it or cannot say."""

    async def report(self, report_id: str, body: bytes) -> Outcome:
        """Send a frozen report under its id."""

    async def close(self) -> None:
        """Give the connections back. Idempotent."""
