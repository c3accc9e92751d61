"""The twin's USB side: plug, kernel driver, rights, endpoints and requests, one question at a time, as plain data.

Answers for: what a host sees of the twin on the bus, in this process or at the end of a socket. Does not answer for: waiting
(`twin_backend_libusb1` does, as libusb would), the printer (`twin`).
A question: {"op": "write", "token": 1, "data": hex}; an answer: {"count": 5} or {"error": "gone" | "busy" | "denied" | "stall"}.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from drivers.receipt_printer.twin import PrinterTwin

Answer = dict[str, Any]
LANGUAGE = b"\x04\x03\x09\x04"  #: string descriptor 0: English (US) [USB 2.0, 9.6.7]
GET_DESCRIPTOR, STRING_DESCRIPTOR = 6, 3
GET_DEVICE_ID, GET_PORT_STATUS, SOFT_RESET = 0, 1, 2  #: USB printer class 1.1, section 4.2


class UsbSide:
    """One device on a bus. A token is a plugging-in: it dies when the plug is pulled."""

    def __init__(self, twin: PrinterTwin) -> None:
        self.twin = twin
        twin.hand = self.do
        self.plugged = True
        self.denied = False
        self.busy = False
        self.writes: list[int] = []  #: bytes taken by each bulk transfer
        self._token = 1
        self._short_by = 0
        self._kernel_driver = True  #: usblp binds to every printer that is plugged in

    def do(self, line: str) -> str:
        """A hand at the plug, or at the printer."""
        if match := re.fullmatch(r"short (\d{1,6})", line):
            self._short_by = int(match[1])
            return "ok"
        action = self._menu().get(line)
        if action is None:
            return self.twin.do(line)
        action()
        return "ok"

    def _menu(self) -> Mapping[str, Callable[[], None]]:
        return {
            "unplug": self._unplug,
            "plug": self._plug,
            "power cycle": self._power_cycle,
            "busy on": lambda: setattr(self, "busy", True),
            "busy off": lambda: setattr(self, "busy", False),
            "denied on": lambda: setattr(self, "denied", True),
            "denied off": lambda: setattr(self, "denied", False),
        }

    def _unplug(self) -> None:
        """Power goes with the cable."""
        self.plugged = False
        self.twin.lose_power()

    def _plug(self) -> None:
        if not self.plugged:
            self.plugged, self._kernel_driver = True, True
            self._token += 1

    def _power_cycle(self) -> None:
        self._unplug()
        self._plug()

    def told(self) -> dict[str, object]:
        """The twin's state and the plug's."""
        return {"plugged": self.plugged, **self.twin.told()}

    # --- questions ----------------------------------------------------------------------------------------------------

    def answer(self, question: Mapping[str, Any]) -> Answer:
        """One question of a host."""
        self.twin.tick()
        if question["op"] == "look":
            return {"token": self._token} if self.plugged else {"error": "gone"}
        if not self.plugged or question["token"] != self._token:
            return {"error": "gone"}
        return self._QUESTIONS[question["op"]](self, question)

    def _open(self, _question: Mapping[str, Any]) -> Answer:
        return {"error": "denied"} if self.denied else {}

    def _driver_active(self, _question: Mapping[str, Any]) -> Answer:
        return {"active": self._kernel_driver}

    def _detach(self, _question: Mapping[str, Any]) -> Answer:
        self._kernel_driver = False
        return {}

    def _claim(self, _question: Mapping[str, Any]) -> Answer:
        return {"error": "busy"} if self.busy or self._kernel_driver else {}

    def _release(self, _question: Mapping[str, Any]) -> Answer:
        return {}

    def _write(self, question: Mapping[str, Any]) -> Answer:
        """`more`: whether the host may go on with this transfer; a short one ends here, as if its time had run out."""
        if self.busy:
            return {"error": "busy"}
        data = bytes.fromhex(question["data"])
        short_by, self._short_by = self._short_by, 0
        count = self.twin.receive(data[: max(0, len(data) - short_by)] if short_by else data)
        if not self.plugged or question["token"] != self._token:
            return {"error": "gone"}  # pulled while the bytes were on their way
        if question["first"]:
            self.writes.append(0)
        self.writes[-1] += count
        return {"count": count, "more": not short_by}

    def _read(self, question: Mapping[str, Any]) -> Answer:
        return {"data": self.twin.send(int(question["size"])).hex()}

    def _control(self, question: Mapping[str, Any]) -> Answer:
        kind, request, value = question["kind"], question["request"], question["value"]
        match kind, request:
            case (0x80, _) if request == GET_DESCRIPTOR and value >> 8 == STRING_DESCRIPTOR:
                return {"data": self._string(value & 0xFF).hex()}
            case (0xA1, _) if request == GET_DEVICE_ID:
                text = self.twin.model.device_id.encode()
                return {"data": ((len(text) + 2).to_bytes(2, "big") + text).hex()}
            case (0xA1, _) if request == GET_PORT_STATUS:
                return {"data": bytes((self.twin.body.port_status(),)).hex()}
            case (0x21, _) if request == SOFT_RESET:
                self.twin.clear_buffer()
                return {"data": ""}
        return {"error": "stall"}

    def _string(self, index: int) -> bytes:
        if index == 0:
            return LANGUAGE
        model = self.twin.model
        text = {1: model.manufacturer, 2: model.name, 3: "0001"}.get(index, "").encode("utf-16-le")
        return bytes((len(text) + 2, STRING_DESCRIPTOR)) + text

    _QUESTIONS: Mapping[str, Callable[["UsbSide", Mapping[str, Any]], Answer]] = {
        "open": _open,
        "driver_active": _driver_active,
        "detach": _detach,
        "claim": _claim,
        "release": _release,
        "write": _write,
        "read": _read,
        "control": _control,
    }
