"""What the till sees of any bill acceptor, whatever protocol it speaks.

Answers for: the words states, events and denominations are told in. Does not answer for: bytes, ports, money policy.

States persist, events happen once: they are two kinds. Every event is *awaited* by the driver before the device is
told that it was heard, so an event the listener did not record is told again by the device after a restart.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class AcceptorState(StrEnum):
    """What the unit is doing now."""

    DISCONNECTED = "disconnected"  #: no answer on the line, or no line
    INITIALIZING = "initializing"  #: powering up or resetting
    DISABLED = "disabled"  #: ready, takes no notes
    IDLE = "idle"  #: enabled, waiting for a note
    ACCEPTING = "accepting"  #: a note is moving in and being judged
    ESCROW = "escrow"  #: a note waits for the host's word
    STACKING = "stacking"  #: a note moves into the cash box
    RETURNING = "returning"  #: a note moves back to the buyer
    REJECTING = "rejecting"  #: the unit itself refuses a note
    BUSY = "busy"  #: cannot answer for a moment
    PAUSED = "paused"  #: a second note was pushed in; clears itself
    FAULT = "fault"  #: jam, cassette out, failure: see the Fault event


@dataclass(frozen=True, slots=True)
class Denomination:
    """One row of the unit's own bill table. `value_minor`: minor units of ISO 4217 `currency`; `note_type`: the wire number."""

    note_type: int
    value_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the unit says it is (ASCII, stripped). `firmware`: its version or checksum, empty if it will not say."""

    protocol: str
    model: str
    serial: str
    firmware: str = ""


class RejectReason(StrEnum):
    """Why the unit itself refused a note, in words a technician understands."""

    INSERTION = "insertion"
    MAGNETIC = "magnetic"
    REMAINED_IN_HEAD = "remained_in_head"
    COMPENSATION = "compensation"
    CONVEYING = "conveying"
    IDENTIFICATION = "identification"
    VERIFICATION = "verification"
    OPTIC = "optic"
    INHIBITED = "inhibited"
    CAPACITANCE = "capacitance"
    OPERATION = "operation"
    LENGTH = "length"
    UV = "uv"
    PHOTO = "photo"  #: the picture or its brightness is not that of a note
    SECOND_NOTE = "second_note"  #: pushed in behind another
    BARCODE = "barcode"  #: a coupon, unreadable or unwanted
    FRAUD = "fraud"  #: strings, tape, a channel kept for known counterfeits
    SLOW = "slow"  #: it did not move as a note moves
    HOST = "host"  #: the host said no, or said nothing in time
    OTHER = "other"


class FaultReason(StrEnum):
    """Why the unit cannot take notes."""

    CASSETTE_FULL = "cassette_full"
    CASSETTE_OUT = "cassette_out"
    ACCEPTOR_JAM = "acceptor_jam"
    CASSETTE_JAM = "cassette_jam"
    FAILURE = "failure"


class Severity(StrEnum):
    """Who can mend a fault."""

    OPERATOR = "operator"  #: whoever has the key of the cash box
    TECHNICIAN = "technician"


SEVERITIES: Mapping[FaultReason, Severity] = {
    FaultReason.CASSETTE_FULL: Severity.OPERATOR,
    FaultReason.CASSETTE_OUT: Severity.OPERATOR,
    FaultReason.ACCEPTOR_JAM: Severity.TECHNICIAN,
    FaultReason.CASSETTE_JAM: Severity.TECHNICIAN,
    FaultReason.FAILURE: Severity.TECHNICIAN,
}


class CashBoxCondition(StrEnum):
    """Where the cash box is, as far as the unit feels it."""

    IN = "in"
    OUT = "out"
    FULL = "full"


class LineTrouble(StrEnum):
    """Why there is no unit at the other end of the line."""

    PORT_MISSING = "port_missing"  #: the device node does not exist
    PORT_DENIED = "port_denied"  #: no right to open it
    PORT_BUSY = "port_busy"  #: another process holds it
    PORT_WRONG = "port_wrong"  #: it cannot be opened as a serial port
    SILENT = "silent"  #: nothing comes back
    ECHO = "echo"  #: our own bytes come back
    FOREIGN = "foreign"  #: bytes come that are no answer
    BROKEN = "broken"  #: the line ended under us, or takes no bytes


class PowerUpNote(StrEnum):
    """Where a note was when the unit lost power."""

    NONE = "none"
    HEAD = "head"  #: will be returned by the reset
    STACKER = "stacker"  #: will be stacked by the reset and reported as Stacked


@dataclass(frozen=True, slots=True)
class Connected:
    """First contact after the line came up, told before any command that could move a note.

    An event the unit still holds for a host that died (Stacked, Returned) is told right after this, as itself; `state` then is
    STACKING or RETURNING, never at rest.
    """

    state: AcceptorState


@dataclass(frozen=True, slots=True)
class Identified:
    """The unit has said who it is and what notes it knows, as soon as it was at rest enough to be asked."""

    identity: Identity
    denominations: tuple[Denomination, ...]


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The line ended or fell silent. `detail` names port and cause in words, `trouble` the cause by its name."""

    detail: str
    trouble: LineTrouble = LineTrouble.SILENT


@dataclass(frozen=True, slots=True)
class StateChanged:
    state: AcceptorState


@dataclass(frozen=True, slots=True)
class PoweredUp:
    """The unit lost power and waits for RESET, which the driver sends once this event has been recorded."""

    note: PowerUpNote


@dataclass(frozen=True, slots=True)
class Ready:
    """The unit is at rest: every note found at power-up has gone where it goes. It takes none until `enable`."""


@dataclass(frozen=True, slots=True)
class Escrowed:
    """A note waits. The listener answers with `stack` or `return_note`; the driver holds it meanwhile."""

    note: Denomination


@dataclass(frozen=True, slots=True)
class Stacked:
    """A note is in the cash box. `commanded`: a STACK of this driver's life was outstanding.

    `note` is None when the unit tells of it before it could be asked for its denominations (a host died in between).
    """

    note: Denomination | None
    commanded: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """A note went back to the buyer."""

    note: Denomination | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The unit itself refused a note; the host was never asked."""

    reason: RejectReason


@dataclass(frozen=True, slots=True)
class Cheated:
    """The unit suspects fraud."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`code` is the protocol's own byte or word, for the technician."""

    reason: FaultReason
    code: str

    @property
    def severity(self) -> Severity:
        """Who must come."""
        return SEVERITIES[self.reason]


@dataclass(frozen=True, slots=True)
class FaultCleared:
    """The last fault is gone; the unit re-initialises."""


@dataclass(frozen=True, slots=True)
class CashBoxSeen:
    """The cash box was taken out, put back or filled up, or was not in place from the start. Told beside Fault, FaultCleared."""

    condition: CashBoxCondition


@dataclass(frozen=True, slots=True)
class StackUnresolved:
    """STACK was sent and nothing told within its time whether the note went in. Never resent blindly."""

    note: Denomination | None


AcceptorEvent = (
    Connected
    | Identified
    | Disconnected
    | StateChanged
    | PoweredUp
    | Ready
    | Escrowed
    | Stacked
    | Returned
    | Rejected
    | Cheated
    | Fault
    | FaultCleared
    | CashBoxSeen
    | StackUnresolved
)

Listener = Callable[[AcceptorEvent], Awaitable[None]]


class BillAcceptor(Protocol):
    """One acceptor, one owner of its port. Verbs are wishes: they return at once, what came of them arrives as events.

    A wish that the unit's state makes pointless (stack with nothing in escrow) is dropped by the driver and changes nothing.
    `worked_s`: when the line was last opened or asked, by the loop's clock; 0 before `run`. While it grows, the driver lives.
    """

    worked_s: float

    async def run(self, listener: Listener) -> None:
        """Own the port until cancelled: connect, look before RESET, poll, reconnect after an unplug. Never raises DriverError."""

    def enable(self, denominations: frozenset[Denomination]) -> None:
        """Accept just these, all through escrow; kept and re-sent after every re-initialisation until `disable`."""

    def disable(self) -> None:
        """Take no further note; a note in motion finishes first."""

    def stack(self) -> None:
        """Stack the note in escrow. Sent once; never repeated blindly."""

    def return_note(self) -> None:
        """Give the note in escrow back."""
