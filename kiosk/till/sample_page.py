"""A page that shows whether the printer prints, with no buyer's data on it."""

from importlib.metadata import version

from drivers.receipt_printer.document import Document
from drivers.receipt_printer.profile import PrinterProfile
from kiosk.domain.receipts import TestPage
from kiosk.settings import Settings
from kiosk.slips import Stationery, render


def sample_page(
    settings: Settings,
    profile: PrinterProfile,
    stationery: Stationery,
    at_us: int,
    journal_seq: int = 0,
    journal_head: str = "",
) -> Document:
    """For the printer of `profile`. `journal_*`: of the last row on disk; without a till nobody knows it."""
    terminal = settings.terminal
    page = TestPage(
        slip_id="test page",
        copy=False,
        language=terminal.languages[0],
        terminal_number=terminal.number,
        terminal_name=terminal.name,
        terminal_address=terminal.address,
        support_phone=terminal.support_phone,
        slip_number=0,
        at_us=at_us,
        time_zone=terminal.time_zone,
        journal_seq=journal_seq,
        journal_head=journal_head,
        printer=profile.name,
        codec=profile.codec,
        software=f"kiosk {version('kiosk')}",
    )
    return render(page, profile.columns, stationery)
