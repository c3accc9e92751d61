"""How the journal is, in a second: its end is proved, not the whole of it.

Answers for: what is read, of a running till's journal and of one that nobody has open. Does not answer for: what it means
(`kiosk.diagnosis.journal`), the whole chain (`verify`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import apsw

from kiosk.diagnosis.journal import JournalTold
from kiosk.domain import ledger
from kiosk.domain.state import Payment, State
from kiosk.till import checkpoints, journal
from kiosk.till.journal import Checkpoint, Journal, JournalError
from kiosk.till.journal_file import closed_journal
from kiosk.till.reading import read_all
from kiosk.till.signing import KeyFileError, SigningKey, load_key

LAST_ROWS = 500  #: proved at every look: some ten milliseconds


def of_running(running: Journal, state: State) -> JournalTold:
    """The till's own journal, by its own connection, and the state it has in memory."""
    try:
        checked = running.check_end(LAST_ROWS)
        checkpoint = running.latest_checkpoint()
    except JournalError as error:
        return JournalTold(running.seq, running.head.hex(), 0, str(error))
    return _told(state, running.seq, running.head, checked, checkpoint.seq if checkpoint else 0)


def of_closed(path: Path, key_file: Path) -> tuple[JournalTold, Mapping[int, Mapping[str, int]]]:
    """A journal no till has open, read without a byte written, and the totals of its periods.

    Raises JournalBusyError when a till has it, JournalError when there is none.
    """
    with closed_journal(path) as connection:
        try:
            return _read(connection, _key(key_file)), _periods(connection)
        except JournalError as error:
            return JournalTold(0, "", 0, str(error)), {}


def _key(key_file: Path) -> SigningKey | None:
    """A look makes no key."""
    try:
        return load_key(key_file)
    except KeyFileError:
        return None


def _read(connection: apsw.Connection, key: SigningKey | None) -> JournalTold:
    """As a start would read it: from the newest checkpoint of ours on."""
    newest, start, fault = _checkpoint(connection, key)
    after = newest if start is not None else None
    seq, head, state = (after.seq, after.head, start) if after and start else (0, journal.GENESIS, State())
    reading = read_all(journal.rows(connection, seq, head), state)
    checked = journal.check_end(connection, LAST_ROWS)
    last_seq, last_head = journal.last_row(connection)
    return _told(reading.state, last_seq, last_head, checked, newest.seq if newest else 0, fault)


def _checkpoint(connection: apsw.Connection, key: SigningKey | None) -> tuple[Checkpoint | None, State | None, str]:
    if not journal.has_table(connection, "checkpoint"):
        return None, None, ""
    newest = next(iter(journal.checkpoints(connection, newest_first=True)), None)
    if newest is None:
        return None, None, ""
    fault = checkpoints.fault(newest)
    return newest, checkpoints.usable(newest, key) if key and not fault else None, fault


def _told(state: State, seq: int, head: bytes, checked: int, checkpoint_seq: int, fault: str = "") -> JournalTold:
    captured = [posting.captured_at_us for posting in state.outbox if isinstance(posting, Payment)]
    return JournalTold(
        rows=seq,
        head=head.hex(),
        checked=checked,
        books="; ".join(ledger.faults(state.ledger)),
        checkpoint_seq=checkpoint_seq,
        checkpoint_fault=fault,
        waiting=len(state.outbox),
        oldest_us=min(captured, default=0),
        latched=state.latched,
    )


def _periods(connection: apsw.Connection) -> Mapping[int, Mapping[str, int]]:
    periods: dict[int, dict[str, int]] = {}
    for (period, name), amount in (journal.kept_totals(connection) or {}).items():
        periods.setdefault(period, {})[name] = amount
    return periods


def newest_first(running: Journal, period: int) -> Iterator[Mapping[str, int]]:
    """The totals of this period and those before it. Raises JournalError."""
    for number in range(period, 0, -1):
        yield running.period_totals(number)
