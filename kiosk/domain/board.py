"""The board: how each part was when it was last looked at, and the last service report.

Answers for: the shapes. Does not answer for: looking (`kiosk.diagnosis`), what follows (`diagnosis`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.domain.diagnosis_facts import ServiceReported, TouchTested
from kiosk.domain.findings import PartReport
from kiosk.domain.receipts import Device


@dataclass(frozen=True, slots=True)
class Board:
    """`parts` and `checking` are of this process life. `original_out`: the last report's original came out of the printer, or may
    have: the next print of it is a copy.
    """

    parts: Mapping[Device, PartReport] = field(default_factory=dict)
    checking: frozenset[Device] = frozenset()
    touch: TouchTested | None = None
    last_report: ServiceReported | None = None
    original_out: bool = False
    reports: int = 0
