"""`kiosk aggregator shop …`: a shop from its registration to its end; `add-merchant` makes one at once, for tests."""

import argparse
import os
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator import admin
from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.merchants.signatures import HASHES
from kiosk.aggregator.shops import identification, lifecycle, registration, shops, termination, withdrawals
from kiosk.aggregator.shops.lifecycle import By, LegalForm
from kiosk.aggregator.shops.registration import METHODS, NewShop, TechnicalSettings
from kiosk.aggregator.shops.shops import SECRETS
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.vault import Secret
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
from kiosk.domain.money import EXPONENTS
from kiosk.terminal_api import Overpay

PASSWORD_BYTES = 24


def _login(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--login", required=True, help="the shop's MerchantLogin")


def _overpay(parser: argparse.ArgumentParser, default: Overpay | None) -> None:
    parser.add_argument(
        "--overpay",
        choices=list(Overpay),
        type=Overpay,
        default=default,
        help="money over the amount: comes back, goes to the shop, or is kept for the buyer under a code",
    )


def _register_arguments(parser: argparse.ArgumentParser) -> None:
    _login(parser)
    parser.add_argument("--name", required=True, help="the payee's name as buyers read it")
    parser.add_argument("--legal-form", choices=list(LegalForm), type=LegalForm, required=True)
    parser.add_argument("--legal-name", required=True, help="as the contract has it")
    parser.add_argument("--email", required=True)
    parser.add_argument("--currency", choices=sorted(EXPONENTS), required=True, help="the shop's settlement currency")
    parser.add_argument("--plan", required=True, help="its tariff plan (kiosk aggregator tariffs show)")
    _overpay(parser, Overpay.HOLD)
    add_person(parser)


def _register(args: argparse.Namespace) -> int:
    who = (args.login, args.name, args.legal_form, args.legal_name, args.email)
    with opened(args) as engine:
        registration.register(engine, NewShop(*who, args.currency, args.plan, args.overpay), by(args))
    print(f"registered; next: its technical settings (kiosk aggregator shop settings --login {args.login} …)")
    return 0


def _settings_arguments(parser: argparse.ArgumentParser) -> None:
    _login(parser)
    meanings = ("payment starts", "notifications", "refunds", "test payment starts", "test notifications")
    for name, meaning in zip(SECRETS, meanings, strict=True):
        option = f"--{name.replace('_', '-')}-file"
        parser.add_argument(option, type=Path, metavar="FILE", help=f"holds the password that signs {meaning}")
    parser.add_argument(
        "--make-passwords",
        type=Path,
        metavar="DIR",
        help="make all five and put them into files there, for the merchant",
    )
    parser.add_argument("--hash", choices=HASHES, help="algorithm of its signatures; sha256 or better")
    urls = {
        "result": "is told of every payment until it answers OK",
        "success": "the buyer goes here, paid",
        "fail": "or here",
    }
    for name, meaning in urls.items():
        parser.add_argument(f"--{name}-url", metavar="URL", help=meaning)
        parser.add_argument(f"--{name}-method", choices=METHODS)
    _overpay(parser, None)
    add_person(parser)


def _settings(args: argparse.Namespace) -> int:
    who = by(args)
    made = _made(args.make_passwords) if args.make_passwords else ()
    settings = TechnicalSettings(
        **_given(args),
        hash_name=args.hash,
        result_url=args.result_url,
        result_method=args.result_method,
        success_url=args.success_url,
        success_method=args.success_method,
        fail_url=args.fail_url,
        fail_method=args.fail_method,
        overpay=args.overpay,
    )
    try:
        with opened(args) as engine:
            state = registration.change_settings(engine, args.login, settings, who)
    except AdminError:
        for file in made:
            file.unlink()
        raise
    print(f"the shop is {state}")
    return 0


def _given(args: argparse.Namespace) -> dict[str, Secret]:
    files = {name: getattr(args, f"{name}_file") for name in SECRETS}
    if args.make_passwords:
        files |= {name: args.make_passwords / name for name in SECRETS}
    return {name: Secret(_text(file)) for name, file in files.items() if file is not None}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise AdminError(f"{file}: cannot be read: {error.strerror}") from error


def _made(folder: Path) -> list[Path]:
    """New passwords in files of their owner's alone; what is there is not written over."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = [folder / name for name in SECRETS]
    there = [str(file) for file in files if file.exists()]
    if there:
        raise AdminError(f"{', '.join(there)}: there already; name another folder")
    for file in files:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened_file:
            opened_file.write(secrets.token_urlsafe(PASSWORD_BYTES) + "\n")
    return files


def _tariff_arguments(parser: argparse.ArgumentParser) -> None:
    _login(parser)
    parser.add_argument("--plan", required=True, help="a tariff plan (kiosk aggregator tariffs show)")
    parser.add_argument(
        "--commission-bp", type=int, metavar="N", help="basis points agreed with this shop alone instead"
    )
    add_person(parser)


def _change_tariff(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        registration.change_tariff(engine, args.login, args.plan, args.commission_bp, by(args))
    print("holds from the next payment on")
    return 0


Step = Callable[[sa.Engine, str, By], Any]


def _step_arguments(parser: argparse.ArgumentParser) -> None:
    _login(parser)
    add_person(parser)


def _step(step: Step, args: argparse.Namespace) -> int:
    """One event of a shop's life."""
    with opened(args) as engine:
        step(engine, args.login, by(args))
        with reading(engine) as db:
            print(f"the shop is {lifecycle.state_of(db, args.login)}")
    return 0


def _terminate(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        number = termination.terminate(engine, args.login, by(args))
        with reading(engine) as db:
            state = lifecycle.state_of(db, args.login)
    print(f"the shop is {state}" + (f"; what is left is withdrawal {number}" if number else ""))
    return 0


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    _login(parser)
    add_json(parser)


def _show(args: argparse.Namespace) -> int:
    with opened(args) as engine, reading(engine) as db:
        report = _report(db, args.login)
    if args.json:
        print_json(report)
        return 0
    balance = report["balance"]
    print(f"{report['login']}: {report['name']}, {report['state']}, identification {report['identification']}")
    print(f"balance {money(balance['available_minor'], balance['currency'])}", end=", ")
    print(f"on its way out {money(balance['in_withdrawal_minor'], balance['currency'])}")
    for kind, state in report["documents"].items():
        print(f"  document {kind}: {state or 'missing'}")
    for event in report["history"]:
        print(f"  {when(event['at_us'])} {event['event']} by {event['person']}: {event['reason']}")
    return 0


def _report(db: sa.Connection, login: str) -> dict[str, Any]:
    """Everything but the secrets."""
    return {
        **shops.profile(db, login),
        "balance": withdrawals.balance(db, login),
        "identification": identification.state_of(db, login).value,
        "documents": {kind.value: state and state.value for kind, state in identification.checklist(db, login).items()},
        "history": lifecycle.history(db, login),
    }


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    add_json(parser)


def _list(args: argparse.Namespace) -> int:
    with opened(args) as engine, reading(engine) as db:
        found = shops.profiles(db)
    show(args, found, lambda row: f"{row['login']:<24} {row['state']:<12} {row['currency']} {row['name']}")
    return 0


def _merchant_arguments(parser: argparse.ArgumentParser) -> None:
    _login(parser)
    parser.add_argument("--name", required=True, help="the payee's name as buyers read it")
    parser.add_argument("--password1-file", type=Path, required=True, metavar="FILE", help="signs payment starts")
    parser.add_argument("--password2-file", type=Path, required=True, metavar="FILE", help="signs notifications")
    parser.add_argument(
        "--result-url", required=True, metavar="URL", help="is told of every payment until it answers OK"
    )
    parser.add_argument("--currency", choices=sorted(EXPONENTS), required=True, help="the shop's settlement currency")
    parser.add_argument("--hash", choices=HASHES, default="sha256", help="algorithm of its signatures")
    parser.add_argument("--commission-bp", type=int, default=250, metavar="N", help="basis points the merchant pays")
    _overpay(parser, Overpay.HOLD)


def _add_merchant(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        admin.set_merchant(engine, _merchant(args))
    return 0


def _merchant(args: argparse.Namespace) -> admin.Merchant:
    return admin.Merchant(
        login=args.login,
        name=args.name,
        password1=_text(args.password1_file),
        password2=_text(args.password2_file),
        hash_name=args.hash,
        result_url=args.result_url,
        currency=args.currency,
        commission_bp=args.commission_bp,
        overpay=args.overpay.value,
    )


EPILOG = """\
from nothing to the first payment:
  kiosk aggregator tariffs load --data D --file config/tariffs.toml
  kiosk aggregator shop register --data D --login books --name "Good Books" --legal-form company --legal-name "Good Books Ltd"
      --email shop@books.example --currency EUR --plan company --by Ann --reason "contract 17"
  kiosk aggregator shop settings --data D --login books --make-passwords books-passwords
      --result-url https://books.example/result --by Ann --reason "as the merchant asked"
  kiosk aggregator documents submit …   for each document that `shop show` calls missing; then `documents accept …`
  kiosk aggregator shop request-activation …   and   kiosk aggregator shop activate …
"""

STEPS: Mapping[str, tuple[str, Step]] = {
    "request-activation": (
        "the merchant asks to be activated; its documents must have come",
        registration.request_activation,
    ),
    "activate": ("let buyers pay it; its documents must be accepted", registration.activate),
    "send-back": ("not yet: the reason says what to mend", registration.send_back),
    "block": ("no new orders and no withdrawals; what was paid is kept for it", registration.block),
    "unblock": ("as before it was blocked", registration.unblock),
}

ACTIONS: Mapping[str, Action | Group] = {
    "shop": Group(
        "a merchant's shop: register, set up, activate, block, end",
        {
            "register": Action("make a shop known", _register_arguments, _register),
            "settings": Action("its technical settings; only what is named changes", _settings_arguments, _settings),
            "tariff": Action("what it pays from the next payment on", _tariff_arguments, _change_tariff),
            **{name: Action(text, _step_arguments, partial(_step, step)) for name, (text, step) in STEPS.items()},
            "terminate": Action("no new orders from now on; what is left is paid out", _step_arguments, _terminate),
            "show": Action("everything about one shop but its secrets", _show_arguments, _show),
            "list": Action("all shops", _list_arguments, _list),
        },
        EPILOG,
    ),
    "add-merchant": Action(
        "an active shop at once, or its settings changed: for tests and demonstrations",
        _merchant_arguments,
        _add_merchant,
    ),
}
