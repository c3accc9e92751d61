"""Billing requests as query strings. That of a payment is frozen without its CHECKSUM, which is made when it is sent: a secret
that was changed in between must not leave a payment behind that nobody can send.
"""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlencode

from kiosk.domain.rules import EPOCH_2020_S, MICROSECONDS, ToFreeze
from kiosk.gateways.epay.checksum import checksum
from kiosk.gateways.wire import AnswerError

STAMP = "%Y%m%d%H%M%S"
ZONE = zoneinfo.ZoneInfo("Europe/Sofia")  #: of DATE
TERMINAL, SECONDS, SERIAL = (
    slice(0, 4),
    slice(4, 13),
    slice(13, 18),
)  #: of a payment id, `domain.rules.new_id`
PAYMENT_ID_DIGITS = 18
STAN_DIGITS, AID_DIGITS = 6, 6


def tid(payment_id: str) -> str:
    """26 digits out of our 18: UTC date and time, session count (STAN), terminal (AID). Different ids stay different.

    UTC, because the hour that autumn repeats would make two of one.
    """
    if not (payment_id.isascii() and payment_id.isdigit() and len(payment_id) == PAYMENT_ID_DIGITS):
        raise ValueError(f"{payment_id!r} is no payment id of 18 digits")
    at = datetime.fromtimestamp(EPOCH_2020_S + int(payment_id[SECONDS]), UTC)
    return at.strftime(STAMP) + payment_id[SERIAL].zfill(STAN_DIGITS) + payment_id[TERMINAL].zfill(AID_DIGITS)


def query(parameters: Mapping[str, str]) -> str:
    """Percent-encoded, in this order."""
    return urlencode(parameters, quote_via=quote)


def signed(parameters: Mapping[str, str], secret: str) -> str:
    """The query with its CHECKSUM."""
    return query({**parameters, "CHECKSUM": checksum(parameters, secret)})


def freeze(merchant_id: str, wanted: ToFreeze) -> bytes:
    """A payment's query, but for its CHECKSUM."""
    at = datetime.fromtimestamp(wanted.captured_at_us // MICROSECONDS, UTC).astimezone(ZONE)
    return query(
        {
            "IDN": wanted.order.order_number,
            "MERCHANTID": merchant_id,
            "TYPE": "BILLING",
            "TID": tid(wanted.payment_id),
            "DATE": at.strftime(STAMP),
            "TOTAL": str(wanted.amount_minor),
        }
    ).encode()


@dataclass(frozen=True, slots=True)
class Sent:
    """What a frozen query says."""

    tid: str
    parameters: Mapping[str, str]


def sent(body: bytes, payment_id: str) -> Sent:
    """Read a frozen query. Raises AnswerError for bytes that are no payment of this dialect under this id."""
    try:
        parameters = dict(parse_qsl(body.decode("ascii"), strict_parsing=True))
        wanted = tid(payment_id)
    except ValueError as error:
        raise AnswerError("the frozen body is no Billing payment; nothing was sent") from error
    if parameters.get("TID") != wanted or "TOTAL" not in parameters:
        raise AnswerError("the frozen body is no Billing payment under this id; nothing was sent")
    return Sent(wanted, parameters)
