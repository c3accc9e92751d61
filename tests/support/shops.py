"""Shops and payments for the aggregator's tests, made the way merchants and terminals make them."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from kiosk.aggregator import admin
from kiosk.aggregator.merchants import signatures
from kiosk.aggregator.merchants.merchant_fields import read_pairs
from kiosk.aggregator.money import orders, payments, quotes
from kiosk.aggregator.shops import identification, registration, tariffs
from kiosk.aggregator.shops.identification import DocumentState
from kiosk.aggregator.shops.lifecycle import By, LegalForm
from kiosk.aggregator.shops.registration import NewShop, TechnicalSettings
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.vault import Secret
from kiosk.terminal_api import CashCount, PaymentRequest, QuoteRequest

CONFIG = Path(__file__).parents[2] / "config"
ANN = By("Ann", "because")
PASSWORD1, PASSWORD2 = "first-password", "second-password"
WHOLE = TechnicalSettings(
    password1=Secret(PASSWORD1), password2=Secret(PASSWORD2), result_url="https://books.example/result"
)
IBAN = "BG80BNBG96611020345678"
_numbers = count(1)


def new_shop(login="books", **changes) -> NewShop:
    plain = {
        "login": login,
        "name": "Good Books",
        "legal_form": LegalForm.COMPANY,
        "legal_name": "Good Books Ltd",
        "email": "shop@books.example",
        "currency": "EUR",
        "plan": "company",
    }
    return NewShop(**(plain | changes))


def registered(engine: sa.Engine, login="books", **changes) -> str:
    tariffs.load(engine, tariffs.read(CONFIG / "tariffs.toml"))
    registration.register(engine, new_shop(login, **changes), ANN)
    return login


def configured(engine: sa.Engine, login="books", **changes) -> str:
    registered(engine, login, **changes)
    registration.change_settings(engine, login, WHOLE, ANN)
    return login


def send_documents(engine: sa.Engine, login: str, folder: Path, *, accept=True) -> None:
    with reading(engine) as db:
        kinds = list(identification.missing(db, login))
    for kind in kinds:
        paper = folder / f"{kind}.pdf"
        paper.write_bytes(kind.encode())
        number = identification.submit(engine, login, kind, paper, None, ANN)
        if accept:
            identification.decide(engine, number, DocumentState.ACCEPTED, ANN)


def active(engine: sa.Engine, folder: Path, login="books", **changes) -> str:
    configured(engine, login, **changes)
    send_documents(engine, login, folder)
    registration.request_activation(engine, login, ANN)
    registration.activate(engine, login, ANN)
    return login


def order(engine: sa.Engine, login: str, out_sum: str) -> str:
    base = signatures.start_base(login, out_sum, "", PASSWORD1, {})
    fields = {"MerchantLogin": login, "OutSum": out_sum, "InvId": ""}
    return orders.start(
        engine, read_pairs((fields | {"SignatureValue": signatures.digest(base, "sha256")}).items())
    ).number


def quoted(engine: sa.Engine, number: str, terminal="0001"):
    admin.set_terminal(engine, terminal, active=True)
    with reading(engine) as db:
        currency = db.execute(
            sa.text("SELECT currency FROM orders WHERE number = :number"), {"number": number}
        ).scalar_one()
    return quotes.offer(engine, terminal, QuoteRequest(number, currency))


def take(engine: sa.Engine, quote, terminal="0001") -> str:
    payment_id = f"{terminal}{next(_numbers):014d}"
    cash = (CashCount(quote.amount_minor, 1),)
    captured = datetime.now(UTC).isoformat()
    request = PaymentRequest(
        payment_id, quote.quote_id, quote.order_number, quote.amount_minor, quote.currency, cash, captured, 1, "00"
    )
    payments.take(engine, terminal, request, payment_id.encode())
    return payment_id


def pay(engine: sa.Engine, login: str, out_sum: str, terminal="0001") -> str:
    """A buyer orders and pays; the payment's id."""
    return take(engine, quoted(engine, order(engine, login, out_sum), terminal), terminal)


def without_commission(engine: sa.Engine, login: str) -> None:
    agreed = merchant.update().where(merchant.c.login == login).values(commission_bp=0)
    run_writing(engine, lambda db: db.execute(agreed))
