"""How many notes the unit refuses that it should have taken: a dirty head is seen before buyers complain.

Answers for: which refusals tell of dirt and from which share on. Does not answer for: counting (`domain.totals`).
Makers promise 95 to 98 of 100 good notes taken at the first try; worn notes and buyers' folds come on top.
"""

from collections.abc import Iterator, Mapping

from drivers.bill_acceptor.interface import RejectReason
from kiosk.domain.findings import Finding, FindingCode, finding

TRIES_MIN = 50  #: fewer say nothing: one crumpled note would be many percent
MANY_PERCENT = 10
MOST_PERCENT = 25
REJECTED, STACKED = "rejected:", "stacked:"  #: names of `domain.totals`

#: Refusals that are the buyer's or the host's doing, not the head's.
NOT_OF_DIRT = frozenset(
    {
        RejectReason.INHIBITED,
        RejectReason.SECOND_NOTE,
        RejectReason.BARCODE,
        RejectReason.FRAUD,
        RejectReason.HOST,
        RejectReason.OPERATION,
    }
)


def finding_of(periods: Iterator[Mapping[str, int]]) -> tuple[Finding, dict[str, int]]:
    """The share over as many periods, newest first, as are needed for a judgement, and the reasons counted in them."""
    taken, reasons = 0, dict[str, int]()
    for totals in periods:
        taken += sum(count for name, count in totals.items() if name.startswith(STACKED))
        for name, count in totals.items():
            if name.startswith(REJECTED):
                reason = name.removeprefix(REJECTED)
                reasons[reason] = reasons.get(reason, 0) + count
        if taken + _of_dirt(reasons) >= TRIES_MIN:
            break
    return _judged(taken, _of_dirt(reasons)), reasons


def _of_dirt(reasons: Mapping[str, int]) -> int:
    return sum(count for reason, count in reasons.items() if reason not in NOT_OF_DIRT)


def _judged(taken: int, rejected: int) -> Finding:
    tries = taken + rejected
    if tries < TRIES_MIN:
        return finding(FindingCode.REJECTS_UNCOUNTED, notes=tries, least=TRIES_MIN)
    percent = 100 * rejected // tries
    code = FindingCode.REJECTS_FEW
    if percent >= MANY_PERCENT:
        code = FindingCode.REJECTS_MOST if percent >= MOST_PERCENT else FindingCode.REJECTS_MANY
    return finding(code, percent=percent, rejected=rejected, taken=taken)
