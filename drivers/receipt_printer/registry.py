"""Opens the printer the settings name: on USB, or a twin behind its socket."""

from functools import partial
from pathlib import Path

from drivers.receipt_printer.driver import UsbReceiptPrinter, devices_of
from drivers.receipt_printer.interface import ReceiptPrinter
from drivers.receipt_printer.profile import load_profile
from drivers.receipt_printer.twin_backend_libusb1 import TwinBackend


def open_printer(
    vendor_id: int, product_id: int, profile_path: Path, deadline_s: float, twin_socket: str = ""
) -> ReceiptPrinter:
    """A printer; the device itself is looked for at the first call. Raises ProfileError."""
    backend = TwinBackend(Path(twin_socket), vendor_id, product_id) if twin_socket else None
    find = partial(devices_of, vendor_id, product_id, backend)
    return UsbReceiptPrinter(lambda: next(find(), None), load_profile(profile_path), deadline_s)
