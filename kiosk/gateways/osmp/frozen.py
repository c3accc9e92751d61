"""OSMP requests as query strings. That of a payment is its frozen body: made once, sent again byte for byte.

What a check was about (account, prv_id, data) is kept in the quote's id, and a payment's query repeats it as it stands: what is
paid is what was checked.
"""

import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlencode

from kiosk.domain.money import MoneyError, format_major, parse_major
from kiosk.domain.rules import MICROSECONDS, ToFreeze
from kiosk.gateways import port
from kiosk.gateways.osmp.profile import OsmpProfile, Payable
from kiosk.gateways.wire import AnswerError
from kiosk.terminal_api import ProblemCode

ACCOUNT_CHARS_MAX = 200
ID_DIGITS_MAX = 20
PAYMENT_ID_DIGITS = 18  #: of ours, `domain.advance.new_payment_id`
STAMP = "%Y%m%d%H%M%S"


def query(parameters: Mapping[str, str]) -> str:
    """Percent-encoded UTF-8, in this order."""
    return urlencode(parameters, quote_via=quote)


def payable_of(profile: OsmpProfile, wanted: port.QuoteWanted) -> Payable | None:
    """What the profile says of an order or a service; None when it is not for sale here."""
    return profile.services.get(wanted.service_id) if wanted.service_id else profile.orders


def subject(payable: Payable, wanted: port.QuoteWanted) -> str | port.QuoteRefused:
    """Account, prv_id and data as a query, or why they cannot be sent."""
    fields = dict(wanted.fields)
    account = fields.get(payable.account_field, "") if wanted.service_id else wanted.order_number
    if len(account) > ACCOUNT_CHARS_MAX or not re.fullmatch(payable.account_form, account):
        code = ProblemCode.FIELD_INVALID if wanted.service_id else ProblemCode.ORDER_NOT_FOUND
        return port.QuoteRefused(code.value, "the account is not of the provider's form")
    parameters = {"account": account}
    if payable.prv_id:
        parameters["prv_id"] = payable.prv_id
    return query(parameters | {name: fields[name] for name in payable.data_fields if name in fields})


def wire_id(payment_id: str) -> str:
    """An id as the dialect has it: a positive integer, so without our leading zeros."""
    return str(int(payment_id))


def is_same_id(told: str, wanted: str) -> bool:
    """Whether both are the same positive integer."""
    return all(text.isascii() and text.isdigit() for text in (told, wanted)) and int(told) == int(wanted) > 0


def payment_id_of(txn_id: str) -> str:
    """Our id again."""
    return txn_id.zfill(PAYMENT_ID_DIGITS)


def check(about: str, shared: str) -> str:
    """The classic question before cash: no id yet, no sum yet."""
    return f"{query({'command': 'check', 'txn_id': '0'})}&{about}&{query({'sum': '0.00'})}{shared}"


def freeze(profile: OsmpProfile, terminal: str, wanted: ToFreeze) -> bytes:
    """The query of a payment. The moment is the capture's, in the provider's zone."""
    at = datetime.fromtimestamp(wanted.captured_at_us // MICROSECONDS, UTC).astimezone(zoneinfo.ZoneInfo(profile.zone))
    head = query({"command": "pay", "txn_id": wire_id(wanted.payment_id), "txn_date": at.strftime(STAMP)})
    total = query({"sum": format_major(wanted.amount_minor, wanted.order.currency)})
    return f"{head}&{wanted.order.quote_id}&{total}{shared(profile, terminal, wanted.order.currency)}".encode()


def shared(profile: OsmpProfile, terminal: str, currency: str) -> str:
    """What this provider wants with every request."""
    extra = {"ccy": currency} if profile.send_currency else {}
    extra |= {"trm_id": terminal} if profile.send_terminal else {}
    return f"&{query(extra)}" if extra else ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a frozen query says, to be compared with what comes back."""

    txn_id: str
    amount_minor: int


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
    return Sent(txn_id, amount_minor)
