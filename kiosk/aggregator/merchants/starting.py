"""A merchant's payment start read: is it the merchant's own, and does it ask for something a terminal can do.

Answers for: signatures and the form of every parameter, each fault by its own name and what to fix. Does not answer for: making
the order (`orders`), bytes (`merchant_fields`).
What is signed, and in which order, is data here: aggregator protocols 1.2.
"""

import hashlib
import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote_plus, urlsplit

import sqlalchemy as sa

from kiosk.aggregator.errors import MerchantError, MerchantFault
from kiosk.aggregator.merchants import signatures
from kiosk.aggregator.merchants.merchant_fields import Fields
from kiosk.aggregator.moments import MICROSECONDS
from kiosk.aggregator.shops import shops
from kiosk.aggregator.shops.shops import Shop
from kiosk.aggregator.vault import Secret
from kiosk.domain.money import EXPONENTS, MoneyError, parse_major

ORDER_LIVES = timedelta(hours=24)  #: as long as a number lives at known terminals
ORDER_LIVES_MAX = timedelta(days=366)
INV_ID_MAX = 2**31 - 1
AMOUNT_MINOR_MAX = 10**12
OUT_SUM_CHARACTERS_MAX = 20
DESCRIPTION_CHARACTERS_MAX = 100
EMAIL_CHARACTERS_MAX = 254
URL_CHARACTERS_MAX = 500
CULTURES = ("bg", "ru", "en")
METHODS = ("GET", "POST")
CURRENCY_ALIASES: Mapping[str, str] = {"RUR": "RUB"}

#: Signed when present, in this order, between InvId and the password.
SIGNED_OPTIONALS = (
    "OutSumCurrency",
    "UserIp",
    "Receipt",
    "StepByStep",
    "ResultUrl2",
    "SuccessUrl2",
    "SuccessUrl2Method",
    "FailUrl2",
    "FailUrl2Method",
)
WHAT_IS_SIGNED = f"MerchantLogin:OutSum:InvId:[{':'.join(SIGNED_OPTIONALS)} as far as sent:]Password#1[:Shp_…=…]"
IN_FORCE = frozenset({"1", "true"})
ENCODED = re.compile(r"%[0-9A-Za-z%+._~*-]+")  #: URL-encoded from end to end; JSON itself begins with a brace


@dataclass(frozen=True, slots=True)
class Target:
    """Where a buyer goes back to; empty for the shop's own."""

    url: str = ""
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Start:
    """A payment start that is its merchant's and can be carried out. `inv_id` None: to be given by us."""

    shop: Shop
    out_sum: str
    amount_minor: int
    inv_id: int | None
    is_test: bool
    description: str
    extras: Mapping[str, str]
    expires_us: int
    culture: str
    email: str
    fingerprint: str
    result_url: str = ""
    success: Target = Target()
    fail: Target = Target()
    invoice_id: int | None = None


def read(db: sa.Connection, fields: Fields, at_us: int) -> Start:
    """Raises MerchantError saying what to fix; who cannot sign learns nothing but that."""
    shop = find_shop(db, fields.get("MerchantLogin"))
    is_test = fields.get("IsTest").lower() in IN_FORCE
    signed = _signed(fields, shop, password1(shop, is_test=is_test))
    ensure_open(shop, is_test=is_test)
    _ensure_offered(fields)
    _ensure_agreed(fields, shop.currency)
    return Start(
        shop=shop,
        out_sum=fields.get("OutSum"),
        amount_minor=amount_minor(fields.get("OutSum"), shop.currency),
        inv_id=number(fields.get("InvId")),
        is_test=is_test,
        description=description(fields.get("Description")),
        extras=fields.extras,
        expires_us=expiry_us(fields.get("ExpirationDate"), at_us),
        culture=culture(fields.get("Culture")),
        email=_email(fields.get("Email")),
        fingerprint=hashlib.sha256(f"{signed}:{is_test}".encode()).hexdigest(),
        result_url=url("ResultUrl2", fields.get("ResultUrl2")),
        success=target("SuccessUrl2", fields.get("SuccessUrl2"), fields.get("SuccessUrl2Method")),
        fail=target("FailUrl2", fields.get("FailUrl2"), fields.get("FailUrl2Method")),
    )


# --- whose it is ------------------------------------------------------------------------------------------------------


def find_shop(db: sa.Connection, login: str) -> Shop:
    """Raises MerchantError for a login that is nobody's."""
    shop = shops.find(db, login)
    if shop is None:
        raise MerchantError(MerchantFault.SHOP_UNKNOWN, f"MerchantLogin: no shop {login[:64]!r}")
    if shop.hash_name not in signatures.HASHES:
        message = (
            f"this aggregator cannot compute {shop.hash_name}; choose another hash in the shop's technical settings"
        )
        raise MerchantError(MerchantFault.HASH_MISSING, message)
    return shop


def password1(shop: Shop, *, is_test: bool) -> Secret:
    """What signs a start. Raises MerchantError for a test of a shop without a pair for it."""
    if not is_test:
        return shop.password1
    if shop.test_password1 is None or shop.test_password2 is None:
        message = "IsTest: the shop has no test passwords; set both in its technical settings"
        raise MerchantError(MerchantFault.TEST_NOT_SET_UP, message)
    return shop.test_password1


def ensure_open(shop: Shop, *, is_test: bool) -> None:
    """Raises MerchantError for a shop that may not be paid at present."""
    if not (shop.may_try if is_test else shop.may_be_paid):
        message = f"MerchantLogin: shop {shop.login} is {shop.state} and takes no payments"
        raise MerchantError(MerchantFault.SHOP_INACTIVE, message)


def _signed(fields: Fields, shop: Shop, password: Secret) -> str:
    """The text the signature covers, without its password. Raises MerchantError for a wrong one."""
    given = fields.get("SignatureValue")
    if not given:
        message = f"SignatureValue: missing; sign {WHAT_IS_SIGNED} with {shop.hash_name}"
        raise MerchantError(MerchantFault.SIGNATURE_MISSING, message)
    head = (fields.get("MerchantLogin"), fields.get("OutSum"), fields.get("InvId"))
    right = [
        signatures.is_right(given, base, shop.hash_name, fields.encoding)
        for optional in _optionals(fields)
        for base in signatures.start_bases(*head, password.reveal(), fields.extras, optional)
    ]
    if not any(right):
        pair = "test Password#1" if fields.get("IsTest") else "Password#1"
        message = f"SignatureValue: wrong; sign {WHAT_IS_SIGNED} with {shop.hash_name} and the shop's {pair}"
        raise MerchantError(MerchantFault.SIGNATURE_WRONG, message)
    return signatures.start_base(*head, "", fields.extras, next(_optionals(fields)))


def _optionals(fields: Fields) -> Iterator[tuple[str, ...]]:
    """As they came; and once more with Receipt decoded, since the official SDK encodes it once more than it signs."""
    values = {name: fields.get(name) for name in SIGNED_OPTIONALS if fields.get(name)}
    yield tuple(values.values())
    if ENCODED.fullmatch(values.get("Receipt", "")):
        yield tuple((values | {"Receipt": unquote_plus(values["Receipt"], encoding=fields.encoding)}).values())


# --- what a terminal cannot do ----------------------------------------------------------------------------------------


def _ensure_offered(fields: Fields) -> None:
    if fields.get("StepByStep"):
        message = "StepByStep: cash in a terminal cannot be held and confirmed later; leave it out"
        raise MerchantError(MerchantFault.HOLD_NOT_OFFERED, message)
    for name in ("Recurring", "PreviousInvoiceID"):
        if fields.get(name).lower() not in {"", "0", "false"}:
            message = f"{name}: recurring payments are not offered at terminals; leave it out"
            raise MerchantError(MerchantFault.RECURRING_NOT_OFFERED, message)


def _ensure_agreed(fields: Fields, currency: str) -> None:
    """What is signed beside the sum: the currency is the shop's own, the address is one, the receipt is JSON."""
    ensure_currency(fields.get("OutSumCurrency"), currency)
    _ensure_address(fields.get("UserIp"))
    _ensure_receipt(fields.get("Receipt"))


def ensure_currency(text: str, currency: str) -> None:
    """Raises MerchantError for another currency than the shop is settled in."""
    asked = CURRENCY_ALIASES.get(text.upper(), text.upper())
    if asked in {"", currency}:
        return
    if asked not in EXPONENTS:
        message = f"OutSumCurrency: {text[:8]!r} is not one of {', '.join(sorted(EXPONENTS))}"
        raise MerchantError(MerchantFault.CURRENCY_UNKNOWN, message)
    message = f"OutSumCurrency: this shop is settled in {currency} alone; send OutSum in {currency}, or leave this out"
    raise MerchantError(MerchantFault.CURRENCY_MISMATCH, message)


def _ensure_address(text: str) -> None:
    try:
        ipaddress.ip_address(text or "::1")
    except ValueError:
        message = f"UserIp: {text[:45]!r} is not an IP address"
        raise MerchantError(MerchantFault.ADDRESS_INVALID, message) from None


def _ensure_receipt(text: str) -> None:
    """JSON as it came, or encoded up to twice more: whoever issues fiscal documents will have to read it."""
    for _ in range(3):
        try:
            if not text or isinstance(json.loads(text), dict):
                return
        except (ValueError, RecursionError):
            text = unquote_plus(text)
    message = "Receipt: is not a JSON object; serialise it once, sign that text and send that text"
    raise MerchantError(MerchantFault.RECEIPT_INVALID, message)


# --- one parameter each -----------------------------------------------------------------------------------------------


def amount_minor(out_sum: str, currency: str, name: str = "OutSum") -> int:
    """Raises MerchantError for what is not an amount that can be paid."""
    if len(out_sum) > OUT_SUM_CHARACTERS_MAX:
        message = f"{name}: has more than {OUT_SUM_CHARACTERS_MAX} characters"
        raise MerchantError(MerchantFault.AMOUNT_OUT_OF_RANGE, message)
    try:
        amount = parse_major(out_sum, currency)
    except MoneyError as error:
        raise MerchantError(MerchantFault.AMOUNT_INVALID, f"{name}: {str(error)[:200]}") from None
    if not 0 < amount <= AMOUNT_MINOR_MAX:
        message = f"{name}: {out_sum[:24]} is not an amount that can be paid"
        raise MerchantError(MerchantFault.AMOUNT_OUT_OF_RANGE, message)
    return amount


def number(text: str) -> int | None:
    """The shop's own number; None when it leaves it to us. Raises MerchantError."""
    if text in {"", "0"}:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) <= INV_ID_MAX):
        message = f"InvId: {text[:24]!r} is not a number from 1 to {INV_ID_MAX}"
        raise MerchantError(MerchantFault.NUMBER_INVALID, message)
    return int(text)


def description(text: str) -> str:
    """Raises MerchantError for one that is too long to be shown."""
    if len(text) > DESCRIPTION_CHARACTERS_MAX:
        message = f"Description: has {len(text)} characters, at most {DESCRIPTION_CHARACTERS_MAX} are shown"
        raise MerchantError(MerchantFault.DESCRIPTION_TOO_LONG, message)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def expiry_us(text: str, at_us: int, lives: timedelta = ORDER_LIVES) -> int:
    """When the order gets too old; a time without an offset is taken as UTC. Raises MerchantError."""
    if not text:
        return at_us + int(lives.total_seconds()) * MICROSECONDS
    try:
        at = datetime.fromisoformat(text)
        expires_us = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * MICROSECONDS)
    except (ValueError, OverflowError):
        message = f"ExpirationDate: {text[:40]!r} is not ISO 8601; write it as 2030-01-31T23:59:59.0000000+03:00"
        raise MerchantError(MerchantFault.DATE_INVALID, message) from None
    if expires_us > at_us + int(ORDER_LIVES_MAX.total_seconds()) * MICROSECONDS:
        message = f"ExpirationDate: is more than {ORDER_LIVES_MAX.days} days away"
        raise MerchantError(MerchantFault.DATE_TOO_FAR, message)
    return expires_us


def culture(text: str) -> str:
    """The language of the buyer's page; English for one we do not have."""
    wanted = text.strip().lower()[:2]
    return wanted if wanted in CULTURES else "en"


def _email(text: str) -> str:
    if len(text) > EMAIL_CHARACTERS_MAX:
        message = f"Email: has more than {EMAIL_CHARACTERS_MAX} characters"
        raise MerchantError(MerchantFault.EMAIL_TOO_LONG, message)
    return text.strip()


def target(name: str, text: str, method: str) -> Target:
    """A way back and how. Raises MerchantError."""
    if method.upper() not in {"", *METHODS}:
        raise MerchantError(MerchantFault.METHOD_INVALID, f"{name}Method: {method[:8]!r} is neither GET nor POST")
    return Target(url(name, text), method.upper() or "GET")


def url(name: str, text: str) -> str:
    """An http(s) URL, or nothing. Colons after its host are refused: signed texts are joined by them. Raises MerchantError."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fits = False
    printable = text.isprintable() and " " not in text
    if not (fits and printable and len(text) <= URL_CHARACTERS_MAX and not parts.username):
        message = f"{name}: is not an http or https URL of at most {URL_CHARACTERS_MAX} characters"
        raise MerchantError(MerchantFault.URL_INVALID, message)
    if ":" in text[len(parts.scheme) + 3 + len(parts.netloc) :]:
        raise MerchantError(MerchantFault.URL_INVALID, f"{name}: write a colon after the host as %3A")
    return text
