"""The ID-003 engine: what to send next, and what the unit's replies mean. Pure: no I/O, no clock of its own.

Answers for: looking before RESET, settings while they are taken, VEND VALID acknowledged after it was recorded, telling a unit
from the echo of our own bytes. Does not answer for: bytes (`frames`), the note's bookkeeping (`note_watch`), waiting (`driver`).

Status 11 (idling) is byte for byte our STATUS REQUEST. So the first thing asked is VERSION REQUEST, whose answer carries data
and whose echo carries none, and it is asked again from time to time while the unit says nothing but 11.
"""

from collections.abc import Mapping

from drivers.bill_acceptor.ccnet.resets import ResetPolicy
from drivers.bill_acceptor.engine import Request
from drivers.bill_acceptor.id003 import codes, currency_table
from drivers.bill_acceptor.id003.codes import Command, Status
from drivers.bill_acceptor.id003.frames import Frame, reader
from drivers.bill_acceptor.id003.phases import SIGNS, TRANSITIONS, Phase, Sign
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
    Identity,
    PoweredUp,
    PowerUpNote,
    Ready,
    RejectReason,
    StateChanged,
)
from drivers.bill_acceptor.note_watch import Decision, NoteWatch

REPLY_S = 0.5  #: the manual's 50 ms cannot be kept behind USB adapters
LOST_S = 1.0  #: between looks at a unit that does not answer
TRIES_MAX = 3  #: of a question or a setting; then go on without
HOLD_AFTER_S = 4.0  #: well inside the 10 s after which the unit gives the note back
PROOF_S = 5.0  #: how long a unit that says nothing but 11 is believed not to be an echo
DRIFT_LOOKS = 3  #: statuses that must contradict what the unit was told before it is told again
STRANGE_LOOKS = 10  #: statuses no manual has, in a row, before the unit counts as broken

STATUS_REQUEST = Frame(Command.STATUS_REQUEST)
VERSION_REQUEST = Frame(Command.VERSION_REQUEST)
CURRENCY_REQUEST = Frame(Command.CURRENCY_REQUEST)
RESET, HOLD, ACK = Frame(Command.RESET), Frame(Command.HOLD), Frame(Command.ACK)
INHIBIT, TAKE = Frame(Command.INHIBIT, codes.INHIBITED), Frame(Command.INHIBIT, codes.TAKING)
OPERATIONS = {Decision.STACK: Frame(Command.STACK_2), Decision.RETURN: Frame(Command.RETURN)}

#: What is sent one after the other in a phase. The table is asked before a note found at power-up can be told.
ASKED: Mapping[Phase, tuple[Frame, ...]] = {
    Phase.LEARNING: (VERSION_REQUEST, CURRENCY_REQUEST),
    Phase.SETTING: (
        Frame(Command.OPTIONAL_FUNCTION, codes.POWER_RECOVERY),
        Frame(Command.COMMUNICATION_MODE, codes.POLLED),
        Frame(Command.ENABLE_DENOMINATIONS, codes.NONE_DISABLED),
        CURRENCY_REQUEST,
        INHIBIT,
    ),
}

#: Statuses that prove the last VEND VALID over: only after one of them is it a new one. A power cut proves nothing, and 11
#: may be an echo.
ELSEWHERE = frozenset(
    {
        Status.ACCEPTING,
        Status.ESCROW,
        Status.STACKING,
        Status.STACKED,
        Status.REJECTING,
        Status.RETURNING,
        Status.HOLDING,
        Status.INHIBITED,
    }
)


class Id003Engine:
    """One unit on one line. Feed it replies, ask it for requests."""

    def __init__(self, poll_interval_s: float = 0.1) -> None:
        self.phase = Phase.CONTACT
        self._poll_interval_s = poll_interval_s
        self._reader = reader()
        self._events: list[AcceptorEvent] = []
        self._wanted: frozenset[Denomination] = frozenset()
        self._note = NoteWatch(self._events.append)
        self._table: dict[int, Denomination] = {}
        self._version = ""
        self._credited = False
        self._lose_sight()

    def __repr__(self) -> str:
        status = f"{self._status:02X}" if self._status is not None else "-"
        return f"<id003 {self.phase} status={status} {self._note!r}>"

    def line_up(self, now_s: float) -> None:  # noqa: ARG002 - a fresh line has no history
        """Look before anything else. What was told and what is owed stays, for the same note may be shown again."""
        self._lose_sight()

    def _lose_sight(self) -> None:
        """What we told the unit may be forgotten; what became of a note that was to be stacked is still owed."""
        self._reader.clear()
        self._note.moves_on()
        self._sent: Frame | None = None
        self._reply: Frame | None = None
        self._status: Status | None = None
        self._data = b""
        self._state = AcceptorState.DISCONNECTED
        self._heard_s: float | None = None
        self._proven_s: float | None = None
        self._echoes = self._echoed = self._to_acknowledge = False
        self._step = self._tries = self._strange = self._drift = 0
        self._taking: bool | None = None
        self._held_s = 0.0
        self._resets = ResetPolicy()
        self._move(Sign.LINE_UP)

    # --- wishes ---------------------------------------------------------------------------------------------------

    def enable(self, denominations: frozenset[Denomination]) -> None:
        """Take these. The unit is inhibited or not as a whole; what it offers besides goes back from escrow."""
        self._wanted = denominations

    def stack(self) -> None:
        """Keep the note in escrow."""
        self._note.decide(Decision.STACK)

    def return_note(self) -> None:
        """Give the note in escrow back."""
        self._note.decide(Decision.RETURN)

    # --- what to send ---------------------------------------------------------------------------------------------

    def request(self, now_s: float) -> Request:
        """The next frame: a command that is due, else STATUS REQUEST."""
        self._reader.clear()
        due = self._due(now_s)
        lost = self._heard_s is None and self._sent is not None
        pause_s = LOST_S if lost else codes.FREE_S if due else self._poll_interval_s
        self._sent, self._reply, self._echoed = due or STATUS_REQUEST, None, False
        return Request(self._sent.to_bytes(), REPLY_S, pause_s)

    def _due(self, now_s: float) -> Frame | None:
        if self._must_prove(now_s):
            return VERSION_REQUEST
        asked = ASKED.get(self.phase, ())
        if asked:
            return asked[self._step]
        if self._sent != STATUS_REQUEST:
            return None  # never two commands without a look in between
        if self._reset_is_due(now_s):
            self._resets.sent(now_s)
            return RESET
        if self.phase is Phase.QUIETING:
            return INHIBIT
        return self._due_for_notes(now_s)

    def _must_prove(self, now_s: float) -> bool:
        """Whether this may be an echo and no unit."""
        if self._proven_s is None:
            return True
        return self._status is Status.IDLING and now_s - self._proven_s >= PROOF_S

    def _reset_is_due(self, now_s: float) -> bool:
        """Asked for at power-up; at a fault never between STACK and its outcome."""
        mends = self.phase is Phase.FAULTY and self._status in codes.RESETTABLE and not self._note.stack_is_open
        return (mends or self.phase is Phase.WAKING) and self._resets.owed(now_s)

    def _due_for_notes(self, now_s: float) -> Frame | None:
        waiting = self._note.waiting
        if self._state is AcceptorState.ESCROW and waiting is not None:
            decision = self._note.due(now_s)
            undecided_s = now_s - max(waiting.since_s, self._held_s) if waiting.decision is None else 0.0
            return OPERATIONS[decision] if decision else HOLD if undecided_s >= HOLD_AFTER_S else None
        at_rest = self._state in {AcceptorState.IDLE, AcceptorState.DISABLED}
        if self.phase is Phase.RUNNING and at_rest and self._taking is not bool(self._wanted):
            return TAKE if self._wanted else INHIBIT
        return None

    # --- what came back -------------------------------------------------------------------------------------------

    def feed(self, data: bytes, now_s: float) -> bool:
        """Take bytes; True once the reply is whole."""
        for item in self._reader.feed(data):
            if isinstance(item, Frame) and self._reply is None and not self._is_echo(item):
                self._reply = item
                self._heard_s = now_s
                self._understand(item, now_s)
        return self._reply is not None

    def _is_echo(self, frame: Frame) -> bool:
        """A version without a version is our own question; from then on no first frame that is ours is taken for an answer."""
        if frame == VERSION_REQUEST:
            self._echoes = self._echoed = True
            return True
        echo = self._echoes and not self._echoed and frame == self._sent
        self._echoed = self._echoed or echo
        return echo

    def no_reply(self, now_s: float) -> None:
        """Silence is not an answer: ask again; after 5 s the unit is gone."""
        self._to_acknowledge = False
        self._asked_in_vain(now_s)
        self._note.watch(now_s)
        if self._heard_s is not None and now_s - self._heard_s >= codes.SILENCE_S:
            sent = self._sent
            self._lose_sight()
            self._sent = sent
            self._events.append(Disconnected(f"no answer for {codes.SILENCE_S:g} s; is the acceptor powered?"))

    def _asked_in_vain(self, now_s: float) -> None:
        """A unit that cannot be asked can still be woken and watched."""
        if self._sent == STATUS_REQUEST:
            return
        self._tries += 1
        if self._tries < TRIES_MAX:
            return
        self._tries = 0
        if self.phase in ASKED:
            self._next_question()
        elif self._sent == VERSION_REQUEST and not self._echoes:
            self._proven_s = now_s  # nothing came back, so nothing echoes

    def events(self) -> list[AcceptorEvent]:
        """What was told since the last call."""
        told = self._events[:]
        self._events.clear()
        return told

    def acknowledgement(self) -> bytes:
        """VEND VALID lasts until it is acknowledged."""
        due, self._to_acknowledge = self._to_acknowledge, False
        return ACK.to_bytes() if due else b""

    def _understand(self, frame: Frame, now_s: float) -> None:
        """A reply means what it means only as the answer to what was asked."""
        match self._sent:
            case Frame(code=Command.STATUS_REQUEST):
                self._looked(frame, now_s)
            case Frame(code=Command.VERSION_REQUEST | Command.CURRENCY_REQUEST):
                self._answered(frame, now_s)
            case Frame(code=Command.RESET) if frame.code == codes.ACKNOWLEDGED:
                self._taking = None
                self._move(Sign.RESET_TAKEN)
            case Frame(code=Command.INHIBIT) if frame == self._sent and self.phase is Phase.RUNNING:
                self._taking = frame.data == codes.TAKING
            case Frame(code=Command.HOLD) if frame.code == codes.ACKNOWLEDGED:
                self._held_s = now_s
            case Frame(code=Command.STACK_2) if frame.code == codes.INVALID_COMMAND:
                self._note.refused()
            case _ if self.phase is Phase.SETTING:
                self._answered(frame, now_s)
            case _:
                pass

    def _answered(self, frame: Frame, now_s: float) -> None:
        """An answer, or a refusal: both come from a unit, and a refusal would be the same next time."""
        self._proven_s = now_s
        assert self._sent is not None
        if frame.code == Command.VERSION_REQUEST:
            self._version = frame.data.decode("ascii", "replace").strip("\0 ")
        elif frame.code == Command.CURRENCY_REQUEST:
            self._table = {row.note_type: row for row in currency_table.decode(frame.data)}
        if self.phase in ASKED and frame.code in {self._sent.code, codes.INVALID_COMMAND}:
            self._next_question()

    def _next_question(self) -> None:
        self._tries = 0
        self._step += 1
        if self._step < len(ASKED[self.phase]):
            return
        if self.phase is Phase.SETTING:
            self._move(Sign.SET)
            return
        model, _, serial = self._version.rpartition(" ")
        self._events.append(Identified(Identity("id003", model or serial, serial if model else ""), self._rows()))
        self._move(Sign.LEARNT)
        self._resets.settle()
        self._events.append(Ready())

    def _rows(self) -> tuple[Denomination, ...]:
        return tuple(self._table.values())

    # --- what a status says ---------------------------------------------------------------------------------------

    def _looked(self, frame: Frame, now_s: float) -> None:
        try:
            status = Status(frame.code)
        except ValueError:
            self._meet_strange(frame.code)
            return
        self._strange = 0
        first, before = self._status is None, self._state
        fresh = (status, frame.data) != (self._status, self._data)
        self._status, self._data, self._state = status, frame.data, codes.STATES[status]
        if status is not Status.IDLING:
            self._proven_s = now_s
        if first:
            self._events.append(Connected(self._state))
        elif self._state is not before:
            self._state_changed(before)
        self._move(_sign(status))
        if fresh:
            self._news(status, now_s)
        self._follow_note(status, now_s)
        self._note.watch(now_s)

    def _meet_strange(self, code: int) -> None:
        """A status no manual has; 4A and 4B are complaints about the line. A unit that stays in it cannot be trusted."""
        self._strange += 1
        if self._strange != STRANGE_LOOKS:
            return
        if self._status is None:
            self._events.append(Connected(AcceptorState.FAULT))
        self._status, self._data, self._state = Status.FAILURE, b"", AcceptorState.FAULT
        self._events.append(Fault(FaultReason.FAILURE, f"{code:02X} unknown status"))
        self._move(Sign.FAULT)

    def _state_changed(self, before: AcceptorState) -> None:
        if before is AcceptorState.FAULT:
            self._events.append(FaultCleared())
        # Before the unit was asked who it is, rest is not yet readiness: Ready will say so.
        resting_early = self._state is AcceptorState.DISABLED and self.phase is not Phase.RUNNING
        if self._state is not AcceptorState.FAULT and not resting_early:
            self._events.append(StateChanged(self._state))

    def _news(self, status: Status, now_s: float) -> None:
        """What is told once, at the edge."""
        detail = self._data[0] if self._data else -1
        if status in codes.WAKES:
            self._woke(codes.WAKES[status])
        elif status in codes.FAULTS:
            self._note.give_up()
            self._note.moves_on()
            self._resets.hold_off(now_s)
            words = codes.FAILURES.get(detail, f"{detail:02X}") if status is Status.FAILURE else ""
            self._events.append(Fault(codes.FAULTS[status], f"{status:02X} {words}".strip()))
        elif status is Status.CHEATED:
            self._resets.hold_off(now_s)
            self._events.append(Cheated())
        elif status is Status.REJECTING and not self._note.is_in_hand:
            self._note.rejects(codes.REJECTS.get(detail, RejectReason.OTHER))

    def _woke(self, place: PowerUpNote) -> None:
        self._taking = None
        self._events.append(PoweredUp(place))
        self._note.power_was_cut()
        if place is PowerUpNote.HEAD:
            self._note.goes_back()

    def _follow_note(self, status: Status, now_s: float) -> None:
        self._credited = self._credited and status not in ELSEWHERE
        match status:
            case Status.ESCROW | Status.HOLDING:
                note = self._table.get(self._data[0]) if self._data else None
                self._note.seen(note, now_s, self._wanted, ask=self.phase is Phase.RUNNING)
            case Status.VEND_VALID:
                self._credit()
            case Status.STACKING | Status.STACKED:
                self._note.moves_on()
            case Status.RETURNING:
                self._note.goes_back()
            case Status.REJECTING if self._note.is_in_hand:
                self._note.goes_back()
            case Status.ACCEPTING:
                self._note.comes_in()
            case Status.IDLING | Status.INHIBITED:
                self._note.at_rest()
                self._watch_inhibit(status)
            case Status.INITIALIZE:
                self._taking = None
            case _:
                pass

    def _watch_inhibit(self, status: Status) -> None:
        """A unit that rests otherwise than it was told has forgotten it unseen: it is told again."""
        contradicts = self._taking is not None and self._taking is (status is Status.INHIBITED)
        self._drift = self._drift + 1 if contradicts else 0
        if self._drift >= DRIFT_LOOKS:
            self._taking, self._drift = None, 0

    def _credit(self) -> None:
        """Told once, acknowledged as often as it is shown. Some units add which note it was."""
        self._to_acknowledge = True
        if not self._credited:
            self._credited = True
            self._note.stacked(self._table.get(self._data[0]) if self._data else None)

    def _move(self, sign: Sign) -> None:
        before, self.phase = self.phase, TRANSITIONS[self.phase].get(sign, self.phase)
        if self.phase is not before:
            self._step = self._tries = 0


def _sign(status: Status) -> Sign:
    if status in codes.WAKES:
        return Sign.POWER_UP
    return Sign.FAULT if status is Status.CHEATED else SIGNS.get(codes.STATES[status], Sign.MOTION)
