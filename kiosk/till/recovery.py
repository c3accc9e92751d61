"""From the journal back to the state: newest checkpoint of ours, then the rows after it.

Answers for: that a start is as quick at a million facts as at a thousand, and that nothing is taken on trust that the chain does
not carry. Does not answer for: what is done next (`domain.advance` finishes what was cut).
"""

import logging
from dataclasses import dataclass

from kiosk.domain.state import State
from kiosk.till import checkpoints
from kiosk.till.journal import Journal, JournalError
from kiosk.till.reading import read_all
from kiosk.till.signing import SigningKey

log = logging.getLogger(__name__)

PROGRESS_ROWS = 100_000  #: how often a long recovery says that it is alive


@dataclass(frozen=True, slots=True)
class Recovered:
    """`checkpoint_seq`: row of the checkpoint it started from, 0 without."""

    state: State
    checkpoint_seq: int


def recover(journal: Journal, key: SigningKey) -> Recovered:
    """Read what must be read. Raises JournalError at the first thing that does not fit."""
    checkpoint = journal.latest_checkpoint()
    start = checkpoints.usable(checkpoint, key)
    if start is not None and checkpoint is not None:
        return Recovered(read_all(journal.replay(checkpoint), start).state, checkpoint.seq)
    reading = read_all(journal.replay(), State(), _tell_progress)
    kept = journal.totals()
    if kept is not None and kept != reading.totals:
        raise JournalError(f"{journal.path}: its totals are not what its rows say; see `kiosk journal verify`")
    if kept is None:
        journal.count_again(reading.totals)
    return Recovered(reading.state, 0)


def _tell_progress(seq: int) -> None:
    if seq % PROGRESS_ROWS == 0:
        log.info("reading the journal: row %d", seq)
