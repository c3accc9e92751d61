"""The aggregator's daily registers against the journal: when one is asked for, what it differs in, what of it moves money.

Answers for: each closed day compared once, every payment accounted for once, claims paid out moved once. Does not answer for:
fetching (the gateway), mending what differs (a person does, with `Corrected`).
A register is not an answer: a payment that it lists while ours still waits stays in the outbox. Its answer carries the reference
and settles it by the same way as any other; a second way to settle would need a second proof that nothing is settled twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kiosk.domain import events, moves, orders
from kiosk.domain.decision import NOTHING, Context, Decision, happened
from kiosk.domain.facts import ClaimRedeemed, Fact, PaymentAccepted, PaymentCaptured, PaymentRefused
from kiosk.domain.operation_facts import (
    Difference,
    DifferenceKind,
    PaymentsRegistered,
    RegisterCompared,
    RegistersBegun,
    RegistersMissed,
)
from kiosk.domain.register_book import (
    MARGIN_US,
    Awaited,
    Final,
    Listed,
    PaidOut,
    Register,
    RegisterBook,
    day_of,
    ends_us,
    shifted,
)
from kiosk.domain.rules import MICROSECONDS, Now, Rules
from kiosk.domain.state import Claim, State, is_at_rest

DAYS_BACK_MAX = 45  #: older registers are not asked for
AFTER_DAY_US = 900 * MICROSECONDS  #: the aggregator closes a day when what began in it is surely over
SPREAD_S = 3600  #: a fleet does not ask in the same second
AGAIN_S = 600.0  #: after a day that could not be had
TOLD_MAX = 100  #: differences named in one fact
IDS_MAX = 200  #: payments named in one fact


# --- asking -------------------------------------------------------------------------------------------------------


def wanted(state: State, now: Now, rules: Rules) -> Decision:
    """Begin, or ask for the oldest closed day that is not compared yet. Only by a clock that is known to be right."""
    devices, book = state.devices, state.registers
    if not (rules.registers and devices.clock_trusted and is_at_rest(state)):
        return NOTHING
    if not book.begun_at_us:
        return happened(_begin(state, now))
    day, oldest = shifted(book.through, 1), shifted(day_of(now.utc_us), -DAYS_BACK_MAX)
    if day < oldest:
        return happened(_missed(book, shifted(oldest, -1), now))
    due_us = ends_us(day) + AFTER_DAY_US + int(rules.terminal_number) % SPREAD_S * MICROSECONDS
    waits = devices.register_asked or now.mono_s < devices.register_not_before_s
    if waits or not devices.network_up or now.utc_us < due_us:
        return NOTHING
    return Decision((moves.RegisterAsked(),), (orders.FetchRegister(day),))


def _begin(state: State, now: Now) -> RegistersBegun:
    """A journal of before registers may hold claims that were paid out meanwhile: those days are looked through too."""
    today = day_of(now.utc_us)
    return RegistersBegun(now.utc_us, shifted(today, -DAYS_BACK_MAX) if state.claims else today)


def _missed(book: RegisterBook, day: str, now: Now) -> RegistersMissed:
    """What is remembered stays bounded, also where registers are never had."""
    differences = tuple(_unlisted(book, day, {}, DifferenceKind.NOT_COMPARED))
    return RegistersMissed(day, now.utc_us, *_bounded(differences))


def _bounded(differences: tuple[Difference, ...]) -> tuple[tuple[Difference, ...], int]:
    """Those a fact names, and how many it does not."""
    return differences[:TOLD_MAX], max(0, len(differences) - TOLD_MAX)


# --- comparing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Comparison:
    """`ahead`: listed, and not forgotten with this day's others."""

    agreed: int
    differences: tuple[Difference, ...]
    ahead: tuple[str, ...]


def unheard(c: Context, _e: events.RegisterUnheard) -> Decision:
    """Later, then."""
    return happened(moves.RegisterAwaited(c.now.mono_s + AGAIN_S))


def heard(c: Context, e: events.RegisterHeard) -> Decision:
    """Compare a day: once, and only when it is closed; a day that was compared before says nothing new."""
    register, book = e.register, c.state.registers
    if not register.closed:
        return happened(moves.RegisterAwaited(c.now.mono_s + AGAIN_S))
    if not book.begun_at_us or register.day <= book.through:
        return happened(moves.RegisterAwaited(c.now.mono_s))
    found = _compare(book, register)
    claims, wrong = _paid_out(c.state, register.claims)
    differences = (*found.differences, *wrong)
    ahead = (
        PaymentsRegistered(register.day, found.ahead[at : at + IDS_MAX]) for at in range(0, len(found.ahead), IDS_MAX)
    )
    compared = RegisterCompared(register.day, c.now.utc_us, found.agreed, *_bounded(differences))
    return happened(*claims, *ahead, compared, moves.RegisterAwaited(c.now.mono_s))


def _compare(book: RegisterBook, register: Register) -> _Comparison:
    listed: dict[str, Listed] = {}
    differences: list[Difference] = []
    for payment in register.payments:
        ours = book.awaited.get(payment.payment_id)
        twice = payment.payment_id in listed
        listed[payment.payment_id] = payment
        kind = DifferenceKind.LISTED_TWICE if twice else _kind(book, ours, payment)
        if kind:
            differences.append(_difference(kind, payment.payment_id, ours, payment))
    differences += _unlisted(book, register.day, listed, DifferenceKind.MISSING_THERE)
    known = [payment_id for payment_id in listed if payment_id in book.awaited]
    apart = {difference.name for difference in differences}
    ahead = tuple(payment_id for payment_id in known if not _is_over(book.awaited[payment_id], register.day))
    agreed = sum(payment_id not in apart for payment_id in known)
    return _Comparison(agreed, tuple(differences), ahead)


def _kind(book: RegisterBook, ours: Awaited | None, listed: Listed) -> DifferenceKind | None:
    """What is odd about a listed payment. One from before registers were compared, unknown to us, is not."""
    if ours is None:
        return DifferenceKind.UNKNOWN_HERE if listed.captured_at_us > book.begun_at_us else None
    if _sum_of(ours) != _sum_of(listed):
        return DifferenceKind.AMOUNT_DIFFERS
    return {Final.OPEN: DifferenceKind.STILL_WAITING, Final.REFUSED: DifferenceKind.REFUSED_HERE}.get(ours.final)


def _unlisted(book: RegisterBook, day: str, listed: dict[str, Listed], kind: DifferenceKind) -> Iterator[Difference]:
    """Accepted payments that should have been in a register by now."""
    for payment_id, ours in book.awaited.items():
        if payment_id not in listed and ours.final is Final.ACCEPTED and _is_over(ours, day):
            yield _difference(kind, payment_id, ours, None)


def _is_over(awaited: Awaited, day: str) -> bool:
    """Whether no later register can list it."""
    return awaited.is_final and "" < awaited.until_day <= day


def _difference(
    kind: DifferenceKind, name: str, ours: Awaited | Claim | None, theirs: Listed | PaidOut | None
) -> Difference:
    return Difference(kind, name, *_sum_of(ours), *_sum_of(theirs))


def _sum_of(side: Awaited | Listed | PaidOut | Claim | None) -> tuple[int, str]:
    return (side.amount_minor, side.currency) if side else (0, "")


def _paid_out(state: State, told: tuple[PaidOut, ...]) -> tuple[tuple[Fact, ...], tuple[Difference, ...]]:
    """Claims that were paid out, once each and only as they are kept here; and what is odd about the others."""
    claims = dict(state.claims)
    redeemed: list[Fact] = []
    wrong: list[Difference] = []
    for paid in told:
        ours = claims.get(paid.claim_id)
        if ours is None or _sum_of(ours) != _sum_of(paid):
            kind = DifferenceKind.CLAIM_DIFFERS if ours else DifferenceKind.CLAIM_NOT_OPEN
            wrong.append(_difference(kind, paid.claim_id, ours, paid))
        else:
            del claims[paid.claim_id]
            redeemed.append(ClaimRedeemed(paid.claim_id, paid.amount_minor, paid.currency, paid.reference))
    return tuple(redeemed), tuple(wrong)


# --- what facts and moves change ----------------------------------------------------------------------------------


def captured(book: RegisterBook, fact: PaymentCaptured) -> RegisterBook:
    """One more payment that a register has to list."""
    if not book.begun_at_us:
        return book
    awaited = Awaited(fact.amount_minor, fact.currency)
    return replace(book, awaited={**book.awaited, fact.payment_id: awaited})


def ended(book: RegisterBook, fact: PaymentAccepted | PaymentRefused) -> RegisterBook:
    """Its last day is known when the clock was: a day before one that is compared already is no day it could be told of."""
    ours = book.awaited.get(fact.payment_id)
    if ours is None:
        return book
    until_day = max(day_of(fact.at_us + MARGIN_US), shifted(book.through, 1)) if fact.at_us else ""
    final = Final.ACCEPTED if isinstance(fact, PaymentAccepted) else Final.REFUSED
    changed = replace(ours, final=final, until_day=until_day)
    return replace(book, awaited={**book.awaited, fact.payment_id: changed})


def begun(state: State, fact: RegistersBegun) -> State:
    """What waits in the outbox is awaited like all that comes after it."""
    awaited = {key: Awaited(p.amount_minor, p.currency) for key, p in state.payments.items() if p.is_open}
    return replace(state, registers=RegisterBook(fact.at_us, shifted(fact.first_day, -1), 0, awaited))


def registered(state: State, fact: PaymentsRegistered) -> State:
    """Accounted for, whatever their own answers will be."""
    gone = frozenset(fact.payment_ids)
    awaited = {key: ours for key, ours in state.registers.awaited.items() if key not in gone}
    return replace(state, registers=replace(state.registers, awaited=awaited))


def compared(state: State, fact: RegisterCompared | RegistersMissed) -> State:
    """Whatever no later register can list is forgotten. Nothing that has ended is awaited beyond the day after this one, even if
    the clock was wrong when it ended.
    """
    latest = day_of(fact.at_us + MARGIN_US)
    awaited = {
        key: replace(ours, until_day=min(ours.until_day or latest, latest)) if ours.is_final else ours
        for key, ours in state.registers.awaited.items()
        if not _is_over(ours, fact.day)
    }
    told = len(fact.differences) + fact.untold
    return replace(state, registers=replace(state.registers, through=fact.day, differences=told, awaited=awaited))


def asked(state: State, _move: moves.RegisterAsked) -> State:
    """One at a time."""
    return replace(state, devices=replace(state.devices, register_asked=True))


def awaited(state: State, move: moves.RegisterAwaited) -> State:
    """None is under way, and none is asked for before then."""
    devices = replace(state.devices, register_asked=False, register_not_before_s=move.not_before_s)
    return replace(state, devices=devices)
