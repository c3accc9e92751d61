"""An account that cannot exist is refused before money is sent to it."""

import pytest

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.shops import bank_details
from kiosk.aggregator.shops.bank_details import BankDetails, Kind

IBANS = ("BG80 BNBG 9661 1020 3456 78", "DE89 3704 0044 0532 0130 00", "gb82west12345698765432")
#: Account and BIK as printed in a public validator's own tests.
RUSSIAN = (
    ("40703810338000004033", "044525225"),
    ("40703810438040104602", "044525225"),
    ("40703810600000011971", "044525659"),
)


@pytest.mark.parametrize("account", IBANS)
def test_real_ibans_are_taken_with_blanks_and_small_letters(account):
    assert bank_details.make(Kind.IBAN, "Good Books", account, "", "EUR").account == account.replace(" ", "").upper()


@pytest.mark.parametrize(("account", "bik"), RUSSIAN)
def test_real_russian_accounts_are_taken(account, bik):
    assert bank_details.make(Kind.RUSSIAN, "Good Books", account, bik, "RUB").bank == bik


def slips(text):
    """Every text with one digit changed."""
    return [text[:n] + str((int(c) + 1) % 10) + text[n + 1 :] for n, c in enumerate(text) if c.isdigit()]


@pytest.mark.parametrize("iban", slips("BG80BNBG96611020345678"))
def test_one_wrong_digit_of_an_iban_is_found(iban):
    with pytest.raises(AdminError, match="check digits"):
        bank_details.make(Kind.IBAN, "Good Books", iban, "", "EUR")


@pytest.mark.parametrize("account", slips(RUSSIAN[0][0]))
def test_one_wrong_digit_of_a_russian_account_is_found(account):
    with pytest.raises(AdminError, match="account: "):
        bank_details.make(Kind.RUSSIAN, "Good Books", account, RUSSIAN[0][1], "RUB")


@pytest.mark.parametrize(
    ("details", "says"),
    [
        (BankDetails(Kind.IBAN, " ", "BG80BNBG96611020345678", "", "EUR"), "holder"),
        (BankDetails(Kind.IBAN, "Ann", "hello", "", "EUR"), "account: an IBAN has two letters"),
        (
            BankDetails(Kind.IBAN, "Ann", "BG80BNBG9661102034567", "", "EUR"),
            "IBAN of BG has 22 characters, this one 21",
        ),
        (BankDetails(Kind.IBAN, "Ann", "BG80BNBG96611020345678", "BNB", "EUR"), "bank: a BIC"),
        (BankDetails(Kind.RUSSIAN, "Ann", RUSSIAN[0][0], "144525225", "RUB"), "bank: a BIK"),
        (BankDetails(Kind.RUSSIAN, "Ann", RUSSIAN[0][0][:-1], RUSSIAN[0][1], "RUB"), "twenty digits"),
        (BankDetails(Kind.RUSSIAN, "Ann", *RUSSIAN[0], "EUR"), "digits 6 to 8 are 810, an account in EUR has 978"),
    ],
)
def test_everything_else_that_is_wrong_is_named(details, says):
    with pytest.raises(AdminError, match=says):
        bank_details.ensure_valid(details)
