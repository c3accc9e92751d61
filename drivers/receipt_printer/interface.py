"""What the till sees of any receipt printer.

Answers for: the closed set of outcomes and what a status says. Does not answer for: USB, ESC/POS, what slips say.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.receipt_printer.document import Document


class Outcome(StrEnum):
    """What became of a slip. UNKNOWN is never silently printed again."""

    PRINTED = "printed"  #: confirmed by the printer
    TAKEN = "taken"  #: printed and taken from the presenter
    FAILED = "failed"  #: known not to have come out whole
    UNKNOWN = "unknown"  #: sent, and nothing told whether it came out


@dataclass(frozen=True, slots=True)
class PrintResult:
    """`cause` is empty for PRINTED and TAKEN, else one of the words of `PrinterFault` or a short technical reason."""

    outcome: Outcome
    cause: str = ""


class PaperState(StrEnum):
    OK = "ok"
    NEAR_END = "near_end"
    END = "end"
    UNKNOWN = "unknown"


class PrinterFault(StrEnum):
    MISSING = "missing"  #: no such USB device
    DENIED = "denied"  #: no right to open it
    OFFLINE = "offline"
    COVER_OPEN = "cover_open"
    PAPER_END = "paper_end"
    CUTTER = "cutter"
    UNRECOVERABLE = "unrecoverable"
    SILENT = "silent"  #: does not answer a status request


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """`can_print` is what the till needs; the rest is for people."""

    paper: PaperState
    faults: frozenset[PrinterFault] = frozenset()

    @property
    def can_print(self) -> bool:
        """Whether a slip sent now is expected to come out."""
        return not self.faults and self.paper is not PaperState.END


class ReceiptPrinter(Protocol):
    """One printer, one owner. Every call has a total deadline inside; none raises DriverError."""

    async def status(self) -> PrinterStatus:
        """Ask the printer now. A printer that cannot be asked is a status with a fault, not an error."""

    async def print(self, document: Document) -> PrintResult:
        """Print once. Never repeats by itself: what to do about UNKNOWN is the caller's policy."""

    async def close(self) -> None:
        """Give the USB interface back. Idempotent."""
