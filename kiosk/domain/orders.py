"""What the till is told to do once the facts behind it are on disk.

Enabling the acceptor is not an order: it follows from the state (`advance.acceptable_minor`), and so it is right
after every restart.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StackNote:
    """Only ever together with NoteIntended."""


@dataclass(frozen=True, slots=True)
class ReturnNote:
    pass


@dataclass(frozen=True, slots=True)
class AskQuote:
    order_number: str


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
class PrintSlip:
    slip_id: str


@dataclass(frozen=True, slots=True)
class RefuseToRun:
    """This combination must never take money; the process ends with `reason`."""

    reason: str


TillOrder = StackNote | ReturnNote | AskQuote | AskPrinter | PostPayment | PostReport | PrintSlip | RefuseToRun
