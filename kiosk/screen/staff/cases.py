"""What a supervisor settles: the list, one case, its resolution, why, and what that moves. Pure.

Answers for: from where to where money goes, in plain words, before it goes. Does not answer for: accounts (`domain.ledger`).
"""

from kiosk.link.staff import CaseView
from kiosk.screen.amounts import clipped
from kiosk.screen.chrome import button
from kiosk.screen.seen import Seen
from kiosk.screen.staff.around import around, dialog, listed, staff_of, told
from kiosk.screen.staff.moments import moment_text
from kiosk.screen.staff.phrases import CASE_REASONS, CASES, RESOLUTIONS
from kiosk.screen.staff.tasks import REASON_ROWS, reasons
from kiosk.screen.staff.views import ColumnView, SheetView
from kiosk.screen.views import Pair, StatusView, TilesView, TileView, Tone

CASES_MAX = 2 * REASON_ROWS
FEW_RESOLUTIONS = 3  #: beside one another, as large as there is room
ABOUT_LETTERS_MAX = 40


def cases_page(seen: Seen) -> TilesView | StatusView:
    """All that are open, as the till orders them."""
    say, cases = seen.say, staff_of(seen).cases
    made, shown = listed(seen, len(cases), CASES_MAX)
    if not cases:
        text = say("Every note and every payment has its place in the books.")
        return StatusView(made, dialog(seen), Tone.GOOD, say("Nothing is open"), text)
    return TilesView(
        chrome=made,
        dialog=dialog(seen),
        about="",
        title=say("Open cases"),
        tiles=tuple(_tile(seen, case) for case in cases[shown]),
        rows=REASON_ROWS,
        banner=told(seen),
    )


def _tile(seen: Seen, case: CaseView) -> TileView:
    what = f"{seen.amount(case.amount_minor, case.currency)} · {seen.say(CASES[case.kind][0])}"
    when = moment_text(case.at_us, seen.say.language)
    return TileView(
        f"staff:case:{case.case_id}", what, f"{when} · {clipped(case.about, ABOUT_LETTERS_MAX)}", leads=True
    )


def chosen_case(seen: Seen) -> CaseView | None:
    """The case that is being settled, as long as it is open."""
    wanted = seen.glass.desk.settling.case_id
    return next((case for case in staff_of(seen).cases if case.case_id == wanted), None)


def _gone(seen: Seen) -> StatusView:
    say = seen.say
    return StatusView(
        around(seen), dialog(seen), Tone.PLAIN, say("This case is not open any more"), say("Go back to the list.")
    )


def case_page(seen: Seen) -> TilesView | StatusView:
    """What it came from, and what can be decided."""
    say, case = seen.say, chosen_case(seen)
    if case is None:
        return _gone(seen)
    return TilesView(
        chrome=around(seen),
        dialog=dialog(seen),
        about=_about(seen, case),
        title=say("What was found out?"),
        tiles=tuple(
            TileView(f"staff:resolution:{resolution}", say(RESOLUTIONS[resolution][0]), say(RESOLUTIONS[resolution][1]))
            for resolution in case.resolutions
        ),
        rows=1 if len(case.resolutions) <= FEW_RESOLUTIONS else REASON_ROWS,
        banner=told(seen),
    )


def _about(seen: Seen, case: CaseView) -> str:
    what = f"{seen.say(CASES[case.kind][0])}: {seen.amount(case.amount_minor, case.currency)}"
    return f"{what} · {moment_text(case.at_us, seen.say.language)} · {clipped(case.about, ABOUT_LETTERS_MAX)}"


def case_reason(seen: Seen) -> TilesView | StatusView:
    """Why it is so: it stands on the slip and in the journal."""
    case, resolution = chosen_case(seen), seen.glass.desk.settling.resolution
    if case is None or resolution is None:
        return _gone(seen)
    return reasons(seen, seen.say("How is that known?"), _about(seen, case), CASE_REASONS[resolution])


def case_confirm(seen: Seen) -> SheetView | StatusView:
    """What is booked, from where to where, before it is."""
    say, case, chosen = seen.say, chosen_case(seen), seen.glass.desk.settling
    if case is None or chosen.resolution is None:
        return _gone(seen)
    rows = (
        Pair(say("Amount"), seen.amount(case.amount_minor, case.currency)),
        Pair(say("From"), say(CASES[case.kind][1])),
        Pair(say("To"), say(RESOLUTIONS[chosen.resolution][1])),
        Pair(say("Because"), chosen.reason),
        Pair(say("It came from"), clipped(case.about, ABOUT_LETTERS_MAX)),
        Pair(say("Decided by"), staff_of(seen).person),
    )
    return SheetView(
        chrome=around(seen, primary=button("staff:settle", say("Book it"))),
        dialog=dialog(seen),
        title=say("Is everything right?"),
        text=say("It is recorded for good and printed on a slip. A mistake is put right by another entry."),
        columns=(ColumnView("", rows, prose=True),),
        actions=(),
        banner=told(seen),
    )
