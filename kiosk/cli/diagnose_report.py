"""`kiosk diagnose --check`: the service report of this number, from the journal, and whether the till signed it."""

import sys
from pathlib import Path

from kiosk.domain.diagnosis_facts import ServiceReported
from kiosk.domain.facts import KeyChosen
from kiosk.findings import FindingWords
from kiosk.link import service as s
from kiosk.link.service_client import NoTillError, TillSilentError, ask
from kiosk.settings import Settings
from kiosk.slips import words as slip_words
from kiosk.till import journal
from kiosk.till.journal import JournalError
from kiosk.till.journal_file import closed_journal
from kiosk.till.service_report import is_genuine


class ReportError(Exception):
    """It cannot be checked; the message says why."""


def check_report(settings: Settings, report_id: str, signature: str) -> int:
    """0 the report is in the journal, signed by the till's key of that time, and bears this signature; 1 not so."""
    try:
        report, public_key = _found(settings, report_id)
    except (ReportError, JournalError, TillSilentError) as error:
        print(f"kiosk diagnose: {error}", file=sys.stderr)
        return 1
    _tell(report, settings)
    printed = "".join(signature.split()).lower()
    if not is_genuine(report, public_key):
        print("NOT GENUINE: this report was not signed by this till's key")
        return 1
    if printed and not report.signature.startswith(printed):
        print("NOT GENUINE: the signature on paper is not the one in the journal")
        return 1
    print(f"genuine: signed by the till's key {public_key[:16]}")
    return 0


def _found(settings: Settings, report_id: str) -> tuple[ServiceReported, str]:
    """The report and the key of its time. Raises ReportError, JournalError, TillSilentError."""
    path = settings.till.journal_file
    try:
        answers = list(ask(settings.till.service_socket, s.BackUpJournal()))
    except NoTillError:
        return _read(path, report_id)
    last = answers[-1] if answers else None
    if not isinstance(last, s.BackedUp):
        raise ReportError(getattr(last, "reason", "the till hung up before it had answered"))
    copy = Path(last.path)
    try:
        return _read(copy, report_id)
    finally:
        copy.unlink(missing_ok=True)


def _read(path: Path, report_id: str) -> tuple[ServiceReported, str]:
    """The chain is proved on the way."""
    public_key = ""
    with closed_journal(path) as connection:
        for row in journal.rows(connection, 0, journal.GENESIS):
            match row.fact:
                case KeyChosen(public_key=chosen):
                    public_key = chosen
                case ServiceReported() as report if report.report_id == report_id:
                    return report, public_key
                case _:
                    pass
    raise ReportError(f"no service report {report_id} is in {path}")


def _tell(report: ServiceReported, settings: Settings) -> None:
    words, zone = FindingWords.of("en"), settings.terminal.time_zone
    began, ended = (slip_words.moment(at, zone, "en") for at in (report.started_us, report.ended_us))
    print(f"service report {report.report_id} by {report.person} ({report.role}), {report.software}")
    print(f"from {began} to {ended}")
    for part in report.parts:
        for found in part.headlines:
            print(
                f"  {words.light(found.verdict):<10} {words.device(part.device)}: {words.found(found.code, found.values)}"
            )
