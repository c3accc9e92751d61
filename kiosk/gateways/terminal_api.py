"""The gateway for our own terminal API: JSON over HTTPS with mutual TLS and an idempotency key.

Answers for: turning every possible answer, and every absence of one, into the port's closed set of outcomes. Does not answer
for: retrying (the outbox does). The only importer of httpx in this room.
"""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar, cast

import httpx
import msgspec
from pydantic import TypeAdapter, ValidationError

from kiosk import terminal_api as api
from kiosk.domain.rules import MICROSECONDS, ClaimToFreeze, ToFreeze
from kiosk.gateways import port

ANSWER_BYTES_MAX = 65_536
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)  #: the far end has heard nothing
CONNECT_SHARE = 0.8  #: of the deadline: a connection that never comes up ends as NotSent, before the total does
LATER = frozenset({429, 503})  #: answers that mean "not now"

#: The far end's word on a quote that is worth telling the buyer; every other problem is ours, not the order's.
QUOTE_REFUSALS = frozenset(
    {
        api.ProblemCode.ORDER_NOT_FOUND,
        api.ProblemCode.ORDER_EXPIRED,
        api.ProblemCode.ORDER_ALREADY_PAID,
        api.ProblemCode.ORDER_CANCELLED,
        api.ProblemCode.SERVICE_UNKNOWN,
        api.ProblemCode.FIELD_INVALID,
        api.ProblemCode.ACCOUNT_UNKNOWN,
        api.ProblemCode.NOTHING_DUE,
        api.ProblemCode.SHOP_INACTIVE,
        api.ProblemCode.CURRENCY_MISMATCH,
    }
)

#: What a refusal of a payment means, by its code. Refused are those that will be refused for ever; everything else may be a
#: fault of ours or theirs that somebody mends, and the money is safe in the outbox meanwhile. An unlisted code is Unknown.
OUTCOMES: Mapping[api.ProblemCode, type[port.Refused] | type[port.Unknown]] = {
    api.ProblemCode.ORDER_NOT_FOUND: port.Refused,
    api.ProblemCode.ORDER_EXPIRED: port.Refused,
    api.ProblemCode.ORDER_ALREADY_PAID: port.Refused,
    api.ProblemCode.ORDER_CANCELLED: port.Refused,
    api.ProblemCode.SERVICE_UNKNOWN: port.Refused,
    api.ProblemCode.FIELD_INVALID: port.Refused,
    api.ProblemCode.ACCOUNT_UNKNOWN: port.Refused,
    api.ProblemCode.NOTHING_DUE: port.Refused,
    api.ProblemCode.AMOUNT_OUT_OF_RANGE: port.Refused,
    api.ProblemCode.SHOP_INACTIVE: port.Refused,
    api.ProblemCode.CURRENCY_MISMATCH: port.Refused,
    api.ProblemCode.AMOUNT_MISMATCH: port.Refused,
    api.ProblemCode.QUOTE_UNKNOWN: port.Refused,
    api.ProblemCode.PAYEE_UNAVAILABLE: port.Unknown,
    api.ProblemCode.PAYMENT_UNKNOWN: port.Unknown,
    api.ProblemCode.CODE_UNKNOWN: port.Unknown,
    api.ProblemCode.CODE_REDEEMED: port.Unknown,
    api.ProblemCode.CODE_TOO_SMALL: port.Unknown,
    api.ProblemCode.TOKEN_INVALID: port.Unknown,
    api.ProblemCode.IDEMPOTENCY_CONFLICT: port.Unknown,
    api.ProblemCode.TERMINAL_UNKNOWN: port.Unknown,
    api.ProblemCode.INVALID_REQUEST: port.Unknown,
    api.ProblemCode.INTERNAL: port.Unknown,
}

RETRY_AFTER_S_MAX = 3600.0  #: a far end that asks for more is asked again after this


class _AnswerError(Exception):
    """An answer that cannot be used; the text says why."""


#: Every way an answer can fail to come whole; a broken TLS record and a deadline are OSErrors.
NO_ANSWER = (_AnswerError, httpx.HTTPError, OSError)

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="deterministic")


def freeze(wanted: ToFreeze) -> bytes:
    """The request body of a payment: made once, before the first byte is sent, and sent again unchanged."""
    order = wanted.order
    return _encoder.encode(
        api.PaymentRequest(
            payment_id=wanted.payment_id,
            quote_id=order.quote_id,
            order_number=order.order_number,
            amount_minor=wanted.amount_minor,
            currency=order.currency,
            cash=tuple(api.CashCount(value_minor, count) for value_minor, count in wanted.cash),
            captured_at=datetime.fromtimestamp(wanted.captured_at_us / MICROSECONDS, UTC).isoformat(),
            journal_seq=wanted.journal_seq,
            journal_head=wanted.journal_head,
        )
    )


def freeze_claim(wanted: ClaimToFreeze) -> bytes:
    """The request body of a claim, as `freeze` makes that of a payment."""
    return _encoder.encode(
        api.ClaimRequest(
            claim_id=wanted.claim_id,
            code=wanted.code,
            reason=wanted.reason,
            amount_minor=wanted.amount_minor,
            currency=wanted.currency,
            statement=wanted.statement,
            public_key=wanted.public_key,
        )
    )


class TerminalApiGateway:
    """One connection pool to one aggregator."""

    def __init__(self, url: str, tls: ssl.SSLContext, deadline_s: float) -> None:
        self._deadline_s = deadline_s
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/"),
            verify=tls,
            trust_env=False,
            timeout=httpx.Timeout(deadline_s, connect=deadline_s * CONNECT_SHARE),
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Give the connections back. Idempotent."""
        await self._client.aclose()

    async def health(self) -> port.HealthAnswer:
        """Ask whether the aggregator is there, and whether it is live."""
        try:
            status, body, _ = await self._call("GET", "/terminal/v1/health")
            answer = _read(status, body, api.Health)
            skew_s = datetime.now(UTC).timestamp() - _utc_us(answer.time) / MICROSECONDS
        except NO_ANSWER as error:
            return port.Unhealthy(_words(error))
        return port.Healthy(live=answer.mode is api.Mode.LIVE, skew_s=skew_s)

    async def quote(self, wanted: port.QuoteWanted) -> port.QuoteAnswer:
        """Ask what an order costs."""
        fields = tuple(api.FieldValue(name, value) for name, value in wanted.fields)
        request = api.QuoteRequest(wanted.order_number, wanted.currency, wanted.service_id, fields)
        try:
            status, body, _ = await self._call("POST", "/terminal/v1/quotes", _encoder.encode(request))
            problem = _problem(status, body)
            if status < httpx.codes.INTERNAL_SERVER_ERROR and problem is not None and problem.code in QUOTE_REFUSALS:
                return port.QuoteRefused(problem.code.value, problem.message)
            quote = _read(status, body, api.Quote)
            expires_at_us = _utc_us(quote.expires_at)
        except NO_ANSWER as error:
            return port.QuoteUnavailable(_words(error))
        asked = (wanted.order_number, wanted.service_id, wanted.currency)
        if (quote.order_number, quote.service_id, quote.currency) != asked:
            about = quote.order_number or quote.service_id
            return port.QuoteUnavailable(f"the answer is about {about!r} in {quote.currency}")
        return port.Quoted(
            quote.quote_id,
            quote.order_number,
            quote.payee,
            quote.description,
            quote.amount_minor,
            quote.currency,
            expires_at_us,
            quote.overpay.value,
            quote.service_id,
            quote.account,
            quote.open_amount,
            quote.max_minor,
            tuple((detail.label, detail.value) for detail in quote.details),
        )

    async def post(self, payment_id: str, body: bytes) -> port.Outcome:
        """Send a frozen body under its id."""
        headers = {"Idempotency-Key": f'"{payment_id}"'}
        try:
            expected = _decode(body, api.PaymentRequest)
            status, answer, answered = await self._call("POST", "/terminal/v1/payments", body, headers)
        except NOT_SENT as error:
            return port.NotSent(_words(error))
        except NO_ANSWER as error:
            return port.Unknown(_words(error))
        if status in LATER:
            return port.Retry(_retry_after_s(answered), f"HTTP {status}")
        return _outcome(status, answer, payment_id, expected)

    async def status(self, payment_id: str) -> port.Outcome:
        """Ask what became of an id."""
        try:
            status, answer, answered = await self._call("GET", f"/terminal/v1/payments/{payment_id}")
        except NOT_SENT as error:
            return port.NotSent(_words(error))
        except NO_ANSWER as error:
            return port.Unknown(_words(error))
        if status in LATER:
            return port.Retry(_retry_after_s(answered), f"HTTP {status}")
        return _outcome(status, answer, payment_id, None)

    async def report(self, report_id: str, body: bytes) -> port.Outcome:
        """Send a frozen report under its id. So far every report is a claim."""
        headers = {"Idempotency-Key": f'"{report_id}"'}
        try:
            status, answer, answered = await self._call("POST", "/terminal/v1/claims", body, headers)
            if status in LATER:
                return port.Retry(_retry_after_s(answered), f"HTTP {status}")
            state = _read(status, answer, api.ClaimState)
        except NOT_SENT as error:
            return port.NotSent(_words(error))
        except NO_ANSWER as error:
            return port.Unknown(_words(error))
        if state.claim_id != report_id:
            return port.Unknown(f"the answer is about claim {state.claim_id}")
        return port.Accepted(state.reference)

    async def _call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, httpx.Headers]:
        """One request with a total deadline and a bounded answer: a dripping server cannot hold us."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        async with asyncio.timeout(self._deadline_s):
            async with self._client.stream(method, path, content=body, headers=sent) as answer:
                received = bytearray()
                async for part in answer.aiter_bytes():
                    received += part
                    if len(received) > ANSWER_BYTES_MAX:
                        raise _AnswerError(f"an answer of more than {ANSWER_BYTES_MAX} bytes")
                return answer.status_code, bytes(received), answer.headers


def _outcome(status: int, body: bytes, payment_id: str, expected: api.PaymentRequest | None) -> port.Outcome:
    """Final only if the far end speaks of this very id, sum and currency."""
    try:
        state = _read(status, body, api.PaymentState)
    except _AnswerError as error:
        return port.Unknown(str(error))
    if state.payment_id != payment_id:
        return port.Unknown(f"the answer is about payment {state.payment_id}")
    if expected and (state.amount_minor, state.currency) != (expected.amount_minor, expected.currency):
        return port.Unknown(
            f"the answer echoes {state.amount_minor} {state.currency}, sent was {expected.amount_minor}"
        )
    if state.status is api.PaymentStatus.ACCEPTED:
        return port.Accepted(state.reference)
    if OUTCOMES.get(cast("api.ProblemCode", state.code)) is port.Refused:
        return port.Refused(state.code, state.message)
    return port.Unknown(f"refused as {state.code!r}, which is not final: {state.message}")


def _read(status: int, body: bytes, kind: type[T]) -> T:
    """A 200 answer of the expected shape. Raises _AnswerError for everything else."""
    if status != httpx.codes.OK:
        problem = _problem(status, body)
        raise _AnswerError(f"HTTP {status}: {problem.code.value}: {problem.message}" if problem else f"HTTP {status}")
    return _decode(body, kind)


def _decode(body: bytes, kind: type[T]) -> T:
    """Bytes of the expected shape. Raises _AnswerError for all others."""
    try:
        return TypeAdapter(kind).validate_json(body, strict=True)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise _AnswerError(f"not of the terminal API: {faults}") from error


def _problem(status: int, body: bytes) -> api.Problem | None:
    if status < httpx.codes.BAD_REQUEST:
        return None
    try:
        return _decode(body, api.Problem)
    except _AnswerError:
        return None


def _retry_after_s(headers: httpx.Headers) -> float:
    """Retry-After in seconds, bounded; 0 when absent or not understood (RFC 9110, 10.2.3)."""
    value = headers.get("Retry-After", "")
    if value.isdecimal():
        return min(RETRY_AFTER_S_MAX, float(value))
    try:
        wait_s = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(RETRY_AFTER_S_MAX, max(0.0, wait_s))


def _utc_us(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _AnswerError(f"{text!r} is not a time") from error
    if moment.tzinfo is None:
        raise _AnswerError(f"{text!r} has no offset")
    return int(moment.timestamp()) * MICROSECONDS


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")
