"""What every presenting function is given."""

from dataclasses import dataclass

from kiosk.link.messages import Snapshot
from kiosk.screen.aloud import UNITS, amount_aloud
from kiosk.screen.amounts import SYMBOLS, amount_text, note_text
from kiosk.screen.glass import Glass
from kiosk.screen.words import Words


@dataclass(frozen=True, slots=True)
class Seen:
    """`snapshot` is the glass's own, known to be there. `say` speaks the buyer's language. `aloud`: for the ear, not the eye."""

    glass: Glass
    snapshot: Snapshot
    say: Words
    aloud: bool = False

    def amount(self, minor: int, currency: str) -> str:
        """An amount as the buyer reads it."""
        write = amount_aloud if self.aloud else amount_text
        return write(minor, currency, self.say.language)

    def currency(self, currency: str) -> str:
        """A currency by its sign, or by its name for the ear."""
        return UNITS[self.say.language][currency].whole.many if self.aloud else SYMBOLS[currency]

    def note(self, minor: int, currency: str) -> str:
        """A banknote as the buyer reads it."""
        write = amount_aloud if self.aloud else note_text
        return write(minor, currency, self.say.language)
