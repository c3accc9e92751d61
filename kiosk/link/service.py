"""What crosses between the till and its tools, on a socket of its own that the screen cannot reach.

Answers for: the shapes. Does not answer for: sockets (`till.service_server`, `service_client`), framing (`codec`).
"""

from enum import StrEnum

from msgspec import Struct

from kiosk.domain.receipts import Device
from kiosk.link.staff import PartView


class BackUpJournal(Struct, frozen=True, tag="back_up_journal"):
    """Make a consistent copy of the journal beside it, while cash goes on."""


class AskPrinter(Struct, frozen=True, tag="ask_printer"):
    """How the printer is, asked of the printer itself."""


class PrintTestPage(Struct, frozen=True, tag="print_test_page"):
    """A page without any buyer's data. `person` and what came of it are recorded."""

    person: str


class ReceiptBy(StrEnum):
    """What a receipt is named by."""

    SLIP = "slip"  #: the number on it
    PAYMENT = "payment"  #: the payment number, or the visit's
    CODE = "code"  #: the claim code
    LAST = "last"  #: the latest there is


class Reprint(Struct, frozen=True, tag="reprint"):
    """Print a copy, marked as one, of the receipt that `name` names, as things stand now. `name` is empty for LAST."""

    by: ReceiptBy
    name: str
    person: str
    reason: str


class Resume(Struct, frozen=True, tag="resume"):
    """Take notes again after a latch: `person` looked, and says why it is safe."""

    person: str
    reason: str


class EnterCount(Struct, frozen=True, tag="enter_count"):
    """What was counted by hand in the box of a period that is over."""

    period: int
    currency: str
    counted_minor: int
    person: str
    reason: str


class Diagnose(Struct, frozen=True, tag="diagnose"):
    """Look at these parts, at all of them when none is named. Answered by a PartTold for each as it is known, then Diagnosed."""

    devices: tuple[Device, ...] = ()


ServiceAsk = BackUpJournal | AskPrinter | PrintTestPage | Reprint | Resume | EnterCount | Diagnose


class Progress(Struct, frozen=True, tag="progress"):
    done: int
    in_all: int


class BackedUp(Struct, frozen=True, tag="backed_up"):
    """`path`: the copy, whole; the asker takes it away. `seq`: the last row that was on disk when it was finished."""

    path: str
    seq: int


class PrinterTold(Struct, frozen=True, tag="printer_told"):
    """`paper` and `faults` in the driver's words; `model` and `serial` in the printer's own, empty where it names none."""

    can_print: bool
    paper: str
    faults: tuple[str, ...]
    ticket_waiting: bool
    model: str
    serial: str


class PageTold(Struct, frozen=True, tag="page_told"):
    """What became of a page, in the driver's words. `number`: what stands on the slip; 0 on a page that has none."""

    outcome: str
    cause: str
    number: int


class Resumed(Struct, frozen=True, tag="resumed"):
    """`was`: why acceptance was latched off; empty when it was not."""

    was: str


class CountEntered(Struct, frozen=True, tag="count_entered"):
    """`booked_minor`: what the books said was on its way; `over_minor`: so much more was counted, below zero: less."""

    booked_minor: int
    over_minor: int


class PartTold(Struct, frozen=True, tag="part_told"):
    part: PartView


class Diagnosed(Struct, frozen=True, tag="diagnosed"):
    """That was all: `parts` of them."""

    parts: int


class Declined(Struct, frozen=True, tag="declined"):
    reason: str


ServiceAnswer = Progress | BackedUp | PrinterTold | PageTold | Resumed | CountEntered | PartTold | Diagnosed | Declined
