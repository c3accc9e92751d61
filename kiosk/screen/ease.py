"""The mode of this buyer: turned on and off by one touch or one key, and over with the visit. Pure.

Answers for: what the fixed button and the fixed key do, that a mode is one buyer's, and that the till is asked for time while it
is on. Does not answer for: what a mode looks like (`look`), the till's patience (the till).
"""

from dataclasses import replace

from kiosk.link.messages import Phase, Snapshot, TakeYourTime
from kiosk.screen.mode import ACCESSIBLE, NORMAL, Mode


def by_touch(mode: Mode) -> Mode:
    """The fixed button: large, clear, within reach; touched again: as for everybody."""
    return ACCESSIBLE if mode == NORMAL else NORMAL


def by_key(mode: Mode) -> Mode:
    """The fixed key: all of that, and spoken. Who has turned it on by touch and now finds the key wants the voice too."""
    return NORMAL if mode.spoken else replace(ACCESSIBLE, spoken=True)


def by_headset(mode: Mode, *, plugged: bool) -> Mode:
    """A headset was plugged in or out: a voice and no voice; what can be seen is changed once, with the voice."""
    return replace(ACCESSIBLE, spoken=True) if plugged else replace(mode, spoken=False)


def at_snapshot(mode: Mode, before: Snapshot | None, now: Snapshot) -> Mode:
    """The mode ends with the visit, or when the till has waited in vain for who turned it on."""
    if before is None or now.phase is not Phase.WELCOME:
        return mode
    is_over = before.phase is not Phase.WELCOME or (before.unhurried and not now.unhurried)
    return NORMAL if is_over else mode


def time_wanted(mode: Mode, before: Snapshot | None, now: Snapshot) -> TakeYourTime | None:
    """What to tell a till that has forgotten: it has been away, or was started again within a visit."""
    forgot = mode != NORMAL and not now.unhurried and (before is None or before.unhurried)
    return TakeYourTime(wanted=True) if forgot else None
