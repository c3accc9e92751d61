"""The receipt printer on USB: one owner, chunked writes, honest status, a total deadline on everything.

Answers for: whether a slip came out, as far as the printer lets anyone know. Does not answer for: what to do when nobody knows.
Blocking USB calls run on one thread that belongs to this printer alone; shutting down never waits for them.
"""

import asyncio
import errno
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import usb.core
import usb.util

from drivers.receipt_printer import status as words
from drivers.receipt_printer.document import Document
from drivers.receipt_printer.escpos import COMPLETION, to_bytes
from drivers.receipt_printer.interface import Outcome, PaperState, PrinterFault, PrinterStatus, PrintResult
from drivers.receipt_printer.profile import PrinterProfile

CHUNK_BYTES = 512
TRANSFER_MS = 500  #: one USB transfer; pyusb's 0 would mean for ever
DRAIN_MS = 5
ANSWER_S = 1.0  #: for one status byte
READ_BYTES = 64


class PrinterGoneError(Exception):
    """The printer cannot be reached; `fault` says why."""

    def __init__(self, fault: PrinterFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


#: What an errno of libusb means (pyusb maps backend codes to these).
ERRNOS = {errno.EACCES: PrinterFault.DENIED, errno.EBUSY: PrinterFault.DENIED, errno.ENODEV: PrinterFault.MISSING}


class UsbReceiptPrinter:
    """A ReceiptPrinter. `find` looks the device up anew after every trouble, so a re-plug heals by itself."""

    def __init__(self, find: Callable[[], Any], profile: PrinterProfile, deadline_s: float) -> None:
        self._find = find
        self._profile = profile
        self._deadline_s = deadline_s
        self._device: Any = None
        self._in: Any = None
        self._out: Any = None
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")

    async def status(self) -> PrinterStatus:
        """Ask the printer now."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._status)

    async def print(self, document: Document) -> PrintResult:
        """Print once; never repeats by itself."""
        data = to_bytes(document, self._profile)
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._print, data)

    async def close(self) -> None:
        """Give the USB interface back."""
        self._worker.submit(self._let_go)
        self._worker.shutdown(wait=False)

    # --- on the worker's thread -----------------------------------------------------------------------------------

    def _status(self) -> PrinterStatus:
        try:
            self._open()
            return self._ask()
        except PrinterGoneError as error:
            self._let_go()
            return PrinterStatus(PaperState.UNKNOWN, frozenset({error.fault}))

    def _print(self, data: bytes) -> PrintResult:
        deadline_s = time.monotonic() + self._deadline_s
        before = self._status()
        if not before.can_print:
            return PrintResult(Outcome.FAILED, _named(before))
        sent = 0
        try:
            self._drain()
            sent = self._send(data, deadline_s)
            if sent == len(data) and self._confirmed(deadline_s):
                return PrintResult(Outcome.PRINTED)
        except PrinterGoneError as error:
            self._let_go()
            outcome = Outcome.UNKNOWN if sent or error.fault is PrinterFault.MISSING else Outcome.FAILED
            return PrintResult(outcome, error.fault.value)
        return self._afterwards(sent == len(data))

    def _afterwards(self, whole: bool) -> PrintResult:
        """No confirmation came: a printer that now names a fault did not finish, any other keeps its secret."""
        after = self._status()
        if after.faults and PrinterFault.SILENT not in after.faults:
            return PrintResult(Outcome.FAILED, _named(after))
        if not whole:
            return PrintResult(Outcome.UNKNOWN, "took only part of the slip")
        if not self._profile.confirms and not after.faults:
            return PrintResult(Outcome.PRINTED)
        return PrintResult(Outcome.UNKNOWN, _named(after) or "no confirmation")

    def _open(self) -> None:
        if self._device is not None:
            return
        with _mapped():
            device = self._find()
            if device is None:
                raise PrinterGoneError(PrinterFault.MISSING)
            with suppress(NotImplementedError):
                if device.is_kernel_driver_active(0):
                    device.detach_kernel_driver(0)
            device.set_configuration()
            interface = device.get_active_configuration()[(0, 0)]
            self._out = usb.util.find_descriptor(interface, custom_match=_is_out)
            self._in = usb.util.find_descriptor(interface, custom_match=_is_in)
            self._device = device

    def _let_go(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            with suppress(usb.core.USBError):
                usb.util.dispose_resources(device)

    def _send(self, data: bytes, deadline_s: float) -> int:
        """How many bytes the printer took before the deadline; a short transfer is gone on with, not believed."""
        sent = 0
        while sent < len(data) and time.monotonic() < deadline_s:
            with _mapped():
                try:
                    sent += self._out.write(data[sent : sent + CHUNK_BYTES], TRANSFER_MS)
                except usb.core.USBTimeoutError:
                    continue
        return sent

    def _confirmed(self, deadline_s: float) -> bool:
        if not self._profile.confirms:
            return False
        heard = bytearray()
        while time.monotonic() < deadline_s:
            heard += self._read(TRANSFER_MS)
            if COMPLETION in heard:
                return True
            if any(words.is_status(byte) for byte in heard) and COMPLETION[:1] not in heard:
                heard.clear()
        return False

    def _ask(self) -> PrinterStatus:
        answers: dict[int, int] = {}
        for number in words.QUERIES:
            self._drain()
            with _mapped():
                try:
                    self._out.write(words.query(number), TRANSFER_MS)
                except usb.core.USBTimeoutError:
                    break
            byte = self._status_byte()
            if byte is None:
                break
            answers[number] = byte
        return words.decode(answers)

    def _status_byte(self) -> int | None:
        until_s = time.monotonic() + ANSWER_S
        while time.monotonic() < until_s:
            fitting = [byte for byte in self._read(TRANSFER_MS) if words.is_status(byte)]
            if fitting:
                return fitting[-1]
        return None

    def _drain(self) -> None:
        """Throw away what nobody asked for: a stale byte must not pass for an answer."""
        while self._read(DRAIN_MS):
            pass

    def _read(self, timeout_ms: int) -> bytes:
        with _mapped():
            try:
                return bytes(self._in.read(READ_BYTES, timeout_ms))
            except usb.core.USBTimeoutError:
                return b""


def _is_out(endpoint: Any) -> bool:
    return bool(usb.util.endpoint_direction(endpoint.bEndpointAddress) == usb.util.ENDPOINT_OUT)


def _is_in(endpoint: Any) -> bool:
    return bool(usb.util.endpoint_direction(endpoint.bEndpointAddress) == usb.util.ENDPOINT_IN)


def _named(status: PrinterStatus) -> str:
    return ",".join(sorted(fault.value for fault in status.faults))


class _mapped:  # noqa: N801 - reads as a word in `with _mapped():`
    """The seam: pyusb's errors become ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, usb.core.NoBackendError):
            raise PrinterGoneError(PrinterFault.DENIED) from error
        if isinstance(error, usb.core.USBError):
            raise PrinterGoneError(ERRNOS.get(error.errno or 0, PrinterFault.MISSING)) from error


def devices_of(vendor_id: int, product_id: int, backend: Any = None) -> Iterator[Any]:
    """The printer with these ids, if it is plugged in."""
    found = usb.core.find(idVendor=vendor_id, idProduct=product_id, backend=backend)
    if found is not None:
        yield found
