"""The screen: whether one is there, and what the touch test found. Nobody but a person in front of it can tell whether it shines.

Answers for: cause from what the till knows. Does not answer for: the touch test itself (the screen draws it).
"""

from kiosk.diagnosis.rounds import Looked
from kiosk.domain.diagnosis_facts import TouchTested
from kiosk.domain.findings import Finding, FindingCode, finding


def look(screens: int | None, touch: TouchTested | None) -> Looked:
    """`screens`: connected to the till, None without a till. `touch`: the last test, if there was one."""
    return (_connected(screens), _touched(touch)), ()


def _connected(screens: int | None) -> Finding:
    if screens is None:
        return finding(FindingCode.SCREEN_UNKNOWN)
    return finding(FindingCode.SCREEN_CONNECTED if screens else FindingCode.SCREEN_AWAY)


def _touched(touch: TouchTested | None) -> Finding:
    if touch is None:
        return finding(FindingCode.TOUCH_UNTESTED)
    if touch.missed:
        return finding(FindingCode.TOUCH_MISSES, missed=touch.missed, fields=touch.fields)
    return finding(FindingCode.TOUCH_GOOD, fields=touch.fields)
