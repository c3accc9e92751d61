"""People with keys at a played till: signed in by events, as the real desk's checks end, or by the real desk."""

import asyncio
from dataclasses import replace

from drivers.receipt_printer.document import Document
from kiosk.domain import staff_events
from kiosk.domain.people import Role
from kiosk.link.messages import TerminalView
from kiosk.settings import AccessSettings
from kiosk.till.access import Access
from kiosk.till.past_visits import PastVisits
from kiosk.till.people_file import Person, load_people, save_people
from kiosk.till.pepper import ensure_pepper, one_time
from kiosk.till.printer_desk import PrinterDesk
from kiosk.till.staff_deeds import StaffDeeds
from kiosk.till.staff_desk import StaffDesk
from kiosk.till.view import Face, snapshot
from tests.support.world import RULES

FACE = Face(TerminalView("0001", "Kiosk", "Street", "+359"), ("en", "bg", "ru"), lambda _body: "")

NAMES = {Role.TECHNICIAN: ("12", "Ivan"), Role.COLLECTOR: ("23", "Maria"), Role.SUPERVISOR: ("34", "Petar")}


def sign_in(player, role=Role.TECHNICIAN):
    """Whoever has this role signs in; nothing happens where nobody may now."""
    number, person = NAMES[role]
    player.say(staff_events.SignInAsked(number, 1))
    player.say(staff_events.SignInChecked(number, 1, None, person, role))
    player.settle()


def sign_out(player):
    player.say(staff_events.SignOutAsked())
    player.settle()


def try_notes(player, *, keep=True):
    """A technician at the open note test."""
    sign_in(player)
    player.say(staff_events.NoteTestAsked(keep))
    player.settle()


# --- the desk itself, with real files and real hashes -------------------------------------------------------------

PIN, OTHER_PIN = "482915", "739164"
SECRET = b"a secret of twenty b"


def access_settings(folder, **changes):
    """Where people stand in `folder`."""
    found = AccessSettings(folder / "people.json", folder / "pin.pepper", 6, (), 180.0, 120.0)
    return replace(found, **changes)


def add_person(access, role=Role.TECHNICIAN, pin=PIN, *, totp=False):
    """One more who may sign in, by the number that is returned."""
    people = load_people(access.people_file)
    pepper = ensure_pepper(access.pepper_file, people)
    number = str(people.next_number)
    sealed = pepper.sealed(SECRET) if totp else ""
    person = Person(number, f"{NAMES[role][1]} {number}", role, pepper.hashed(pin), sealed)
    save_people(access.people_file, people.with_person(person))
    return number


def code_at(clock, steps=0):
    """The one-time code a phone shows, so many steps from now by the kiosk's clock."""
    return one_time(SECRET).generate(clock.utc_us() // 1_000_000 + steps * 30).decode()


class Menu:
    """The service menu of a played till: commands of the screen go in, what stands on the screen comes out."""

    def __init__(self, player, access, printer):
        self.player, self.access, self.printer = player, access, printer
        self.posted = []

    def does(self, *commands):
        """One after the other, each until all that it leads to is over. Returns the view."""
        for command in commands:
            asyncio.run(self._do((command,)))
        return self.view

    def does_at_once(self, *commands):
        asyncio.run(self._do(commands))
        return self.view

    @property
    def view(self):
        return snapshot(self.player.state, RULES, FACE, self.player.clock.mono_s(), 1)

    async def _do(self, commands):
        visits = PastVisits(self.player.journal, self._pause)
        self._desk = PrinterDesk(self.printer, visits, lambda: Document("test page"), self._heard)
        deeds = StaffDeeds(self._desk, lambda: ("a line", "another"))
        self._staff = StaffDesk(deeds.table(), Access(self.access), self.player.clock.utc_us, self._post, self._heard)
        self._saw()
        for command in commands:
            self._staff.take(command)
        while self._staff._tasks:
            await asyncio.wait(self._staff._tasks, timeout=0.01)
            self.player.settle()
            self._saw()
        await self._staff.close()

    async def _pause(self):
        await asyncio.sleep(0)

    def _post(self, event):
        self.posted.append(event)
        self.player.say(event)
        self._saw()

    async def _heard(self, event):
        self._post(event)

    def _saw(self):
        self._desk.saw(self.player.state)
        self._staff.saw(self.player.state)
