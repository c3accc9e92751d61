"""The till's one road: mailbox → decide → record → do.

Answers for: the order of things. Nothing is carried out before the facts behind it are on disk, and whoever waits for an event
to be heard (the acceptor's driver) waits until it is. Does not answer for: what events mean (`kiosk.domain`), devices, sockets.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from kiosk.domain import events, orders
from kiosk.domain.advance import STEPS_MAX, acceptable_minor, advance, next_wake_s, without_moves
from kiosk.domain.decide import decide
from kiosk.domain.decision import NOTHING, Decision
from kiosk.domain.events import Event
from kiosk.domain.facts import AcceptanceLatched
from kiosk.domain.rules import Now, Rules
from kiosk.domain.state import State, is_at_rest
from kiosk.till import checkpoints
from kiosk.till.journal import Journal, JournalError
from kiosk.till.reading import folded
from kiosk.till.recovery import recover
from kiosk.till.signing import SigningKey

log = logging.getLogger(__name__)

TICK_S = 1.0  #: the screen's countdown needs no finer time
CHECKPOINT_ROWS = 1000  #: a start reads at most a little more than these: tens of milliseconds


class Clock(Protocol):
    """Time and chance, as data."""

    def utc_us(self) -> int:
        """UTC microseconds since 1970."""

    def mono_s(self) -> float:
        """Seconds that never step."""

    def nonce(self) -> int:
        """A fresh random integer, 0 … 2⁶⁴-1."""


class Hands(Protocol):
    """What carries orders out. Every verb returns at once; what came of it arrives in the mailbox."""

    def perform(self, order: orders.TillOrder, state: State) -> None:
        """Carry out one order, whose facts are on disk."""

    def accept(self, values_minor: frozenset[int]) -> None:
        """Take notes of just these values; none means take no note. Idempotent."""


class RefusedToRunError(RuntimeError):
    """This combination of devices and aggregator must never take money; a person has to change the configuration."""


class RestartAskedError(Exception):
    """Somebody wants a restart, from afar or at the service menu, and it is recorded as done: end, to be started again."""


class ProgrammingFaultError(RuntimeError):
    """Something that cannot happen did, such as what the domain's tables forbid: acceptance is latched off, the process ends."""


class Mailbox:
    """Where everything that happens enters, one at a time, in order."""

    def __init__(self) -> None:
        self._letters: asyncio.Queue[tuple[Event, asyncio.Future[None] | None]] = asyncio.Queue()

    def post(self, event: Event) -> None:
        """Drop an event into the mailbox."""
        self._letters.put_nowait((event, None))

    async def heard(self, event: Event) -> None:
        """Drop an event and wait until what it means is on disk. Never returns if the journal failed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._letters.put_nowait((event, done))
        await done

    async def take(self, timeout_s: float | None) -> tuple[Event, asyncio.Future[None] | None]:
        """The next event, or a Tick when none comes in time."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._letters.get()
        except TimeoutError:
            return events.Tick(), None


class Till:
    """The only owner of money."""

    def __init__(
        self,
        mailbox: Mailbox,
        journal: Journal,
        rules: Rules,
        clock: Clock,
        hands: Hands,
        publish: Callable[[State, float], None],
        key: SigningKey,
        checkpoint_rows: int = CHECKPOINT_ROWS,
    ) -> None:
        self.state = State()
        self._key = key
        self._checkpoint_rows = checkpoint_rows
        self._checkpoint_seq = 0
        self._mailbox = mailbox
        self._journal = journal
        self._rules = rules
        self._clock = clock
        self._hands = hands
        self._publish = publish
        self._boot_id = ""

    def __repr__(self) -> str:
        return f"{self.state!r} {self._journal!r}"

    def recover(self) -> None:
        """Make the state from the newest checkpoint of ours and the rows after it, by the same fold that makes it in life.

        Raises JournalError.
        """
        recovered = recover(self._journal, self._key)
        self.state = recovered.state
        self._checkpoint_seq = recovered.checkpoint_seq

    async def run(self, boot_id: str, software: str) -> None:
        """Live until cancelled. Raises JournalError, ProgrammingFaultError, RefusedToRunError or RestartAskedError; the process
        must then end.
        """
        self._boot_id = boot_id
        self.process(events.Booted(boot_id, software, self._key.public_key))
        while True:
            event, done = await self._mailbox.take(self._patience_s())
            self.process(event)
            if done is not None and not done.done():
                done.set_result(None)

    def _patience_s(self) -> float | None:
        """How long nothing needs doing: until the next deadline, at most a second of a countdown."""
        wake_s = next_wake_s(self.state, self._now())
        return None if wake_s is None else min(TICK_S, max(0.0, wake_s - self._clock.mono_s()))

    def _now(self) -> Now:
        clock, journal = self._clock, self._journal
        return Now(clock.utc_us(), clock.mono_s(), clock.nonce(), journal.seq, journal.head.hex())

    def process(self, event: Event) -> None:
        """One event from hearsay to deeds. When this returns, what it meant is on disk and under way."""
        log.debug("%s", event)
        try:
            self._apply(decide(self.state, event, self._now(), self._rules))
            self._settle()
            self._keep_checkpoint()
        except (JournalError, RefusedToRunError, RestartAskedError):
            self._hands.accept(frozenset())
            raise
        except Exception as error:
            self._hands.accept(frozenset())
            self._journal.append([AcceptanceLatched(f"fault: {error}")], self._clock.utc_us(), self._boot_id)
            raise ProgrammingFaultError(f"{error}, at {event!r} in {self.state!r}") from error
        self._hands.accept(acceptable_minor(self.state, self._rules))
        self._publish(self.state, self._clock.mono_s())

    def _keep_checkpoint(self) -> None:
        """Between visits, now and then: so that the next start need not read it all."""
        if self._journal.seq - self._checkpoint_seq >= self._checkpoint_rows and is_at_rest(self.state):
            self._journal.keep(checkpoints.make(self.state, self._journal.seq, self._journal.head, self._key))
            self._checkpoint_seq = self._journal.seq

    def _settle(self) -> None:
        """Let the state's own consequences happen, until none is left."""
        for _ in range(STEPS_MAX):
            decision = advance(self.state, self._now(), self._rules)
            if decision is NOTHING:
                return
            self._apply(decision)
        raise ProgrammingFaultError(f"rules follow each other for ever in {self.state!r}")

    def _apply(self, decision: Decision) -> None:
        """Record, fold, do. A fold that is illegal raises before anything was recorded."""
        state, added = folded(self.state, decision.happened)
        durable = without_moves(decision.happened)
        if durable:
            self._journal.append(durable, self._clock.utc_us(), self._boot_id, added)
            for fact in durable:
                log.info("%s", fact)
        self.state = state
        for order in decision.orders:
            self._hands.perform(order, state)
