"""One line in, one line of answer out over an AF_UNIX socket: how twins and the demo itself are told what to do."""

import socket
from pathlib import Path

ANSWER_S = 2.0
ANSWER_BYTES_MAX = 65_536


class NoAnswerError(Exception):
    """Nobody listens on the socket, or it did not answer in time."""


def ask(path: Path | str, line: str, deadline_s: float = ANSWER_S) -> str:
    """Send `line` and return the one line that comes back, without its end. Raises NoAnswerError."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(deadline_s)
            connection.connect(str(path))
            connection.sendall(line.encode() + b"\n")
            answer = b""
            while b"\n" not in answer and len(answer) < ANSWER_BYTES_MAX:
                part = connection.recv(4096)
                if not part:
                    break
                answer += part
    except OSError as error:
        raise NoAnswerError(f"{path}: {error.strerror or error}") from error
    if b"\n" not in answer:
        raise NoAnswerError(f"{path}: hung up without an answer to {line!r}")
    return answer.partition(b"\n")[0].decode(errors="replace")
