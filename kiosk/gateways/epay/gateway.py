"""One merchant that speaks ePay.bg's Billing, behind the port: init before cash, confirm after it, HTTPS GET, JSON.

Answers for: the dialect's outcomes. Does not answer for: retrying. An acceptance names neither id nor sum: what vouches for it is
TLS and the checksum of the request alone, and CAPABILITIES says so.
"""

import ssl
import string
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, TypeVar

import msgspec
from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import ConfigDict

from kiosk.domain.facts import OverpayPolicy
from kiosk.domain.rules import MICROSECONDS
from kiosk.gateways import port
from kiosk.gateways.epay import frozen
from kiosk.gateways.payments_only import PaymentsOnly
from kiosk.gateways.wire import NO_ANSWER, Answer, AnswerError, Wire, later, no_outcome, skew_of, unhealthy, words
from kiosk.terminal_api import ProblemCode

HTTP_OK = 200
IDN_DIGITS_MAX = 64
WORDS_MAX = 300

CAPABILITIES = port.Capabilities(
    dialect="epay",
    id_digits=frozen.PAYMENT_ID_DIGITS,
    id_alphabet=string.digits,
    status_by=port.StatusBy.REPOST,
    echoes_sum=False,
    live_told=False,
)

#: STATUS of a confirmation (kb.epay.bg, Billing). One that is not here is Unknown, as is 93: our checksum is wrong, money waits
#: until somebody mends that.
OUTCOMES: Mapping[str, type[port.Accepted] | type[port.Refused] | type[port.Retry] | type[port.Unknown]] = {
    "00": port.Accepted,
    "13": port.Refused,  # bad amount
    "14": port.Refused,  # unknown subscriber
    "62": port.Refused,  # nothing due
    "80": port.Retry,  # temporarily unavailable
    "93": port.Unknown,  # bad checksum
    "94": port.Accepted,  # this TID was processed before
    "96": port.Retry,  # general error
}

#: STATUS of an init that is the subscriber's own. Others say nothing of the order.
QUOTE_REFUSALS: Mapping[str, ProblemCode] = {
    "13": ProblemCode.AMOUNT_OUT_OF_RANGE,
    "14": ProblemCode.ORDER_NOT_FOUND,
    "62": ProblemCode.NOTHING_DUE,
}


@dataclass(frozen=True, slots=True)
class EpayProfile:
    """`merchant_id`: MERCHANTID, as the merchant has it. `payee`: on screens and slips. `probe_idn`: asked about to see whether
    anybody is there.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    merchant_id: Annotated[str, MinLen(1), MaxLen(8)]
    payee: Annotated[str, MinLen(1), MaxLen(100)]
    overpay: OverpayPolicy
    quote_lives_s: Annotated[int, Ge(60), Le(86_400)]
    probe_idn: Annotated[str, MinLen(1), MaxLen(64)]


@dataclass(frozen=True, slots=True)
class EpaySettings:
    """`live`: whether real money moves there, which this dialect does not tell."""

    profile: EpayProfile
    currency: str
    live: bool


class _Init(msgspec.Struct):
    STATUS: str
    IDN: str = ""
    SHORTDESC: str = ""
    LONGDESC: str = ""
    AMOUNT: str | int = ""
    VALIDTO: str = ""


class _Confirm(msgspec.Struct):
    STATUS: str


T = TypeVar("T")


class EpayGateway(PaymentsOnly):
    """One connection pool to one merchant. `secret` is the key of the checksums."""

    def __init__(self, url: str, tls: ssl.SSLContext, deadline_s: float, secret: str, settings: EpaySettings) -> None:
        self._wire = Wire(url, tls, deadline_s)
        self._secret = secret
        self._settings = settings

    @property
    def capabilities(self) -> port.Capabilities:
        """Payments by the subscriber's number alone."""
        return CAPABILITIES

    async def close(self) -> None:
        """Give the connections back. Idempotent."""
        await self._wire.close()

    async def health(self) -> port.HealthAnswer:
        """An init of a subscriber nobody is: any answer of the dialect's says that the merchant is there."""
        try:
            answer = await self._init(self._settings.profile.probe_idn)
            _read(answer, _Init)
        except NO_ANSWER as error:
            return unhealthy(error)
        return port.Healthy(self._settings.live, skew_of(answer))

    async def quote(self, wanted: port.QuoteWanted) -> port.QuoteAnswer:
        """Ask what a subscriber owes."""
        idn = wanted.order_number
        if wanted.service_id or wanted.currency != self._settings.currency:
            return port.QuoteUnavailable("this dialect knows subscribers by their number alone")
        if not (idn.isascii() and idn.isdigit() and len(idn) <= IDN_DIGITS_MAX):
            return port.QuoteRefused(ProblemCode.ORDER_NOT_FOUND.value, "not a subscriber's number")
        try:
            told = _read(await self._init(idn), _Init)
            if problem := QUOTE_REFUSALS.get(told.STATUS):
                return port.QuoteRefused(problem.value, told.SHORTDESC[:WORDS_MAX])
            return self._quoted(told, wanted)
        except NO_ANSWER as error:
            return port.QuoteUnavailable(words(error))

    def _quoted(self, told: _Init, wanted: port.QuoteWanted) -> port.Quoted:
        if told.STATUS != "00":
            raise AnswerError(f"STATUS {told.STATUS[:WORDS_MAX]!r}")
        if wanted.order_number != told.IDN:
            raise AnswerError("the answer is about another subscriber")
        profile = self._settings.profile
        lines = told.LONGDESC.splitlines()
        return port.Quoted(
            f"idn:{told.IDN}",
            told.IDN,
            profile.payee,
            told.SHORTDESC[:WORDS_MAX],
            _amount_minor(str(told.AMOUNT)),
            wanted.currency,
            _expires_us(told.VALIDTO, profile.quote_lives_s),
            profile.overpay.value,
            details=tuple(("", line[:WORDS_MAX]) for line in lines if line.strip()),
        )

    async def post(self, payment_id: str, body: bytes) -> port.Outcome:
        """Confirm a payment."""
        try:
            wanted = frozen.sent(body, payment_id)
            answer = await self._wire.call("GET", f"/pay/confirm?{frozen.signed(wanted.parameters, self._secret)}")
            if wait := later(answer):
                return wait
            status = _read(answer, _Confirm).STATUS
        except NO_ANSWER as error:
            return no_outcome(error)
        return _outcome(status, wanted.tid)

    async def _init(self, idn: str) -> Answer:
        parameters = {"IDN": idn, "MERCHANTID": self._settings.profile.merchant_id, "TYPE": "CHECK"}
        return await self._wire.call("GET", f"/pay/init?{frozen.signed(parameters, self._secret)}")


def _outcome(status: str, tid: str) -> port.Outcome:
    """The TID is what both sides know the payment by."""
    about = f"STATUS {status[:WORDS_MAX]!r}"
    kind = OUTCOMES.get(status)
    if kind is port.Accepted:
        return port.Accepted(tid)
    if kind is port.Refused:
        return port.Refused(status, about)
    return port.Retry(0.0, about) if kind is port.Retry else port.Unknown(about)


def _read(answer: Answer, kind: type[T]) -> T:
    if answer.status != HTTP_OK:
        raise AnswerError(f"HTTP {answer.status}", answer.status)
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AnswerError("not a Billing answer") from error


def _amount_minor(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text)):
        raise AnswerError("AMOUNT is no whole number of minor units")
    return int(text)


def _expires_us(valid_to: str, lives_s: int) -> int:
    """Ours, or the end of the last day the bill is valid."""
    ours_us = int((time.time() + lives_s) * MICROSECONDS)
    if not valid_to:
        return ours_us
    try:
        last = datetime.strptime(valid_to, "%Y%m%d").replace(tzinfo=frozen.ZONE)
    except ValueError as error:
        raise AnswerError("VALIDTO is no YYYYMMDD") from error
    ends_s = last.timestamp() + timedelta(days=1).total_seconds()
    return min(ours_us, int(ends_s) * MICROSECONDS)
