"""What the till is told to do once the facts behind it are on disk.

Enabling the acceptor is not an order: it follows from the state (`advance.acceptable_minor`), and so it is right
after every restart.
"""

from dataclasses import dataclass, field

from kiosk.domain.facts import Typed


@dataclass(frozen=True, slots=True)
class StackNote:
    """Only ever together with NoteIntended."""


@dataclass(frozen=True, slots=True)
class ReturnNote:
    pass


@dataclass(frozen=True, slots=True)
class AskQuote:
    """For an order by its number, or for a service with what the buyer filled in; one of both."""

    order_number: str
    service_id: str = ""
    fields: Typed = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class AskPrinter:
    pass


@dataclass(frozen=True, slots=True)
class PostPayment:
    """The frozen body of this id, unchanged."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class PostReport:
    """The frozen body of this report, unchanged."""

    report_id: str


@dataclass(frozen=True, slots=True)
class LookUpCode:
    """`ours`: this kiosk minted it, so its own journal tells of the visit."""

    code: str = field(repr=False)
    ours: bool


@dataclass(frozen=True, slots=True)
class PostRedemption:
    """The frozen body of this id, unchanged."""

    redemption_id: str


@dataclass(frozen=True, slots=True)
class FetchCatalogue:
    """There is said to be a newer one."""


@dataclass(frozen=True, slots=True)
class FetchRegister:
    """Of a UTC day, YYYY-MM-DD."""

    day: str


@dataclass(frozen=True, slots=True)
class Restart:
    """The process ends so that it is started again; the order behind it is recorded as done. `person`: who wanted it, if it was
    somebody at the kiosk; then there is no order.
    """

    order_id: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class RestartScreen:
    """Every screen ends so that it is started again."""


@dataclass(frozen=True, slots=True)
class PrintSlip:
    slip_id: str


@dataclass(frozen=True, slots=True)
class RefuseToRun:
    """This combination must never take money; the process ends with `reason`."""

    reason: str


#: What is asked of the aggregator.
FarOrder = AskQuote | PostPayment | PostReport | LookUpCode | PostRedemption | FetchCatalogue | FetchRegister

TillOrder = StackNote | ReturnNote | AskPrinter | PrintSlip | Restart | RestartScreen | RefuseToRun | FarOrder
