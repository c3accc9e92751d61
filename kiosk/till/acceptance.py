"""Letting a kiosk take notes again after a latch while its till does not run: a person looked, and says why it is safe."""

from pathlib import Path

from kiosk.domain.facts import AcceptanceResumed
from kiosk.domain.people import Act
from kiosk.domain.staff_facts import StaffActed
from kiosk.till.journal import Journal
from kiosk.till.recovery import recover
from kiosk.till.signing import SigningKey

BY_HAND = "by hand"  #: stands where a running till writes which of its lives wrote the row


def resume(journal_file: Path, key: SigningKey, reason: str, at_us: int, person: str) -> str:
    """Record that acceptance is resumed; returns why it was latched, or "" when it was not (then nothing is written).

    Raises JournalError, also when a till has the journal open.
    """
    journal = Journal(journal_file)
    try:
        recovered = recover(journal, key)
        latched = recovered.state.latched
        if latched:
            who = StaffActed("", person, Act.RESUME, reason)
            journal.append([who, AcceptanceResumed(reason)], at_us, BY_HAND)
        return latched
    finally:
        journal.close()
