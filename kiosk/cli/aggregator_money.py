"""`kiosk aggregator tariffs|balance|bank-details|withdrawal …`: what merchants pay, have, and are paid out."""

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.shops import bank_details, shops, tariffs, withdrawals
from kiosk.aggregator.shops.bank_details import Kind
from kiosk.aggregator.shops.lifecycle import By
from kiosk.aggregator.shops.withdrawals import WithdrawalState
from kiosk.aggregator.storage.database import reading
from kiosk.cli.aggregator_common import (
    Action,
    Group,
    add_database,
    add_json,
    add_person,
    by,
    money,
    opened,
    print_json,
    show,
    when,
)
from kiosk.domain.money import EXPONENTS, MoneyError, parse_major


def _load_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--file", type=Path, required=True, help="plans, as in config/tariffs.toml")


def _load(args: argparse.Namespace) -> int:
    plans = tariffs.read(args.file)
    with opened(args) as engine:
        changed = tariffs.load(engine, plans)
    print(f"changed: {', '.join(changed)}" if changed else "nothing to change")
    return 0


def _tariffs_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    add_json(parser)


def _show_tariffs(args: argparse.Namespace) -> int:
    with opened(args) as engine, reading(engine) as db:
        show(args, tariffs.plans_in(db), _plan)
    return 0


def _plan(plan: Mapping[str, Any]) -> str:
    lines = [f"{plan['code']} ({plan['legal_form']}): {plan['title']}"]
    for rate in plan["rates"]:
        share = f"{rate['rate_bp'] // 100}.{rate['rate_bp'] % 100:02d} %"
        start = money(rate["turnover_from_minor"], rate["currency"])
        since = when(rate["valid_from_us"])[:10]
        lines.append(f"  since {since} {rate['method']}: {share} from a turnover of {start} in the month before")
    return "\n".join(lines)


def _shop_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--login", required=True, help="the shop's MerchantLogin")


def _balance_arguments(parser: argparse.ArgumentParser) -> None:
    _shop_arguments(parser)
    add_json(parser)


def _balance(args: argparse.Namespace) -> int:
    with opened(args) as engine, reading(engine) as db:
        found = withdrawals.balance(db, args.login)
    if args.json:
        print_json(found)
    else:
        print(f"to withdraw {money(found['available_minor'], found['currency'])}")
        print(f"on its way out {money(found['in_withdrawal_minor'], found['currency'])}")
    return 0


def _details_arguments(parser: argparse.ArgumentParser) -> None:
    _shop_arguments(parser)
    parser.add_argument("--kind", type=Kind, choices=list(Kind), required=True)
    parser.add_argument("--holder", required=True, help="whose account it is")
    parser.add_argument("--account", required=True, help="IBAN, or the twenty digits of a Russian account")
    parser.add_argument("--bank", default="", help="BIC (may be left out), or the BIK of a Russian account")
    parser.add_argument("--currency", choices=sorted(EXPONENTS), required=True)
    add_person(parser)


def _set_details(args: argparse.Namespace) -> int:
    details = bank_details.make(args.kind, args.holder, args.account, args.bank, args.currency)
    with opened(args) as engine:
        bank_details.set_details(engine, args.login, details, by(args))
    print("from now on withdrawals go there; those asked for before keep theirs")
    return 0


def _request_arguments(parser: argparse.ArgumentParser) -> None:
    _shop_arguments(parser)
    parser.add_argument("--amount", required=True, help="in the shop's currency, as in 125.50")
    add_person(parser)


def _request(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        with reading(engine) as db:
            currency = shops.profile(db, args.login)["currency"]
        try:
            amount_minor = parse_major(args.amount, currency)
        except MoneyError as error:
            raise AdminError(f"amount: {error}") from error
        number = withdrawals.request(engine, args.login, amount_minor, by(args))
    print(f"withdrawal {number} is requested")
    return 0


def _number_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--number", type=int, required=True)
    add_person(parser)


def _decide(decide: Callable[[sa.Engine, int, By], None], args: argparse.Namespace) -> int:
    with opened(args) as engine:
        decide(engine, args.number, by(args))
    return 0


def _pay_arguments(parser: argparse.ArgumentParser) -> None:
    _number_arguments(parser)
    parser.add_argument("--bank-reference", required=True, help="finds the transfer at the bank")


def _pay(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        withdrawals.pay(engine, args.number, args.bank_reference, by(args))
    return 0


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--login", default="", help="of one shop")
    parser.add_argument("--state", type=WithdrawalState, choices=list(WithdrawalState))
    add_json(parser)


def _list(args: argparse.Namespace) -> int:
    with opened(args) as engine, reading(engine) as db:
        show(args, withdrawals.listed(db, args.login, args.state), _withdrawal)
    return 0


def _withdrawal(row: Mapping[str, Any]) -> str:
    what = f"{row['id']:>6} {row['login']:<24} {money(row['amount_minor'], row['currency']):>18} {row['state']:<10}"
    return f"{what} to {row['holder']}, {row['account']} {row['bank']}".rstrip()


WITHDRAWAL_EPILOG = """\
request → approve → paid, or refuse until it is paid. The money leaves the balance with the request and is back with a refusal.

  kiosk aggregator withdrawal request --data D --login books --amount 125.50 --by Ann --reason "their mail of Monday"
  kiosk aggregator withdrawal list --data D --state requested
  kiosk aggregator withdrawal approve --data D --number 1 --by Bob --reason "balance and account looked at"
  kiosk aggregator withdrawal paid --data D --number 1 --bank-reference SEPA-4711 --by Bob --reason "sent today"
"""

ACTIONS: Mapping[str, Action | Group] = {
    "tariffs": Group(
        "what merchants pay; buyers pay nothing",
        {
            "load": Action("bring plans from a file into the database; what is in force stays", _load_arguments, _load),
            "show": Action("all plans, versions and tiers", _tariffs_arguments, _show_tariffs),
        },
    ),
    "balance": Action("what a shop has to withdraw, and on its way out", _balance_arguments, _balance),
    "bank-details": Group(
        "where a shop is paid out to",
        {"set": Action("an IBAN, or a Russian account and its bank's BIK", _details_arguments, _set_details)},
    ),
    "withdrawal": Group(
        "paying merchants out",
        {
            "request": Action("a merchant asks for money of its balance", _request_arguments, _request),
            "approve": Action("it may be sent", _number_arguments, partial(_decide, withdrawals.approve)),
            "refuse": Action(
                "it is not sent; the balance has it back", _number_arguments, partial(_decide, withdrawals.refuse)
            ),
            "paid": Action("it was sent", _pay_arguments, _pay),
            "list": Action("withdrawals, where they go and who decided", _list_arguments, _list),
        },
        WITHDRAWAL_EPILOG,
    ),
}
