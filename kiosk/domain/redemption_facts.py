"""Facts of paying with a code: money that stayed behind from an earlier visit pays for something now, and no cash moves.

Answers for: the durable words and their units, as `facts` does for cash. Does not answer for: what follows from them
(`redemptions`). The money is the aggregator's to move: what was kept here moves in our books when its register says that it was
paid out (`registers`), whoever paid with it and wherever.
Amounts are integer minor units of an ISO 4217 currency; times are UTC microseconds since 1970.
"""

from dataclasses import dataclass, field

from kiosk.domain.offer import Order, Particulars


@dataclass(frozen=True, slots=True)
class Sealed:
    """What of a redemption is a secret or personal: the code is worth money to whoever reads it."""

    code: str = field(default="", repr=False)
    body: bytes = field(default=b"", repr=False)
    particulars: Particulars = field(default=Particulars(), repr=False)


@dataclass(frozen=True, slots=True)
class RedemptionCaptured:
    """The buyer pays a whole quote with a code. Id and request body are frozen here, before the first byte is sent; it is also
    where the visit begins: nothing of it was durable before.

    `open_minor`: what was under the code when it was looked up. `sealed` stands beside the chain and may be erased in time.
    """

    redemption_id: str
    session_id: str
    language: str
    order: Order
    without_receipt: bool
    gateway: str
    open_minor: int
    captured_at_us: int
    sealed: Sealed = field(default=Sealed(), repr=False)


@dataclass(frozen=True, slots=True)
class RedemptionDeferred:
    """As PaymentDeferred."""

    redemption_id: str
    attempt: int
    cause: str
    next_at_us: int


@dataclass(frozen=True, slots=True)
class RedemptionAccepted:
    """Final. The payee has it; `left_minor` is still under the code. `at_us` is 0 when the clock was not known to be right."""

    redemption_id: str
    reference: str
    left_minor: int
    at_us: int = 0


@dataclass(frozen=True, slots=True)
class RedemptionRefused:
    """Final: nothing was taken, the money is under the code as before."""

    redemption_id: str
    code: str
    reason: str
    at_us: int = 0


RedemptionFact = RedemptionCaptured | RedemptionDeferred | RedemptionAccepted | RedemptionRefused
