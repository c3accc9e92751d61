"""OSMP requests as query strings. That of a payment is its frozen body: made once, sent again byte for byte.

How a check's subject was put together (prv_id, which fields) is kept as the quote's id, and a payment's is put together so: what
is paid is what was checked, whatever the profile says by then. What the buyer typed stands in the query alone.
"""

import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlencode

from kiosk.domain.facts import Typed
from kiosk.domain.money import MoneyError, format_major, parse_major
from kiosk.domain.rules import MICROSECONDS, ToFreeze
from kiosk.gateways import port
from kiosk.gateways.osmp.profile import OsmpProfile, Payable
from kiosk.gateways.wire import AnswerError

ACCOUNT_CHARS_MAX = 200
ID_DIGITS_MAX = 20
PAYMENT_ID_DIGITS = 18  #: of ours, `domain.rules.new_id`
STAMP = "%Y%m%d%H%M%S"


def query(parameters: Mapping[str, str]) -> str:
    """Percent-encoded UTF-8, in this order."""
    return urlencode(parameters, quote_via=quote)


def payable_of(profile: OsmpProfile, wanted: port.QuoteWanted) -> Payable | None:
    """What the profile says of an order or a service; None when it is not for sale here."""
    return profile.services.get(wanted.service_id) if wanted.service_id else profile.orders


def recipe(payable: Payable) -> str:
    """How the subject of a request is put together; nothing personal stands in it."""
    parts = [
        ("prv_id", payable.prv_id),
        ("account", payable.account_field),
        *(("data", n) for n in payable.data_fields),
    ]
    return urlencode(parts, quote_via=quote)


def subject(quote_id: str, order_number: str, fields: Typed) -> Mapping[str, str]:
    """Account, prv_id and data, put together by a recipe. Raises KeyError when a field it needs was not filled in."""
    parts = parse_qsl(quote_id, keep_blank_values=True)
    told, typed = dict(parts), dict(fields)
    account = typed[told["account"]] if told["account"] else order_number
    prv_id = {"prv_id": told["prv_id"]} if told["prv_id"] else {}
    return {"account": account, **prv_id, **{name: typed[name] for part, name in parts if part == "data"}}


def is_account(payable: Payable, account: str) -> bool:
    """Whether the provider may be asked about it."""
    return len(account) <= ACCOUNT_CHARS_MAX and re.fullmatch(payable.account_form, account) is not None


def wire_id(payment_id: str) -> str:
    """An id as the dialect has it: a positive integer, so without our leading zeros."""
    return str(int(payment_id))


def is_same_id(told: str, wanted: str) -> bool:
    """Whether both are the same positive integer."""
    return all(text.isascii() and text.isdigit() for text in (told, wanted)) and int(told) == int(wanted) > 0


def payment_id_of(txn_id: str) -> str:
    """Our id again."""
    return txn_id.zfill(PAYMENT_ID_DIGITS)


def check(about: Mapping[str, str], shared: Mapping[str, str]) -> str:
    """The classic question before cash: no id yet, no sum yet."""
    return query({"command": "check", "txn_id": "0", **about, "sum": "0.00", **shared})


def freeze(profile: OsmpProfile, terminal: str, wanted: ToFreeze) -> bytes:
    """The query of a payment. The moment is the capture's, in the provider's zone."""
    at = datetime.fromtimestamp(wanted.captured_at_us // MICROSECONDS, UTC).astimezone(zoneinfo.ZoneInfo(profile.zone))
    order = wanted.order
    parameters = {
        "command": "pay",
        "txn_id": wire_id(wanted.payment_id),
        "txn_date": at.strftime(STAMP),
        **subject(order.quote_id, order.order_number, wanted.fields),
        "sum": format_major(wanted.amount_minor, order.currency),
        **shared(profile, terminal, order.currency),
    }
    return query(parameters).encode()


def shared(profile: OsmpProfile, terminal: str, currency: str) -> Mapping[str, str]:
    """What this provider wants with every request."""
    extra = {"ccy": currency} if profile.send_currency else {}
    return extra | ({"trm_id": terminal} if profile.send_terminal else {})


@dataclass(frozen=True, slots=True)
class Sent:
    """What a frozen query says, to be compared with what comes back."""

    txn_id: str
    amount_minor: int
    currency: str


def sent(body: bytes, payment_id: str, currency: str) -> Sent:
    """Read a frozen query. Raises AnswerError for bytes that are no payment of this dialect under this id."""
    try:
        said = dict(parse_qsl(body.decode("ascii"), strict_parsing=True))
        amount_minor = parse_major(said["sum"], currency)
    except (ValueError, KeyError, MoneyError) as error:
        raise AnswerError("the frozen body is no OSMP payment; nothing was sent") from error
    txn_id = said.get("txn_id", "")
    if said.get("command") != "pay" or len(txn_id) > ID_DIGITS_MAX or not is_same_id(txn_id, payment_id):
        raise AnswerError("the frozen body is no OSMP payment under this id; nothing was sent")
    return Sent(txn_id, amount_minor, currency)
