"""Status bytes in words, for each dialect, as tables. Absence of an answer is never "all is well".

Answers for: which bit of which answer is which fault. Does not answer for: asking (`asking`), telling replies apart (`replies`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from drivers.receipt_printer.interface import PaperState, PrinterFault, PrinterStatus
from drivers.receipt_printer.profile import Dialect

F = PrinterFault

FULL_STATUS_QUERY = b"\x10\x04\x14"  #: DLE EOT 20 [Custom KPM and VKP manuals]
PORT_PAPER_EMPTY, PORT_SELECTED, PORT_NO_ERROR = 0x20, 0x10, 0x08  #: GET_PORT_STATUS [USB printer class 1.1, 4.2.2]


@dataclass(frozen=True, slots=True)
class Table:
    """`queries`: DLE EOT n to ask. Rows: number of the answer, mask, meaning (any bit of the mask)."""

    queries: Sequence[int]
    faults: Sequence[tuple[int, int, PrinterFault]]
    near_end: tuple[int, int]
    ticket: tuple[int, int] | None = None


#: DLE EOT 1 to 4. Source: Epson TM-U220, Bixolon SRP-350, Ithaca manuals.
EPSON = Table(
    queries=(1, 2, 3, 4),
    faults=(
        (2, 0x04, F.COVER_OPEN),
        (2, 0x20, F.PAPER_END),
        (3, 0x08, F.CUTTER),
        (3, 0x20, F.UNRECOVERABLE),
        (3, 0x40, F.RECOVERABLE),
        (4, 0x60, F.PAPER_END),
    ),
    near_end=(4, 0x0C),
)
#: DLE EOT 1 to 6. Source: Citizen PPU-700 manual. Bit 6 of answer 4 is a slip in the presenter, not the paper's end.
CITIZEN = Table(
    queries=(1, 2, 3, 4, 5, 6),
    faults=(
        (2, 0x04, F.COVER_OPEN),
        (2, 0x20, F.PAPER_END),
        (3, 0x04, F.PRESENTER),
        (3, 0x08, F.CUTTER),
        (3, 0x20, F.UNRECOVERABLE),
        (3, 0x40, F.RECOVERABLE),
        (4, 0x20, F.PAPER_END),
        (5, 0x04, F.COVER_OPEN),
        (5, 0x08, F.HEAD_HOT),
        (5, 0x60, F.POWER),
        (6, 0x20, F.PRESENTER),
        (6, 0x4C, F.UNRECOVERABLE),
    ),
    near_end=(4, 0x0C),
    ticket=(4, 0x40),
)
#: FULL STATUS: answers 0 to 3 are p, u, r, x. Source: Custom KPM and VKP manuals. Bits for a black mark, a key, RS-232 and an
#: unknown command are no fault of the printer.
CUSTOM = Table(
    queries=(),
    faults=(
        (0, 0x01, F.PAPER_END),
        (1, 0x03, F.COVER_OPEN),
        (2, 0x01, F.HEAD_HOT),
        (2, 0x08, F.POWER),
        (2, 0x40, F.JAM),
        (3, 0x01, F.CUTTER),
        (3, 0x02, F.COVER_OPEN),
        (3, 0x0C, F.UNRECOVERABLE),
        (3, 0x80, F.PRESENTER),
    ),
    near_end=(0, 0x44),
    ticket=(0, 0x20),
)
TABLES: Mapping[Dialect, Table] = {Dialect.EPSON: EPSON, Dialect.CITIZEN: CITIZEN, Dialect.CUSTOM: CUSTOM}

OFFLINE_BIT = 0x08  #: answer 1 to DLE EOT: offline, whatever the reason
CUSTOM_SPOOLING, CUSTOM_MOTOR = 0x04, 0x08  #: in u
#: Automatic status (GS a): bits of bytes 1 to 3 that stop a printer. Source: Epson manuals.
AUTO_STATUS = Table(
    queries=(),
    faults=((0, 0x20, F.COVER_OPEN), (1, 0x08, F.CUTTER), (1, 0x20, F.UNRECOVERABLE), (2, 0x0C, F.PAPER_END)),
    near_end=(2, 0x03),
)


def query(number: int) -> bytes:
    """DLE EOT n."""
    return bytes((0x10, 0x04, number))


def decode(answers: Mapping[int, int], table: Table) -> PrinterStatus:
    """What a whole set of well-formed answers says."""
    faults = frozenset(_faults(answers, table))
    if not faults and table.queries and answers[1] & OFFLINE_BIT:
        faults = frozenset({F.OFFLINE})
    near = bool(answers[table.near_end[0]] & table.near_end[1])
    ticket = table.ticket is not None and bool(answers[table.ticket[0]] & table.ticket[1])
    return PrinterStatus(_paper(faults, near), faults, ticket)


def _faults(answers: Mapping[int, int], table: Table) -> Iterator[PrinterFault]:
    """An error that clears by itself is named only where nothing else explains it: an open cover raises that bit too."""
    named = {fault for number, mask, fault in table.faults if answers[number] & mask}
    return iter(named - {F.RECOVERABLE} or named)


def _paper(faults: frozenset[PrinterFault], near: bool) -> PaperState:
    if F.PAPER_END in faults:
        return PaperState.END
    return PaperState.NEAR_END if near else PaperState.OK


def decode_frame(frame: bytes, table: Table) -> PrinterStatus:
    """FULL STATUS or automatic status."""
    return decode(dict(enumerate(frame)), table)


def decode_port(bits: int) -> PrinterStatus:
    """The USB class's port status: coarse, and near end is not in it."""
    if bits & PORT_PAPER_EMPTY:
        return PrinterStatus(PaperState.END, frozenset({F.PAPER_END}))
    if bits & PORT_NO_ERROR and bits & PORT_SELECTED:
        return PrinterStatus(PaperState.OK)
    return PrinterStatus(PaperState.OK, frozenset({F.OFFLINE}))


def unknown(fault: PrinterFault) -> PrinterStatus:
    """Nothing is known but why."""
    return PrinterStatus(PaperState.UNKNOWN, frozenset({fault}))
