"""A supervisor who settles what a person has to decide, at a played till."""

from kiosk.domain import cases
from kiosk.domain.case_events import ResolveAsked
from kiosk.domain.people import Role
from kiosk.domain.receipts import CorrectionSlip
from tests.support.staff import sign_in, sign_out
from tests.support.world import RULES

REASON = "looked into it"


def open_cases(player, rules=RULES):
    """Case id → what may be done about it."""
    return {found.case.case_id: found.resolutions for found in cases.open_cases(player.state, rules)}


def settle(player, resolution, case_id="", reason=REASON, *, leaves=True):
    """Petar comes and settles a case, the oldest one if none is named. Returns its id."""
    wanted = case_id or next(iter(open_cases(player, player.till._rules)))
    if player.state.staff is None:
        sign_in(player, Role.SUPERVISOR)
    player.say(ResolveAsked(wanted, resolution, reason))
    player.settle()
    if leaves:
        sign_out(player)
    return wanted


def corrections_printed(world):
    """Every correction slip that went to the printer, in order."""
    return [slip for slip in world.printed if isinstance(slip, CorrectionSlip)]
