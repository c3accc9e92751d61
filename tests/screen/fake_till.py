"""A till's end of the link, on a real AF_UNIX socket, that says exactly what a test tells it to."""

import socket
from pathlib import Path
from typing import Self

from kiosk.link import codec
from kiosk.link import messages as m

PATIENCE_S = 15.0
READ_BYTES = 4096


class FakeTill:
    """Takes one client at a time. A context manager: what it opened, it closes."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(str(path))
        self._server.listen(1)
        self._server.settimeout(PATIENCE_S)
        self._client: socket.socket | None = None
        self._frames = codec.FrameReader()
        self._heard: list[m.CommandFrame] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.hang_up()
        self._server.close()

    def wait_for_client(self) -> None:
        self.hang_up()
        self._client, _ = self._server.accept()
        self._client.settimeout(PATIENCE_S)
        self._frames = codec.FrameReader()

    def say(self, *messages: m.ToScreen) -> None:
        self.say_bytes(b"".join(codec.encode_to_screen(message) for message in messages))

    def say_bytes(self, data: bytes) -> None:
        assert self._client is not None
        self._client.sendall(data)

    def hear(self) -> m.CommandFrame:
        assert self._client is not None
        while not self._heard:
            data = self._client.recv(READ_BYTES)
            assert data, "the screen hung up"
            self._heard += [codec.decode_command(frame) for frame in self._frames.feed(data)]
        return self._heard.pop(0)

    def hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
