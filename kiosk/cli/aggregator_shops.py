"""`kiosk aggregator add-merchant`: shops and their technical settings."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from kiosk.aggregator import admin
from kiosk.aggregator.signatures import HASHES
from kiosk.cli.aggregator_common import Action, add_database, opened
from kiosk.domain.money import EXPONENTS
from kiosk.terminal_api import Overpay


def _merchant_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--login", required=True, help="the shop's MerchantLogin")
    parser.add_argument("--name", required=True, help="the payee's name as buyers read it")
    parser.add_argument("--password1-file", type=Path, required=True, metavar="FILE", help="signs payment starts")
    parser.add_argument("--password2-file", type=Path, required=True, metavar="FILE", help="signs notifications")
    parser.add_argument(
        "--result-url", required=True, metavar="URL", help="is told of every payment until it answers OK"
    )
    parser.add_argument("--currency", choices=sorted(EXPONENTS), required=True, help="the shop's settlement currency")
    parser.add_argument("--hash", choices=HASHES, default="sha256", help="algorithm of its signatures")
    parser.add_argument("--commission-bp", type=int, default=250, metavar="N", help="basis points the merchant pays")
    parser.add_argument(
        "--overpay",
        choices=list(Overpay),
        type=Overpay,
        default=Overpay.HOLD,
        help="money over the amount: comes back, goes to the shop, or is kept for the buyer under a code",
    )


def _add_merchant(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        admin.set_merchant(engine, _merchant(args))
    return 0


def _merchant(args: argparse.Namespace) -> admin.Merchant:
    return admin.Merchant(
        login=args.login,
        name=args.name,
        password1=args.password1_file.read_text().strip(),
        password2=args.password2_file.read_text().strip(),
        hash_name=args.hash,
        result_url=args.result_url,
        currency=args.currency,
        commission_bp=args.commission_bp,
        overpay=args.overpay.value,
    )


ACTIONS: Mapping[str, Action] = {
    "add-merchant": Action("add a merchant, or change its technical settings", _merchant_arguments, _add_merchant),
}
