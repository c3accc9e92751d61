"""Letting a kiosk take notes again after a latch: a person looked, and says why it is safe. The till must not be running."""

import secrets
import time
from pathlib import Path

from kiosk.domain.facts import AcceptanceResumed
from kiosk.domain.state import State
from kiosk.till.journal import Journal
from kiosk.till.reading import read_all


def resume(journal_file: Path, reason: str) -> str:
    """Record that acceptance is resumed; returns why it was latched, or "" when it was not (then nothing is written).

    Raises JournalError, also when a till has the journal open.
    """
    journal = Journal(journal_file)
    try:
        reading = read_all(journal.replay(), State())
        state, first_totals = reading.state, reading.totals if journal.totals() is None else None
        if state.latched:
            journal.append([AcceptanceResumed(reason)], time.time_ns() // 1000, secrets.token_hex(8), first_totals)
        return state.latched
    finally:
        journal.close()
