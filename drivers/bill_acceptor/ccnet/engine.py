"""The CCNET engine: what to send next, and what the unit's replies mean. Pure: no I/O, no clock of its own.

Answers for: looking before RESET, one STACK for one note, credit told once, masks re-sent after every re-initialisation.
Does not answer for: bytes on the line (`frames`), waiting (`driver`), whether a note should be kept (the listener).
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from drivers.bill_acceptor.ccnet import bill_table, codes
from drivers.bill_acceptor.ccnet.codes import Command, Poll
from drivers.bill_acceptor.ccnet.frames import Frame, FrameReader, FrameTrouble
from drivers.bill_acceptor.ccnet.learning import Learning
from drivers.bill_acceptor.ccnet.phases import SIGNS, TRANSITIONS, Phase, Sign
from drivers.bill_acceptor.ccnet.resets import ResetPolicy
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
    FaultReason,
    Identified,
    PoweredUp,
    Ready,
    Rejected,
    RejectReason,
    Returned,
    Stacked,
    StackUnresolved,
    StateChanged,
)

#: States that prove the last 81 or 82 over: only after one of them is the same event a new one.
ELSEWHERE = frozenset(Poll) - {Poll.BILL_STACKED, Poll.BILL_RETURNED, Poll.CHEATED, Poll.PAUSE, Poll.DEVICE_BUSY}

#: The slot is free again, whatever became of the note that waited.
ESCROW_IS_OVER = frozenset(
    {AcceptorState.IDLE, AcceptorState.DISABLED, AcceptorState.ACCEPTING, AcceptorState.INITIALIZING}
)

REPLY_S = 0.5  #: observed: hosts behind USB adapters wait 200 to 1500 ms; the manual's 10 ms cannot be kept
LONG_REPLY_S = 1.5  #: IDENTIFICATION and GET BILL TABLE, observed in field code
POLL_LOST_S = 1.0  #: between polls of a unit that does not answer
ESCROW_LOOKS = 2  #: polls that must still say 80 before a decision whose answer was lost is sent again
ACKNOWLEDGED = bytes((codes.ACK,))
REFUSALS = frozenset({bytes((codes.NAK,)), bytes((codes.ILLEGAL_COMMAND,))})
VERDICTS = REFUSALS | {ACKNOWLEDGED}
COMMANDS_ONLY = frozenset(
    {
        Command.RESET,
        Command.SET_SECURITY,
        Command.ENABLE_BILL_TYPES,
        Command.STACK,
        Command.RETURN,
        Command.HOLD,
    }
)
HOLD_AFTER_S = 4.0  #: well inside the 10 s after which the unit gives the note back
RETURN_AFTER_S = 8.0  #: a note the unit will not HOLD goes back while that is still our decision
STRANGE_LOOKS = 3  #: polls with a state nobody knows before it is called a fault
DRIFT_LOOKS = 3  #: polls that contradict the masks before they are sent again
LEARNING_PHASES = frozenset({Phase.LEARNING, Phase.MEETING})


class Decision(StrEnum):
    STACK = "stack"
    RETURN = "return"


@dataclass
class _Escrow:
    """The note that waits, what was decided, and whether that was sent."""

    note_type: int
    since_s: float
    decision: Decision | None = None
    sent: int = 0
    looks: int = 0


class CcnetEngine:
    """One unit on one line. Feed it replies, ask it for requests."""

    def __init__(self, poll_interval_s: float = 0.1) -> None:
        self.phase = Phase.CONTACT
        self._poll_interval_s = poll_interval_s
        self._reader = FrameReader()
        self._events: list[AcceptorEvent] = []
        self._wanted: frozenset[Denomination] = frozenset()
        self._told: tuple[Poll, int] | None = None  # outlives the line: an event not acknowledged is repeated, not new
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
        self._unit = Learning()
        self._masked: bytes | None = None
        self._mask_sent = b""
        self._drift = self._strange = 0
        self._since_s = 0.0
        self._overdue = False
        self._troubles: Counter[FrameTrouble] = Counter()
        self._escrow: _Escrow | None = None
        self._fraud = False
        self._stacking: tuple[int, float] | None = None
        self._busy_until_s = 0.0
        self._resets = ResetPolicy()
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
        payload, pause_s = self._due(now_s)
        self._asked = Command(payload[0])
        long = self._asked in {Command.IDENTIFICATION, Command.GET_BILL_TABLE, Command.GET_CRC32}
        return Request(Frame(payload).to_bytes(), LONG_REPLY_S if long else REPLY_S, pause_s)

    def _due(self, now_s: float) -> tuple[bytes, float]:
        """Payload, and the pause before it."""
        if self.phase in LEARNING_PHASES and self._unit.question is not None:
            return self._unit.frame, codes.FREE_S
        if self.phase is Phase.QUIETING and self._asked is Command.POLL:
            return bytes((Command.ENABLE_BILL_TYPES,)) + bytes(6), codes.FREE_S
        if self._reset_is_due(now_s):
            self._resets.sent(now_s)
            return bytes((Command.RESET,)), codes.FREE_S
        command = self._escrow_command(now_s)
        if command is not None:
            return bytes((command,)), codes.FREE_S
        mask = self._mask()
        at_rest = self._state in {AcceptorState.IDLE, AcceptorState.DISABLED}
        looked = self._asked is not Command.ENABLE_BILL_TYPES
        if self.phase is Phase.RUNNING and at_rest and looked and self._masked != mask:
            self._mask_sent = mask
            return bytes((Command.ENABLE_BILL_TYPES,)) + mask + mask, codes.FREE_S
        lost = self._heard_s is None
        pause_s = POLL_LOST_S if lost and self._asked is not None else self._poll_interval_s
        return bytes((Command.POLL,)), max(pause_s, self._busy_until_s - now_s)

    def _mask(self) -> bytes:
        """What is wished for, as far as this very unit values it the same."""
        return bill_table.mask(row.note_type for row in self._wanted if self._unit.table.get(row.note_type) == row)

    def _reset_is_due(self, now_s: float) -> bool:
        """Never twice without a look in between; a power-up or a fault has closed an open STACK before this can be asked."""
        owed = self.phase is Phase.WAKING or (self.phase is Phase.FAULTY and self._code in codes.RESETTABLE)
        looked = self._asked is not Command.RESET
        return owed and looked and self._resets.owed(now_s)

    def _escrow_command(self, now_s: float) -> Command | None:
        escrow = self._escrow
        if escrow is None or self._state is not AcceptorState.ESCROW:
            return None
        if escrow.decision is None and now_s - escrow.since_s >= RETURN_AFTER_S:
            escrow.decision = Decision.RETURN
        if escrow.decision is None:
            due = now_s - escrow.since_s >= HOLD_AFTER_S and self._asked is not Command.HOLD
            return Command.HOLD if due else None
        if escrow.sent and escrow.looks < ESCROW_LOOKS:
            return None
        escrow.sent, escrow.looks = escrow.sent + 1, 0
        if escrow.decision is Decision.RETURN:
            return Command.RETURN
        if self._stacking is None:
            self._stacking = (escrow.note_type, now_s)
        return Command.STACK

    # --- what came back -------------------------------------------------------------------------------------------

    def feed(self, data: bytes, now_s: float) -> bool:
        """Take bytes; True once the reply is whole."""
        for item in self._reader.feed(data):
            if isinstance(item, FrameTrouble):
                self._troubles[item] += 1
            elif self._reply is not None or not self._is_asked(item.payload):
                self._troubles[FrameTrouble.UNASKED] += 1
            else:
                self._reply = item.payload
                self._heard_s = now_s
                self._understand(item.payload, now_s)
        return self._reply is not None

    def _is_asked(self, payload: bytes) -> bool:
        """A command is answered by ACK, NAK or ILLEGAL COMMAND alone, a question also by more than a byte, a POLL by a state.

        So no echo of ours is an answer, but for RESET's, which nobody can tell from ILLEGAL COMMAND: a refused RESET is harmless.
        """
        if self._asked is Command.POLL:
            return payload not in {b"", ACKNOWLEDGED, bytes((Command.POLL,))}
        return payload in VERDICTS or (self._asked not in COMMANDS_ONLY and len(payload) > 1)

    def no_reply(self, now_s: float) -> None:
        """Silence is not an answer: poll again; after 5 s the unit is gone."""
        self._to_acknowledge = False
        self._learn_failed()
        self._watch_stack(now_s)
        if self._heard_s is not None and now_s - self._heard_s >= codes.SILENCE_S:
            stacking, asked, unit, troubles = self._stacking, self._asked, self._unit, self._troubles
            self._forget()
            self._asked, self._stacking, self._unit = asked, stacking, unit
            self._move(Sign.LINE_UP)
            noise = ", ".join(f"{trouble}: {count}" for trouble, count in sorted(troubles.items()))
            detail = f"no answer for {codes.SILENCE_S:g} s; is the acceptor powered?"
            self._events.append(Disconnected(f"{detail} (frames amiss: {noise})" if noise else detail))

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
        taken = payload == ACKNOWLEDGED
        refused = payload in REFUSALS
        match self._asked:
            case Command.POLL if refused:
                pass  # NAK: it heard noise and is asked again
            case Command.POLL:
                self._polled(payload, now_s)
            case command if command == self._unit.question and self.phase in LEARNING_PHASES:
                self._answered(payload, data=not (taken or refused))
            case Command.RESET if taken:
                self._masked = None
                self._move(Sign.RESET_TAKEN)
            case Command.ENABLE_BILL_TYPES if taken:
                self._masked = self._mask_sent if self.phase is Phase.RUNNING else None
            case Command.HOLD if taken and self._escrow is not None:
                self._escrow.since_s = now_s
            case Command.STACK if payload[0] == codes.ILLEGAL_COMMAND:
                self._stack_refused()
            case _:
                pass

    def _answered(self, payload: bytes, *, data: bool) -> None:
        if payload[0] != codes.NAK and self._unit.answer(payload):
            self._to_acknowledge = data
            self._learnt()
        else:
            self._learn_failed()

    def _stack_refused(self) -> None:
        """Nothing waits in escrow. Only the first STACK's answer says so for certain: a second may follow one that worked."""
        if self._escrow is not None and self._escrow.sent == 1:
            self._stacking = None
            self._escrow.decision, self._escrow.sent = Decision.RETURN, 0

    def _learn_failed(self) -> None:
        if self.phase in LEARNING_PHASES and self._asked == self._unit.question:
            self._unit.no_answer()
            self._learnt()

    def _learnt(self) -> None:
        if self._unit.question is not None:
            return
        at_rest = self.phase is Phase.LEARNING
        self._events.append(Identified(self._unit.identity, tuple(self._unit.table.values())))
        self._move(Sign.LEARNT)
        if at_rest:
            self._resets.settle()
            self._events.append(Ready())

    # --- what a poll says -----------------------------------------------------------------------------------------

    def _polled(self, payload: bytes, now_s: float) -> None:
        try:
            poll = Poll(payload[0])
        except ValueError:
            self._meet_strange(payload[0], now_s)
            return  # not acknowledged: if it is an event, the unit keeps it
        self._strange = 0
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
        elif state is not before:
            self._state_changed(before, state)
        self._move(Sign.POWER_UP if poll in codes.WAKES else SIGNS.get(state, Sign.MOTION))
        if fresh:
            self._since_s = now_s
            self._news(poll, now_s)
        self._watch_length(poll, now_s)
        self._watch_masks()
        self._watch_escrow(poll, now_s)
        self._watch_stack(now_s)

    def _meet_strange(self, code: int, now_s: float) -> None:
        """A state that no manual we know has; a unit that stays in it cannot be trusted with notes."""
        self._watch_stack(now_s)
        self._strange += 1
        if self._strange != STRANGE_LOOKS:
            return
        if self._code is None:
            self._events.append(Connected(AcceptorState.FAULT))
        self._code, self._detail, self._state = code, b"", AcceptorState.FAULT
        self._events.append(Fault(FaultReason.FAILURE, f"{code:02X} unknown state"))
        self._move(Sign.FAULT)

    def _is_no_state(self, poll: Poll, payload: bytes, now_s: float) -> bool:
        """BUSY says nothing and CHEATED is an event between states: what was known stays."""
        fraud_before, self._fraud = self._fraud, poll is Poll.CHEATED
        if self._fraud and not fraud_before:
            self._events.append(Cheated())
        if poll is Poll.DEVICE_BUSY:
            self._busy_until_s = now_s + codes.BUSY_UNIT_S * (payload[1] if len(payload) > 1 else 1)
        return poll in {Poll.DEVICE_BUSY, Poll.CHEATED}

    def _state_changed(self, before: AcceptorState, state: AcceptorState) -> None:
        if before is AcceptorState.FAULT or self._overdue:
            self._overdue = False
            self._events.append(FaultCleared())
        if state is AcceptorState.FAULT:
            return  # the Fault itself says more
        # Before the unit was asked who it is, rest is not yet readiness: Ready will say so.
        if not (state is AcceptorState.DISABLED and self.phase is not Phase.RUNNING):
            self._events.append(StateChanged(state))

    def _news(self, poll: Poll, now_s: float) -> None:
        """What is told once, at the edge."""
        detail = self._detail[0] if self._detail else -1
        if poll in codes.WAKES:
            self._masked, self._escrow, self._stacking = None, None, None
            self._events.append(PoweredUp(codes.WAKES[poll]))
        elif poll in codes.FAULTS:
            self._give_up_stack()
            self._escrow = None
            self._resets.hold_off(now_s)
            words = codes.FAILURES.get(detail, f"{detail:02X}") if poll is Poll.FAILURE else ""
            self._events.append(Fault(codes.FAULTS[poll], f"{poll:02X} {words}".strip()))
        elif poll is Poll.INITIALIZE:
            self._masked = None
        elif poll is Poll.REJECTING:
            self._events.append(Rejected(codes.REJECTS.get(detail, RejectReason.OTHER)))
        elif poll in {Poll.BILL_STACKED, Poll.BILL_RETURNED} and self._told != (poll, detail):
            self._told = (poll, detail)
            self._stacked(detail) if poll is Poll.BILL_STACKED else self._returned(detail)

    def _returned(self, note_type: int) -> None:
        self._escrow, self._stacking = None, None
        self._events.append(Returned(self._unit.table.get(note_type)))

    def _stacked(self, note_type: int) -> None:
        """The credit event. One STACK, at most one `commanded`."""
        commanded = self._stacking is not None
        self._escrow, self._stacking = None, None
        self._events.append(Stacked(self._unit.table.get(note_type), commanded))

    def _watch_length(self, poll: Poll, now_s: float) -> None:
        """What takes too long is a fault, told once; a RESET would not help the person who has to pull a note out."""
        if poll in codes.TOO_LONG and not self._overdue:
            limit_s, reason, words = codes.TOO_LONG[poll]
            if now_s - self._since_s >= limit_s:
                self._overdue = True
                self._events.append(Fault(reason, f"{poll:02X} {words}"))

    def _watch_masks(self) -> None:
        """A unit that rests otherwise than it was told has forgotten its masks unseen: they are sent again."""
        resting = self._state in {AcceptorState.IDLE, AcceptorState.DISABLED}
        takes_notes = self._state is AcceptorState.IDLE
        contradicts = resting and self._masked is not None and takes_notes != any(self._masked)
        self._drift = self._drift + 1 if contradicts else 0
        if self._drift >= DRIFT_LOOKS:
            self._masked, self._drift = None, 0

    def _watch_escrow(self, poll: Poll, now_s: float) -> None:
        if self._state is not AcceptorState.ESCROW:
            return
        if self._escrow is not None:
            self._escrow.looks += self._escrow.sent
            return
        note_type = self._detail[0] if poll is Poll.ESCROW_POSITION and self._detail else -1
        note = self._unit.table.get(note_type)
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
        note = self._unit.table.get(self._stacking[0])
        self._stacking = None
        if self._escrow is not None:
            self._escrow.decision = Decision.RETURN  # if it still waits there, the buyer gets it back
        self._events.append(StackUnresolved(note))

    def _move(self, sign: Sign) -> None:
        before, self.phase = self.phase, TRANSITIONS[self.phase].get(sign, self.phase)
        if self.phase is not before and self.phase in LEARNING_PHASES:
            self._unit.restart()
