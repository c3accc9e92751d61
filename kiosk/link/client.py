"""The screen's end of the link: one thread that reads snapshots and reconnects for ever; `send` from any thread.

Answers for: connection, version check, telling when the till is away. Does not answer for: what is shown.
"""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.link import codec
from kiosk.link.messages import LINK_VERSION, Command, CommandFrame, Snapshot, Welcome

RECONNECT_S = 0.3
READ_BYTES = 8192
SEND_S = 1.0


class LinkClient:
    """`on_snapshot(snapshot)` and `on_away(reason)` are called from the reading thread."""

    def __init__(self, path: Path, on_snapshot: Callable[[Snapshot], None], on_away: Callable[[str], None]) -> None:
        self._path = path
        self._on_snapshot = on_snapshot
        self._on_away = on_away
        self._closing = threading.Event()
        self._socket: socket.socket | None = None
        self._revision = 0
        self._thread = threading.Thread(target=self._run, name="link")

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def send(self, command: Command) -> bool:
        """Tell the till what a finger meant. False when the till is away: the tap is lost, and that is all."""
        line = self._socket
        if line is None:
            return False
        try:
            line.sendall(codec.encode_command(CommandFrame(command, self._revision)))
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Hang up and end the thread. Idempotent."""
        self._closing.set()
        self._hang_up()
        if self._thread.is_alive():
            self._thread.join()

    def _hang_up(self) -> None:
        line = self._socket
        if line is not None:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                    line.settimeout(SEND_S)
                    line.connect(str(self._path))
                    line.settimeout(None)
                    self._socket = line
                    if not self._closing.is_set():
                        self._listen(line)
            except (OSError, codec.LinkError) as error:
                self._on_away(str(error))
            else:
                self._on_away("the till hung up")
            finally:
                self._socket = None
            self._closing.wait(RECONNECT_S)

    def _listen(self, line: socket.socket) -> None:
        frames = codec.FrameReader()
        while data := line.recv(READ_BYTES):
            for frame in frames.feed(data):
                self._take(codec.decode_to_screen(frame))

    def _take(self, message: Welcome | Snapshot) -> None:
        if isinstance(message, Snapshot):
            self._revision = message.revision
            self._on_snapshot(message)
        elif message.link_version != LINK_VERSION:
            raise codec.LinkError(f"the till speaks link version {message.link_version}, this screen {LINK_VERSION}")
