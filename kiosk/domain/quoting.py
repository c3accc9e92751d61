"""What a buyer wants to pay for, before any cash: orders by number, services of the catalogue, and the aggregator's answers.

Answers for: that a service is asked about only as the catalogue has it, that an answer is about what was asked, and that
nothing personal is kept in plain words. Does not answer for: whether the kiosk is open (`decide`), how it is asked (gateways).
"""

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain import events, moves, orders, redemptions
from kiosk.domain.catalogue import Service, in_language, offered, service_of
from kiosk.domain.decision import NOTHING, Context, Decision, happened
from kiosk.domain.facts import Order, Typed
from kiosk.domain.fields import account_of, is_discreet, is_filled_in
from kiosk.domain.moves import Move, Notice
from kiosk.domain.overpay import is_payable
from kiosk.domain.session import Phase

#: The aggregator's words that have a screen of their own; any other refusal is shown as ORDER_REFUSED or SERVICE_REFUSED.
NOTICES: Mapping[str, Notice] = {
    "order_not_found": Notice.ORDER_NOT_FOUND,
    "order_expired": Notice.ORDER_EXPIRED,
    "order_already_paid": Notice.ORDER_ALREADY_PAID,
    "service_unknown": Notice.SERVICE_UNKNOWN,
    "field_invalid": Notice.FIELD_INVALID,
    "account_unknown": Notice.ACCOUNT_UNKNOWN,
    "nothing_due": Notice.NOTHING_DUE,
    "shop_inactive": Notice.PAYEE_INACTIVE,
    "payee_unavailable": Notice.PAYEE_UNAVAILABLE,
    "amount_out_of_range": Notice.AMOUNT_OUT_OF_RANGE,
}


def catalogue_learnt(c: Context, e: events.CatalogueLearnt) -> Decision:
    """What of it can be paid for here is offered from now on."""
    return happened(moves.CatalogueSeen(offered(e.catalogue, c.rules.currency)))


def ask_order(e: events.OrderTyped) -> Decision:
    """What an order costs, and whether there will be a receipt."""
    return Decision((moves.LookupStarted(e.order_number),), (orders.AskPrinter(), orders.AskQuote(e.order_number)))


def ask_service(c: Context, e: events.ServiceAsked) -> Decision:
    """A command is a finger: what the screen lets somebody type is checked again by the catalogue that is here."""
    started = moves.LookupStarted("", e.service_id, e.fields)
    service = service_of(c.state.catalogue, e.service_id)
    if service is None:
        return happened(started, moves.SteppedBack(Notice.SERVICE_UNKNOWN))
    if not is_filled_in(service, e.fields):
        return happened(started, moves.SteppedBack(Notice.FIELD_INVALID))
    return Decision((started,), (orders.AskPrinter(), orders.AskQuote("", e.service_id, e.fields)))


def _is_awaited(c: Context, order_number: str, service_id: str, fields: Typed) -> bool:
    """Whether an answer is about what is being asked now; one about an earlier try comes too late."""
    session = c.state.session
    asked = (session.order_number, session.service_id, session.particulars.fields)
    return session.phase is Phase.CHECKING and asked == (order_number, service_id, fields)


def quoted(c: Context, e: events.OrderQuoted) -> Decision:
    """The offer, unless it cannot be paid here."""
    if not _is_awaited(c, e.order.order_number, e.order.service_id, e.fields):
        return NOTHING
    order = _in_plain_words(c, e)
    if order is None:
        return happened(moves.NetworkSeen(up=True), moves.SteppedBack(Notice.SERVICE_UNKNOWN))
    if order.currency != c.rules.currency:
        return happened(moves.SteppedBack(_refusal(order.service_id)))
    if c.state.session.code is not None:
        return redemptions.offered(c, order, e.details)
    if not is_payable(order, c.rules):
        return happened(moves.NetworkSeen(up=True), moves.SteppedBack(Notice.NOT_PAYABLE_HERE))
    return happened(moves.NetworkSeen(up=True), moves.OrderLearnt(order, e.details))


def _in_plain_words(c: Context, e: events.OrderQuoted) -> Order | None:
    """The quote as it may be shown, printed and kept; None when its service is not in the catalogue any more."""
    if not e.order.service_id:
        return e.order
    service = service_of(c.state.catalogue, e.order.service_id)
    return _discreet(e.order, service, e.fields, c.state.session.language) if service else None


def _discreet(order: Order, service: Service, fields: Typed, language: str) -> Order:
    """Nothing that the buyer typed and that is personal stands whole in it, whatever the far end repeats; what was typed is
    shown back in one way, ours.
    """
    account = order.account if is_discreet(service, fields, order.account) else ""
    description = order.description if is_discreet(service, fields, order.description) else ""
    told = replace(order, account=account_of(service, fields) or account, description=description)
    return _named(told, service, language)


def _named(order: Order, service: Service, language: str) -> Order:
    """With the service's name in the buyer's language, unless the payee says more than the name."""
    only_the_name = not order.description or order.description in service.labels.values()
    return replace(order, description=in_language(service.labels, language)) if only_the_name else order


def in_buyers_language(c: Context, order: Order) -> Order:
    """The offer as the buyer confirms it: the language may have been changed since it was made."""
    service = service_of(c.state.catalogue, order.service_id)
    return _named(order, service, c.state.session.language) if service else order


def _refusal(service_id: str) -> Notice:
    return Notice.SERVICE_REFUSED if service_id else Notice.ORDER_REFUSED


def refused(c: Context, e: events.OrderRefused) -> Decision:
    """Back to where it was typed, with the reason."""
    if not _is_awaited(c, e.order_number, e.service_id, e.fields):
        return NOTHING
    notice = NOTICES.get(e.code, _refusal(e.service_id))
    return happened(moves.NetworkSeen(up=True), moves.SteppedBack(notice))


def unavailable(c: Context, e: events.OrderUnavailable) -> Decision:
    """No usable answer."""
    seen: tuple[Move, ...] = (moves.NetworkSeen(up=False),)
    if _is_awaited(c, e.order_number, e.service_id, e.fields):
        seen = (*seen, moves.SteppedBack(Notice.NETWORK_DOWN))
    return Decision(seen)
