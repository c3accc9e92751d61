"""What checks found, as it crosses to screen and tools.

Answers for: codes and values, never sentences. Does not answer for: words (`kiosk.findings`), who may see it (`staff_view`).
"""

from kiosk.domain.board import Board
from kiosk.domain.findings import FactCode, Finding, FindingCode, PartReport
from kiosk.domain.receipts import Device, Verdict
from kiosk.link import staff as m
from kiosk.link.codec import LinkError


def part_view(report: PartReport, *, checking: bool = False) -> m.PartView:
    """One part as it was when it was looked at."""
    checks = tuple(m.CheckView(f.verdict, m.FindingView(f.code.value, f.values)) for f in report.findings)
    facts = tuple((code.value, value) for code, value in report.facts)
    return m.PartView(report.device, report.verdict, checks, facts, report.at_us, checking)


def report_of(view: m.PartView) -> PartReport:
    """The same on the other side. Raises LinkError for a code that only another version of this program knows."""
    try:
        findings = tuple(Finding(FindingCode(c.finding.code), c.finding.values) for c in view.checks)
        facts = tuple((FactCode(code), value) for code, value in view.facts)
    except ValueError as error:
        raise LinkError(f"the till is of another version: {error}") from error
    return PartReport(view.device, findings, facts, view.at_us)


def board_view(board: Board) -> tuple[m.PartView, ...]:
    """Every part, in its place also while nobody has looked at it yet."""
    return tuple(_part(board, device) for device in Device)


def _part(board: Board, device: Device) -> m.PartView:
    checking = device in board.checking
    report = board.parts.get(device)
    if report is None:
        return m.PartView(device, Verdict.UNKNOWN, (), checking=checking)
    return part_view(report, checking=checking)
