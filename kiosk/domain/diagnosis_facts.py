"""Facts of looking after the kiosk: notes the unit refused, the touch test, service reports.

Answers for: the durable words and their units, as `facts` does for money. Does not answer for: what follows from them
(`diagnosis`). Times are UTC microseconds since 1970.
"""

import json
from dataclasses import asdict, dataclass

from kiosk.domain.findings import PartReport
from kiosk.domain.people import Role


@dataclass(frozen=True, slots=True)
class NoteRejected:
    """The acceptor itself refused a buyer's note. `reason`: in the driver's word."""

    reason: str


@dataclass(frozen=True, slots=True)
class TouchTested:
    """The touch picture was gone through: `missed` of `fields` were not reached."""

    person: str
    fields: int
    missed: int
    at_us: int


@dataclass(frozen=True, slots=True)
class ServiceReported:
    """What was tested from `started_us` to `ended_us`, with which result, by whom; durable before it is printed.

    `signature`: of the till's key over `content`, hex.
    """

    report_id: str
    number: int
    person: str
    role: Role
    started_us: int
    ended_us: int
    parts: tuple[PartReport, ...]
    software: str
    signature: str = ""

    @property
    def content(self) -> bytes:
        """What is signed: canonical JSON of everything but the signature, the same in every language."""
        said = {name: value for name, value in asdict(self).items() if name != "signature"}
        return b"kiosk service report 1\0" + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class ServiceReportPrinted:
    """`outcome`: one of facts.SlipOutcome's values."""

    report_id: str
    copy: bool
    outcome: str
    cause: str


DiagnosisFact = NoteRejected | TouchTested | ServiceReported | ServiceReportPrinted
