"""People with keys at a played till: signed in by events, as the real desk's checks end."""

from kiosk.domain import staff_events
from kiosk.domain.people import Role

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
