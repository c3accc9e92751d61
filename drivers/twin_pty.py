"""A twin on a pseudo-terminal, in real time: what `kiosk twin acceptor` and `kiosk twin scanner` run.

Answers for: the pty and its link, stdin and control socket. Does not answer for: what the device does (its twin).
"""

import asyncio
import json
import os
import sys
import tty
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

TICK_S = 0.02
READ_BYTES = 512
LINE_BYTES_MAX = 4096


class Twin(Protocol):
    """What any device's twin offers."""

    def receive(self, data: bytes, now_s: float) -> bytes:
        """Bytes from the host; bytes back."""

    def tick(self, now_s: float) -> None:
        """Time passes."""

    def do(self, line: str, now_s: float) -> str:
        """A hand or a fault."""

    def told(self) -> Mapping[str, Any]:
        """Its state, for people and tests."""


HELP_OF_THE_LINE = "unplug | plug"


class TwinOnPty:
    """One twin, one pty whose slave end stays open so that hosts may come and go. Unplugged, the port is gone, as with USB."""

    def __init__(self, twin: Twin, name: str, link: Path | None, control: Path | None) -> None:
        """`link`: a name for the port that stays the same; `control`: an AF_UNIX socket that takes commands too."""
        self._twin = twin
        self._name = name
        self._link = link
        self._control = control
        self._stop = asyncio.Event()
        self._ends: tuple[int, int] | None = None  # master, slave
        self.port = ""

    async def run(self, say: Callable[[str], None]) -> None:
        """Live until `quit`, SIGTERM's cancel, or the end of stdin when there is no control socket."""
        loop = asyncio.get_running_loop()
        self._plug()
        server = await self._serve()
        self._watch_stdin(say)
        say(f"{self._name} twin on {self._link or self.port}; say help")
        try:
            while not self._stop.is_set():
                self._twin.tick(loop.time())
                await asyncio.sleep(TICK_S)
        finally:
            loop.remove_reader(sys.stdin.fileno())
            if server is not None:
                server.close()
            self._unplug()
            if self._control is not None:
                self._control.unlink(missing_ok=True)

    def _watch_stdin(self, say: Callable[[str], None]) -> None:
        """A terminal or a pipe is read as it speaks; a file or /dev/null, which cannot be waited for, at once."""
        try:
            asyncio.get_running_loop().add_reader(sys.stdin.fileno(), self._from_stdin, say)
        except PermissionError:
            for line in sys.stdin:
                say(self.do(line.strip()))

    def _plug(self) -> None:
        """A port appears; where it is a link, under the same name as before."""
        if self._ends is not None:
            return
        self._ends = master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self.port = os.ttyname(slave)
        if self._link is not None:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(self.port)
        asyncio.get_running_loop().add_reader(master, self._from_host, master)

    def _unplug(self) -> None:
        """The port and its name are gone; whoever has it open reads the end of the line."""
        if self._ends is None:
            return
        asyncio.get_running_loop().remove_reader(self._ends[0])
        for descriptor in self._ends:
            os.close(descriptor)
        self._ends = None
        if self._link is not None:
            self._link.unlink(missing_ok=True)

    async def _serve(self) -> asyncio.Server | None:
        if self._control is None:
            return None
        self._control.unlink(missing_ok=True)
        return await asyncio.start_unix_server(self._from_control, str(self._control), limit=LINE_BYTES_MAX)

    def _from_host(self, master: int) -> None:
        data = os.read(master, READ_BYTES)
        self.send(self._twin.receive(data, asyncio.get_running_loop().time()))

    def send(self, data: bytes) -> None:
        """Bytes for the host. What nobody reads, or comes while it is unplugged, is lost, as on a real line."""
        if self._ends is not None:
            with suppress(BlockingIOError):
                os.write(self._ends[0], data)

    def _from_stdin(self, say: Callable[[str], None]) -> None:
        line = sys.stdin.readline()
        if line.strip():
            say(self.do(line.strip()))
        elif not line:
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
            if self._control is None:
                self._stop.set()

    async def _from_control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(self.do(line.decode(errors="replace").strip()).encode() + b"\n")
                await writer.drain()
        except (ValueError, OSError):
            pass  # a line too long, or a caller that hung up: its own loss
        finally:
            writer.close()

    def do(self, line: str) -> str:
        """A command: of the line, or of the device."""
        if line == "quit":
            self._stop.set()
            return "ok"
        if line == "state":
            return json.dumps(self._twin.told())
        if line in {"plug", "unplug"}:
            (self._plug if line == "plug" else self._unplug)()
            return "ok"
        told = self._twin.do(line, asyncio.get_running_loop().time())
        return f"{told} | {HELP_OF_THE_LINE}" if line == "help" else told
