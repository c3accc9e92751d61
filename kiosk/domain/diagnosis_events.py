"""What the doctor tells the till's mailbox: checks that began and ended, the touch test, the service report.

An event is hearsay: `diagnosis` decides what it means.
"""

from dataclasses import dataclass

from kiosk.domain.findings import PartReport
from kiosk.domain.receipts import Device


@dataclass(frozen=True, slots=True)
class ChecksBegan:
    devices: tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class PartChecked:
    report: PartReport


@dataclass(frozen=True, slots=True)
class TouchTried:
    """Whoever is signed in went through the touch picture."""

    fields: int
    missed: int


@dataclass(frozen=True, slots=True)
class ServiceReportAsked:
    """By whoever is signed in, over what was checked since then. `software`: versions."""

    software: str


@dataclass(frozen=True, slots=True)
class ServiceReportEnded:
    """It went to the printer. `outcome`: one of facts.SlipOutcome's values."""

    report_id: str
    copy: bool
    outcome: str
    cause: str


DiagnosisEvent = ChecksBegan | PartChecked | TouchTried | ServiceReportAsked | ServiceReportEnded
