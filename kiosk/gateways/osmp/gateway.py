"""One OSMP provider behind the port: check before cash, pay after it, both by HTTPS GET, answers in XML.

Answers for: the dialect's outcomes; nothing is final unless the provider names this very id and sum. Does not answer for:
retrying (the outbox does, with the same bytes, which is also how this dialect tells what became of a payment).
"""

import ssl
import string
import time
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kiosk.domain.money import MoneyError, parse_major
from kiosk.domain.rules import MICROSECONDS
from kiosk.gateways import port
from kiosk.gateways.osmp import answers, frozen
from kiosk.gateways.osmp.answers import OsmpAnswer
from kiosk.gateways.osmp.codes import OF_ORDERS, OK, with_vendor
from kiosk.gateways.osmp.outcomes import outcome
from kiosk.gateways.osmp.profile import OsmpProfile, Payable
from kiosk.gateways.osmp.register import RegisterError, read_register
from kiosk.gateways.payments_only import PaymentsOnly
from kiosk.gateways.wire import (
    NO_ANSWER,
    Answer,
    AnswerError,
    Credentials,
    Wire,
    later,
    no_outcome,
    skew_of,
    unhealthy,
    words,
)
from kiosk.terminal_api import ProblemCode

HTTP_OK = 200
HTTP_CLIENT_ERRORS = range(400, 500)
REGISTER_BYTES_MAX = 16_777_216

CAPABILITIES = port.Capabilities(
    dialect="osmp",
    id_digits=frozen.ID_DIGITS_MAX,
    id_alphabet=string.digits,
    status_by=port.StatusBy.REPOST,
    echoes_sum=True,
    live_told=False,
    services=True,
    register=True,
)


@dataclass(frozen=True, slots=True)
class OsmpSettings:
    """`live`: whether real money moves there, which this dialect does not tell."""

    profile: OsmpProfile
    terminal: str
    currency: str
    live: bool


class OsmpGateway(PaymentsOnly):
    """One connection pool to one provider; `url` is the whole address up to the query."""

    def __init__(
        self, url: str, tls: ssl.SSLContext, deadline_s: float, credentials: Credentials, settings: OsmpSettings
    ) -> None:
        self._wire = Wire(url, tls, deadline_s, credentials)
        self._settings = settings
        self._profile = settings.profile
        self._codes = with_vendor(settings.profile.codes)
        self._shared = frozen.shared(settings.profile, settings.terminal, settings.currency)

    @property
    def capabilities(self) -> port.Capabilities:
        """Payments of orders and services; a register where one is put."""
        return CAPABILITIES

    async def close(self) -> None:
        """Give the connections back. Idempotent."""
        await self._wire.close()

    async def health(self) -> port.HealthAnswer:
        """A check of an account nobody has: any answer of the dialect's says that the provider is there."""
        try:
            answer = await self._ask(frozen.check({"account": self._profile.probe_account}, self._shared))
            _business(answer)
        except NO_ANSWER as error:
            return unhealthy(error)
        return port.Healthy(self._settings.live, skew_of(answer))

    async def quote(self, wanted: port.QuoteWanted) -> port.QuoteAnswer:
        """Check an account, and say what may be paid into it."""
        payable = frozen.payable_of(self._profile, wanted)
        if payable is None or wanted.currency != self._settings.currency:
            return port.QuoteUnavailable("the profile does not offer this")
        try:
            about = frozen.subject(frozen.recipe(payable), wanted.order_number, wanted.fields)
        except KeyError as error:
            return port.QuoteUnavailable(f"the profile wants a field {error} that the service does not have")
        if not frozen.is_account(payable, about["account"]):
            problem = ProblemCode.FIELD_INVALID if wanted.service_id else ProblemCode.ORDER_NOT_FOUND
            return port.QuoteRefused(problem.value, "the account is not of the provider's form")
        return await self._checked(about, payable, wanted)

    async def _checked(self, about: Mapping[str, str], payable: Payable, wanted: port.QuoteWanted) -> port.QuoteAnswer:
        try:
            answer = await self._ask(frozen.check(about, self._shared))
            told = _business(answer)
            if told.result == OK and answer.status == HTTP_OK:
                return self._quoted(told, payable, wanted)
        except NO_ANSWER as error:
            return port.QuoteUnavailable(words(error))
        return self._refusal(told, wanted)

    def _refusal(self, told: OsmpAnswer, wanted: port.QuoteWanted) -> port.QuoteAnswer:
        code = self._codes.get(told.result)
        if code is None or code.problem is None:
            return port.QuoteUnavailable(f"result {told.result}: {told.comment}")
        problem = code.problem if wanted.service_id else OF_ORDERS.get(told.result, code.problem)
        return port.QuoteRefused(problem.value, told.comment or code.meaning)

    def _quoted(self, told: OsmpAnswer, payable: Payable, wanted: port.QuoteWanted) -> port.Quoted | port.QuoteRefused:
        said = dict(told.fields)
        due_minor = _minor(said.get(payable.amount_field, ""), wanted.currency) if payable.amount_field else None
        if due_minor is not None and not payable.min_minor <= due_minor <= payable.max_minor:
            problem = ProblemCode.AMOUNT_OUT_OF_RANGE if due_minor else ProblemCode.NOTHING_DUE
            return port.QuoteRefused(problem.value, told.comment)
        hidden = {payable.amount_field, payable.payee_field, payable.description_field, payable.expires_field}
        return port.Quoted(
            frozen.recipe(payable),
            wanted.order_number,
            said.get(payable.payee_field, "") or payable.payee,
            said.get(payable.description_field, "") or told.comment,
            payable.min_minor if due_minor is None else due_minor,
            wanted.currency,
            self._expires_us(said.get(payable.expires_field, "")),
            payable.overpay.value,
            wanted.service_id,
            open_amount=due_minor is None,
            max_minor=payable.max_minor,
            details=tuple((name, value) for name, value in told.fields if name not in hidden and value),
        )

    def _expires_us(self, stamp: str) -> int:
        """The provider's word if it gives one, and never later than we would say ourselves."""
        ours_us = int((time.time() + self._profile.quote_lives_s) * MICROSECONDS)
        if not stamp:
            return ours_us
        try:
            at = datetime.strptime(stamp, frozen.STAMP).replace(tzinfo=zoneinfo.ZoneInfo(self._profile.zone))
        except ValueError as error:
            raise AnswerError("the field with the expiry is no YYYYMMDDhhmmss") from error
        return min(ours_us, int(at.timestamp()) * MICROSECONDS)

    async def post(self, payment_id: str, body: bytes) -> port.Outcome:
        """Send a frozen query."""
        try:
            wanted = frozen.sent(body, payment_id, self._settings.currency)
            answer = await self._ask(body.decode("ascii"))
            if wait := later(answer):
                return wait
            return outcome(_business(answer), wanted, self._codes, whole=answer.status == HTTP_OK)
        except NO_ANSWER as error:
            return no_outcome(error)

    async def register(self, day: str) -> port.RegisterAnswer:
        """A UTC day out of the two local days it lies in."""
        try:
            wanted = date.fromisoformat(day)
            files = [self._read_day(wanted + timedelta(days=offset)) for offset in self._offsets(wanted)]
        except (OSError, ValueError, OverflowError, RegisterError) as error:
            return port.RegisterUnavailable(words(error))
        start_us = int(datetime(wanted.year, wanted.month, wanted.day, tzinfo=UTC).timestamp()) * MICROSECONDS
        end_us = start_us + int(timedelta(days=1).total_seconds()) * MICROSECONDS
        payments = tuple(paid for file in files for paid in file if start_us <= paid.captured_at_us < end_us)
        return port.RegisterRead(day, True, payments, ())

    def _offsets(self, day: date) -> tuple[int, ...]:
        """Which local days, counted from the UTC one, hold a moment of it."""
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        ends = (start, start + timedelta(days=1) - timedelta(seconds=1))
        zone = zoneinfo.ZoneInfo(self._profile.zone)
        return tuple(sorted({(end.astimezone(zone).date() - day).days for end in ends}))

    def _read_day(self, day: date) -> tuple[port.RegisteredPayment, ...]:
        if not self._profile.register_file:
            raise RegisterError("the profile names no register_file")
        file = Path(self._profile.register_file.replace("{day}", day.strftime("%Y%m%d")))
        if file.stat().st_size > REGISTER_BYTES_MAX:
            raise RegisterError(f"{file} has more than {REGISTER_BYTES_MAX} bytes")
        return read_register(file.read_text(encoding="utf-8"), self._settings.currency, self._profile.zone)

    async def _ask(self, query: str) -> Answer:
        return await self._wire.call("GET", f"?{query}")


def _business(answer: Answer) -> OsmpAnswer:
    """What a provider says; some say no with HTTP's 404. A server that fails or sends us elsewhere says nothing."""
    if answer.status != HTTP_OK and answer.status not in HTTP_CLIENT_ERRORS:
        raise AnswerError(f"HTTP {answer.status}", answer.status)
    return answers.read(answer)


def _minor(text: str, currency: str) -> int:
    try:
        return parse_major(text, currency)
    except MoneyError as error:
        raise AnswerError(f"the field with the amount: {error}") from error
