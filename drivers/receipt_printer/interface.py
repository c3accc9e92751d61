"""What the till sees of any receipt printer.

Answers for: the closed set of outcomes, what a status says, and the words causes are told in (`advice` says what to do about
each). Does not answer for: USB, ESC/POS, what slips say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.receipt_printer.document import Document


class Outcome(StrEnum):
    """What became of a slip. UNKNOWN is never silently printed again."""

    PRINTED = "printed"  #: confirmed by the printer, by the best means its profile names
    TAKEN = "taken"  #: printed and taken from the presenter
    RETRACTED = "retracted"  #: printed, forgotten in the presenter and drawn back: nobody has it
    FAILED = "failed"  #: known not to have come out whole
    UNKNOWN = "unknown"  #: sent, and nothing told whether it came out


class PaperState(StrEnum):
    OK = "ok"
    NEAR_END = "near_end"
    END = "end"
    UNKNOWN = "unknown"


class PrinterFault(StrEnum):
    """What keeps a printer from printing."""

    MISSING = "missing"  #: no such USB device
    DENIED = "denied"  #: no right to open it
    BUSY = "busy"  #: another program holds it
    NO_USB = "no_usb"  #: this machine has no libusb
    USB_ERROR = "usb_error"  #: the bus failed in a way that has no name of its own
    SILENT = "silent"  #: does not answer a status request
    GARBLED = "garbled"  #: answers with bytes that are no status
    STALLED = "stalled"  #: takes no more bytes
    STUCK = "stuck"  #: a call into the USB library has not come back
    OFFLINE = "offline"  #: says so and does not say why
    COVER_OPEN = "cover_open"
    PAPER_END = "paper_end"
    CUTTER = "cutter"
    JAM = "jam"
    HEAD_HOT = "head_hot"
    POWER = "power"  #: supply voltage out of its limits
    PRESENTER = "presenter"  #: the mechanism that hands slips out
    RECOVERABLE = "recoverable"  #: an error that clears by itself, unnamed
    UNRECOVERABLE = "unrecoverable"  #: an error that needs the power switch


class SlipFault(StrEnum):
    """What keeps a slip from being made, or from being known."""

    NOT_CONFIRMED = "not_confirmed"  #: all sent, no complaint, no confirmation within the deadline
    CUT_SHORT = "cut_short"  #: the deadline came while the slip was being sent
    NOT_STARTED = "not_started"  #: the deadline came before the printer's turn did
    CLOSED = "closed"  #: the printer was given back first
    LEFT_WAITING = "left_waiting"  #: still in the presenter, although it was told to draw it back
    QR_TOO_LARGE = "qr_too_large"  #: more data than a QR code holds or this paper is wide
    PICTURE_TOO_WIDE = "picture_too_wide"
    PICTURE_BROKEN = "picture_broken"  #: its bits do not fill its size
    MISSING_GLYPH = "missing_glyph"  #: a remark: a character stands as * on the slip


@dataclass(frozen=True, slots=True)
class PrintResult:
    """`cause`: empty, or words of PrinterFault and SlipFault joined by commas. `remarks`: what the slip lost, if anything."""

    outcome: Outcome
    cause: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """`can_print` is what the till needs; the rest is for people. `ticket_waiting`: a slip stands in the presenter."""

    paper: PaperState
    faults: frozenset[PrinterFault] = frozenset()
    ticket_waiting: bool = False

    @property
    def can_print(self) -> bool:
        """Whether a slip sent now is expected to come out."""
        return not self.faults and self.paper is not PaperState.END

    @property
    def cause(self) -> str:
        """The faults as one cause."""
        return joined(self.faults)


@dataclass(frozen=True, slots=True)
class PrinterIdentity:
    """Who answered on USB. `device_id` is the IEEE 1284 text a printer keeps about itself; `fault`: why there is none of it."""

    vendor_id: int
    product_id: int
    profile: str
    manufacturer: str = ""
    product: str = ""
    serial: str = ""
    device_id: str = ""
    fault: PrinterFault | None = None

    @property
    def model(self) -> str:
        """The model by its own words."""
        fields = dict(part.partition(":")[::2] for part in self.device_id.split(";"))
        return fields.get("MDL") or fields.get("MODEL") or self.product


def joined(causes: Iterable[StrEnum]) -> str:
    """Causes in a fixed order, joined by commas."""
    return ",".join(sorted(cause.value for cause in causes))


class ReceiptPrinter(Protocol):
    """One printer, one owner. Every call has a total deadline inside; none raises DriverError."""

    async def status(self) -> PrinterStatus:
        """Ask the printer now. A printer that cannot be asked is a status with a fault, not an error."""

    async def print(self, document: Document) -> PrintResult:
        """Print once. Never repeats by itself: what to do about UNKNOWN is the caller's policy."""

    async def identity(self) -> PrinterIdentity:
        """Who the printer says it is."""

    async def close(self) -> None:
        """Give the USB interface back. Idempotent."""
