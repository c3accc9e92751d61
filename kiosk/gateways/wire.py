"""The wire all dialects share: one HTTPS request under a total deadline, with a bounded answer.

Answers for: that a far end which drips, floods, redirects or is silent cannot hold us, and which failures prove that nothing was
sent. Does not answer for: what an answer means. The only importer of httpx in this room.
"""

import asyncio
import base64
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from kiosk.gateways import port

ANSWER_BYTES_MAX = 65_536
#: Of the deadline, for a connection and again for its handshake: both end as NotSent before the total does. A handshake that the
#: total cuts off would leave its socket to the garbage collector.
CONNECT_SHARE = 0.45
LATER = frozenset({429, 503})  #: answers that mean "not now"
RETRY_AFTER_S_MAX = 3600.0  #: a far end that asks for more is asked again after this

for _library in ("httpx", "httpcore"):  # they would write down addresses (an account stands in them) and headers
    logging.getLogger(_library).setLevel(logging.WARNING)

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)  #: the far end has heard nothing


class AnswerError(Exception):
    """An answer that cannot be used; the text says why. `status`: of HTTP, where that is the reason, else 0."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


#: Every way an answer can fail to come whole; a broken TLS record and a deadline are OSErrors.
NO_ANSWER = (AnswerError, httpx.HTTPError, httpx.InvalidURL, OSError)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that came whole."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Credentials:
    """HTTP Basic (RFC 7617). An empty user: none is sent."""

    user: str = ""
    secret: str = field(default="", repr=False)

    def headers(self) -> Mapping[str, str]:
        """What every request carries."""
        if not self.user:
            return {}
        token = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {token}"}


class Wire:
    """One connection pool to one far end at `url`, to which paths and queries are appended as they are."""

    def __init__(
        self, url: str, tls: ssl.SSLContext, deadline_s: float, credentials: Credentials | None = None
    ) -> None:
        self._url = url.rstrip("/")
        self._deadline_s = deadline_s
        self._client = httpx.AsyncClient(
            headers=(credentials or Credentials()).headers(),
            verify=tls,
            trust_env=False,
            timeout=httpx.Timeout(deadline_s, connect=deadline_s * CONNECT_SHARE),
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Give the connections back. Idempotent."""
        await self._client.aclose()

    async def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        bytes_max: int = ANSWER_BYTES_MAX,
    ) -> Answer:
        """One request and its whole answer. Raises one of NO_ANSWER, and of those one of NOT_SENT if nothing was heard."""
        async with asyncio.timeout(self._deadline_s):
            async with self._client.stream(method, self._url + path, content=body, headers=headers) as answer:
                received = bytearray()
                async for part in answer.aiter_bytes():
                    received += part
                    if len(received) > bytes_max:
                        raise AnswerError(f"an answer of more than {bytes_max} bytes")
                return Answer(answer.status_code, bytes(received), answer.headers)


def no_outcome(error: Exception) -> port.NotSent | port.Unknown:
    """What one of NO_ANSWER says about a payment or a report."""
    return port.NotSent(words(error)) if isinstance(error, NOT_SENT) else port.Unknown(words(error))


def unhealthy(error: Exception) -> port.Unhealthy:
    """What one of NO_ANSWER says about the far end's health."""
    return port.Unhealthy(words(error), error.status if isinstance(error, AnswerError) else 0)


def later(answer: Answer) -> port.Retry | None:
    """`Not now` as an outcome; None for every other answer."""
    return port.Retry(_retry_after_s(answer.headers), f"HTTP {answer.status}") if answer.status in LATER else None


def skew_of(answer: Answer) -> float:
    """Our clock minus the far end's, by its Date (RFC 9110, 6.6.1), in seconds; 0 when it does not say."""
    try:
        return (datetime.now(UTC) - parsedate_to_datetime(answer.headers.get("Date", ""))).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """Retry-After in seconds, bounded; 0 when absent or not understood (RFC 9110, 10.2.3)."""
    value = headers.get("Retry-After", "")
    if value.isdecimal():
        return min(RETRY_AFTER_S_MAX, float(value))
    try:
        wait_s = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(RETRY_AFTER_S_MAX, max(0.0, wait_s))


def words(error: Exception) -> str:
    """An error for people."""
    return f"{type(error).__name__}: {error}".rstrip(": ")
