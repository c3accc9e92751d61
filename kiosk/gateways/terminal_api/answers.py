"""What the aggregator's answers mean: bytes to published types, problem codes to the port's outcomes.

Answers for: that nothing is final unless it is of the published shape and about this very id, sum and currency.
"""

from collections.abc import Hashable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from kiosk import terminal_api as api
from kiosk.domain.rules import MICROSECONDS
from kiosk.gateways import port
from kiosk.gateways.wire import Answer, AnswerError

OK, BAD_REQUEST, INTERNAL_SERVER_ERROR = 200, 400, 500

T = TypeVar("T")

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
        api.ProblemCode.AMOUNT_OUT_OF_RANGE,
        api.ProblemCode.PAYEE_UNAVAILABLE,
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


def outcome(answer: Answer, payment_id: str, expected: api.PaymentRequest | None) -> port.Outcome:
    """Final only if the far end speaks of this very id, sum and currency."""
    try:
        state = read(answer, api.PaymentState)
    except AnswerError as error:
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


def read(answer: Answer, kind: type[T]) -> T:
    """A 200 answer of the expected shape. Raises AnswerError for everything else."""
    _ensure_ok(answer)
    return decode(answer.body, kind)


def fetched(answer: Answer) -> port.CatalogueFetched:
    """A catalogue as it came. Raises AnswerError for what nobody has signed or named."""
    _ensure_ok(answer)
    etag, signature = answer.headers.get("ETag", ""), answer.headers.get(api.SIGNATURE_HEADER, "")
    if not (etag and signature and etag.isascii()):
        raise AnswerError(f"a catalogue without {api.SIGNATURE_HEADER} or an ETag that can be sent back")
    return port.CatalogueFetched(etag, answer.body, signature)


def _ensure_ok(answer: Answer) -> None:
    if answer.status != OK:
        problem = problem_of(answer)
        about = f": {problem.code.value}: {problem.message}" if problem else ""
        raise AnswerError(f"HTTP {answer.status}{about}", answer.status)


def decode(body: bytes, kind: type[T]) -> T:
    """Bytes of the expected shape. Raises AnswerError for all others."""
    try:
        return cast("T", _adapter(cast("Hashable", kind)).validate_json(body, strict=True))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise AnswerError(f"not of the terminal API: {faults}") from error


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("type[Any]", kind))


def problem_of(answer: Answer) -> api.Problem | None:
    """The Problem an error's answer holds, if it holds one."""
    if answer.status < BAD_REQUEST:
        return None
    try:
        return decode(answer.body, api.Problem)
    except AnswerError:
        return None


def refusal(answer: Answer) -> port.QuoteRefused | None:
    """The far end's word on a quote, if it is about the order and not about us or a server that fails."""
    problem = problem_of(answer)
    if problem is None or problem.code not in QUOTE_REFUSALS or answer.status >= INTERNAL_SERVER_ERROR:
        return None
    return port.QuoteRefused(problem.code.value, problem.message)


def quoted(quote: api.Quote, wanted: port.QuoteWanted) -> port.Quoted:
    """A quote in the port's words. Raises AnswerError when it is about something else than was asked."""
    asked = (wanted.order_number, wanted.service_id, wanted.currency)
    if (quote.order_number, quote.service_id, quote.currency) != asked:
        raise AnswerError(f"the answer is about {quote.order_number or quote.service_id!r} in {quote.currency}")
    return port.Quoted(
        quote.quote_id,
        quote.order_number,
        quote.payee,
        quote.description,
        quote.amount_minor,
        quote.currency,
        utc_us(quote.expires_at),
        quote.overpay.value,
        quote.service_id,
        quote.account,
        quote.open_amount,
        quote.max_minor,
        tuple((detail.label, detail.value) for detail in quote.details),
    )


def heard(answer: api.HeartbeatAnswer) -> port.HeartbeatHeard:
    """An answered heartbeat in the port's words. Raises AnswerError for times that are none."""
    return port.HeartbeatHeard(
        answer.mode is api.Mode.LIVE,
        skew_s(answer.time),
        answer.catalogue_version,
        tuple(port.RemoteOrder(order.order_id, order.kind, utc_us(order.expires_at)) for order in answer.orders),
    )


def register_read(register: api.Register, day: str) -> port.RegisterRead:
    """A register in the port's words. Raises AnswerError when it is of another day."""
    if register.day != day:
        raise AnswerError(f"the answer is the register of {register.day}")
    payments = tuple(
        port.RegisteredPayment(
            paid.payment_id,
            paid.reference,
            paid.amount_minor,
            paid.currency,
            utc_us(paid.captured_at),
            utc_us(paid.received_at),
        )
        for paid in register.payments
    )
    claims = tuple(
        port.RegisteredClaim(
            claim.claim_id, claim.reference, claim.amount_minor, claim.currency, utc_us(claim.redeemed_at)
        )
        for claim in register.claims
    )
    return port.RegisterRead(day, register.closed, payments, claims)


def skew_s(time: str) -> float:
    """Our clock minus the far end's. Raises AnswerError when `time` is none."""
    return datetime.now(UTC).timestamp() - utc_us(time) / MICROSECONDS


def utc_us(text: str) -> int:
    """UTC microseconds since 1970, to the second. Raises AnswerError for what is no time or has no offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise AnswerError(f"{text!r} is not a time") from error
    if moment.tzinfo is None:
        raise AnswerError(f"{text!r} has no offset")
    return int(moment.timestamp()) * MICROSECONDS
