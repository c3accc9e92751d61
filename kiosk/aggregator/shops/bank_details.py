"""Where a merchant is paid out to: an IBAN, or a Russian account and its BIK; check digits find a slip of a finger.

Answers for: that an account can exist, and which one is a shop's now. Does not answer for: that it is the merchant's (a bank
letter says so, `identification`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.shops import lifecycle
from kiosk.aggregator.shops.lifecycle import By, ShopState
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.withdrawals import bank_details

IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
#: Length by country, IBAN registry of SWIFT; countries that are not here are checked by their check digits alone.
IBAN_CHARACTERS: Mapping[str, int] = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27,
    "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "KZ": 20, "LT": 20, "LU": 20, "LV": 21, "MT": 31, "NL": 18,
    "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "TR": 26, "UA": 29,
}  # fmt: skip
BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")  # ISO 9362
RUSSIAN_ACCOUNT, BIK = re.compile(r"\d{20}"), re.compile(r"04\d{7}")
RUSSIAN_CURRENCIES: Mapping[str, str] = {"RUB": "810", "USD": "840", "EUR": "978", "KZT": "398"}  #: digits 6 to 8
#: Weights of the 23 digits that are checked together (Bank of Russia, order of 08.09.1997 No. 515).
WEIGHTS = (7, 1, 3) * 7 + (7, 1)


class Kind(StrEnum):
    IBAN = "iban"
    RUSSIAN = "russian"


@dataclass(frozen=True, slots=True)
class BankDetails:
    """`bank`: a BIC or nothing for an IBAN, the BIK for a Russian account. Blanks are taken out."""

    kind: Kind
    holder: str
    account: str
    bank: str
    currency: str


def ensure_valid(details: BankDetails) -> None:
    """Raises AdminError saying what is wrong with it."""
    if not 0 < len(details.holder.strip()) <= 200:
        raise AdminError("holder: 1 to 200 characters")
    CHECKS[details.kind](details)


def _ensure_iban(details: BankDetails) -> None:
    iban = details.account
    if not IBAN.fullmatch(iban):
        raise AdminError("account: an IBAN has two letters, two digits and up to 30 letters or digits")
    wanted = IBAN_CHARACTERS.get(iban[:2], len(iban))
    if len(iban) != wanted:
        raise AdminError(f"account: an IBAN of {iban[:2]} has {wanted} characters, this one {len(iban)}")
    if int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 != 1:  # ISO 13616
        raise AdminError("account: the check digits of this IBAN are wrong; compare it with the bank's paper")
    if details.bank and not BIC.fullmatch(details.bank):
        raise AdminError("bank: a BIC has 8 or 11 letters and digits; it may be left out")


def _ensure_russian(details: BankDetails) -> None:
    if not BIK.fullmatch(details.bank):
        raise AdminError("bank: a BIK has nine digits and begins with 04")
    if not RUSSIAN_ACCOUNT.fullmatch(details.account):
        raise AdminError("account: twenty digits")
    wanted = RUSSIAN_CURRENCIES.get(details.currency)
    if details.account[5:8] != wanted:
        raise AdminError(
            f"account: its digits 6 to 8 are {details.account[5:8]}, an account in {details.currency} has {wanted}"
        )
    digits = map(int, details.bank[-3:] + details.account)
    if sum(digit * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 10:
        raise AdminError("account: its check digit does not fit it and the BIK; compare both with the bank's paper")


CHECKS: Mapping[Kind, Callable[[BankDetails], None]] = {Kind.IBAN: _ensure_iban, Kind.RUSSIAN: _ensure_russian}


def make(kind: Kind, holder: str, account: str, bank: str, currency: str) -> BankDetails:
    """Bank details as people write them, with blanks and small letters. Raises AdminError."""
    account, bank = ("".join(text.split()).upper() for text in (account, bank))
    details = BankDetails(kind, holder.strip(), account, bank, currency)
    ensure_valid(details)
    return details


def set_details(engine: sa.Engine, login: str, details: BankDetails, by: By) -> None:
    """From now on this shop is paid out to `details`; withdrawals that were asked for keep theirs. Raises AdminError."""
    ensure_valid(details)
    values = {name: getattr(details, name) for name in ("holder", "account", "bank", "currency")}

    def work(db: sa.Connection) -> None:
        if lifecycle.state_of(db, login) is ShopState.BLOCKED:
            raise AdminError(f"shop {login} is blocked: where its money goes cannot be changed")
        settles_in = db.execute(sa.select(merchant.c.currency).where(merchant.c.login == login)).scalar_one()
        if details.currency != settles_in:
            raise AdminError(f"currency: shop {login} settles in {settles_in}")
        who = {"person": by.person, "reason": by.reason, "set_us": now_us()}
        db.execute(bank_details.insert().values(login=login, kind=details.kind.value, **values, **who))

    run_writing(engine, work)


def current(db: sa.Connection, login: str, currency: str) -> tuple[int, BankDetails] | None:
    """The number and the details a shop is paid out to now."""
    of_shop = (bank_details.c.login == login, bank_details.c.currency == currency)
    row = db.execute(sa.select(bank_details).where(*of_shop).order_by(bank_details.c.id.desc()).limit(1)).one_or_none()
    return (
        None if row is None else (row.id, BankDetails(Kind(row.kind), row.holder, row.account, row.bank, row.currency))
    )
