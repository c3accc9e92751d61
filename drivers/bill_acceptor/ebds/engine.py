"""The EBDS engine: what to send next, and what the unit's replies mean. Pure: no I/O, no clock of its own.

Answers for: the ack bit (a frame that was not answered is sent again to the letter, so that the unit repeats what was lost),
events told once, no credit from a blank or short record, the plain dialect of Pyramid and older units. Does not answer for:
bytes (`frames`), taking replies apart (`replies`), questions (`learning`), the note's bookkeeping (`note_watch`), waiting.

A note waits in escrow for as long as nobody decides: there is nothing to hold.
"""

from drivers.bill_acceptor.ebds import codes, replies
from drivers.bill_acceptor.ebds.codes import Bit, Kind
from drivers.bill_acceptor.ebds.frames import Frame, frame, reader
from drivers.bill_acceptor.ebds.learning import Learning
from drivers.bill_acceptor.ebds.phases import SIGNS, TRANSITIONS, Phase, Sign
from drivers.bill_acceptor.ebds.replies import Status
from drivers.bill_acceptor.engine import Request
from drivers.bill_acceptor.interface import (
    AcceptorEvent,
    AcceptorState,
    Cheated,
    Connected,
    Denomination,
    Disconnected,
    Fault,
    FaultCleared,
    FaultReason,
    Identified,
    PoweredUp,
    PowerUpNote,
    Ready,
    RejectReason,
    StateChanged,
)
from drivers.bill_acceptor.note_watch import Decision, NoteWatch

REPLY_S = 0.5  #: units miss polls while they read a note
LOST_S = 1.0  #: between repeats to a unit that does not answer
REST_LOOKS = 20  #: replies that must say "at rest" before a note of which a credit is owed counts as gone astray
SHORT_LOOKS = 5  #: replies in escrow without the extended note that should come with them, before it goes back unvalued
STRANGE_LOOKS = 10  #: replies without sense, in a row, before the unit counts as broken

AT_REST = frozenset({AcceptorState.IDLE, AcceptorState.DISABLED})
DECISIONS = {Decision.STACK: codes.STACK, Decision.RETURN: codes.RETURN, None: 0}


class EbdsEngine:
    """One unit on one line. Feed it replies, ask it for requests."""

    def __init__(self, poll_interval_s: float = 0.1) -> None:
        self.phase = Phase.CONTACT
        self._poll_interval_s = poll_interval_s
        self._reader = reader()
        self._events: list[AcceptorEvent] = []
        self._wanted: frozenset[Denomination] = frozenset()
        self._note = NoteWatch(self._events.append)
        self._unit = Learning()
        self._pending: Frame | None = None
        self._ack = True
        self._bits: frozenset[Bit] = frozenset()
        self._credited: Denomination | None = None
        self._stacked_is_told = self._has_run = self._woke = False
        self._lose_sight()

    def __repr__(self) -> str:
        return f"<ebds {self.phase} {self._state} {self._note!r}>"

    def line_up(self, now_s: float) -> None:  # noqa: ARG002 - a fresh line has no history
        """Look before anything else. What was told and what is owed stays, for the unit's last reply may still be had."""
        self._lose_sight()

    def _lose_sight(self) -> None:
        self._reader.clear()
        self._note.moves_on()
        self._connected = False
        self._heard_s: float | None = None
        self._state = AcceptorState.DISCONNECTED
        self._fault: FaultReason | None = None
        self._enabled = 0
        self._mismatches = self._strange = self._rest_looks = self._short_looks = 0
        self._move(Sign.LINE_UP)

    # --- wishes ---------------------------------------------------------------------------------------------------

    def enable(self, denominations: frozenset[Denomination]) -> None:
        """Take these; every poll says so again. An extended unit is switched as a whole, what it offers besides goes back."""
        self._wanted = denominations

    def stack(self) -> None:
        """Keep the note in escrow."""
        self._note.decide(Decision.STACK)

    def return_note(self) -> None:
        """Give the note in escrow back."""
        self._note.decide(Decision.RETURN)

    # --- what to send ---------------------------------------------------------------------------------------------

    def request(self, now_s: float) -> Request:
        """The frame that was not answered yet, else the next one."""
        self._reader.clear()
        if self._pending is not None:
            return Request(self._pending.to_bytes(), REPLY_S, codes.FREE_S if self._heard_s is not None else LOST_S)
        decision = self._note.due(now_s)
        kind, data = Kind.HOST, self._poll(decision)
        if self.phase is Phase.LEARNING:
            kind, data = self._unit.question(data)
        self._ack = not self._ack
        self._pending = frame(kind, data, ack=self._ack)
        waits = kind is Kind.HOST and decision is None
        return Request(self._pending.to_bytes(), REPLY_S, self._poll_interval_s if waits else codes.FREE_S)

    def _poll(self, decision: Decision | None) -> bytes:
        """Three bytes. What is enabled changes only while no note moves."""
        if self.phase is not Phase.RUNNING:
            self._enabled = 0
        elif self._state in AT_REST:
            self._enabled = self._mask()
        mode = codes.ANY_ORIENTATION | codes.ESCROW_MODE | DECISIONS[decision]
        extended = 0 if self._unit.is_extended is False else codes.EXTENDED_NOTES
        return bytes((self._enabled, mode, codes.POWER_UP_POLICY_B | extended))

    def _mask(self) -> int:
        """Bit 0 is value 1."""
        known = self._wanted & set(self._unit.rows)
        if self._unit.is_extended:
            return codes.ALL_NOTES if known else 0
        return sum(1 << row.note_type - 1 for row in known)

    # --- what came back -------------------------------------------------------------------------------------------

    def feed(self, data: bytes, now_s: float) -> bool:
        """Take bytes; True once the reply is whole. Our own frame is an echo."""
        done = False
        for item in self._reader.feed(data):
            pending = self._pending
            if not isinstance(item, Frame) or pending is None or item == pending or done:
                continue
            done = True
            self._heard_s = now_s
            if item.ack is pending.ack:
                self._pending, self._mismatches = None, 0
                self._understand(pending, item, now_s)
            else:
                self._meet_mismatch(pending)
        return done

    def _meet_mismatch(self, pending: Frame) -> None:
        """A NAK: the same frame again; when that never helps, the bits have to meet anew."""
        self._mismatches += 1
        if self._mismatches >= codes.MISMATCHES_MAX:
            self._mismatches, self._ack = 0, not self._ack
            self._pending = Frame(pending.control ^ codes.ACK_BIT, pending.data)

    def no_reply(self, now_s: float) -> None:
        """Silence is not an answer: the same frame again; after 5 s the unit is gone."""
        self._note.watch(now_s)
        if self.phase is Phase.LEARNING and self._unit.silence():
            self._pending = None
            self._learnt()
        if self._heard_s is not None and now_s - self._heard_s >= codes.SILENCE_S:
            self._lose_sight()
            self._events.append(Disconnected(f"no answer for {codes.SILENCE_S:g} s; is the acceptor powered?"))

    def events(self) -> list[AcceptorEvent]:
        """What was told since the last call."""
        told = self._events[:]
        self._events.clear()
        return told

    def acknowledgement(self) -> bytes:
        """The next frame's ack bit says that this one's answer was heard."""
        return b""

    def _understand(self, asked: Frame, reply: Frame, now_s: float) -> None:
        """A reply means what it means only as the answer to what was asked."""
        status = replies.status(reply)
        question = asked.kind != Kind.HOST
        if status is not None and not (question and status.extended):
            self._strange = 0
            self._unit.model, self._unit.firmware = status.model, status.firmware
            self._looked(status, now_s)
        elif not question:
            self._meet_strange(reply)
        if question and self.phase is Phase.LEARNING:
            self._unit.answer(reply)
            self._learnt()

    def _learnt(self) -> None:
        if not self._unit.is_done:
            return
        self._has_run = True
        self._events.append(Identified(self._unit.identity, self._unit.rows))
        self._move(Sign.LEARNT)
        self._events.append(Ready())

    def _meet_strange(self, reply: Frame) -> None:
        """A unit that cannot be understood cannot be trusted with notes."""
        self._strange += 1
        if self._strange == STRANGE_LOOKS:
            self._show(AcceptorState.FAULT)
            self._events.append(Fault(FaultReason.FAILURE, f"{reply.control:02X} {reply.data.hex(' ')} makes no sense"))
            self._move(Sign.FAULT)

    # --- what a status says ---------------------------------------------------------------------------------------

    def _looked(self, status: Status, now_s: float) -> None:
        bits, before = status.bits, self._bits
        fault = _fault_of(bits)
        state = AcceptorState.FAULT if fault else self._state_of(bits)
        self._rest_looks = self._rest_looks + 1 if state in AT_REST else 0
        if state in AT_REST and self._note.stack_is_open and self._rest_looks < REST_LOOKS:
            state = AcceptorState.STACKING  # its event may still come
        powered_up = Bit.POWER_UP in bits - before
        if powered_up:
            self._woke = True
            self._note.power_was_cut()
        self._show(state)
        self._follow_note(status, now_s)
        self._follow_events(bits - before)
        self._watch_fault(fault, bits)
        if state in AT_REST:
            self._note.at_rest()
        self._note.watch(now_s)
        self._bits = bits
        if state in AT_REST or state is AcceptorState.FAULT:
            self._tell_power_up(PowerUpNote.NONE)
        self._move(Sign.POWER_UP if powered_up else SIGNS.get(state, Sign.MOTION))

    def _state_of(self, bits: frozenset[Bit]) -> AcceptorState:
        """The event of a note outranks the rest that is told beside it."""
        shown = (
            (Bit.STACKED, AcceptorState.STACKING),
            (Bit.RETURNED, AcceptorState.RETURNING),
            (Bit.PAUSED, AcceptorState.PAUSED),
            (Bit.CALIBRATING, AcceptorState.BUSY),
            *codes.STATES.items(),
        )
        state = next((state for bit, state in shown if bit in bits), AcceptorState.INITIALIZING)
        return AcceptorState.DISABLED if state is AcceptorState.IDLE and not self._enabled else state

    def _show(self, state: AcceptorState) -> None:
        """Tell of a state once; before the unit runs, rest is not yet readiness: Ready will say so."""
        before, self._state = self._state, state
        if not self._connected:
            self._connected = True
            self._events.append(Connected(state))
        elif state is not before:
            if before is AcceptorState.FAULT:
                self._events.append(FaultCleared())
            resting_early = state is AcceptorState.DISABLED and self.phase is not Phase.RUNNING
            if state is not AcceptorState.FAULT and not resting_early:
                self._events.append(StateChanged(state))

    def _follow_note(self, status: Status, now_s: float) -> None:
        bits = status.bits
        if bits & {Bit.ACCEPTING, Bit.ESCROWED} or (Bit.IDLING in bits and Bit.STACKED not in bits):
            self._credited = None
        if Bit.ACCEPTING in bits:
            self._note.comes_in()
        elif Bit.ESCROWED in bits:
            self._tell_power_up(PowerUpNote.HEAD)
            self._escrowed(status, now_s)
        elif Bit.STACKING in bits or Bit.STACKED in bits:
            self._note.moves_on()
            self._stacked(status)
        elif Bit.RETURNING in bits:
            self._note.goes_back()
        self._stacked_is_told = self._stacked_is_told and Bit.STACKED in bits

    def _escrowed(self, status: Status, now_s: float) -> None:
        short = bool(self._unit.is_extended) and not status.extended
        self._short_looks = self._short_looks + 1 if short else 0
        if short and self._short_looks < SHORT_LOOKS and self._note.waiting is None:
            return
        ask = self.phase is Phase.RUNNING and not self._note.is_going_back
        self._note.seen(self._unit.find(status), now_s, self._wanted, ask=ask)

    def _stacked(self, status: Status) -> None:
        """Credit: a value, told for the first time. A blank record comes at power-up and with the cassette, a short one before
        its extended note: neither is money.
        """
        note = self._unit.find(status)
        unnamed = status.value > 0 and not self._unit.rows  # of a host that died: we have not asked for the notes yet
        if Bit.STACKED not in status.bits or self._stacked_is_told or not (note or unnamed):
            return
        self._stacked_is_told = True
        if note is not None and self._credited == note:
            return  # told before power failed
        self._credited = note
        self._tell_power_up(PowerUpNote.STACKER if self._has_run else PowerUpNote.NONE)
        self._note.stacked(note)

    def _follow_events(self, fresh: frozenset[Bit]) -> None:
        """Bits that have come up since the last reply."""
        if Bit.RETURNED in fresh:
            self._note.returned()
        if Bit.REJECTED in fresh:
            if self._note.is_in_hand:
                self._note.goes_back()
            else:
                self._note.rejects(RejectReason.OTHER)
        if Bit.CHEATED in fresh:
            self._events.append(Cheated())

    def _tell_power_up(self, note: PowerUpNote) -> None:
        """Once, when it is known where a note was."""
        if self._woke:
            self._woke = False
            self._events.append(PoweredUp(note))

    def _watch_fault(self, fault: FaultReason | None, bits: frozenset[Bit]) -> None:
        if fault is not None and fault is not self._fault:
            self._note.give_up()
            self._note.moves_on()
            words = sorted(bit.name.lower().replace("_", " ") for bit in bits & codes.FAULTS.keys())
            self._events.append(Fault(fault, ", ".join(words) or "no cassette"))
        self._fault = fault

    def _move(self, sign: Sign) -> None:
        before, self.phase = self.phase, TRANSITIONS[self.phase].get(sign, self.phase)
        if self.phase is Phase.LEARNING and before is not Phase.LEARNING:
            self._unit.restart()


def _fault_of(bits: frozenset[Bit]) -> FaultReason | None:
    """A unit without any state bit that is starting, or says nothing at all, has no cassette to miss yet."""
    fault = next((reason for bit, reason in codes.FAULTS.items() if bit in bits), None)
    starting = not bits & codes.STATES.keys() and (not bits or Bit.POWER_UP in bits)
    if fault is None and Bit.CASSETTE_PRESENT not in bits and not starting:
        return FaultReason.CASSETTE_OUT
    return fault
