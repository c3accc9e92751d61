"""The printer twin as a process: a socket that stands for the USB cable, one for hands, and a folder for the paper.

Answers for: that what was printed is in receipt.bin, .txt and .png, and that the paper is still there after a restart: every byte
the twin executed is kept in receipt.bin. Does not answer for: what the twin does.
"""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from drivers.receipt_printer.paper import as_picture, as_text
from drivers.receipt_printer.twin import PrinterTwin
from drivers.receipt_printer.twin_models import MODELS
from drivers.receipt_printer.twin_usb import UsbSide

LINE_BYTES_MAX = 4_194_304  #: a slip drawn as dots, in hex
TICK_S = 0.05


@dataclass(frozen=True, slots=True)
class PrinterOptions:
    """`socket`: the cable. `folder`: receipt.bin, .txt and .png. `font`: for the picture; without it there is none.

    `model`: one of `MODELS`; `speed_mm_s` 0: prints at once.
    """

    socket: Path
    control: Path | None
    folder: Path
    font: Path | None
    model: str = "generic"
    speed_mm_s: float = 0.0


class PrinterServer:
    """One twin, one folder, two sockets."""

    def __init__(self, options: PrinterOptions) -> None:
        self._options = options
        model = replace(MODELS[options.model], speed_mm_s=options.speed_mm_s)
        self.twin = PrinterTwin(model, time.monotonic)
        self.usb = UsbSide(self.twin)
        self._stop = asyncio.Event()
        self._shown = 0
        self._tasks: set[asyncio.Task[None]] = set()
        options.folder.mkdir(parents=True, exist_ok=True)
        self._bytes = options.folder / "receipt.bin"
        if self._bytes.exists():
            self.twin.receive_all(self._bytes.read_bytes())
        self._show()

    async def run(self) -> None:
        """Live until `quit` or cancelled."""
        servers = [await self._listen(self._options.socket, self._cable)]
        if self._options.control is not None:
            servers.append(await self._listen(self._options.control, self._hand))
        ticking = asyncio.create_task(self._tick())
        self._tasks.add(ticking)
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

    async def _tick(self) -> None:
        """Paper moves while nobody asks."""
        while True:
            self.twin.tick()
            self._show()
            await asyncio.sleep(TICK_S)

    async def _listen(self, path: Path, serve: Callable[[bytes], str]) -> asyncio.Server:
        path.unlink(missing_ok=True)

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._lines(reader, writer, serve))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return await asyncio.start_unix_server(connected, str(path), limit=LINE_BYTES_MAX)

    async def _lines(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, serve: Callable[[bytes], str]
    ) -> None:
        try:
            while line := await reader.readline():
                writer.write(serve(line).encode() + b"\n")
                await writer.drain()
        except (ValueError, KeyError, OSError):
            pass  # a line too long or no question, or a caller that hung up: its own loss
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _hand(self, line: bytes) -> str:
        words = line.decode(errors="replace").strip()
        if words == "quit":
            self._stop.set()
            return "ok"
        if words == "state":
            return json.dumps(self.usb.told())
        answer = self.usb.do(words)
        self._show()
        return answer

    def _cable(self, line: bytes) -> str:
        """One question of a host, as `twin_usb` takes it."""
        answer = json.dumps(self.usb.answer(json.loads(line)))
        self._show()
        return answer

    def _show(self) -> None:
        """What was executed, as bytes; paper that was cut off, as text and picture."""
        twin, folder, columns = self.twin, self._options.folder, self.twin.model.columns
        if twin.executed:
            with self._bytes.open("ab") as file:
                file.write(twin.executed)
            twin.executed.clear()
        if len(twin.slips) == self._shown:
            return
        self._shown = len(twin.slips)
        (folder / "receipt.txt").write_text(as_text(twin.slips, columns), encoding="utf-8")
        if self._options.font is not None:
            picture = as_picture(twin.slips[-1], columns, self._options.font, twin.model.dots)
            picture.save(folder / "receipt.png")
