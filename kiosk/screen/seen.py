"""What every presenting function is given."""

from dataclasses import dataclass

from kiosk.link.messages import Snapshot
from kiosk.screen.amounts import amount_text, note_text
from kiosk.screen.glass import Glass
from kiosk.screen.words import Words


@dataclass(frozen=True, slots=True)
class Seen:
    """`snapshot` is the glass's own, known to be there. `say` speaks the buyer's language."""

    glass: Glass
    snapshot: Snapshot
    say: Words

    def amount(self, minor: int, currency: str) -> str:
        """An amount as the buyer reads it."""
        return amount_text(minor, currency, self.say.language)

    def note(self, minor: int, currency: str) -> str:
        """A banknote as the buyer reads it."""
        return note_text(minor, currency, self.say.language)
