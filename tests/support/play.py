"""Plays a till against a world, step by step, without tasks: the same Till.process that runs in life."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain import events
from kiosk.domain.advance import next_wake_s
from kiosk.domain.session import Phase
from kiosk.domain.state import State
from kiosk.till.journal import Journal
from kiosk.till.loop import Mailbox, Till
from tests.support.world import KEY, RULES, VirtualClock, World, taps_until_cash

STEPS_MAX = 400


def _no_entropy(count: int) -> bytes:
    """Salt that makes two runs of a test alike."""
    return b"s" * count


@dataclass(frozen=True)
class Shown:
    """What the buyer was shown as credit, in the log of everything that happened."""

    session_id: str
    inserted_minor: int


class Player:
    """One life of a till process. `boot` reads the journal; `close` is a clean end."""

    def __init__(
        self,
        path: Path,
        world: World,
        clock: VirtualClock,
        rules=RULES,
        vfs: str | None = None,
        till_type=Till,
        checkpoint_rows: int = 8,
    ) -> None:
        self.world = world
        self.clock = clock
        self.journal = Journal(path, vfs=vfs, entropy=_no_entropy)
        self.seen: list[State] = []
        self.till = till_type(Mailbox(), self.journal, rules, clock, world, self._see, KEY, checkpoint_rows)

    @property
    def state(self) -> State:
        return self.till.state

    def _see(self, state: State, _mono_s: float) -> None:
        self.seen.append(state)
        self.world.log.append(Shown(state.session.session_id, state.session.inserted_minor))

    def boot(self, *, power_cut: bool = True) -> None:
        self.till.recover()
        self.till.process(events.Booted("boot", "test", KEY.public_key))
        self.world.wake(power_cut=power_cut)
        self.settle()

    def say(self, event: events.Event) -> None:
        self.till.process(event)
        self.world.heard(event)

    def settle(self) -> None:
        """Let everything the world has to say be heard."""
        for _ in range(STEPS_MAX):
            if not self.world.queue:
                return
            self.say(self.world.queue.popleft())
        raise AssertionError(f"the world never falls silent: {self.state!r}")

    def wait(self, seconds: float) -> None:
        """Let time pass, every deadline in it included."""
        until = self.clock.now_s + seconds
        for _ in range(STEPS_MAX):
            wake = next_wake_s(self.state, self.till._now())
            if wake is None or wake > until:
                break
            self.clock.now_s = max(wake, self.clock.now_s) + 0.001
            self.say(events.Tick())
            self.settle()
        self.clock.now_s = max(until, self.clock.now_s)
        self.say(events.Tick())
        self.settle()

    def go_to_cash(self) -> None:
        for _ in range(STEPS_MAX):
            touch = taps_until_cash(self.state, self.world.wants, self.world.pays_with)
            if touch is None:
                return
            self.say(touch)
            self.settle()

    def insert(self, *values: int) -> None:
        for value in values:
            self.world.insert(value)
            self.settle()

    def pay(self, notes: Sequence[int] = (5000, 2000)) -> None:
        """A whole visit, from wherever the till stands, until the kiosk is free again."""
        self.go_to_cash()
        for value in notes:
            if self.state.session.phase is Phase.CASH:
                self.insert(value)
        self.wait(200)

    def close(self) -> None:
        self.journal.close()
