"""A journal to read, whether a till has it open or not: the file itself, or a copy the running till makes.

Answers for: that no copy is left behind. Does not answer for: what is read from it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.link import service
from kiosk.link.service_client import ask
from kiosk.settings import Settings
from kiosk.till.journal import JournalError
from kiosk.till.journal_file import JournalBusyError, closed_journal

PAGES_AT_ONCE = 1024


@contextmanager
def readable(path: Path, settings: Settings | None) -> Iterator[Path]:
    """The journal itself when it is free, else a copy that the running till makes."""
    try:
        with closed_journal(path):
            pass
    except JournalBusyError as error:
        if settings is None:
            raise JournalError(f"{error} Give --config instead of --journal to read a copy of it.") from error
        copy = copy_of_live(settings)
        try:
            yield copy
        finally:
            copy.unlink(missing_ok=True)
        return
    except JournalError:
        if not path.exists():
            raise
    yield path


def copy_of_live(settings: Settings) -> Path:
    """Beside the journal, made by the till itself. Raises TillSilentError, LinkError, JournalError."""
    for answer in ask(settings.till.service_socket, service.BackUpJournal()):
        match answer:
            case service.BackedUp(path=path):
                return Path(path)
            case service.Declined(reason=reason):
                raise JournalError(reason)
            case service.Progress(done=done, in_all=in_all):
                tell_progress("copying page", done, in_all, PAGES_AT_ONCE)
    raise JournalError("the till hung up before the copy was whole; is it restarting? try again")


def tell_progress(what: str, done: int, in_all: int, every: int) -> None:
    """Of what takes long, on standard error."""
    if done % every == 0 and in_all > every:
        print(f"{what} {done} of {in_all} ({100 * done // in_all} %)", file=sys.stderr)
