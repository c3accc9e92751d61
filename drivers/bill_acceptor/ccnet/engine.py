"""The CCNET engine: what to send next, and what the unit's replies mean. Pure: no I/O, no clock of its own.

Answers for: looking before RESET, one STACK for one note, credit told once, masks re-sent after every re-initialisation.
Does not answer for: bytes on the line (`frames`), waiting (`driver`), whether a note should be kept (the listener).

    CONTACT      nothing known; the first POLL tells
    MOVING       a note was on its way when we came: let it settle, give back what waits in escrow
    QUIETING     the unit takes notes for a host that is gone: switch it off before asking it anything
    LEARNING     at rest: ask who it is and which notes it knows
    MEETING      just powered up: ask the same, then wake it
    WAKING       RESET is owed, and sent once the listener has recorded why
    INITIALIZING RESET was taken; a note found at power-up may still be told (81, 82)
    RUNNING      ready or taking notes
    FAULTY       jam, cassette, failure
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from drivers.bill_acceptor.ccnet import bill_table, codes
from drivers.bill_acceptor.ccnet.codes import Command, Poll
from drivers.bill_acceptor.ccnet.frames import Frame, FrameReader
from drivers.bill_acceptor.engine import Request
from drivers.bill_acceptor.interface import (
    AcceptorEvent,
    AcceptorState,
    Cheated,
    Connected,
    Denomination,
    Disconnected,
    Escrowed,
    Fault,
    FaultCleared,
    Identified,
    Identity,
    PoweredUp,
    Ready,
    Rejected,
    RejectReason,
    Returned,
    Stacked,
    StackUnresolved,
    StateChanged,
)


class Phase(StrEnum):
    CONTACT = "contact"
    MOVING = "moving"
    QUIETING = "quieting"
    LEARNING = "learning"
    MEETING = "meeting"
    WAKING = "waking"
    INITIALIZING = "initializing"
    RUNNING = "running"
    FAULTY = "faulty"


class Sign(Enum):
    """What a reply means for the phase."""

    POWER_UP = auto()  #: 10, 11, 12
    INITIALIZE = auto()  #: 13
    REST = auto()  #: 19
    IDLE = auto()  #: 14
    MOTION = auto()  #: a note is somewhere on its way
    FAULT = auto()
    LEARNT = auto()  #: identification and bill table are in
    RESET_TAKEN = auto()
    LINE_UP = auto()


_SEEN: Mapping[Sign, Phase] = {
    Sign.POWER_UP: Phase.MEETING,
    Sign.INITIALIZE: Phase.INITIALIZING,
    Sign.REST: Phase.LEARNING,
    Sign.IDLE: Phase.QUIETING,
    Sign.FAULT: Phase.FAULTY,
    Sign.LINE_UP: Phase.CONTACT,
}

#: An absent entry is illegal: the sign changes nothing.
TRANSITIONS: Mapping[Phase, Mapping[Sign, Phase]] = {
    Phase.CONTACT: {**_SEEN, Sign.MOTION: Phase.MOVING},
    Phase.MOVING: {**_SEEN, Sign.MOTION: Phase.MOVING},
    Phase.QUIETING: {**_SEEN, Sign.MOTION: Phase.MOVING},
    Phase.LEARNING: {Sign.LEARNT: Phase.RUNNING, Sign.POWER_UP: Phase.MEETING, Sign.LINE_UP: Phase.CONTACT},
    Phase.MEETING: {Sign.LEARNT: Phase.WAKING, Sign.LINE_UP: Phase.CONTACT},
    Phase.WAKING: {
        **_SEEN,
        Sign.POWER_UP: Phase.WAKING,
        Sign.MOTION: Phase.INITIALIZING,
        Sign.RESET_TAKEN: Phase.INITIALIZING,
    },
    Phase.INITIALIZING: {**_SEEN, Sign.MOTION: Phase.INITIALIZING},
    Phase.RUNNING: {
        Sign.POWER_UP: Phase.MEETING,
        Sign.INITIALIZE: Phase.INITIALIZING,
        Sign.REST: Phase.RUNNING,
        Sign.IDLE: Phase.RUNNING,
        Sign.MOTION: Phase.RUNNING,
        Sign.FAULT: Phase.FAULTY,
        Sign.LINE_UP: Phase.CONTACT,
    },
    Phase.FAULTY: {**_SEEN, Sign.MOTION: Phase.MOVING, Sign.RESET_TAKEN: Phase.INITIALIZING},
}

SIGNS: Mapping[AcceptorState, Sign] = {
    AcceptorState.INITIALIZING: Sign.INITIALIZE,
    AcceptorState.DISABLED: Sign.REST,
    AcceptorState.IDLE: Sign.IDLE,
    AcceptorState.FAULT: Sign.FAULT,
}

#: States that prove the last 81 or 82 over: only after one of them is the same event a new one.
ELSEWHERE = frozenset(Poll) - {Poll.BILL_STACKED, Poll.BILL_RETURNED, Poll.CHEATED, Poll.PAUSE, Poll.DEVICE_BUSY}

#: The slot is free again, whatever became of the note that waited.
ESCROW_IS_OVER = frozenset(
    {AcceptorState.IDLE, AcceptorState.DISABLED, AcceptorState.ACCEPTING, AcceptorState.INITIALIZING}
)

REPLY_S = 0.5  #: observed: hosts behind USB adapters wait 200 to 1500 ms; the manual's 10 ms cannot be kept
LONG_REPLY_S = 1.5  #: IDENTIFICATION and GET BILL TABLE, observed in field code
POLL_LOST_S = 1.0  #: between polls of a unit that does not answer
LEARN_TRIES_MAX = 3  #: then go on without: a unit that cannot be asked can still be woken and watched
ESCROW_LOOKS = 2  #: polls that must still say 80 before a decision whose answer was lost is sent again
HOLD_AFTER_S = 4.0  #: well inside the 10 s after which the unit gives the note back
RESET_EVERY_S = 10.0  #: back-off between RESETs of a jammed unit


class Decision(StrEnum):
    STACK = "stack"
    RETURN = "return"


@dataclass
class _Escrow:
    """The note that waits, what was decided, and whether that was sent."""

    note_type: int
    since_s: float
    decision: Decision | None = None
    sent: bool = False
    looks: int = 0


class CcnetEngine:
    """One unit on one line. Feed it replies, ask it for requests."""

    def __init__(self, poll_interval_s: float = 0.1) -> None:
        self.phase = Phase.CONTACT
        self._poll_interval_s = poll_interval_s
        self._reader = FrameReader()
        self._events: list[AcceptorEvent] = []
        self._wanted: frozenset[Denomination] = frozenset()
        self._forget()

    def __repr__(self) -> str:
        code = f"{self._code:02X}" if self._code is not None else "-"
        return f"<ccnet {self.phase} poll={code} escrow={self._escrow} stack_sent={self._stacking is not None}>"

    def _forget(self) -> None:
        """Nothing is known of the unit."""
        self._asked: Command | None = None
        self._reply: bytes | None = None
        self._code: int | None = None
        self._detail = b""
        self._state = AcceptorState.DISCONNECTED
        self._table: dict[int, Denomination] = {}
        self._identity: Identity | None = None
        self._tries = 0
        self._masked: bytes | None = None
        self._escrow: _Escrow | None = None
        self._told: tuple[Poll, int] | None = None
        self._fraud = False
        self._stacking: tuple[int, float] | None = None
        self._busy_until_s = 0.0
        self._reset_at_s = 0.0
        self._heard_s: float | None = None
        self._to_acknowledge = False

    # --- wishes ---------------------------------------------------------------------------------------------------

    def enable(self, denominations: frozenset[Denomination]) -> None:
        """Take these; sent as soon as no note moves, and again after every re-initialisation."""
        self._wanted = denominations

    def stack(self) -> None:
        """Keep the note in escrow."""
        self._decide(Decision.STACK)

    def return_note(self) -> None:
        """Give the note in escrow back."""
        self._decide(Decision.RETURN)

    def _decide(self, decision: Decision) -> None:
        if self._escrow is not None and self._escrow.decision is None:
            self._escrow.decision = decision

    # --- what to send ---------------------------------------------------------------------------------------------

    def request(self, now_s: float) -> Request:
        """The next frame: a command that is due, else POLL."""
        self._reader.clear()
        self._reply = None
        command, data, pause_s = self._due(now_s)
        self._asked = command
        long = command in {Command.IDENTIFICATION, Command.GET_BILL_TABLE}
        frame = Frame(bytes((command,)) + data).to_bytes()
        return Request(frame, LONG_REPLY_S if long else REPLY_S, pause_s)

    def _due(self, now_s: float) -> tuple[Command, bytes, float]:
        match self.phase:
            case Phase.LEARNING | Phase.MEETING:
                command = Command.IDENTIFICATION if self._identity is None else Command.GET_BILL_TABLE
                return command, b"", codes.FREE_S
            case Phase.WAKING:
                if self._asked is not Command.RESET:  # an unanswered RESET may have been taken: look first
                    return Command.RESET, b"", codes.FREE_S
            case Phase.QUIETING:
                if self._asked is Command.POLL:
                    return Command.ENABLE_BILL_TYPES, bytes(6), codes.FREE_S
            case Phase.FAULTY:
                if self._may_reset(now_s):
                    self._reset_at_s = now_s + RESET_EVERY_S
                    return Command.RESET, b"", codes.FREE_S
            case _:
                pass
        return self._due_for_notes(now_s)

    def _due_for_notes(self, now_s: float) -> tuple[Command, bytes, float]:
        command = self._escrow_command(now_s)
        if command is not None:
            return command, b"", codes.FREE_S
        mask = bill_table.mask(row.note_type for row in self._wanted)
        at_rest = self._state in {AcceptorState.IDLE, AcceptorState.DISABLED}
        if self.phase is Phase.RUNNING and at_rest and self._masked != mask:
            return Command.ENABLE_BILL_TYPES, mask + mask, codes.FREE_S
        lost = self._heard_s is None
        pause_s = POLL_LOST_S if lost and self._asked is not None else self._poll_interval_s
        return Command.POLL, b"", max(pause_s, self._busy_until_s - now_s)

    def _may_reset(self, now_s: float) -> bool:
        resettable = self._code in codes.RESETTABLE
        return resettable and self._stacking is None and now_s >= self._reset_at_s

    def _escrow_command(self, now_s: float) -> Command | None:
        escrow = self._escrow
        if escrow is None or self._state is not AcceptorState.ESCROW:
            return None
        if escrow.decision is None:
            return Command.HOLD if now_s - escrow.since_s >= HOLD_AFTER_S else None
        if escrow.sent and escrow.looks < ESCROW_LOOKS:
            return None
        escrow.sent, escrow.looks = True, 0
        if escrow.decision is Decision.RETURN:
            return Command.RETURN
        if self._stacking is None:
            self._stacking = (escrow.note_type, now_s)
        return Command.STACK

    # --- what came back -------------------------------------------------------------------------------------------

    def feed(self, data: bytes, now_s: float) -> bool:
        """Take bytes; True once the reply is whole."""
        for item in self._reader.feed(data):
            if isinstance(item, Frame) and item.payload and self._reply is None and not self._is_echo(item):
                self._reply = item.payload
                self._heard_s = now_s
                self._understand(item.payload, now_s)
        return self._reply is not None

    def _is_echo(self, frame: Frame) -> bool:
        """Our own bytes come back from a line without a unit. RESET's echo is told from ILLEGAL COMMAND by nobody."""
        return self._asked is Command.POLL and frame.payload == bytes((Command.POLL,))

    def no_reply(self, now_s: float) -> None:
        """Silence is not an answer: poll again; after 5 s the unit is gone."""
        self._to_acknowledge = False
        self._learn_failed()
        self._watch_stack(now_s)
        if self._heard_s is not None and now_s - self._heard_s >= codes.SILENCE_S:
            stacking, asked = self._stacking, self._asked
            self._forget()
            self._asked, self._stacking = asked, stacking
            self._move(Sign.LINE_UP)
            self._events.append(Disconnected(f"no answer for {codes.SILENCE_S:g} s; is the acceptor powered?"))

    def line_up(self, now_s: float) -> None:  # noqa: ARG002 - a fresh line has no history
        """Start from nothing: look before anything else."""
        self._reader.clear()
        self._forget()
        self._move(Sign.LINE_UP)

    def events(self) -> list[AcceptorEvent]:
        """What was told since the last call."""
        told, self._events = self._events, []
        return told

    def acknowledgement(self) -> bytes:
        """Every data reply is answered with ACK; ACK, NAK and ILLEGAL COMMAND themselves are not."""
        if not self._to_acknowledge:
            return b""
        self._to_acknowledge = False
        return Frame(bytes((codes.ACK,))).to_bytes()

    def _understand(self, payload: bytes, now_s: float) -> None:
        """A reply means what it means only as the answer to what was asked."""
        short = len(payload) == 1 and payload[0] in {codes.NAK, codes.ILLEGAL_COMMAND, codes.ACK}
        match self._asked:
            case Command.POLL:
                self._polled(payload, now_s)
            case Command.IDENTIFICATION | Command.GET_BILL_TABLE if short:
                self._learn_failed()
            case Command.IDENTIFICATION:
                self._to_acknowledge = True
                self._identified(payload)
            case Command.GET_BILL_TABLE:
                self._to_acknowledge = True
                self._table = {row.note_type: row for row in bill_table.decode(payload)}
                self._learnt()
            case Command.RESET if payload[0] == codes.ACK:
                self._masked = None
                self._move(Sign.RESET_TAKEN)
            case Command.ENABLE_BILL_TYPES if payload[0] == codes.ACK:
                wanted = bill_table.mask(row.note_type for row in self._wanted)
                self._masked = wanted if self.phase is Phase.RUNNING else None
            case Command.HOLD if self._escrow is not None:
                self._escrow.since_s = now_s
            case _:
                pass

    def _identified(self, payload: bytes) -> None:
        """34 bytes: part number 15, serial number 12, asset number 7."""
        model = payload[:15].decode("ascii", "replace").strip("\0 ")
        serial = payload[15:27].decode("ascii", "replace").strip("\0 ")
        self._identity = Identity("ccnet", model, serial)
        self._tries = 0

    def _learn_failed(self) -> None:
        if self.phase not in {Phase.LEARNING, Phase.MEETING}:
            return
        self._tries += 1
        if self._tries < LEARN_TRIES_MAX:
            return
        self._tries = 0
        if self._identity is None:
            self._identity = Identity("ccnet", "", "")
        else:
            self._learnt()

    def _learnt(self) -> None:
        identity = self._identity or Identity("ccnet", "", "")
        at_rest = self.phase is Phase.LEARNING
        self._events.append(Identified(identity, tuple(self._table.values())))
        self._move(Sign.LEARNT)
        if at_rest:
            self._events.append(Ready())

    # --- what a poll says -----------------------------------------------------------------------------------------

    def _polled(self, payload: bytes, now_s: float) -> None:
        try:
            poll = Poll(payload[0])
        except ValueError:
            return  # a state we do not know: not acknowledged, so an event in it is told again
        self._to_acknowledge = True
        first = self._code is None
        if self._is_no_state(poll, payload, now_s) and not first:
            return
        fresh = (payload[0], payload[1:]) != (self._code, self._detail)
        before, state = self._state, codes.STATES[poll]
        self._code, self._detail = payload[0], payload[1:]
        self._state = state
        if poll in ELSEWHERE:
            self._told = None
        if state in ESCROW_IS_OVER:
            self._escrow = None
        if first:
            self._events.append(Connected(state))
        elif state is not before and state is not AcceptorState.FAULT:
            self._state_changed(before, state)
        self._move(Sign.POWER_UP if poll in codes.WAKES else SIGNS.get(state, Sign.MOTION))
        if fresh:
            self._news(poll, now_s)
        self._watch_escrow(poll, now_s)
        self._watch_stack(now_s)

    def _is_no_state(self, poll: Poll, payload: bytes, now_s: float) -> bool:
        """BUSY says nothing and CHEATED is an event between states: what was known stays."""
        fraud_before, self._fraud = self._fraud, poll is Poll.CHEATED
        if self._fraud and not fraud_before:
            self._events.append(Cheated())
        if poll is Poll.DEVICE_BUSY:
            self._busy_until_s = now_s + codes.BUSY_UNIT_S * (payload[1] if len(payload) > 1 else 1)
        return poll in {Poll.DEVICE_BUSY, Poll.CHEATED}

    def _state_changed(self, before: AcceptorState, state: AcceptorState) -> None:
        if before is AcceptorState.FAULT:
            self._events.append(FaultCleared())
        # Before the unit was asked who it is, rest is not yet readiness: Ready will say so.
        if not (state is AcceptorState.DISABLED and self.phase is not Phase.RUNNING):
            self._events.append(StateChanged(state))

    def _news(self, poll: Poll, now_s: float) -> None:
        """What is told once, at the edge."""
        detail = self._detail[0] if self._detail else -1
        if poll in codes.WAKES:
            self._masked, self._escrow, self._identity = None, None, None
            self._stacking = None
            self._events.append(PoweredUp(codes.WAKES[poll]))
        elif poll in codes.FAULTS:
            self._give_up_stack()
            self._escrow = None
            self._reset_at_s = max(self._reset_at_s, now_s + RESET_EVERY_S / 2)
            words = codes.FAILURES.get(detail, f"{detail:02X}") if poll is Poll.FAILURE else ""
            self._events.append(Fault(codes.FAULTS[poll], f"{poll:02X} {words}".strip()))
        elif poll is Poll.INITIALIZE:
            self._masked, self._identity = None, None
        elif poll is Poll.REJECTING:
            self._events.append(Rejected(codes.REJECTS.get(detail, RejectReason.OTHER)))
        elif poll in {Poll.BILL_STACKED, Poll.BILL_RETURNED} and self._told != (poll, detail):
            self._told = (poll, detail)
            self._stacked(detail) if poll is Poll.BILL_STACKED else self._returned(detail)

    def _returned(self, note_type: int) -> None:
        self._escrow, self._stacking = None, None
        self._events.append(Returned(self._table.get(note_type)))

    def _stacked(self, note_type: int) -> None:
        """The credit event. One STACK, at most one `commanded`."""
        commanded = self._stacking is not None
        self._escrow, self._stacking = None, None
        self._events.append(Stacked(self._table.get(note_type), commanded))

    def _watch_escrow(self, poll: Poll, now_s: float) -> None:
        if self._state is not AcceptorState.ESCROW:
            return
        if self._escrow is not None:
            self._escrow.looks += self._escrow.sent
            return
        note_type = self._detail[0] if poll is Poll.ESCROW_POSITION and self._detail else -1
        note = self._table.get(note_type)
        self._escrow = _Escrow(note_type, now_s)
        if self.phase is Phase.RUNNING and note is not None:
            self._events.append(Escrowed(note))
        else:
            self._escrow.decision = Decision.RETURN  # nobody is in session for it, or nobody can value it

    def _watch_stack(self, now_s: float) -> None:
        if self._stacking is not None and now_s - self._stacking[1] >= codes.STACK_OUTCOME_S:
            self._give_up_stack()

    def _give_up_stack(self) -> None:
        """The outcome is open: told once, never resent."""
        if self._stacking is None:
            return
        note = self._table.get(self._stacking[0])
        self._stacking = None
        if self._escrow is not None:
            self._escrow.decision = Decision.RETURN  # if it still waits there, the buyer gets it back
        self._events.append(StackUnresolved(note))

    def _move(self, sign: Sign) -> None:
        self.phase = TRANSITIONS[self.phase].get(sign, self.phase)
