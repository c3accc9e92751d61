"""Opens the printer the settings name: on USB, or a twin behind its socket."""

from pathlib import Path

from drivers.receipt_printer.driver import UsbReceiptPrinter
from drivers.receipt_printer.interface import ReceiptPrinter
from drivers.receipt_printer.pace import RealPace
from drivers.receipt_printer.profile import load_profile
from drivers.receipt_printer.twin_backend_libusb1 import TwinBackend, TwinSocket
from drivers.receipt_printer.usb_line import device_finder


def open_printer(
    vendor_id: int,
    product_id: int,
    profile_path: Path,
    deadline_s: float,
    twin_socket: str = "",
    font: Path | None = None,
    retract_after_s: int = 0,
) -> ReceiptPrinter:
    """A printer; the device itself is looked for at the first call. `font`: for what the printer has no characters for.

    `retract_after_s`: when a slip forgotten in the presenter is drawn back; 0: it stays. Raises ProfileError.
    """
    backend = TwinBackend(TwinSocket(Path(twin_socket)), RealPace(), vendor_id, product_id) if twin_socket else None
    return UsbReceiptPrinter(
        device_finder(vendor_id, product_id, backend),
        load_profile(profile_path),
        deadline_s,
        ids=(vendor_id, product_id),
        font=font,
        retract_after_s=retract_after_s,
    )
