"""What the XML web service answers: the state of an operation, the ways to pay, what they cost.

Answers for: every method as data for `xml_answers`. Does not answer for: XML, HTTP.
"""

import json
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from kiosk.aggregator.errors import MerchantError, MerchantFault
from kiosk.aggregator.merchants import methods, signatures, starting
from kiosk.aggregator.merchants.merchant_fields import Fields
from kiosk.aggregator.merchants.methods import CURRENCIES, TERMINAL
from kiosk.aggregator.merchants.xml_answers import Node, node, result
from kiosk.aggregator.moments import now_us, seven_digits
from kiosk.aggregator.money import books, orders
from kiosk.aggregator.money.order_states import State
from kiosk.aggregator.shops.shops import Shop
from kiosk.aggregator.storage.accounts import booking, entry
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.orders import orders as orders_table
from kiosk.aggregator.storage.payments import payment
from kiosk.domain.money import format_major

#: States in which money came in, so that there is something to refer to.
WITH_MONEY = frozenset({State.RECEIVED, State.REFUSED, State.DONE})


def answer(engine: sa.Engine, method: str, fields: Fields) -> list[Node]:
    """Nodes of the answer, the refusal included: without any data then."""
    try:
        return [result(0), *METHODS[method](engine, fields)]
    except MerchantError as error:
        return [result(error.code, str(error))]


# --- the state of an operation ----------------------------------------------------------------------------------------


def _op_state(engine: sa.Engine, fields: Fields) -> list[Node]:
    """Test payments are not seen here."""
    shop = _shop(engine, fields)
    login, inv_id = fields.get("MerchantLogin"), fields.get("InvId")
    base = signatures.state_base(login, inv_id, shop.password2.reveal())
    if not signatures.is_right(fields.get("Signature"), base, shop.hash_name):
        message = f"Signature: wrong; sign MerchantLogin:InvoiceID:Password#2 with {shop.hash_name}"
        raise MerchantError(MerchantFault.SIGNATURE_WRONG, message)
    number = int(inv_id) if inv_id.isascii() and inv_id.isdigit() and len(inv_id) <= 10 else -1
    c = orders_table.c
    found = orders.find(engine, c.login == login, c.inv_id == number, c.is_test.is_(False))
    if found is None:
        raise MerchantError(MerchantFault.OPERATION_UNKNOWN, f"InvoiceID: no operation {inv_id[:24]!r}")
    with reading(engine) as db:
        return _operation(db, found)


def _operation(db: sa.Connection, found: sa.Row[tuple[object, ...]]) -> list[Node]:
    state = node(
        "State",
        Node("Code", str(found.state)),
        Node("RequestDate", seven_digits(now_us())),
        Node("StateDate", seven_digits(found.state_us)),
    )
    fields = [
        node("Field", Node("Name", name), Node("Value", value)) for name, value in json.loads(found.extras).items()
    ]
    return [state, _info(db, found), node("UserField", *fields)]


def _info(db: sa.Connection, found: sa.Row[tuple[object, ...]]) -> Node:
    """IncSum: what the buyer put in for it. IncAccount: the number they typed. OpKey: once there was money."""
    paid_minor = db.execute(
        sa.select(payment.c.amount_minor)
        .where(payment.c.order_id == found.id)
        .order_by(payment.c.payment_id != (found.payment_id or ""), payment.c.received_us)
        .limit(1)
    ).scalar()
    inc_sum = found.out_sum if paid_minor is None else format_major(paid_minor, found.currency)
    return node(
        "Info",
        Node("IncCurrLabel", TERMINAL.label),
        Node("IncSum", inc_sum),
        Node("IncAccount", found.number or ""),
        node("PaymentMethod", Node("Code", TERMINAL.alias)),
        Node("OutCurrLabel", found.currency),
        Node("OutSum", found.out_sum),
        Node("Fee", format_major(fee_minor(db, found.payment_id), found.currency)),
        Node("OpKey", found.op_key if found.state in WITH_MONEY else ""),
    )


#: Bookings by which an order is paid.
PAYING = (books.BookingKind.PAYMENT.value, books.BookingKind.CODE_PAYMENT.value)


def fee_minor(db: sa.Connection, payment_id: str | None) -> int:
    """The commission that was booked for a payment: the merchant's cost, never the buyer's."""
    # Summed over the legs of this booking alone: every commission ever taken is on the one account.
    paying = sa.select(booking.c.id).where(booking.c.kind.in_(PAYING), booking.c.reference == (payment_id or ""))
    is_ours = entry.c.account == books.AccountKind.COMMISSION.value
    ours = sa.func.coalesce(sa.func.sum(sa.case((is_ours, entry.c.amount_minor), else_=0)), 0)
    commission = sa.select(ours).where(entry.c.booking_id.in_(paying))
    return -int(db.execute(commission).scalar_one())


# --- ways to pay ------------------------------------------------------------------------------------------------------


def _shop(engine: sa.Engine, fields: Fields) -> Shop:
    with reading(engine) as db:
        return starting.find_shop(db, fields.get("MerchantLogin"))


def _open_shop(engine: sa.Engine, fields: Fields) -> Shop:
    shop = _shop(engine, fields)
    starting.ensure_open(shop, is_test=False)
    return shop


def _name(names: Mapping[str, str], fields: Fields) -> str:
    return names[starting.culture(fields.get("Language"))]


def _grouped(fields: Fields, items: list[Node]) -> Node:
    group = node("Group", node("Items", *items), Code=methods.GROUP, Description=_name(methods.GROUP_NAMES, fields))
    return node("Groups", group)


def _currencies(engine: sa.Engine, fields: Fields) -> list[Node]:
    shop = _open_shop(engine, fields)
    items = [
        node(
            "Currency",
            Label=one.label,
            Alias=one.alias,
            Name=_name(one.names, fields),
            MinValue=format_major(1, shop.currency),
            MaxValue=format_major(starting.AMOUNT_MINOR_MAX, shop.currency),
        )
        for one in CURRENCIES
    ]
    return [_grouped(fields, items)]


def _payment_methods(engine: sa.Engine, fields: Fields) -> list[Node]:
    _open_shop(engine, fields)
    return [
        node("Methods", *(node("Method", Code=one.alias, Description=_name(one.names, fields)) for one in CURRENCIES))
    ]


def _rates(engine: sa.Engine, fields: Fields) -> list[Node]:
    """The buyer pays what the order costs, whatever the way."""
    shop = _open_shop(engine, fields)
    amount = starting.amount_minor(fields.get("OutSum"), shop.currency)
    label = fields.get("IncCurrLabel")
    wanted = [one for one in CURRENCIES if not label or one is methods.of(label)]
    if not wanted:
        raise _no_method(label)
    inc_sum = format_major(amount, shop.currency)
    items = [
        node("Currency", node("Rate", IncSum=inc_sum), Label=one.label, Alias=one.alias, Name=_name(one.names, fields))
        for one in wanted
    ]
    return [_grouped(fields, items)]


def _no_method(label: str) -> MerchantError:
    labels = ", ".join(one.label for one in CURRENCIES)
    return MerchantError(MerchantFault.METHOD_UNKNOWN, f"IncCurrLabel: {label[:40]!r} is not one of {labels}")


def _out_sum(engine: sa.Engine, fields: Fields) -> list[Node]:
    """What the order may cost for the buyer to pay IncSum: the same. A signature is checked if one is sent."""
    shop = _open_shop(engine, fields)
    inc_sum, given = fields.get("IncSum"), fields.get("SignatureValue") or fields.get("Signature")
    base = f"{shop.login}:{inc_sum}:{shop.password1.reveal()}"
    if given and not signatures.is_right(given, base, shop.hash_name):
        message = f"SignatureValue: wrong; sign MerchantLogin:IncSum:Password#1 with {shop.hash_name}, or send none"
        raise MerchantError(MerchantFault.SIGNATURE_WRONG, message)
    if fields.get("IncCurrLabel") and methods.of(fields.get("IncCurrLabel")) is None:
        raise _no_method(fields.get("IncCurrLabel"))
    return [Node("OutSum", format_major(starting.amount_minor(inc_sum, shop.currency, "IncSum"), shop.currency))]


METHODS: Mapping[str, Callable[[sa.Engine, Fields], list[Node]]] = {
    "OpState": _op_state,
    "OpStateExt": _op_state,
    "GetCurrencies": _currencies,
    "GetPaymentMethods": _payment_methods,
    "GetRates": _rates,
    "CalcOutSumm": _out_sum,
}
