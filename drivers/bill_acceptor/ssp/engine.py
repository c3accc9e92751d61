"""The SSP engine: what to send next, and what the unit's replies mean. Pure: no I/O, no clock of its own.

Answers for: never a POLL that would take a note nobody has decided on, the same frame again until it is answered (a POLL reply
is handed over once), credit told once also when power fails behind it. Does not answer for: bytes (`frames`), taking replies
apart (`replies`), the note's bookkeeping (`note_watch`), waiting (`driver`).

While a note waits, HOLD is sent instead of POLL; the decision to keep it is the next POLL, to give it back REJECT.
"""

from drivers.bill_acceptor.ccnet.resets import ResetPolicy
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
    Identity,
    PoweredUp,
    PowerUpNote,
    Ready,
    Rejected,
    RejectReason,
    StateChanged,
)
from drivers.bill_acceptor.note_watch import Decision, NoteWatch
from drivers.bill_acceptor.ssp import codes, replies
from drivers.bill_acceptor.ssp.codes import Command, Event
from drivers.bill_acceptor.ssp.frames import Frame, reader
from drivers.bill_acceptor.ssp.phases import SIGNS, TRANSITIONS, Phase, Sign

REPLY_S = 0.5  #: the maker's hosts wait 1 s; units answer in tens of milliseconds
LOST_S = 1.0  #: between repeats to a unit that does not answer
REST_LOOKS = 20  #: polls that must say "at rest" before a note of which a credit is owed counts as gone astray
DRIFT_LOOKS = 3  #: polls that must contradict what the unit was told before it is told again
STRANGE_LOOKS = 10  #: polls refused or without a word we know, in a row, before the unit counts as broken

QUESTIONS = (Command.HOST_PROTOCOL_VERSION, Command.SETUP_REQUEST, Command.SERIAL_NUMBER, Command.HOLD)
AT_REST = frozenset({AcceptorState.IDLE, AcceptorState.DISABLED})
BEHIND_THE_SLOT = frozenset(
    {
        Event.CREDIT,
        Event.STACKED,
        Event.CLEARED_INTO_CASHBOX,
        Event.STACKED_AT_POWER_UP,
        Event.STORED_AT_POWER_UP,
    }
)
TOLD_AT_POWER_UP = frozenset({Event.CLEARED_INTO_CASHBOX, Event.STACKED_AT_POWER_UP, Event.STORED_AT_POWER_UP})


class SspEngine:
    """One unit on one line. Feed it replies, ask it for requests."""

    def __init__(self, poll_interval_s: float = 0.1) -> None:
        self.phase = Phase.CONTACT
        self._poll_interval_s = poll_interval_s
        self._reader = reader()
        self._events: list[AcceptorEvent] = []
        self._wanted: frozenset[Denomination] = frozenset()
        self._note = NoteWatch(self._events.append)
        self._table: dict[int, Denomination] = {}
        self._firmware = self._serial = ""
        self._pending: Frame | None = None
        self._sequence = False
        self._asked: int | None = None
        self._credited: int | None = None
        self._has_run = self._woke = False
        self._lose_sight()

    def __repr__(self) -> str:
        return f"<ssp {self.phase} {self._state} {self._note!r}>"

    def line_up(self, now_s: float) -> None:  # noqa: ARG002 - a fresh line has no history
        """Look before anything else. What was told and what is owed stays, for the unit's last answer may still be had."""
        self._lose_sight()

    def _lose_sight(self) -> None:
        """What is owed stays: the frame that was not answered, for its answer may be a credit, and the note's outcome."""
        self._reader.clear()
        self._note.moves_on()
        self._connected = False
        self._heard_s: float | None = None
        self._state = AcceptorState.DISCONNECTED
        self._fault: Event | None = None
        self._reject_is_asked = self._fraud = self._resetting = self._box_is_out = self._hold_is_over = False
        self._version = self._step = self._tries = self._strange = self._rest_looks = 0
        self._resets = ResetPolicy()
        self._forget_settings()
        self._move(Sign.LINE_UP)

    def _forget_settings(self) -> None:
        self._drift = 0
        self._inhibits: bytes | None = None
        self._enabled: bool | None = None

    # --- wishes ---------------------------------------------------------------------------------------------------

    def enable(self, denominations: frozenset[Denomination]) -> None:
        """Take these; sent as soon as no note moves, and again after every re-initialisation."""
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
        again = self._pending is not None
        if self._pending is None:
            data = self._due(now_s)
            self._asked = data[0]
            self._sequence = data[0] == Command.SYNC or not self._sequence
            self._pending = Frame(self._sequence, data)
        waits = self._pending.data[0] in {Command.POLL, Command.HOLD} and not again and self.phase is not Phase.MEETING
        pause_s = LOST_S if again and self._heard_s is None else self._poll_interval_s if waits else codes.FREE_S
        return Request(self._pending.to_bytes(), REPLY_S, pause_s)

    def _due(self, now_s: float) -> bytes:
        if self.phase is Phase.CONTACT:
            return bytes((Command.SYNC,))
        if self.phase is Phase.MEETING:
            question = QUESTIONS[self._step]
            asks_version = question is Command.HOST_PROTOCOL_VERSION
            return bytes((question, codes.VERSIONS[self._version]) if asks_version else (question,))
        if self._reject_is_asked:
            self._reject_is_asked = False
            return bytes((Command.LAST_REJECT,))
        if self._note.waiting is not None:
            return bytes((self._due_for_note(now_s),))
        if self._asked != Command.POLL:
            return bytes((Command.POLL,))  # never two commands without a look in between
        if self._reset_is_due(now_s):
            self._resets.sent(now_s)
            return bytes((Command.RESET,))
        return self._due_setting() or bytes((Command.POLL,))

    def _due_for_note(self, now_s: float) -> Command:
        """A POLL takes the note: only when that was decided, or when HOLD says that it is no longer there."""
        decision = self._note.due(now_s)
        if decision is Decision.RETURN:
            return Command.REJECT
        undecided = self._note.waiting is not None and self._note.waiting.decision is None
        return Command.HOLD if undecided and not self._hold_is_over else Command.POLL

    def _reset_is_due(self, now_s: float) -> bool:
        """Never between a decision and its outcome."""
        jammed = self.phase is Phase.FAULTY and self._fault in codes.RESETTABLE
        return jammed and not self._note.stack_is_open and self._resets.owed(now_s)

    def _due_setting(self) -> bytes:
        if self.phase is Phase.QUIETING:
            return bytes((Command.DISABLE,))
        if self.phase is not Phase.RUNNING or self._state not in AT_REST:
            return b""
        inhibits = self._mask()
        if any(inhibits) and self._inhibits != inhibits:
            return bytes((Command.SET_INHIBITS,)) + inhibits
        if any(inhibits) is not self._enabled:
            return bytes((Command.ENABLE if any(inhibits) else Command.DISABLE,))
        return b""

    def _mask(self) -> bytes:
        """Bit 0 of the first byte is channel 1."""
        known = (row for row in self._wanted if self._table.get(row.note_type) == row)
        return sum(1 << row.note_type - 1 for row in known).to_bytes(2, "little")

    # --- what came back -------------------------------------------------------------------------------------------

    def feed(self, data: bytes, now_s: float) -> bool:
        """Take bytes; True once the reply is whole. Our own frame is an echo, one of the other sequence is late."""
        for item in self._reader.feed(data):
            pending = self._pending
            if not isinstance(item, Frame) or pending is None or not item.data or item == pending:
                continue
            if item.sequence is pending.sequence:
                self._pending = None
                self._heard_s = now_s
                self._understand(pending.data, item.data, now_s)
        return self._pending is None

    def no_reply(self, now_s: float) -> None:
        """Silence is not an answer: the same frame again; after 5 s the unit is gone."""
        self._note.watch(now_s)
        if self._heard_s is not None and now_s - self._heard_s >= codes.SILENCE_S:
            self._lose_sight()
            self._events.append(Disconnected(f"no answer for {codes.SILENCE_S:g} s; is the acceptor powered?"))

    def events(self) -> list[AcceptorEvent]:
        """What was told since the last call."""
        told = self._events[:]
        self._events.clear()
        return told

    def acknowledgement(self) -> bytes:
        """The next frame's sequence bit says that this one's answer was heard."""
        return b""

    def _understand(self, asked: bytes, reply: bytes, now_s: float) -> None:
        """A reply means what it means only as the answer to what was asked."""
        taken = reply[0] == codes.OK
        match asked[0]:
            case Command.POLL if taken:
                self._polled(reply[1:], now_s)
            case Command.POLL:
                self._meet_strange(reply[0], codes.REFUSALS.get(reply[0], "refused"))
            case Command.SYNC if taken:
                self._move(Sign.SYNCED)
            case command if self.phase is Phase.MEETING and command == QUESTIONS[self._step]:
                self._met(Command(command), reply, now_s)
            case Command.HOLD:
                self._hold_is_over = reply[0] == 0xF5
            case Command.LAST_REJECT:
                code = reply[1] if taken and len(reply) > 1 else -1
                self._events.append(Rejected(codes.REJECTS.get(code, RejectReason.OTHER)))
            case command if taken:
                self._obeyed(command, asked[1:])
            case _:
                pass

    def _obeyed(self, command: int, data: bytes) -> None:
        match command:
            case Command.REJECT:
                self._note.goes_back()
            case Command.SET_INHIBITS:
                self._inhibits = data
            case Command.ENABLE | Command.DISABLE:
                self._enabled = command == Command.ENABLE
            case Command.RESET:
                self._resetting = True
                self._move(Sign.RESET_TAKEN)
            case _:
                pass

    def _met(self, question: Command, reply: bytes, now_s: float) -> None:
        """An answer or a refusal; both lead on, a refused protocol version to an older one."""
        taken, data = reply[0] == codes.OK, reply[1:]
        if question is Command.HOST_PROTOCOL_VERSION and not taken and self._version + 1 < len(codes.VERSIONS):
            self._version += 1
            return
        if question is Command.SETUP_REQUEST and taken:
            self._firmware = replies.firmware(data)
            self._table = {row.note_type: row for row in replies.channels(data)}
        if question is Command.SERIAL_NUMBER and taken:
            self._serial = str(int.from_bytes(data[:4], "big"))
        if question is Command.HOLD and taken:
            self._show(AcceptorState.ESCROW)
            self._note.seen(None, now_s, self._wanted, ask=False)
        self._step += 1
        if self._step == len(QUESTIONS):
            self._move(Sign.MET)

    def _meet_strange(self, code: int, words: str) -> None:
        """A unit that cannot be understood cannot be trusted with notes."""
        self._strange += 1
        if self._strange == STRANGE_LOOKS:
            self._show(AcceptorState.FAULT)
            self._events.append(Fault(FaultReason.FAILURE, f"{code:02X} {words}"))
            self._move(Sign.FAULT)

    # --- what a poll says -----------------------------------------------------------------------------------------

    def _polled(self, data: bytes, now_s: float) -> None:
        listed = list(replies.events(data))
        if data and not listed:
            self._meet_strange(data[0], "unknown event")
            return
        self._strange, self._hold_is_over = 0, False
        told = {event for event, _ in listed}
        self._box_is_out = Event.CASHBOX_REMOVED in told or (
            self._box_is_out and not told & {Event.CASHBOX_REPLACED, Event.SLAVE_RESET}
        )
        fault = next((event for event, _ in listed if event in codes.FAULTS), None)
        fault = fault or (Event.CASHBOX_REMOVED if self._box_is_out else None)
        state = AcceptorState.FAULT if fault else self._state_of(listed)
        self._rest_looks = self._rest_looks + 1 if state in AT_REST else 0
        if state in AT_REST and self._note.stack_is_open and self._rest_looks < REST_LOOKS:
            state = AcceptorState.STACKING  # its credit may still come
        self._show(state)
        for event, channel in listed:
            self._follow(event, channel, now_s)
        self._fraud = Event.FRAUD_ATTEMPT in told
        self._watch_fault(fault, now_s)
        if state in AT_REST:
            self._note.at_rest()
            self._credited = None
            self._watch_settings(state)
        self._note.watch(now_s)
        self._lead_on(Sign.RESTARTED if Event.SLAVE_RESET in told else SIGNS.get(state, Sign.MOTION))

    def _state_of(self, listed: list[tuple[Event, int]]) -> AcceptorState:
        """The most telling of what is listed; nothing listed: enabled and waiting."""
        told = dict(listed)
        if Event.READ in told:
            return AcceptorState.ESCROW if told[Event.READ] else AcceptorState.ACCEPTING
        if told.keys() & BEHIND_THE_SLOT:
            return AcceptorState.STACKING
        if Event.CLEARED_FROM_FRONT in told:
            return AcceptorState.RETURNING
        if Event.REJECTING in told:
            back = self._note.is_in_hand or self._note.is_going_back
            return AcceptorState.RETURNING if back else AcceptorState.REJECTING
        shown = (Event.STACKING, Event.INITIALISING, Event.SLAVE_RESET, Event.DISABLED)
        return next((codes.STATES[event] for event in shown if event in told), AcceptorState.IDLE)

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

    def _follow(self, event: Event, channel: int, now_s: float) -> None:
        match event:
            case Event.READ:
                self._read(channel, now_s)
            case Event.CREDIT:
                self._credited = channel
                self._note.stacked(self._table.get(channel))
            case Event.STACKING | Event.STACKED:
                self._note.moves_on()
            case Event.REJECTING if self._note.is_in_hand:
                self._note.goes_back()
            case Event.REJECTED:
                self._came_out()
            case Event.FRAUD_ATTEMPT if not self._fraud:
                self._events.append(Cheated())
            case _:
                self._follow_power_up(event, channel)

    def _follow_power_up(self, event: Event, channel: int) -> None:
        if event is Event.SLAVE_RESET:
            self._restarted()
        elif event is Event.CLEARED_FROM_FRONT:
            self._tell_power_up(PowerUpNote.HEAD)
            self._note.returned(self._table.get(channel))
        elif event in TOLD_AT_POWER_UP:
            self._went_in_at_power_up(channel)

    def _read(self, channel: int, now_s: float) -> None:
        """EF 00 while reading, EF nn in escrow. A new note proves the slot free of the last one."""
        self._credited = None
        if channel:
            ask = self.phase is Phase.RUNNING and not self._note.is_going_back
            self._note.seen(self._table.get(channel), now_s, self._wanted, ask=ask)
        elif self._note.waiting is None:
            self._note.comes_in()

    def _came_out(self) -> None:
        if self._note.is_in_hand or self._note.is_going_back:
            self._note.returned()
        else:
            self._reject_is_asked = True

    def _restarted(self) -> None:
        """By power, or because we asked for it."""
        self._woke = self._woke or not self._resetting
        self._resetting = False
        self._forget_settings()
        self._note.power_was_cut()

    def _went_in_at_power_up(self, channel: int) -> None:
        """Credit, unless the same note's credit was told before power failed.

        A listener that met the unit just now may have recorded that credit in an earlier life: it compares, so it is not told
        that a note is expected.
        """
        if self._credited == channel:
            self._credited = None
            return
        self._tell_power_up(PowerUpNote.STACKER if self._has_run else PowerUpNote.NONE)
        self._note.stacked(self._table.get(channel))

    def _tell_power_up(self, note: PowerUpNote) -> None:
        """Once, when it is known where a note was."""
        if self._woke:
            self._woke = False
            self._events.append(PoweredUp(note))

    def _watch_fault(self, fault: Event | None, now_s: float) -> None:
        if fault is not None and fault is not self._fault:
            self._note.give_up()
            self._note.moves_on()
            self._resets.hold_off(now_s)
            words = fault.name.lower().replace("_", " ")
            self._events.append(Fault(codes.FAULTS[fault], f"{fault:02X} {words}"))
        self._fault = fault

    def _watch_settings(self, state: AcceptorState) -> None:
        """A unit that rests otherwise than it was told has forgotten its settings unseen: they are sent again."""
        contradicts = self._enabled is not None and self._enabled is not (state is AcceptorState.IDLE)
        self._drift = self._drift + 1 if contradicts else 0
        if self._drift >= DRIFT_LOOKS:
            self._forget_settings()

    def _lead_on(self, sign: Sign) -> None:
        if sign in {Sign.REST, Sign.IDLE, Sign.FAULT}:
            self._tell_power_up(PowerUpNote.NONE)
        before = self.phase
        self._move(sign)
        if self.phase is Phase.RUNNING and before is not Phase.RUNNING:
            self._has_run = True
            self._resets.settle()
            rows = tuple(self._table.values())
            self._events.append(Identified(Identity("ssp", "SSP validator", self._serial, self._firmware), rows))
            self._events.append(Ready())

    def _move(self, sign: Sign) -> None:
        before, self.phase = self.phase, TRANSITIONS[self.phase].get(sign, self.phase)
        if self.phase is not before:
            self._step = 0
