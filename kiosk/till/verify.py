"""Full verification of a journal nobody has open: every row, every seal, every balance, every checkpoint, every total.

Answers for: finding what does not fit and naming the place. Does not answer for: mending anything.
A journal cut back to an earlier whole state of itself fits in itself: only a head known from outside (a slip, the
aggregator) shows that, which is what `anchors` are for.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from kiosk.domain import facts, ledger
from kiosk.domain.collection_facts import PeriodClosed
from kiosk.domain.receipts import CollectionSlip
from kiosk.domain.state import State, is_at_rest
from kiosk.till import checkpoints, journal
from kiosk.till.journal import GENESIS, Checkpoint, JournalError, Row, has_table
from kiosk.till.journal_file import JournalBusyError, closed_journal
from kiosk.till.reading import Reading

FAULTS_MAX = 20  #: told of one kind; the first says where to look


@dataclass
class Verdict:
    """`faults` in words, each naming its place; empty means that everything fits. `state`: as far as rows could be read."""

    rows: int = 0
    head: bytes = GENESIS
    checkpoints: int = 0
    faults: list[str] = field(default_factory=list)
    state: State = field(default_factory=State)


@dataclass
class _Verification:
    """What is gathered on the way through the rows."""

    connection: apsw.Connection
    anchors: Mapping[int, str]
    progress: Callable[[int, int], None]
    verdict: Verdict = field(default_factory=Verdict)
    reading: Reading = field(default_factory=Reading)
    kept: dict[int, Checkpoint] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    def run(self) -> Verdict:
        verdict = self.verdict
        verdict.faults += _file_faults(self.connection)
        if has_table(self.connection, "checkpoint"):
            self.kept = {found.seq: found for found in journal.checkpoints(self.connection)}
        in_all = self.connection.execute("SELECT max(seq) FROM fact").get or 0
        try:
            for row in journal.rows(self.connection, 0, GENESIS):
                self._row(row)
                self.progress(row.seq, in_all)
            self._end()
        except (JournalError, apsw.Error) as error:
            verdict.faults.append(str(error))
        verdict.state = self.reading.state
        return verdict

    def _row(self, row: Row) -> None:
        if isinstance(row.fact, PeriodClosed):
            self._slip(row, row.fact.slip)
        self.reading.note(row)
        self.verdict.rows, self.verdict.head = row.seq, row.hash
        if isinstance(row.fact, facts.KeyChosen):
            self.keys.add(row.fact.public_key)
        if row.seq in self.anchors and not row.hash.hex().startswith(self.anchors[row.seq].lower()):
            self.verdict.faults.append(f"row {row.seq} is not the one printed or sent as {self.anchors[row.seq]}")
        if row.seq in self.kept:
            self._checkpoint(self.kept.pop(row.seq), row)

    def _slip(self, row: Row, slip: CollectionSlip) -> None:
        """Collection slips count up by one, and each names the one before."""
        book = self.reading.state.box
        if (slip.serial, slip.previous_hash) != (book.serial + 1, book.last_hash):
            self.verdict.faults.append(f"row {row.seq}: slip {slip.serial} does not follow on slip {book.serial}")

    def _checkpoint(self, checkpoint: Checkpoint, row: Row) -> None:
        self.verdict.checkpoints += 1
        place = f"checkpoint at row {row.seq}"
        trouble = checkpoints.fault(checkpoint)
        if trouble:
            self.verdict.faults.append(f"{place}: {trouble}")
        if checkpoint.head != row.hash:
            self.verdict.faults.append(f"{place}: the row signed there is not the one that stands there")
        if checkpoint.public_key not in self.keys:
            self.verdict.faults.append(f"{place}: signed by a key the journal never chose")
        if checkpoint.state_version == checkpoints.state_version() and is_at_rest(self.reading.state):
            state_hash = hashlib.sha256(checkpoints.to_bytes(self.reading.state)).digest()
            if checkpoint.state is not None and state_hash != checkpoint.state_hash:
                self.verdict.faults.append(f"{place}: its state is not what the rows before it say")

    def _end(self) -> None:
        """What the journal says about itself as a whole."""
        verdict, state = self.verdict, self.reading.state
        if has_table(self.connection, "tail"):
            journal.check_tail(self.connection, verdict.rows, verdict.head)
        for seq in (*self.kept, *(seq for seq in self.anchors if seq > verdict.rows)):
            verdict.faults.append(f"row {seq} is missing at the end: it was signed or sent once")
        verdict.faults += ledger.faults(state.ledger)
        if has_table(self.connection, "total"):
            verdict.faults += _total_faults(self.connection, self.reading.totals)


def _file_faults(connection: apsw.Connection) -> list[str]:
    """SQLite's own word on the file."""
    try:
        told: Sequence[str] = [row[0] for row in connection.execute(f"PRAGMA integrity_check({FAULTS_MAX})")]
    except apsw.Error as error:
        told = [journal.in_words(error)]
    return [f"file: {line}" for line in told if line != "ok"]


def _total_faults(connection: apsw.Connection, counted: Mapping[tuple[int, str], int]) -> list[str]:
    kept = journal.kept_totals(connection)
    if kept is None:
        return []
    wrong = sorted(key for key in {*kept, *counted} if kept.get(key) != counted.get(key))
    return [
        f"total {name} of period {period} says {kept.get((period, name))}, the rows say {counted.get((period, name))}"
        for period, name in wrong[:FAULTS_MAX]
    ]


def _silent(_row: int, _in_all: int) -> None:
    pass


def verify(
    path: Path, anchors: Mapping[int, str] | None = None, progress: Callable[[int, int], None] = _silent
) -> Verdict:
    """Verify a closed journal. `anchors`: row number → start of its hash (hex) as known from outside.

    Raises JournalError if there is none, JournalBusyError if a till has it open; all that is found is in the verdict.
    """
    try:
        with closed_journal(path) as connection:
            return _Verification(connection, anchors or {}, progress).run()
    except JournalBusyError:
        raise
    except JournalError as error:
        if not path.exists():
            raise
        return Verdict(faults=[str(error)])
