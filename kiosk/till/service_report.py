"""A service report as a slip, and whether its signature holds.

Answers for: which lines stand on it, that what is checked is what was signed. Does not answer for: what is signed
(`domain.diagnosis_facts`), layout (`kiosk.slips`).
"""

from collections.abc import Iterator

from kiosk.domain.diagnosis_facts import ServiceReported
from kiosk.domain.receipts import CheckResult, Person, ServiceReport
from kiosk.findings import FindingWords
from kiosk.settings import TerminalSettings
from kiosk.till.signing import is_signed


def slip_of(
    report: ServiceReported,
    terminal: TerminalSettings,
    language: str,
    *,
    copy: bool,
    at_us: int,
    journal_seq: int,
    journal_head: str,
) -> ServiceReport:
    """The slip in one language. `at_us`: when it is printed; `journal_*`: of the last row on disk."""
    return ServiceReport(
        slip_id=report.report_id,
        copy=copy,
        language=language,
        terminal_number=terminal.number,
        terminal_name=terminal.name,
        terminal_address=terminal.address,
        support_phone=terminal.support_phone,
        slip_number=report.number,
        at_us=at_us,
        time_zone=terminal.time_zone,
        journal_seq=journal_seq,
        journal_head=journal_head,
        report_id=report.report_id,
        person=Person(report.person, report.role),
        started_us=report.started_us,
        ended_us=report.ended_us,
        checks=tuple(_lines(report, FindingWords.of(language))),
        software=report.software,
        signature=report.signature,
    )


def _lines(report: ServiceReported, words: FindingWords) -> Iterator[CheckResult]:
    """All that is wrong or odd, and a line for each part that is well; the journal has every finding."""
    for part in report.parts:
        for found in part.headlines:
            said = words.found(found.code, found.values)
            yield CheckResult(part.device, found.verdict, said, words.next_step(found.code, found.values))


def is_genuine(report: ServiceReported, public_key: str) -> bool:
    """Whether the till with this key signed this very report."""
    try:
        signature = bytes.fromhex(report.signature)
    except ValueError:
        return False
    return is_signed(public_key, report.content, signature)
