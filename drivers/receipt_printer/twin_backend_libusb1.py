"""A pyusb backend whose only device is a printer twin at the end of a socket: real pyusb runs unmodified on top.

Answers for: descriptors, and that timeouts, short counts and an unplugged cable look as libusb makes them look. Does not answer
for: what the printer does. The file's name ends in libusb1 because libraries ask for that.
Descriptor fields and error numbers: USB 2.0 chapter 9 and libusb's errno mapping, as pyusb reads them.
"""

import errno
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import usb.backend
from usb.core import USBError, USBTimeoutError

OUT_ENDPOINT, IN_ENDPOINT = 0x02, 0x81
PRINTER_CLASS = 7
BULK = 2
PACKET_BYTES = 64
ANSWER_SLACK_S = 2.0
ANSWER_BYTES_MAX = 262_144


class TwinBackend(usb.backend.IBackend):  # type: ignore[misc]  # pyusb ships no types
    """Forwards every transfer; holds one connection."""

    def __init__(self, path: Path, vendor_id: int, product_id: int) -> None:
        self._path = path
        self._ids = (vendor_id, product_id)
        self._line: socket.socket | None = None
        self._plugs = 0

    def __repr__(self) -> str:
        return f"<printer twin behind {self._path}>"

    def _ask(self, timeout_ms: int, **request: Any) -> dict[str, Any]:
        """One transfer. Raises USBError the way libusb would."""
        try:
            line = self._connected()
            line.settimeout(timeout_ms / 1000 + ANSWER_SLACK_S)
            line.sendall(json.dumps({**request, "timeout_ms": timeout_ms}).encode() + b"\n")
            answer = json.loads(_line_of(line))
        except (OSError, ValueError) as error:
            self.hang_up()
            raise USBError(f"the twin is gone: {error}", -4, errno.ENODEV) from error
        if answer.get("error") == "gone":
            raise USBError("no such device", -4, errno.ENODEV)
        if answer.get("error") == "timeout":
            raise USBTimeoutError("operation timed out", -7, errno.ETIMEDOUT)
        return dict(answer)

    def _connected(self) -> socket.socket:
        if self._line is None:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                line.settimeout(ANSWER_SLACK_S)
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

    def enumerate_devices(self) -> Iterator[int]:
        """The printer, if it is plugged in."""
        try:
            self._ask(100, op="look")
        except USBError:
            return
        self._plugs += 1
        yield self._plugs

    def get_device_descriptor(self, _device: int) -> SimpleNamespace:
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
            iManufacturer=0,
            iProduct=0,
            iSerialNumber=0,
            bNumConfigurations=1,
            address=1,
            bus=1,
            port_number=1,
            port_numbers=(1,),
            speed=3,
        )

    def get_configuration_descriptor(self, _device: int, _config: int) -> SimpleNamespace:
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

    def get_interface_descriptor(self, _device: int, interface: int, alternate: int, _config: int) -> SimpleNamespace:
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
        self, _device: int, endpoint: int, _interface: int, _alternate: int, _config: int
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

    def open_device(self, device: int) -> int:
        return device

    def close_device(self, _handle: int) -> None:
        self.hang_up()

    def set_configuration(self, _handle: int, _value: int) -> None:
        self._ask(100, op="look")

    def get_configuration(self, _handle: int) -> int:
        return 1

    def claim_interface(self, _handle: int, _interface: int) -> None:
        return None

    def release_interface(self, _handle: int, _interface: int) -> None:
        return None

    def reset_device(self, _handle: int) -> None:
        return None

    def is_kernel_driver_active(self, _handle: int, _interface: int) -> bool:
        return False

    def detach_kernel_driver(self, _handle: int, _interface: int) -> None:
        return None

    def bulk_write(self, _handle: int, _endpoint: int, _interface: int, data: Any, timeout: int) -> int:
        """How many bytes the printer took; USBTimeoutError when none."""
        return int(self._ask(timeout, op="write", data=bytes(data).hex())["count"])

    def bulk_read(self, _handle: int, _endpoint: int, _interface: int, buffer: Any, timeout: int) -> int:
        """Fill `buffer` in place; USBTimeoutError when there is nothing."""
        data = bytes.fromhex(self._ask(timeout, op="read", size=len(buffer))["data"])
        buffer[: len(data)] = type(buffer)("B", data)
        return len(data)


def _line_of(line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\n"):
        part = line.recv(4096)
        if not part or len(answer) > ANSWER_BYTES_MAX:
            raise OSError("hung up")
        answer += part
    return answer
