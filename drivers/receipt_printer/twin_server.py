"""The printer twin as a process: a socket that stands for the USB cable, one for hands, and a folder for the paper.

Every byte it got is kept in receipt.bin, which is also how it remembers its paper over a restart.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.receipt_printer.paper import as_picture, as_text
from drivers.receipt_printer.twin import PrinterTwin

COLUMNS = 42
LINE_BYTES_MAX = 65_536
READ_LOOK_S = 0.005


@dataclass(frozen=True, slots=True)
class PrinterOptions:
    """`socket`: the cable. `folder`: receipt.bin, .txt and .png. `font`: for the picture; without it there is none."""

    socket: Path
    control: Path | None
    folder: Path
    font: Path | None


class PrinterServer:
    """One twin, one folder, two sockets."""

    def __init__(self, options: PrinterOptions) -> None:
        self._options = options
        self._twin = PrinterTwin()
        self._stop = asyncio.Event()
        self._shown = 0
        self._tasks: set[asyncio.Task[None]] = set()
        options.folder.mkdir(parents=True, exist_ok=True)
        self._bytes = options.folder / "receipt.bin"
        if self._bytes.exists():
            self._twin.receive_all(self._bytes.read_bytes())
        self._show()

    async def run(self) -> None:
        """Live until `quit` or cancelled."""
        servers = [await self._listen(self._options.socket, self._cable)]
        if self._options.control is not None:
            servers.append(await self._listen(self._options.control, self._hand))
        try:
            await self._stop.wait()
        finally:
            for server in servers:
                server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for path in (self._options.socket, self._options.control):
                if path is not None:
                    path.unlink(missing_ok=True)

    async def _listen(self, path: Path, serve: Any) -> asyncio.Server:
        path.unlink(missing_ok=True)

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._lines(reader, writer, serve))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return await asyncio.start_unix_server(connected, str(path), limit=LINE_BYTES_MAX)

    async def _lines(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, serve: Any) -> None:
        try:
            while line := await reader.readline():
                writer.write((await serve(line)).encode() + b"\n")
                await writer.drain()
        except (ValueError, OSError):
            pass  # a line too long, or a caller that hung up: its own loss
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _hand(self, line: bytes) -> str:
        words = line.decode(errors="replace").strip()
        if words == "quit":
            self._stop.set()
            return "ok"
        if words == "state":
            return json.dumps(self._twin.told())
        answer = self._twin.do(words)
        self._show()
        return answer

    async def _cable(self, line: bytes) -> str:
        """One USB transfer: {"op": "look"|"write"|"read", "data": hex, "size": n, "timeout_ms": n}."""
        request = json.loads(line)
        if not self._twin.plugged:
            return json.dumps({"error": "gone"})
        match request["op"]:
            case "write":
                return json.dumps(self._write(bytes.fromhex(request["data"])))
            case "read":
                return json.dumps(await self._read(int(request["size"]), int(request["timeout_ms"])))
            case _:
                return json.dumps({"count": 0})

    def _write(self, data: bytes) -> Mapping[str, Any]:
        count = self._twin.receive(data)
        if count and data[:2] != b"\x10\x04":
            with self._bytes.open("ab") as file:
                file.write(data[:count])
            self._show()
        return {"count": count} if count else {"error": "timeout"}

    async def _read(self, size: int, timeout_ms: int) -> Mapping[str, Any]:
        until_s = asyncio.get_running_loop().time() + timeout_ms / 1000
        while not (data := self._twin.send(size)):
            if asyncio.get_running_loop().time() >= until_s:
                return {"error": "timeout"}
            await asyncio.sleep(READ_LOOK_S)
        return {"data": data.hex()}

    def _show(self) -> None:
        """Paper that was cut off, as text and picture."""
        slips = self._twin.slips
        if len(slips) == self._shown:
            return
        self._shown = len(slips)
        (self._options.folder / "receipt.txt").write_text(as_text(slips, COLUMNS), encoding="utf-8")
        if self._options.font is not None:
            as_picture(slips[-1], COLUMNS, self._options.font).save(self._options.folder / "receipt.png")
