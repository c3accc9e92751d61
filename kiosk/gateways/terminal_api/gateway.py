"""One aggregator that speaks the terminal API, behind the port.

Answers for: turning every possible answer, and every absence of one, into the port's closed set of outcomes. Does not answer
for: retrying (the outbox does), checking a catalogue's signature (its reader does).
"""

import ssl
import string
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk import terminal_api as api
from kiosk.domain.facts import ReportKind
from kiosk.gateways import port
from kiosk.gateways.terminal_api import answers, code_answers
from kiosk.gateways.terminal_api.freeze import encoder
from kiosk.gateways.wire import ANSWER_BYTES_MAX, NO_ANSWER, Answer, Wire, later, no_outcome, unhealthy, words

CATALOGUE_BYTES_MAX = 16_777_216  #: 5000 services of 20 fields with labels in several languages
REGISTER_BYTES_MAX = 16_777_216  #: a day of one terminal, at some 200 bytes a payment
NOT_MODIFIED = 304

CAPABILITIES = port.Capabilities(
    dialect="terminal_api",
    id_digits=64,
    id_alphabet=string.digits,
    status_by=port.StatusBy.QUERY,
    echoes_sum=True,
    live_told=True,
    reports=frozenset(ReportKind),
    services=True,
    catalogue=True,
    register=True,
    heartbeat=True,
    codes=True,
)


@dataclass(frozen=True, slots=True)
class ReportForm:
    """Where a kind of report goes, what answers it, and which field of the answer must be the report's id."""

    path: str
    answer: type[api.ClaimState] | type[api.CollectionState]
    id_field: str


REPORTS: Mapping[ReportKind, ReportForm] = {
    ReportKind.CLAIM: ReportForm("/terminal/v1/claims", api.ClaimState, "claim_id"),
    ReportKind.COLLECTION: ReportForm("/terminal/v1/collections", api.CollectionState, "collection_id"),
}


class TerminalApiGateway:
    """One connection pool to one aggregator."""

    def __init__(self, url: str, tls: ssl.SSLContext, deadline_s: float) -> None:
        self._wire = Wire(url, tls, deadline_s)

    @property
    def capabilities(self) -> port.Capabilities:
        """All there is."""
        return CAPABILITIES

    async def close(self) -> None:
        """Give the connections back. Idempotent."""
        await self._wire.close()

    async def health(self) -> port.HealthAnswer:
        """Ask whether the aggregator is there, and whether it is live."""
        try:
            told = answers.read(await self._call("GET", "/terminal/v1/health"), api.Health)
            return port.Healthy(live=told.mode is api.Mode.LIVE, skew_s=answers.skew_s(told.time))
        except NO_ANSWER as error:
            return unhealthy(error)

    async def heartbeat(self, body: bytes) -> port.HeartbeatAnswer:
        """Tell how the terminal is and hear what is wanted of it."""
        try:
            told = await self._call("POST", "/terminal/v1/heartbeats", body)
            return answers.heard(answers.read(told, api.HeartbeatAnswer))
        except NO_ANSWER as error:
            return unhealthy(error)

    async def catalogue(self, known_etag: str) -> port.CatalogueAnswer:
        """Ask for the catalogue unless it is still the one of `known_etag`."""
        asked = {"If-None-Match": known_etag} if known_etag else {}
        try:
            answer = await self._call("GET", "/terminal/v1/catalogue", headers=asked, bytes_max=CATALOGUE_BYTES_MAX)
            if answer.status == NOT_MODIFIED and known_etag:
                return port.CatalogueUnchanged()
            return answers.fetched(answer)
        except NO_ANSWER as error:
            return port.CatalogueUnavailable(words(error))

    async def quote(self, wanted: port.QuoteWanted) -> port.QuoteAnswer:
        """Ask what an order or a service costs."""
        fields = tuple(api.FieldValue(name, value) for name, value in wanted.fields)
        request = api.QuoteRequest(wanted.order_number, wanted.currency, wanted.service_id, fields)
        try:
            answer = await self._call("POST", "/terminal/v1/quotes", encoder.encode(request))
            return answers.refusal(answer) or answers.quoted(answers.read(answer, api.Quote), wanted)
        except NO_ANSWER as error:
            return port.QuoteUnavailable(words(error))

    async def post(self, payment_id: str, body: bytes) -> port.Outcome:
        """Send a frozen body under its id."""
        try:
            expected = answers.decode(body, api.PaymentRequest)
            answer = await self._call("POST", "/terminal/v1/payments", body, _under(payment_id))
        except NO_ANSWER as error:
            return no_outcome(error)
        return later(answer) or answers.outcome(answer, payment_id, expected)

    async def status(self, payment_id: str) -> port.Outcome:
        """Ask what became of an id."""
        try:
            answer = await self._call("GET", f"/terminal/v1/payments/{payment_id}")
        except NO_ANSWER as error:
            return no_outcome(error)
        return later(answer) or answers.outcome(answer, payment_id, None)

    async def report(self, kind: ReportKind, report_id: str, body: bytes) -> port.Outcome:
        """Send a frozen report under its id."""
        form = REPORTS[kind]
        try:
            answer = await self._call("POST", form.path, body, _under(report_id))
            if wait := later(answer):
                return wait
            state = answers.read(answer, form.answer)
        except NO_ANSWER as error:
            return no_outcome(error)
        about = getattr(state, form.id_field)
        return port.Accepted(state.reference) if about == report_id else port.Unknown(f"the answer is about {about}")

    async def register(self, day: str) -> port.RegisterAnswer:
        """Ask for a day's register, YYYY-MM-DD in UTC."""
        try:
            answer = await self._call("GET", f"/terminal/v1/registers/{day}", bytes_max=REGISTER_BYTES_MAX)
            return answers.register_read(answers.read(answer, api.Register), day)
        except NO_ANSWER as error:
            return port.RegisterUnavailable(words(error))

    async def look_up_code(self, code: str) -> port.CodeAnswer:
        """Ask what is left under a code."""
        try:
            return code_answers.told(
                await self._call("POST", "/terminal/v1/codes", encoder.encode(api.CodeRequest(code)))
            )
        except NO_ANSWER as error:
            return port.CodeUnavailable(words(error).replace(code, code_answers.COVER))

    async def redeem(self, redemption_id: str, body: bytes, amount_minor: int, currency: str) -> port.RedemptionOutcome:
        """Send a frozen redemption under its id."""
        try:
            sent = answers.decode(body, api.RedemptionRequest)
            answer = await self._call("POST", "/terminal/v1/redemptions", body, _under(redemption_id))
        except NO_ANSWER as error:
            return no_outcome(error)
        outcome = later(answer) or code_answers.outcome(answer, redemption_id, amount_minor, currency)
        return code_answers.without(sent.code, outcome)

    async def _call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        bytes_max: int = ANSWER_BYTES_MAX,
    ) -> Answer:
        sent = {"Content-Type": "application/json", **(headers or {})}
        return await self._wire.call(method, path, body, sent, bytes_max)


def _under(message_id: str) -> Mapping[str, str]:
    return {"Idempotency-Key": f'"{message_id}"'}
