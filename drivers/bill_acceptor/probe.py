"""Which protocol, at which speed, answers on a port: asked safely, for a note may be on its way while nobody knows.

Answers for: trying one question after another. Does not answer for: the questions (each protocol's folder has its own, one that
moves no note in any state) or what a unit is then told.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from drivers.channel import ByteChannel
from drivers.errors import CallTechnicianError, ChannelTimeoutError

TRIES = 2  #: a unit may be busy with its first answer
REPLY_S = 0.5
READ_BYTES = 512
ANSWER_BYTES_MAX = 4096  #: more than any answer; noise does not keep a probe alive


@dataclass(frozen=True, slots=True)
class Probe:
    """`frame`: a question that moves no note in any state. `is_answer`: whether these bytes hold this protocol's answer to it."""

    frame: bytes
    is_answer: Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One protocol at one speed. `open_line` raises CallTechnicianError when the port cannot be had."""

    protocol: str
    baud: int
    probe: Probe
    open_line: Callable[[], ByteChannel]


async def detect(candidates: Iterable[Candidate]) -> Candidate:
    """The first that answers. Raises CallTechnicianError naming what was tried, or why the port cannot be had."""
    tried = []
    heard = 0
    for candidate in candidates:
        channel = candidate.open_line()
        try:
            answered, count = await _answers(channel, candidate.probe)
        finally:
            await channel.close()
        if answered:
            return candidate
        tried.append(f"{candidate.protocol} at {candidate.baud}")
        heard += count
    why = "bytes come, but no answer" if heard else "nobody answers; is the acceptor powered and wired to this port?"
    raise CallTechnicianError(f"{why} (tried {', '.join(tried)})")


async def _answers(channel: ByteChannel, probe: Probe) -> tuple[bool, int]:
    """Whether the probe was answered, and how many bytes other than its own echo came."""
    heard = b""
    for _ in range(TRIES):
        await channel.write(probe.frame, REPLY_S)
        try:
            async with asyncio.timeout(REPLY_S):
                while len(heard) < ANSWER_BYTES_MAX:
                    heard += await channel.read(READ_BYTES, REPLY_S)
                    if probe.is_answer(heard):
                        return True, len(heard)
        except (TimeoutError, ChannelTimeoutError):
            continue
    return False, len(heard.replace(probe.frame, b""))
