"""An order is paid: the money becomes the merchant's, less its commission, and the merchant will be told.

Answers for: everything that follows from money for an order, in the unit of work of whoever took it. Does not answer for:
whether it may be taken (`payments`, `redemptions`), telling (`notify`).
"""

import sqlalchemy as sa

from kiosk.aggregator.catalogue.payees import SYSTEMS
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money import books, order_states
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind
from kiosk.aggregator.money.quotes import Quoted
from kiosk.aggregator.shops import tariffs
from kiosk.aggregator.storage.notifications import notification
from kiosk.aggregator.storage.orders import orders
from kiosk.domain.money import format_major


def credit(
    db: sa.Connection, quoted: Quoted, amount_minor: int, source: Account, kind: BookingKind, reference: str
) -> None:
    """`amount_minor` out of `source`, booked once under `kind` and `reference`."""
    _book(db, quoted, amount_minor, source, kind, reference)
    paid = orders.update().where(orders.c.id == quoted.order_id)
    order_states.advance(db, quoted.order_id, order_states.Event.PAID)
    db.execute(paid.values(payment_id=reference))
    if quoted.service_id:
        out_sum = format_major(amount_minor, quoted.currency)
        db.execute(paid.values(amount_minor=amount_minor, out_sum=out_sum))
    if quoted.payee_system:
        SYSTEMS[quoted.payee_system].paid(db, quoted.service_id, quoted.account, amount_minor)
    telling = {"order_id": quoted.order_id, "attempts": 0, "next_us": now_us(), "last_answer": ""}
    db.execute(notification.insert().values(**telling))


def _book(
    db: sa.Connection, quoted: Quoted, amount_minor: int, source: Account, kind: BookingKind, reference: str
) -> None:
    """The buyer pays no fee: the commission of its tariff is the merchant's."""
    rate_bp = tariffs.rate_bp(db, quoted.login, tariffs.TERMINAL, quoted.currency, now_us())
    payee = Account(AccountKind.MERCHANT, quoted.login)
    legs = list(books.move(source, payee, amount_minor, quoted.currency))
    commission = books.commission_minor(amount_minor, rate_bp)
    if commission:
        legs += books.move(payee, Account(AccountKind.COMMISSION), commission, quoted.currency)
    books.book(db, kind, reference, legs)
