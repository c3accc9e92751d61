"""The daily register of successful payments: tab-separated txn_id, date, time, account, sum; a last line with count and total.

Answers for: reading one file, with every fault named by its line. Does not answer for: how it came here.
The dialect's documents do not say how a date is written; the two unambiguous forms are read. A register names no account here:
it is personal and nobody compares it.
"""

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.money import MoneyError, parse_major
from kiosk.domain.rules import MICROSECONDS
from kiosk.gateways import port
from kiosk.gateways.osmp.frozen import payment_id_of

DATES = ("%Y-%m-%d", "%d.%m.%Y")
COLUMNS, TOTALS = 5, 3
TOTAL = "Total:"


class RegisterError(Exception):
    """A register that cannot be trusted. The message names every fault by its line."""


@dataclass(frozen=True, slots=True)
class _Form:
    currency: str
    zone: zoneinfo.ZoneInfo


def read_register(text: str, currency: str, zone: str) -> tuple[port.RegisteredPayment, ...]:
    """Every payment of a register. Raises RegisterError naming every fault by its line."""
    form = _Form(currency, zoneinfo.ZoneInfo(zone))
    lines = text.removeprefix("\ufeff").splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    faults: list[str] = []
    payments: list[port.RegisteredPayment] = []
    for number, line in enumerate(lines[:-1], 1):
        try:
            payments.append(_payment(line.split("\t"), form))
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    faults += _total_faults(lines, payments, currency) + _twins(payments)
    if faults:
        raise RegisterError("; ".join(faults))
    return tuple(payments)


def _payment(columns: Sequence[str], form: _Form) -> port.RegisteredPayment:
    if len(columns) != COLUMNS:
        raise ValueError(f"has {len(columns)} columns, not {COLUMNS}")
    txn_id, date, time, _account, total = (column.strip() for column in columns)
    if not (txn_id.isascii() and txn_id.isdigit()):
        raise ValueError("the transaction id is no number")
    at_us = _moment_us(date, time, form.zone)
    return port.RegisteredPayment(payment_id_of(txn_id), "", _amount(total, form.currency), form.currency, at_us, at_us)


def _moment_us(date: str, time: str, zone: zoneinfo.ZoneInfo) -> int:
    for form in DATES:
        try:
            at = datetime.strptime(f"{date} {time}", f"{form} %H:%M:%S").replace(tzinfo=zone)
        except ValueError:
            continue
        return int(at.timestamp()) * MICROSECONDS
    raise ValueError("date and time are not YYYY-MM-DD or DD.MM.YYYY, and HH:MM:SS")


def _amount(text: str, currency: str) -> int:
    try:
        return parse_major(text, currency)
    except MoneyError as error:
        raise ValueError(f"the sum: {error}") from error


def _total_faults(lines: Sequence[str], payments: Sequence[port.RegisteredPayment], currency: str) -> list[str]:
    """A register without its last line was cut on the way."""
    columns = [column.strip() for column in lines[-1].split("\t")] if lines else []
    if len(columns) != TOTALS or columns[0] != TOTAL:
        return [f"line {len(lines)}: must be {TOTAL}, count and amount; the file was cut"]
    try:
        told = int(columns[1]), _amount(columns[2], currency)
    except ValueError as error:
        return [f"line {len(lines)}: {error}"]
    found = len(payments), sum(paid.amount_minor for paid in payments)
    return [] if told == found else [f"line {len(lines)}: tells of {told} (count, minor units), the lines of {found}"]


def _twins(payments: Sequence[port.RegisteredPayment]) -> list[str]:
    first: dict[str, int] = {}
    faults = []
    for number, paid in enumerate(payments, 1):
        if first.setdefault(paid.payment_id, number) != number:
            faults.append(f"payment {number}: has the id of payment {first[paid.payment_id]}")
    return faults
