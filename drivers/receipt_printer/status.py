"""The printer's real-time status bytes in words. Source: DLE EOT 1, 2, 3, 4 in Epson and compatible manuals."""

from collections.abc import Mapping

from drivers.receipt_printer.interface import PaperState, PrinterFault, PrinterStatus

QUERIES = (1, 2, 3, 4)  #: printer, offline cause, error, paper


def query(number: int) -> bytes:
    """DLE EOT n."""
    return bytes((0x10, 0x04, number))


def is_status(byte: int) -> bool:
    """Every real-time status byte is 0xx1xx10; anything else is stale or noise."""
    return byte & 0x93 == 0x12


def decode(answers: Mapping[int, int]) -> PrinterStatus:
    """What well-formed answers (by query number) say. A missing one is a silent printer."""
    if set(answers) != set(QUERIES):
        return PrinterStatus(PaperState.UNKNOWN, frozenset({PrinterFault.SILENT}))
    faults = set()
    paper_end = bool(answers[4] & 0x60 or answers[2] & 0x20)
    if answers[2] & 0x04:
        faults.add(PrinterFault.COVER_OPEN)
    if answers[3] & 0x08:
        faults.add(PrinterFault.CUTTER)
    if answers[3] & 0x20:
        faults.add(PrinterFault.UNRECOVERABLE)
    if paper_end:
        faults.add(PrinterFault.PAPER_END)
    if answers[1] & 0x08 and not faults:
        faults.add(PrinterFault.OFFLINE)
    near_end = PaperState.NEAR_END if answers[4] & 0x0C else PaperState.OK
    return PrinterStatus(PaperState.END if paper_end else near_end, frozenset(faults))
