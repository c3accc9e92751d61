"""A pyusb backend whose only device is a printer twin, in this process or behind a socket: real pyusb runs unmodified on top.

Answers for: descriptors, and that timeouts, short counts and an unplugged cable look as libusb makes them look. Does not answer
for: what the printer does. The file's name ends in libusb1 because libraries ask for that.
Descriptor fields and error numbers: USB 2.0 chapter 9 and libusb's errno mapping, as pyusb reads them.
"""

import errno
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import usb.backend
from usb.core import USBError, USBTimeoutError

from drivers.receipt_printer.pace import Pace

OUT_ENDPOINT, IN_ENDPOINT = 0x02, 0x81
PRINTER_CLASS = 7
BULK = 2
PACKET_BYTES = 64
LOOK_S = 0.005  #: how often a waiting transfer looks again
FRAME_S = 0.001  #: what a transfer takes at least: a full-speed USB frame
ANSWER_S = 2.0
ANSWER_BYTES_MAX = 262_144

#: The twin's words → libusb's code and errno.
ERRORS: Mapping[str, tuple[int, int]] = {
    "gone": (-4, errno.ENODEV),
    "io": (-1, errno.EIO),
    "busy": (-6, errno.EBUSY),
    "denied": (-3, errno.EACCES),
    "stall": (-9, errno.EPIPE),
}

Ask = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class TwinSocket:
    """Asks a twin in another process; one connection, made again when it broke."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line: socket.socket | None = None

    def __call__(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """One question. A twin that is not there is a device that is not there."""
        try:
            line = self._connected()
            line.sendall(json.dumps(question).encode() + b"\n")
            return dict(json.loads(_line_of(line)))
        except (OSError, ValueError):
            self.hang_up()
            return {"error": "gone"}

    def _connected(self) -> socket.socket:
        if self._line is None:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                line.settimeout(ANSWER_S)
                line.connect(str(self._path))
            except OSError:
                line.close()
                raise
            self._line = line
        return self._line

    def hang_up(self) -> None:
        """Close the connection. Idempotent."""
        line, self._line = self._line, None
        if line is not None:
            line.close()


def _line_of(line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\n"):
        part = line.recv(4096)
        if not part or len(answer) > ANSWER_BYTES_MAX:
            raise OSError("hung up")
        answer += part
    return answer


class TwinBackend(usb.backend.IBackend):  # type: ignore[misc]  # pyusb ships no types
    """Every transfer is a question to the twin, asked again until its time is over. A device and its handle are both a token."""

    def __init__(self, ask: Ask, pace: Pace, vendor_id: int, product_id: int) -> None:
        self._twin = ask
        self._pace = pace
        self._ids = (vendor_id, product_id)

    def __repr__(self) -> str:
        return "<printer twin on a USB of its own>"

    def _ask(self, op: str, token: int, **more: Any) -> Mapping[str, Any]:
        answer = self._twin({"op": op, "token": token, **more})
        error = answer.get("error")
        if error is not None:
            code, number = ERRORS.get(error, ERRORS["io"])
            raise USBError(error, code, number)
        return answer

    # --- what there is ------------------------------------------------------------------------------------------------

    def enumerate_devices(self) -> Iterator[int]:
        """The printer, if it is plugged in."""
        answer = self._twin({"op": "look"})
        if "token" in answer:
            yield int(answer["token"])

    def get_device_descriptor(self, token: int) -> SimpleNamespace:
        vendor_id, product_id = self._ids
        return SimpleNamespace(
            bLength=18,
            bDescriptorType=1,
            bcdUSB=0x0200,
            bDeviceClass=0,
            bDeviceSubClass=0,
            bDeviceProtocol=0,
            bMaxPacketSize0=PACKET_BYTES,
            idVendor=vendor_id,
            idProduct=product_id,
            bcdDevice=0x0100,
            iManufacturer=1,
            iProduct=2,
            iSerialNumber=3,
            bNumConfigurations=1,
            address=token,
            bus=1,
            port_number=1,
            port_numbers=(1,),
            speed=3,
        )

    def get_configuration_descriptor(self, _token: int, _config: int) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=9,
            bDescriptorType=2,
            wTotalLength=32,
            bNumInterfaces=1,
            bConfigurationValue=1,
            iConfiguration=0,
            bmAttributes=0xC0,
            bMaxPower=1,
            extra_descriptors=[],
        )

    def get_interface_descriptor(self, _token: int, interface: int, alternate: int, _config: int) -> SimpleNamespace:
        if interface or alternate:
            raise IndexError("no such interface")
        return SimpleNamespace(
            bLength=9,
            bDescriptorType=4,
            bInterfaceNumber=0,
            bAlternateSetting=0,
            bNumEndpoints=2,
            bInterfaceClass=PRINTER_CLASS,
            bInterfaceSubClass=1,
            bInterfaceProtocol=2,
            iInterface=0,
            extra_descriptors=[],
        )

    def get_endpoint_descriptor(
        self, _token: int, endpoint: int, _interface: int, _alternate: int, _config: int
    ) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=7,
            bDescriptorType=5,
            bEndpointAddress=(OUT_ENDPOINT, IN_ENDPOINT)[endpoint],
            bmAttributes=BULK,
            wMaxPacketSize=PACKET_BYTES,
            bInterval=0,
            bRefresh=0,
            bSynchAddress=0,
            extra_descriptors=[],
        )

    # --- opening and claiming -----------------------------------------------------------------------------------------

    def open_device(self, token: int) -> int:
        self._ask("open", token)
        return token

    def close_device(self, _token: int) -> None:
        """Also called while the interpreter ends: nothing is asked any more."""
        if isinstance(self._twin, TwinSocket):
            self._twin.hang_up()

    def set_configuration(self, token: int, _value: int) -> None:
        self._ask("open", token)

    def get_configuration(self, _token: int) -> int:
        return 1

    def claim_interface(self, token: int, _interface: int) -> None:
        self._ask("claim", token)

    def release_interface(self, token: int, _interface: int) -> None:
        self._ask("release", token)

    def reset_device(self, token: int) -> None:
        self._ask("open", token)

    def is_kernel_driver_active(self, token: int, _interface: int) -> bool:
        return bool(self._ask("driver_active", token)["active"])

    def detach_kernel_driver(self, token: int, _interface: int) -> None:
        self._ask("detach", token)

    # --- transfers ----------------------------------------------------------------------------------------------------

    def bulk_write(self, token: int, _endpoint: int, _interface: int, data: Any, timeout: int) -> int:
        """How many bytes the printer took until the timeout; USBTimeoutError when none."""
        self._pace.sleep(FRAME_S)
        rest, until_s = bytes(data), self._pace.now_s() + timeout / 1000
        sent, first = 0, True
        while True:
            answer = self._ask("write", token, data=rest[sent:].hex(), first=first)
            sent, first = sent + int(answer["count"]), False
            if sent == len(rest) or (sent and not answer["more"]):
                return sent
            if self._pace.now_s() >= until_s:
                break
            self._pace.sleep(LOOK_S)
        if sent:
            return sent
        raise USBTimeoutError("operation timed out", -7, errno.ETIMEDOUT)

    def bulk_read(self, token: int, _endpoint: int, _interface: int, buffer: Any, timeout: int) -> int:
        """Fill `buffer` in place; USBTimeoutError when there is nothing until the timeout."""
        self._pace.sleep(FRAME_S)
        until_s = self._pace.now_s() + timeout / 1000
        while not (data := bytes.fromhex(self._ask("read", token, size=len(buffer))["data"])):
            if self._pace.now_s() >= until_s:
                raise USBTimeoutError("operation timed out", -7, errno.ETIMEDOUT)
            self._pace.sleep(LOOK_S)
        buffer[: len(data)] = type(buffer)("B", data)
        return len(data)

    def ctrl_transfer(
        self, token: int, kind: int, request: int, value: int, index: int, buffer: Any, _timeout: int
    ) -> int:
        """A request on endpoint 0: answered even when the bulk pipe is stuffed."""
        answer = self._ask("control", token, kind=kind, request=request, value=value, index=index)
        data = bytes.fromhex(answer["data"])[: len(buffer)]
        buffer[: len(data)] = type(buffer)("B", data)
        return len(data)
