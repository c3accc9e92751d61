"""Letting a kiosk take notes again after a latch: a person looked, and says why it is safe. The till must not be running."""

from pathlib import Path

from kiosk.domain.facts import AcceptanceResumed
from kiosk.till.journal import Journal
from kiosk.till.recovery import recover
from kiosk.till.signing import SigningKey

BY_HAND = "by hand"  #: stands where a running till writes which of its lives wrote the row


def resume(journal_file: Path, key: SigningKey, reason: str, at_us: int) -> str:
    """Record that acceptance is resumed; returns why it was latched, or "" when it was not (then nothing is written).

    Raises JournalError, also when a till has the journal open.
    """
    journal = Journal(journal_file)
    try:
        recovered = recover(journal, key)
        latched = recovered.state.latched
        if latched:
            journal.append([AcceptanceResumed(reason)], at_us, BY_HAND)
        return latched
    finally:
        journal.close()
