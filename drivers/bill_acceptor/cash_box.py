"""Where the cash box is, derived from what a unit of any protocol tells: out, in place, full.

Answers for: telling a change once. Does not answer for: what a box holds, or who took it.
"""

from drivers.bill_acceptor.interface import (
    AcceptorEvent,
    CashBoxCondition,
    CashBoxSeen,
    Fault,
    FaultCleared,
    FaultReason,
    Ready,
)

CONDITIONS = {FaultReason.CASSETTE_OUT: CashBoxCondition.OUT, FaultReason.CASSETTE_FULL: CashBoxCondition.FULL}


class CashBoxWatch:
    """Hears every event of one unit. A box that was in place from the start is not news."""

    def __init__(self) -> None:
        self._known = CashBoxCondition.IN

    def __repr__(self) -> str:
        return f"<cash box {self._known}>"

    def hear(self, event: AcceptorEvent) -> CashBoxSeen | None:
        """The change that `event` means, if it means one."""
        match event:
            case Fault(reason=reason) if reason in CONDITIONS:
                seen = CONDITIONS[reason]
            case Ready() | FaultCleared():
                seen = CashBoxCondition.IN
            case _:
                return None
        if seen is self._known:
            return None
        self._known = seen
        return CashBoxSeen(seen)
