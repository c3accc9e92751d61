"""What the aggregator says in answer to a heartbeat: that it is there, whether real money moves, what an operator wants.

Answers for: that every order is recorded before it is obeyed, obeyed once, never in the middle of a visit, and acknowledged until
the aggregator lists it no more. Does not answer for: carrying it out (the till's hands), what is told (`till.heartbeat`).
An order lives as long as the aggregator lists it, so its clock says when one has expired; ours may be wrong.
"""

from collections.abc import Iterator
from dataclasses import replace

from kiosk.domain import events, moves, orders, paper
from kiosk.domain.decision import NOTHING, Context, Decision, happened
from kiosk.domain.facts import Fact
from kiosk.domain.moves import AcceptorCondition, Move
from kiosk.domain.operation_facts import (
    OrderProgress,
    RemoteOrderEnded,
    RemoteOrderReceived,
    RemoteOrderTold,
)
from kiosk.domain.order_book import KnownOrder, OrderBook, RemoteKind, StandingOrder
from kiosk.domain.rules import MICROSECONDS, Now, Rules
from kiosk.domain.state import State, is_at_rest

CLOCK_SKEW_S_MAX = 300.0  #: a wall clock further off is not used to decide what is old
DAY_US = 86_400 * MICROSECONDS
LIFE_US_MAX = 90 * DAY_US  #: an order is remembered as long as it could be listed again
KNOWN_MAX = 200  #: more at once are not taken; the aggregator goes on listing them
ID_CHARACTERS_MAX = 64
KIND_CHARACTERS_MAX = 64

#: What a refusal says.
UNKNOWN = "this software does not know that kind of order"
EXPIRED = "it expired before it could be carried out"
WITHDRAWN = "it is not listed any more: it has expired, or was withdrawn"
TOO_LONG = "it is valid for too long; at most 90 days"
NO_CATALOGUE = "this kiosk keeps no catalogue"


# --- what was heard -----------------------------------------------------------------------------------------------


def health(c: Context, e: events.HealthSeen) -> Decision:
    """Whether the aggregator is there; a twin never runs against a live one."""
    if e.live and c.rules.twin:
        reason = "a simulated acceptor may not take money for a live aggregator"
        return Decision((), (orders.RefuseToRun(reason),))
    return Decision(tuple(_seen(c.state, e)))


def _seen(state: State, e: events.HealthSeen) -> Iterator[Move]:
    if state.devices.network_up is not e.up:
        yield moves.NetworkSeen(up=e.up)
    trusted = None if e.skew_s is None else abs(e.skew_s) <= CLOCK_SKEW_S_MAX
    if trusted is not None and trusted is not state.devices.clock_trusted:
        yield moves.ClockSeen(trusted)


def heartbeat(c: Context, e: events.HeartbeatAnswered) -> Decision:
    """As `health`, and: a newer catalogue is fetched at once, new orders are recorded, ended ones are done with."""
    seen = health(c, events.HealthSeen(up=True, live=e.live, skew_s=e.skew_s))
    if seen.orders:
        return seen
    aggregator_us = c.now.utc_us - int(e.skew_s * MICROSECONDS)
    facts = (*_ended_there(c, e), *_received(c, e.orders, aggregator_us))
    listed_again = tuple(_listed_again(c.state.remote, e.orders))
    again = (moves.OrdersListedAgain(listed_again),) if listed_again != c.state.devices.listed_again else ()
    news = e.catalogue_version not in {0, c.state.catalogue.version, c.state.devices.catalogue_told}
    told = (moves.CatalogueTold(e.catalogue_version),) if news else ()
    fetch = (orders.FetchCatalogue(),) if news and c.rules.catalogue else ()
    return Decision((*seen.happened, *facts, *again, *told), fetch)


def _received(c: Context, listed: tuple[StandingOrder, ...], aggregator_us: int) -> Iterator[Fact]:
    known = dict.fromkeys(c.state.remote.orders)
    for order in listed:
        if order.order_id in known or len(known) >= KNOWN_MAX or len(order.order_id) > ID_CHARACTERS_MAX:
            continue
        known[order.order_id] = None
        yield RemoteOrderReceived(order.order_id, order.kind[:KIND_CHARACTERS_MAX], order.expires_at_us)
        if reason := _why_not(order, aggregator_us, c.rules):
            yield RemoteOrderEnded(order.order_id, OrderProgress.REFUSED, reason)


def _why_not(order: StandingOrder, aggregator_us: int, rules: Rules) -> str:
    """Why an order is not taken at all; empty when it is."""
    refusals = (
        (order.kind not in set(RemoteKind), UNKNOWN),
        (order.expires_at_us <= aggregator_us, EXPIRED),
        (order.expires_at_us > aggregator_us + LIFE_US_MAX, TOO_LONG),
        (order.kind == RemoteKind.FETCH_CATALOGUE and not rules.catalogue, NO_CATALOGUE),
    )
    return next((reason for refused, reason in refusals if refused), "")


def _ended_there(c: Context, e: events.HeartbeatAnswered) -> Iterator[Fact]:
    """What is listed no more: an end that was told in that heartbeat is known there; what waits to be obeyed is void."""
    standing = {order.order_id for order in e.orders}
    for order in c.state.remote.orders.values():
        if order.order_id in standing or order.told:
            continue
        if order.is_open:
            yield RemoteOrderEnded(order.order_id, OrderProgress.REFUSED, WITHDRAWN)
        elif order.order_id in e.acknowledged:
            yield RemoteOrderTold(order.order_id, c.now.utc_us)


def _listed_again(book: OrderBook, listed: tuple[StandingOrder, ...]) -> Iterator[str]:
    """Told once and listed all the same: an aggregator that was restored from a backup, say. It is told once more."""
    for order in listed:
        known = book.orders.get(order.order_id)
        if known is not None and known.told:
            yield order.order_id


# --- obeying ------------------------------------------------------------------------------------------------------


def obey(state: State, now: Now, _rules: Rules) -> Decision:
    """The oldest order that stands, when its moment has come. Recorded as done first: a restart comes back to that."""
    order = next((order for order in state.remote.orders.values() if order.is_open), None)
    if order is None or not state.devices.network_up:
        return NOTHING
    if state.devices.clock_trusted and order.expires_at_us <= now.utc_us:
        return happened(RemoteOrderEnded(order.order_id, OrderProgress.REFUSED, EXPIRED))
    kind = RemoteKind(order.kind)
    if kind in {RemoteKind.LOCK, RemoteKind.RESTART} and not _is_undisturbed(state):
        return NOTHING
    deeds: dict[RemoteKind, tuple[orders.TillOrder, ...]] = {
        RemoteKind.RESTART: (orders.Restart(order.order_id),),
        RemoteKind.FETCH_CATALOGUE: (orders.FetchCatalogue(),),
    }
    return Decision((RemoteOrderEnded(order.order_id, OrderProgress.DONE, ""),), deeds.get(kind, ()))


def _is_undisturbed(state: State) -> bool:
    """Nobody is paying, no note is on its way, nothing comes out of the printer."""
    moving = state.devices.acceptor is AcceptorCondition.MOVING
    return is_at_rest(state) and not moving and not paper.is_printing(state)


# --- what facts and moves change ----------------------------------------------------------------------------------


def received(state: State, fact: RemoteOrderReceived) -> State:
    """One more order stands."""
    return _with_order(state, KnownOrder(fact.order_id, fact.kind, fact.expires_at_us))


def ended(state: State, fact: RemoteOrderEnded) -> State:
    """It takes hold, if it is one that changes what the till is."""
    order = replace(state.remote.orders[fact.order_id], progress=fact.progress, words=fact.words)
    state = _with_order(state, order)
    lasting = {RemoteKind.LOCK: True, RemoteKind.UNLOCK: False}
    if fact.progress is not OrderProgress.DONE or order.kind not in lasting:
        return state
    return replace(state, remote=replace(state.remote, locked=lasting[RemoteKind(order.kind)]))


def told(state: State, fact: RemoteOrderTold) -> State:
    """Ended orders are remembered until a day after they expired: then none can be listed again."""
    state = _with_order(state, replace(state.remote.orders[fact.order_id], told=True))
    kept = {
        key: order
        for key, order in state.remote.orders.items()
        if not order.told or fact.at_us < order.expires_at_us + DAY_US < fact.at_us + LIFE_US_MAX + 2 * DAY_US
    }
    return replace(state, remote=replace(state.remote, orders=kept))


def _with_order(state: State, order: KnownOrder) -> State:
    orders_now = {**state.remote.orders, order.order_id: order}
    return replace(state, remote=replace(state.remote, orders=orders_now))
