"""The desk of people with keys: what the screen asks for on their behalf, as events, or carried out beside the mailbox.

Answers for: that a deed begins only when it is recorded under the name of whoever is signed in, whatever the screen says, that
one is done at a time, and that what came of it is told. Does not answer for: who may (`domain.staff`), comparing PINs (`access`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.domain import collection_events as box
from kiosk.domain import staff_events as e
from kiosk.domain.case_events import ResolveAsked
from kiosk.domain.diagnosis_events import TouchTried
from kiosk.domain.events import Event
from kiosk.domain.people import Act, StaffNotice
from kiosk.domain.rules import MICROSECONDS
from kiosk.domain.staff_book import Values
from kiosk.domain.staff_facts import SignInFault
from kiosk.domain.state import State
from kiosk.link import staff as m
from kiosk.till.access import Access, Verdict, number_of
from kiosk.till.people_file import People, PeopleFileError

log = logging.getLogger(__name__)

#: What a finger means that only leads to an event. Checks file theirs here.
MEANINGS: Mapping[type, Callable[..., Event]] = {
    m.SignOut: lambda _: e.SignOutAsked(),
    m.BeginNoteTest: lambda c: e.NoteTestAsked(c.keep),
    m.EndNoteTest: lambda _: e.NoteTestEnded(),
    m.RestartPart: lambda c: e.RestartAsked(c.part),
    m.ResumeAcceptance: lambda c: e.ResumeAsked(c.reason),
    m.PrintXReport: lambda _: box.XReportAsked(),
    m.BeginCollection: lambda _: box.CollectionAsked(),
    m.AbandonCollection: lambda _: box.CollectionGivenUp(),
    m.GoOn: lambda _: box.CollectionGoesOn(),
    m.SealBox: lambda c: box.BoxWasSealed(c.bag, c.box_id),
    m.InsertBox: lambda c: box.BoxWasPutIn(c.new_box_id),
    m.CountBox: lambda c: box.BoxWasCountedBlind(c.currency, c.notes),
    m.PrintSheet: lambda c: box.SheetAsked(c.sheet),
    m.ResolveCase: lambda c: ResolveAsked(c.case_id, c.resolution, c.reason),
    m.ScreenTested: lambda c: TouchTried(c.fields, c.missed),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a deed."""

    notice: StaffNotice
    values: Values = ()
    log: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """What is carried out beside the mailbox: the act it is, its name in the journal, and how. `do` gets the command and the name
    of whoever is signed in; what it raises ends the till.
    """

    act: Act
    what: str
    do: Callable[[Any, str], Awaitable[Outcome]]


class StaffDesk:
    """`heard` puts an event into the till's mailbox and returns once it is on disk; `saw` is told of every state; `utc_us` is the
    clock one-time codes go by.
    """

    def __init__(
        self,
        deeds: Mapping[type, Deed],
        access: Access,
        utc_us: Callable[[], int],
        post: Callable[[Event], None],
        heard: Callable[[Event], Awaitable[None]],
    ) -> None:
        self._deeds = deeds
        self._access = access
        self._utc_us = utc_us
        self._door = asyncio.Lock()
        self._post = post
        self._heard = heard
        self._state = State()
        self._tickets = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def saw(self, state: State) -> None:
        """This is the state now."""
        self._state = state

    def take(self, command: m.StaffCommand) -> None:
        """What the screen asks for. Returns at once."""
        meaning, deed = MEANINGS.get(type(command)), self._deeds.get(type(command))
        if meaning is not None:
            self._post(meaning(command))
        elif deed is not None:
            self._start(self._do(deed, command))
        elif isinstance(command, m.SignIn):
            self._start(self._sign_in(command))
        else:
            log.info("staff: not done at this kiosk: %s", type(command).__name__)

    async def watch(self) -> None:
        """Raise what any deed raised."""
        await asyncio.wait({self._failed})
        self._failed.result()

    async def close(self) -> None:
        """Let go of what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._failed.done():
            self._failed.exception()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._failed.done():
            self._failed.set_exception(error)

    async def _do(self, deed: Deed, command: object) -> None:
        self._tickets += 1
        ticket = self._tickets
        await self._heard(e.ActAsked(deed.act, deed.what, ticket))
        staff = self._state.staff
        if staff is None or staff.busy != ticket:
            return
        outcome = await deed.do(command, staff.person)
        self._post(e.ActDone(ticket, outcome.notice, outcome.values, outcome.log))

    # --- at the door ----------------------------------------------------------------------------------------------

    async def _sign_in(self, command: m.SignIn) -> None:
        """One at a time; what is typed meanwhile is not looked at. The PIN goes to the comparison and nowhere else."""
        if self._door.locked():
            return
        async with self._door:
            self._tickets += 1
            number, ticket = number_of(command.number), self._tickets
            people = self._people()
            person = people.find_number(number)
            code_wanted = bool(person and person.totp and not command.code)
            await self._heard(e.SignInAsked(number, ticket, bool(people.people), code_wanted))
            if self._state.door.ticket != ticket:
                return
            verdict = await self._compared(number, command)
            checked = e.SignInChecked(number, ticket, verdict.fault, verdict.person, verdict.role, verdict.code_step)
            await self._heard(checked)

    def _people(self) -> People:
        try:
            return self._access.people()
        except PeopleFileError as error:
            log.error("nobody can sign in: %s", error)  # noqa: TRY400 - the message says it all
            return People()

    async def _compared(self, number: str, command: m.SignIn) -> Verdict:
        utc_s = self._utc_us() // MICROSECONDS
        try:
            return await asyncio.to_thread(self._access.compare, number, command.pin, command.code, utc_s)
        except PeopleFileError as error:
            log.error("nobody can sign in: %s", error)  # noqa: TRY400 - as above
            return Verdict(SignInFault.FILES)
