"""The seam to pyusb: one printer's bulk pipes and class requests; pyusb's errors become words of PrinterFault.

Answers for: finding the printer interface, taking it from the kernel's driver, that every call has a time limit. Does not answer
for: bytes' meaning, opening again (`driver` does, with a pause). Belongs to one thread.
"""

import errno
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import usb.core
import usb.util

from drivers.receipt_printer.interface import PrinterFault

PRINTER_CLASS = 7
READ_BYTES = 64  #: one full-speed packet: a shorter buffer would overflow
CONTROL_MS = 500
TO_HOST, TO_PRINTER = 0xA1, 0x21  #: class requests to an interface
GET_DEVICE_ID, GET_PORT_STATUS, SOFT_RESET = 0, 1, 2  #: USB printer class 1.1, section 4.2
DEVICE_ID_BYTES_MAX = 1024


class PrinterGoneError(Exception):
    """The printer cannot be reached; `fault` says why. `untouched`: the call that failed had sent nothing."""

    def __init__(self, fault: PrinterFault, untouched: bool = False) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.untouched = untouched


#: What an errno of libusb means (pyusb maps backend codes to these); every other one is USB_ERROR.
ERRNOS: Mapping[int, PrinterFault] = {
    errno.EACCES: PrinterFault.DENIED,
    errno.EPERM: PrinterFault.DENIED,
    errno.EBUSY: PrinterFault.BUSY,
    errno.ENODEV: PrinterFault.MISSING,
    errno.ENOENT: PrinterFault.MISSING,
    errno.ENXIO: PrinterFault.MISSING,
}
#: Raised before a single byte can have left: claiming the interface failed, or a right was missing.
UNTOUCHED = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.ENOENT})


def mapped(error: usb.core.USBError) -> PrinterGoneError:
    """What pyusb raised, in our words."""
    number = error.errno or 0
    return PrinterGoneError(ERRNOS.get(number, PrinterFault.USB_ERROR), number in UNTOUCHED)


class UsbLine:
    """`find` looks the device up anew at every `open`, so a re-plug heals."""

    def __init__(self, find: Callable[[], Any]) -> None:
        self._find = find
        self._device: Any = None
        self._interface = 0
        self._in: Any = None
        self._out: Any = None

    @property
    def is_open(self) -> bool:
        return self._device is not None

    def open(self) -> None:
        """Find, take from the kernel, claim. Raises PrinterGoneError."""
        try:
            device = self._find()
            if device is None:
                raise PrinterGoneError(PrinterFault.MISSING, untouched=True)
            self._take(device)
        except usb.core.NoBackendError as error:
            raise PrinterGoneError(PrinterFault.NO_USB, untouched=True) from error
        except usb.core.USBError as error:
            self.close()
            raise PrinterGoneError(mapped(error).fault, untouched=True) from error

    def _take(self, device: Any) -> None:
        self._device = device
        interface = _printer_interface(_configuration(device))
        self._interface = interface.bInterfaceNumber
        with suppress(NotImplementedError):
            if device.is_kernel_driver_active(self._interface):
                device.detach_kernel_driver(self._interface)
        usb.util.claim_interface(device, self._interface)
        self._out = usb.util.find_descriptor(interface, custom_match=_is_out)
        self._in = usb.util.find_descriptor(interface, custom_match=_is_in)

    def close(self) -> None:
        """Give the interface back. Idempotent; a device that is gone is given back too."""
        device, self._device = self._device, None
        if device is not None:
            with suppress(usb.core.USBError):
                usb.util.dispose_resources(device)

    def write(self, data: bytes, timeout_ms: int) -> int:
        """How many bytes were taken; 0 when none within the timeout. Raises PrinterGoneError."""
        try:
            return int(self._out.write(data, timeout_ms))
        except usb.core.USBTimeoutError:
            return 0
        except usb.core.USBError as error:
            raise mapped(error) from error

    def read(self, timeout_ms: int) -> bytes:
        """What the printer said; empty when nothing within the timeout. Raises PrinterGoneError."""
        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(READ_BYTES, timeout_ms))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise mapped(error) from error

    def port_status(self) -> int | None:
        """The class's port status, which needs no bulk pipe; None where it is not told. Raises PrinterGoneError."""
        answer = self._request(TO_HOST, GET_PORT_STATUS, 1)
        return answer[0] if answer else None

    def soft_reset(self) -> None:
        """Flush the printer's buffers, if it knows how. Raises PrinterGoneError."""
        self._request(TO_PRINTER, SOFT_RESET, None)

    def _request(self, kind: int, request: int, size: int | None) -> bytes | None:
        """A class request; None where the printer refuses it. Raises PrinterGoneError."""
        try:
            answer = self._device.ctrl_transfer(kind, request, 0, self._interface, size, CONTROL_MS)
        except NotImplementedError:
            return None
        except usb.core.USBError as error:
            if error.errno in {errno.EPIPE, errno.EIO, errno.ETIMEDOUT}:
                return None  # not every printer knows every request
            raise mapped(error) from error
        return bytes(answer) if size is not None else b""

    def names(self) -> dict[str, str]:
        """Manufacturer, product, serial and IEEE 1284 device id, as far as the printer gives them. Raises PrinterGoneError."""
        told = {name: self._string(name) for name in ("manufacturer", "product", "serial_number")}
        answer = self._request(TO_HOST, GET_DEVICE_ID, DEVICE_ID_BYTES_MAX) or b""
        length = int.from_bytes(answer[:2], "big")
        return {**told, "device_id": answer[2:length].decode("ascii", "replace")}

    def _string(self, name: str) -> str:
        try:
            return str(getattr(self._device, name) or "")
        except (usb.core.USBError, ValueError, NotImplementedError):
            return ""  # a device without this string, or without a language


def _configuration(device: Any) -> Any:
    """The active configuration; one is set only where none is, because setting it disturbs a working printer."""
    try:
        return device.get_active_configuration()
    except usb.core.USBError as error:
        if error.errno is not None:
            raise
    device.set_configuration()
    return device.get_active_configuration()


def _printer_interface(configuration: Any) -> Any:
    found = usb.util.find_descriptor(configuration, bInterfaceClass=PRINTER_CLASS)
    return configuration[(0, 0)] if found is None else found  # cheap printers call themselves vendor-specific


def _is_out(endpoint: Any) -> bool:
    return _is_bulk(endpoint) and usb.util.endpoint_direction(endpoint.bEndpointAddress) == usb.util.ENDPOINT_OUT


def _is_in(endpoint: Any) -> bool:
    return _is_bulk(endpoint) and usb.util.endpoint_direction(endpoint.bEndpointAddress) == usb.util.ENDPOINT_IN


def _is_bulk(endpoint: Any) -> bool:
    return bool(usb.util.endpoint_type(endpoint.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK)


def device_finder(vendor_id: int, product_id: int, backend: Any = None) -> Callable[[], Any]:
    """Looks for the printer with these ids; None when it is not plugged in."""
    return lambda: usb.core.find(idVendor=vendor_id, idProduct=product_id, backend=backend)
