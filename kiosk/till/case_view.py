"""Cases as whoever may settle them sees them.

Answers for: their shape on the link. Does not answer for: which there are (`domain.cases`), who may look (`staff_view`).
"""

from kiosk.domain import cases
from kiosk.domain.rules import Rules
from kiosk.domain.state import State
from kiosk.link import staff as m


def case_views(state: State, rules: Rules) -> tuple[m.CaseView, ...]:
    """The oldest first."""
    return tuple(_view(found) for found in cases.open_cases(state, rules))


def _view(found: cases.Open) -> m.CaseView:
    case = found.case
    return m.CaseView(
        case.case_id, case.kind, case.amount_minor, case.currency, case.at_us, case.about, found.resolutions
    )
