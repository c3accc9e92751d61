"""The bill acceptor: what is known of the unit, event by event, and what that means for a technician.

Answers for: cause and facts from what a driver told. Does not answer for: telling (the driver), looking without a till
(`acceptor_look`), how many notes are refused (`rejects`).
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.cash_box import CONDITIONS as BOX_CONDITIONS
from drivers.bill_acceptor.interface import (
    AcceptorEvent,
    AcceptorState,
    CashBoxCondition,
    FaultReason,
    LineTrouble,
    PowerUpNote,
)
from kiosk.domain.findings import FactCode, Finding, FindingCode, finding
from kiosk.domain.money import format_major

LINE: Mapping[LineTrouble, FindingCode] = {
    LineTrouble.PORT_MISSING: FindingCode.ACCEPTOR_PORT_MISSING,
    LineTrouble.PORT_DENIED: FindingCode.ACCEPTOR_PORT_DENIED,
    LineTrouble.PORT_BUSY: FindingCode.ACCEPTOR_PORT_BUSY,
    LineTrouble.PORT_WRONG: FindingCode.ACCEPTOR_PORT_WRONG,
    LineTrouble.SILENT: FindingCode.ACCEPTOR_SILENT,
    LineTrouble.ECHO: FindingCode.ACCEPTOR_ECHO,
    LineTrouble.FOREIGN: FindingCode.ACCEPTOR_GARBLED,
    LineTrouble.BROKEN: FindingCode.ACCEPTOR_UNPLUGGED,
}
FAULTS: Mapping[FaultReason, FindingCode] = {
    FaultReason.CASSETTE_FULL: FindingCode.ACCEPTOR_BOX_FULL,
    FaultReason.CASSETTE_OUT: FindingCode.ACCEPTOR_BOX_OUT,
    FaultReason.ACCEPTOR_JAM: FindingCode.ACCEPTOR_JAM,
    FaultReason.CASSETTE_JAM: FindingCode.ACCEPTOR_BOX_JAM,
    FaultReason.FAILURE: FindingCode.ACCEPTOR_FAILED,
}
STATES: Mapping[AcceptorState, FindingCode] = {
    AcceptorState.DISABLED: FindingCode.ACCEPTOR_READY,
    AcceptorState.IDLE: FindingCode.ACCEPTOR_READY,
    AcceptorState.INITIALIZING: FindingCode.ACCEPTOR_STARTING,
    AcceptorState.PAUSED: FindingCode.ACCEPTOR_PAUSED,
}  #: every other state is a unit at work


@dataclass(frozen=True, slots=True)
class UnitSeen:
    """What a driver has told of a unit so far. `box`: None while nobody knows; `lost`: why there is no unit, if there is none."""

    state: AcceptorState = AcceptorState.DISCONNECTED
    identity: unit.Identity | None = None
    denominations: tuple[unit.Denomination, ...] = ()
    fault: unit.Fault | None = None
    lost: unit.Disconnected | None = None
    box: CashBoxCondition | None = None
    woke_with: PowerUpNote | None = None
    cheated: bool = False
    rejects: Mapping[unit.RejectReason, int] = field(default_factory=dict)

    def after(self, event: AcceptorEvent) -> "UnitSeen":
        """With one more event."""
        match event:
            case unit.Connected(state=state):
                return replace(self, state=state, fault=None, lost=None, box=None, woke_with=None, cheated=False)
            case unit.Disconnected():
                return replace(self, state=AcceptorState.DISCONNECTED, fault=None, lost=event, box=None)
            case unit.StateChanged(state=state):
                return replace(self, state=state)
            case unit.Identified(identity=identity, denominations=denominations):
                return replace(self, identity=identity, denominations=denominations)
            case unit.PoweredUp(note=note):
                return replace(self, woke_with=note)
            case unit.Fault(reason=reason):
                return replace(self, fault=event, box=BOX_CONDITIONS.get(reason, self.box))
            case unit.FaultCleared():
                return replace(self, state=AcceptorState.INITIALIZING, fault=None, box=CashBoxCondition.IN)
            case unit.Ready():
                state, box = AcceptorState.DISABLED, CashBoxCondition.IN
                return replace(self, state=state, fault=None, box=box, woke_with=None)
            case _:
                return self._after_a_note(event)

    def _after_a_note(self, event: AcceptorEvent) -> "UnitSeen":
        match event:
            case unit.Rejected(reason=reason):
                return replace(self, rejects=dict(Counter(self.rejects) + Counter({reason: 1})))
            case unit.Cheated():
                return replace(self, cheated=True)
            case _:
                return self


@dataclass(frozen=True, slots=True)
class UnitWanted:
    """What the configuration wants of the unit. `values_minor` in `currency`."""

    port: str
    protocol: str
    currency: str
    values_minor: Collection[int]


def findings_of(seen: UnitSeen, wanted: UnitWanted) -> tuple[Finding, ...]:
    """What is well and what is not, the line first."""
    if seen.lost is not None:
        values = {"port": wanted.port, "cause": seen.lost.detail}
        return (finding(LINE[seen.lost.trouble], **values), finding(FindingCode.BOX_UNKNOWN))
    if seen.state is AcceptorState.DISCONNECTED:
        return (finding(FindingCode.ACCEPTOR_BUSY, state=seen.state), finding(FindingCode.BOX_UNKNOWN))
    cheated = (finding(FindingCode.ACCEPTOR_CHEATED),) if seen.cheated else ()
    return (
        finding(FindingCode.ACCEPTOR_ANSWERS),
        _condition(seen),
        *cheated,
        *_box(seen),
        _notes(seen, wanted),
    )


def _condition(seen: UnitSeen) -> Finding:
    if seen.fault is not None:
        return finding(FAULTS[seen.fault.reason], code=seen.fault.code)
    if seen.woke_with is not None:
        if seen.woke_with is PowerUpNote.NONE:
            return finding(FindingCode.ACCEPTOR_READY, state="power_up")
        return finding(FindingCode.ACCEPTOR_NOTE_INSIDE)
    code = STATES.get(seen.state, FindingCode.ACCEPTOR_BUSY)
    if code is FindingCode.ACCEPTOR_READY and seen.identity is None:
        return finding(FindingCode.ACCEPTOR_STARTING)  # it rests, and has not yet said who it is
    return finding(code, state=seen.state)


def _box(seen: UnitSeen) -> tuple[Finding, ...]:
    """A box that is out or full has been named as the fault."""
    if seen.box is CashBoxCondition.IN:
        return (finding(FindingCode.BOX_IN_PLACE),)
    return (finding(FindingCode.BOX_UNKNOWN),) if seen.box is None else ()


def _notes(seen: UnitSeen, wanted: UnitWanted) -> Finding:
    if seen.identity is None:
        return finding(FindingCode.NOTES_UNTOLD)
    known = {row.value_minor for row in seen.denominations if row.currency == wanted.currency}
    if not known:
        return finding(FindingCode.NOTES_NONE, currency=wanted.currency)
    missing = set(wanted.values_minor) - known
    code = FindingCode.NOTES_MISSING if missing else FindingCode.NOTES_KNOWN
    return finding(code, notes=_listed(missing or wanted.values_minor, wanted.currency), currency=wanted.currency)


def _listed(values_minor: Collection[int], currency: str) -> str:
    return ", ".join(format_major(value, currency).removesuffix(".00") for value in sorted(values_minor))


def facts_of(seen: UnitSeen, wanted: UnitWanted) -> tuple[tuple[FactCode, str], ...]:
    """Who the unit is, as far as it said."""
    identity = seen.identity or unit.Identity(wanted.protocol, "", "")
    kinds: dict[str, list[int]] = {}
    for row in seen.denominations:
        kinds.setdefault(row.currency, []).append(row.value_minor)
    notes = "; ".join(f"{_listed(values, currency)} {currency}" for currency, values in sorted(kinds.items()))
    told = (
        (FactCode.PORT, wanted.port),
        (FactCode.PROTOCOL, identity.protocol),
        (FactCode.MODEL, identity.model),
        (FactCode.SERIAL, identity.serial),
        (FactCode.FIRMWARE, identity.firmware),
        (FactCode.DENOMINATIONS, notes),
        (FactCode.STATE, seen.state.value),
        (FactCode.REJECT_REASONS, ", ".join(f"{reason} {count}" for reason, count in sorted(seen.rejects.items()))),
    )
    return tuple((code, value) for code, value in told if value)
