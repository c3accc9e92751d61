"""The screen's end of the link: one thread that reads snapshots and reconnects for ever; `send` never blocks.

Answers for: connecting, the version check, telling when the till is away, patience. Does not answer for: what is shown.
"""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.domain.catalogue import Catalogue
from kiosk.link import codec
from kiosk.link.catalogue_pages import Assembler
from kiosk.link.messages import (
    LINK_VERSION,
    CataloguePage,
    Command,
    CommandFrame,
    Snapshot,
    StartAgain,
    ToScreen,
    Welcome,
)

RECONNECT_MIN_S = 0.1  #: after a connection that had worked
RECONNECT_MAX_S = 2.0  #: the wait doubles up to this while there is no till
WELCOME_S = 5.0  #: a till that connects but says nothing hangs: hang up and try again
READ_BYTES = 8192


class LinkClient:
    """`on_snapshot(snapshot)`, `on_away(reason)`, `on_catalogue(catalogue)` and `on_start_again()` are called from the reading
    thread.
    """

    def __init__(
        self,
        path: Path,
        on_snapshot: Callable[[Snapshot], None],
        on_away: Callable[[str], None],
        on_catalogue: Callable[[Catalogue], None] = lambda _: None,
        on_start_again: Callable[[], None] = lambda: None,
    ) -> None:
        self._path = path
        self._on_catalogue = on_catalogue
        self._on_start_again = on_start_again
        self._pages = Assembler()
        self._on_snapshot = on_snapshot
        self._on_away = on_away
        self._closing = threading.Event()
        self._lock = threading.Lock()  #: guards `_line` against being closed while it is used from outside
        self._line: socket.socket | None = None
        self._welcomed = False
        self._thread = threading.Thread(target=self._run, name="link")

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def send(self, command: Command, revision: int) -> bool:
        """Tell the till what a finger meant on the screen of `revision`. False: it did not go out; the tap is lost."""
        data = codec.encode_command(CommandFrame(command, revision))
        with self._lock:
            if self._line is None or not self._welcomed:
                return False
            try:
                sent = self._line.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except OSError:
                return False
            if sent != len(data):  # half a frame cannot be taken back
                self._hang_up()
                return False
        return True

    def close(self) -> None:
        """Hang up and end the thread. Idempotent."""
        self._closing.set()
        with self._lock:
            self._hang_up()
        if self._thread.is_alive():
            self._thread.join()

    def _hang_up(self) -> None:
        if self._line is None:
            return
        try:
            self._line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it was not connected any more

    def _run(self) -> None:
        wait_s = RECONNECT_MIN_S
        while not self._closing.is_set():
            reason, worked = self._live()
            if not self._closing.is_set():
                self._on_away(reason)
            wait_s = RECONNECT_MIN_S if worked else min(RECONNECT_MAX_S, wait_s * 2)
            self._closing.wait(wait_s)

    def _live(self) -> tuple[str, bool]:
        """One connection from beginning to end: why it ended, and whether it ever worked."""
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with self._lock:
            self._line, self._welcomed = line, False
        try:
            line.settimeout(WELCOME_S)
            line.connect(str(self._path))
            self._listen(line)
        except (OSError, codec.LinkError) as error:
            reason = str(error)
        else:
            reason = "the till hung up"
        with self._lock:
            self._line, worked = None, self._welcomed
            line.close()
        return reason, worked

    def _listen(self, line: socket.socket) -> None:
        frames = codec.FrameReader()
        while not self._closing.is_set() and (data := line.recv(READ_BYTES)):
            for frame in frames.feed(data):
                self._take(codec.decode_to_screen(frame))
                line.settimeout(None)

    def _take(self, message: ToScreen) -> None:
        if isinstance(message, Welcome):
            if message.link_version != LINK_VERSION:
                raise codec.LinkError(
                    f"the till speaks link version {message.link_version}, this screen {LINK_VERSION}"
                )
            self._welcomed = True
        elif not self._welcomed:
            raise codec.LinkError("the till sent a snapshot before its welcome")
        elif isinstance(message, CataloguePage):
            catalogue = self._pages.add(message)
            if catalogue is not None:
                self._on_catalogue(catalogue)
        elif isinstance(message, StartAgain):
            self._on_start_again()
        else:
            self._on_snapshot(message)
