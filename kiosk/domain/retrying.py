"""When something that has no final answer yet goes out again.

Answers for: full jitter under a cap, and moments that a wrong clock never falsifies. Does not answer for: sending (`advance`).
"""

from kiosk.domain.decision import Context
from kiosk.domain.rules import MICROSECONDS, Rules

OUTBOX_DOUBLINGS_MAX = 16  #: base · 2¹⁶ is past any cap we allow


def retry_delay_s(attempt: int, not_before_s: float, nonce: int, rules: Rules) -> float:
    """Full jitter over min(cap, base·2ⁿ), never sooner than the far end asked, never later than the cap."""
    ceiling = min(rules.outbox_cap_s, rules.outbox_base_s * (1 << min(attempt, OUTBOX_DOUBLINGS_MAX)))
    jitter = (nonce % MICROSECONDS) / MICROSECONDS
    return min(rules.outbox_cap_s, max(not_before_s, ceiling * jitter))


def known_us(c: Context) -> int:
    """The moment, if the clock is known to be right; else 0."""
    return c.now.utc_us if c.state.devices.clock_trusted else 0


def next_at_us(c: Context, attempt: int, not_before_s: float) -> int:
    """When attempt number `attempt` + 1 is due."""
    return c.now.utc_us + int(retry_delay_s(attempt, not_before_s, c.now.nonce, c.rules) * MICROSECONDS)
