"""The receipt printer: its own word on itself, and whether the profile is one of this model.

Answers for: cause and facts from two questions. Does not answer for: asking (the driver), whether a slip comes out of it (a test
slip does).
"""

from collections.abc import Mapping

from drivers.receipt_printer.interface import PaperState, PrinterFault, PrinterIdentity, PrinterStatus, ReceiptPrinter
from drivers.receipt_printer.profile import Dialect, PrinterProfile
from kiosk.diagnosis.rounds import Looked
from kiosk.domain.findings import FactCode, Finding, FindingCode, finding

FAULTS: Mapping[PrinterFault, FindingCode] = {
    PrinterFault.MISSING: FindingCode.PRINTER_MISSING,
    PrinterFault.DENIED: FindingCode.PRINTER_DENIED,
    PrinterFault.BUSY: FindingCode.PRINTER_BUSY,
    PrinterFault.NO_USB: FindingCode.PRINTER_NO_USB,
    PrinterFault.USB_ERROR: FindingCode.PRINTER_USB_ERROR,
    PrinterFault.SILENT: FindingCode.PRINTER_SILENT,
    PrinterFault.GARBLED: FindingCode.PRINTER_GARBLED,
    PrinterFault.STALLED: FindingCode.PRINTER_STALLED,
    PrinterFault.STUCK: FindingCode.PRINTER_STUCK,
    PrinterFault.OFFLINE: FindingCode.PRINTER_OFFLINE,
    PrinterFault.COVER_OPEN: FindingCode.PRINTER_COVER_OPEN,
    PrinterFault.PAPER_END: FindingCode.PRINTER_PAPER_END,
    PrinterFault.CUTTER: FindingCode.PRINTER_CUTTER,
    PrinterFault.JAM: FindingCode.PRINTER_JAM,
    PrinterFault.HEAD_HOT: FindingCode.PRINTER_HEAD_HOT,
    PrinterFault.POWER: FindingCode.PRINTER_POWER,
    PrinterFault.PRESENTER: FindingCode.PRINTER_PRESENTER,
    PrinterFault.RECOVERABLE: FindingCode.PRINTER_RECOVERABLE,
    PrinterFault.UNRECOVERABLE: FindingCode.PRINTER_UNRECOVERABLE,
}
PAPER: Mapping[PaperState, FindingCode] = {
    PaperState.OK: FindingCode.PAPER_ENOUGH,
    PaperState.NEAR_END: FindingCode.PAPER_NEAR_END,
    PaperState.END: FindingCode.PRINTER_PAPER_END,
    PaperState.UNKNOWN: FindingCode.PAPER_UNTOLD,
}
Ids = tuple[int, int]


async def look(printer: ReceiptPrinter, profile: PrinterProfile, ids: Ids) -> Looked:
    """Ask the printer how it is and who it is; nothing is printed, nothing in a presenter is moved."""
    status = await printer.status()
    identity = await printer.identity()
    return (*_condition(status, ids), *_paper(status, profile), _fit(profile, ids)), _facts(status, identity, profile)


def _condition(status: PrinterStatus, ids: Ids) -> tuple[Finding, ...]:
    waiting = (finding(FindingCode.SLIP_WAITING),) if status.ticket_waiting else ()
    if not status.faults:
        return (finding(FindingCode.PRINTER_READY), *waiting)
    return (*(_fault(fault, ids) for fault in sorted(status.faults)), *waiting)


def _fault(fault: PrinterFault, ids: Ids) -> Finding:
    values = {"usb": _usb(ids)} if fault is PrinterFault.MISSING else {}
    return finding(FAULTS[fault], **values)


def _paper(status: PrinterStatus, profile: PrinterProfile) -> tuple[Finding, ...]:
    """A roll that has ended is named as the fault. The plain port status knows the end only, not what is left."""
    if PrinterFault.PAPER_END in status.faults:
        return ()
    if profile.status is Dialect.PORT and status.paper is PaperState.OK:
        return (finding(FindingCode.PAPER_UNTOLD),)
    return (finding(PAPER[status.paper]),)


def _fit(profile: PrinterProfile, ids: Ids) -> Finding:
    if not profile.usb:
        return finding(FindingCode.PROFILE_UNPROVEN, profile=profile.name)
    if ids in profile.usb:
        return finding(FindingCode.PROFILE_FITS, profile=profile.name)
    return finding(FindingCode.PROFILE_DIFFERS, profile=profile.name, usb=_usb(ids))


def _facts(
    status: PrinterStatus, identity: PrinterIdentity, profile: PrinterProfile
) -> tuple[tuple[FactCode, str], ...]:
    told = (
        (FactCode.MODEL, " ".join(dict.fromkeys(part for part in (identity.manufacturer, identity.model) if part))),
        (FactCode.SERIAL, identity.serial),
        (FactCode.USB, _usb((identity.vendor_id, identity.product_id))),
        (FactCode.PROFILE, profile.name),
        (FactCode.PAPER, status.paper.value),
    )
    return tuple((code, value) for code, value in told if value)


def _usb(ids: Ids) -> str:
    return f"{ids[0]:04x}:{ids[1]:04x}"
