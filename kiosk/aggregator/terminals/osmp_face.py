"""The aggregator as an OSMP provider: terminals of other makers check and pay orders by their number, over GET or POST, in XML.

Answers for: the dialect (parameters, codes, echo), who is asking, and that a repeated transaction gets its first answer. Does not
answer for: orders and payments themselves (`orders`, `payments`), which are the same as over the terminal API.
The account is the order number. Terminals show their client certificate or a password (HTTP Basic, the user is their number).
"""

import base64
import binascii
import hashlib
import hmac
import re
import zoneinfo
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape, quoteattr

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.money import orders, payments, quotes
from kiosk.aggregator.terminals.identity import identify, is_active, peer_of
from kiosk.domain.money import MoneyError, format_major, parse_major
from kiosk.terminal_api import Mode, PaymentRequest, PaymentState, PaymentStatus, ProblemCode, Quote, QuoteRequest

ZONE = zoneinfo.ZoneInfo("Europe/Moscow")  #: of txn_date and of expiries, as everywhere in this dialect
STAMP = "%Y%m%d%H%M%S"
TXN_DIGITS_MAX = 20
PAYMENT_ID_DIGITS = 18  #: of our own terminals' ids, which lose their leading zeros here
ACCOUNT_CHARS_MAX = 20
SUM_CHARS_MAX = 20
AMOUNT_MINOR_MAX = 10**12
NO_HEAD = "0" * 64  #: this dialect anchors no journal

OK, BAD_ACCOUNT, BAD_PARAMETER, TOO_SMALL, TOO_BIG, OTHER = 0, 4, 31, 241, 242, 300

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  #: XML 1.0, 2.2

#: What a refusal is called here. 215: the id was used before with other parameters, nothing was changed.
CODES: Mapping[ProblemCode, int] = {
    ProblemCode.ORDER_NOT_FOUND: 5,
    ProblemCode.ORDER_ALREADY_PAID: 79,
    ProblemCode.ORDER_EXPIRED: 79,
    ProblemCode.ORDER_CANCELLED: 79,
    ProblemCode.SHOP_INACTIVE: 7,
    ProblemCode.QUOTE_UNKNOWN: 8,
    ProblemCode.CURRENCY_MISMATCH: 40,
    ProblemCode.AMOUNT_OUT_OF_RANGE: TOO_BIG,
    ProblemCode.IDEMPOTENCY_CONFLICT: 215,
    ProblemCode.PAYEE_UNAVAILABLE: 1,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request, read. `amount_minor` is 0 where a check leaves the sum open."""

    command: str
    txn_id: str
    account: str
    currency: str
    amount_minor: int
    captured_at: str

    @property
    def payment_id(self) -> str:
        return self.txn_id.zfill(PAYMENT_ID_DIGITS)


class _NoError(Exception):
    """An answer that is not 0: its code and what to fix."""

    def __init__(self, code: int, comment: str) -> None:
        super().__init__(comment)
        self.code = code
        self.comment = comment


def load_passwords(file: Path) -> Mapping[str, str]:
    """Lines of `number:SHA-256 of the password in hex`. Raises ValueError naming the line.

    A plain hash is enough for passwords of 128 random bits, and others must not be given out.
    """
    found: dict[str, str] = {}
    for count, line in enumerate(file.read_text(encoding="utf-8").split(), 1):
        number, _, digest = line.partition(":")
        if not (number.isdigit() and len(digest) == hashlib.sha256().digest_size * 2):
            raise ValueError(f"{file}: line {count}: must be number:sha256 in hex")
        found[number] = digest.lower()
    return found


def osmp_router(engine: sa.Engine, mode: Mode, wake: Callable[[], None], passwords: Mapping[str, str]) -> APIRouter:
    """The one address of this dialect."""
    router = APIRouter()

    @router.api_route("/osmp", methods=["GET", "POST"], include_in_schema=False)
    async def osmp(request: Request) -> Response:
        terminal = await run_in_threadpool(_terminal, engine, mode, request, passwords)
        if not terminal:
            words = "show the terminal's client certificate, or its number and password"
            return PlainTextResponse(words, 401, {"WWW-Authenticate": 'Basic realm="osmp"'})
        given = await request.body() if request.method == "POST" else request.scope["query_string"]
        parameters = parse_qsl(given.decode("latin-1"), keep_blank_values=True)
        answer = await run_in_threadpool(_answer, engine, terminal, parameters)
        wake()
        return Response(answer, media_type="text/xml; charset=utf-8")

    return router


def _terminal(engine: sa.Engine, mode: Mode, request: Request, passwords: Mapping[str, str]) -> str:
    """Whose certificate counts, else whose password is right; nobody's number for a stranger."""
    peer = peer_of(request.scope)
    if not peer.common_name:
        user = _basic_user(request, passwords)
        return user if user and is_active(engine, user) else ""
    try:
        return identify(engine, mode, peer)
    except RefusedError:
        return ""


def _basic_user(request: Request, passwords: Mapping[str, str]) -> str:
    """The user of HTTP Basic whose password is right, or nobody."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        user, _, password = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    digest = hashlib.sha256(password.encode()).hexdigest()
    return user if hmac.compare_digest(digest, passwords.get(user, "")) else ""


def _answer(engine: sa.Engine, terminal: str, parameters: list[tuple[str, str]]) -> str:
    """Every business answer is an XML response, and so is every request that cannot be read."""
    given = dict(parameters)
    txn_id = given.get("txn_id", "")
    echo = txn_id if _is_number(txn_id) else ""
    try:
        _ensure_single(parameters)
        asked = _read(engine, given)
        return _check(engine, terminal, asked) if asked.command == "check" else _pay(engine, terminal, asked)
    except _NoError as no:
        return _response({"osmp_txn_id": echo, "result": str(no.code), "comment": no.comment})
    except RefusedError as refused:
        code = CODES.get(refused.code, OTHER)
        return _response({"osmp_txn_id": echo, "result": str(code), "comment": refused.message})


# --- what was asked -------------------------------------------------------------------------------------------------


def _ensure_single(parameters: list[tuple[str, str]]) -> None:
    counts = Counter(name for name, _ in parameters)
    twice = min((name for name, count in counts.items() if count > 1), default=None)
    if twice is not None:
        raise _NoError(BAD_PARAMETER, f"{twice[:20]}: stands twice")


def _read(engine: sa.Engine, given: Mapping[str, str]) -> _Asked:
    """Raises _NoError naming the parameter and what it must be."""
    command, account = given.get("command", ""), given.get("account", "")
    if command not in {"check", "pay"}:
        raise _NoError(BAD_PARAMETER, "command: must be check or pay")
    if not (_is_number(account) and len(account) <= ACCOUNT_CHARS_MAX):
        raise _NoError(BAD_ACCOUNT, "account: must be an order number, digits alone")
    currency = given.get("ccy") or orders.currency_of(engine, account)
    is_pay = command == "pay"
    return _Asked(
        command,
        _txn_id(given.get("txn_id", ""), 1 if is_pay else 0),
        account,
        currency,
        _amount(given.get("sum", ""), currency, 1 if is_pay else 0),
        _moment(given.get("txn_date", "")) if is_pay else "",
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= TXN_DIGITS_MAX


def _txn_id(text: str, least: int) -> str:
    if not _is_number(text) or int(text) < least:
        raise _NoError(BAD_PARAMETER, f"txn_id: must be a positive number of at most {TXN_DIGITS_MAX} digits")
    return str(int(text))


def _amount(text: str, currency: str, least: int) -> int:
    if len(text) > SUM_CHARS_MAX:
        raise _NoError(BAD_PARAMETER, f"sum: must have at most {SUM_CHARS_MAX} characters")
    try:
        amount_minor = parse_major(text, currency)
    except MoneyError as error:
        raise _NoError(BAD_PARAMETER, f"sum or ccy: {error}") from None
    if not least <= amount_minor <= AMOUNT_MINOR_MAX:
        raise _NoError(TOO_BIG if amount_minor else TOO_SMALL, "sum: cannot be paid")
    return amount_minor


def _moment(text: str) -> str:
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=ZONE).isoformat()
    except ValueError:
        raise _NoError(BAD_PARAMETER, "txn_date: must be YYYYMMDDhhmmss in Moscow time") from None


# --- what is answered -----------------------------------------------------------------------------------------------


def _check(engine: sa.Engine, terminal: str, asked: _Asked) -> str:
    quote = quotes.offer(engine, terminal, QuoteRequest(asked.account, asked.currency))
    if asked.amount_minor:
        _ensure_sum(asked.amount_minor, quote.amount_minor)
    answer = {"osmp_txn_id": asked.txn_id, "result": str(OK), "comment": quote.description}
    return _response(answer, _fields(quote))


def _fields(quote: Quote) -> Mapping[str, str]:
    expires = datetime.fromisoformat(quote.expires_at).astimezone(ZONE)
    return {
        "amount": format_major(quote.amount_minor, quote.currency),
        "payee": quote.payee,
        "description": quote.description,
        "expires": expires.strftime(STAMP),
    }


def _ensure_sum(given_minor: int, wanted_minor: int) -> None:
    if given_minor != wanted_minor:
        raise _NoError(TOO_SMALL if given_minor < wanted_minor else TOO_BIG, "sum: the order costs another amount")


def _pay(engine: sa.Engine, terminal: str, asked: _Asked) -> str:
    """The first answer to a transaction, again and again. The quote is that of the check, so that cash taken in time is
    credited however late it is told of.
    """
    quote_id = orders.latest_quote(engine, terminal, asked.account)
    if not quote_id:
        quote_id = quotes.offer(engine, terminal, QuoteRequest(asked.account, asked.currency)).quote_id
    request = PaymentRequest(
        asked.payment_id,
        quote_id,
        asked.account,
        asked.amount_minor,
        asked.currency,
        (),
        asked.captured_at,
        0,
        NO_HEAD,
    )
    same = f"osmp {asked.account} {asked.amount_minor} {asked.currency}".encode()
    return _paid(asked, payments.take(engine, terminal, request, same))


def _paid(asked: _Asked, state: PaymentState) -> str:
    if state.status is PaymentStatus.ACCEPTED:
        told = format_major(state.amount_minor, state.currency)
        return _response(
            {"osmp_txn_id": asked.txn_id, "prv_txn": state.reference, "sum": told, "result": str(OK), "comment": "OK"}
        )
    code = CODES.get(ProblemCode(state.code), OTHER)
    return _response({"osmp_txn_id": asked.txn_id, "result": str(code), "comment": state.message})


def _response(parts: Mapping[str, str], fields: Mapping[str, str] | None = None) -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<response>"]
    lines += [f"  <{tag}>{_escaped(text)}</{tag}>" for tag, text in parts.items()]
    if fields:
        named = enumerate(fields.items(), 1)
        lines.append("  <fields>")
        lines += [f"    <field{at} name={quoteattr(name)}>{_escaped(text)}</field{at}>" for at, (name, text) in named]
        lines.append("  </fields>")
    return "\n".join([*lines, "</response>", ""])


def _escaped(text: str) -> str:
    """What XML 1.0 has no place for at all becomes a blank."""
    return escape(NOT_XML.sub(" ", text))
