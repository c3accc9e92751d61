"""A tool's end of the till's service socket: blocking, for commands.

Answers for: asking a running till, and telling that none runs. Does not answer for: what is done with the answer.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

from kiosk.link import codec
from kiosk.link import service as s

ANSWER_WAIT_S = 60.0
READ_BYTES = 4096


class TillSilentError(Exception):
    """A till may be running, and it cannot be asked: another user's, or it does not answer."""


class NoTillError(TillSilentError):
    """Nobody serves this socket: no till is running."""


def ask(path: Path, request: s.ServiceAsk) -> Iterator[s.ServiceAnswer]:
    """Every answer of the till, the last one last. Raises TillSilentError, or LinkError for an answer that is none."""
    frames = codec.FrameReader()
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(ANSWER_WAIT_S)
        try:
            line.connect(str(path))
            line.sendall(codec.encode_service(request))
            while data := line.recv(READ_BYTES):
                for frame in frames.feed(data):
                    yield codec.decode_service_answer(frame)
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise NoTillError(f"{path}: no till is running: {error.strerror}") from error
        except OSError as error:
            raise TillSilentError(f"{path}: {error.strerror or error}") from error
