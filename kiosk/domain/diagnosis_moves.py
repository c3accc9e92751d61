"""What changes the board and need not outlive the process. Moves are folded exactly like facts but never journalled."""

from dataclasses import dataclass

from kiosk.domain.findings import PartReport
from kiosk.domain.receipts import Device


@dataclass(frozen=True, slots=True)
class ChecksStarted:
    devices: tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class PartSeen:
    report: PartReport


DiagnosisMove = ChecksStarted | PartSeen
