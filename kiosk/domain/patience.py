"""How long the till waits for a buyer before it acts by itself.

Answers for: whose waits are a buyer's, how far they are stretched for who asked for time, and that no wait outlives the offer.
Does not answer for: the seconds of each phase (`decide.phase_seconds`), what happens when they are over (`advance`).
"""

from kiosk.domain import moves
from kiosk.domain.rules import MICROSECONDS, Now, Rules
from kiosk.domain.session import Phase, Session
from kiosk.domain.state import State

CLOSE_BEFORE_EXPIRY_US = 5 * MICROSECONDS  #: cash ends this long before the quote does

#: Phases in which the till waits for the buyer: they are told how long they have, and may have more. WELCOME is one only for
#: who asked for time and then said nothing. In all others the till waits for a machine.
TIMED = frozenset({Phase.WELCOME, Phase.ENTRY, Phase.FOUND, Phase.OFFER, Phase.CASH, Phase.DONE})
#: The same for who is signed in; nothing is stretched for them.
STAFFED = frozenset({Phase.SERVICE, Phase.NOTE_TEST})
COUNTED = TIMED | STAFFED  #: where whoever stands there is told how long they have


def stretched(seconds: float | None, session: Session, rules: Rules) -> float | None:
    """`seconds` of the session's phase, for this buyer."""
    if seconds is None or session.phase not in TIMED:
        return seconds
    return seconds * rules.unhurried_factor if session.unhurried else seconds


def deadline(state: State, seconds: float, now: Now) -> moves.DeadlineSet:
    """So many seconds from now, but cash ends with the offer, and then no more time can be had."""
    order = state.session.order
    if state.session.phase is not Phase.CASH or order is None:
        return moves.DeadlineSet(now.mono_s + seconds)
    offer_s = (order.expires_at_us - CLOSE_BEFORE_EXPIRY_US - now.utc_us) / MICROSECONDS
    return moves.DeadlineSet(now.mono_s + max(0.0, min(seconds, offer_s)), last=offer_s <= seconds)
