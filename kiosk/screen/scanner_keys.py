"""Scans out of keystrokes: a scanner that poses as a keyboard types far faster than fingers do, and ends with Enter. Pure.

Answers for: which run of characters was a scan. Does not answer for: what was scanned (the till), which key is which (`keys`).
Times are those at which the screen came to see a key, so a frame that took long hands over several keys at once; what tells a
scanner is therefore its speed over the whole scan, and no single gap.
"""

from dataclasses import dataclass

CHARACTERS_MIN = 6  #: shorter than any number that is printed as a code
CHARACTERS_MAX = 400  #: the signed statement of a slip has about 150
PAUSE_S = 0.25  #: after it a new run begins; an idle screen looks ten times a second
CHARACTER_S = 0.05  #: on average, and a slow scanner takes 0.02 s; the fastest typist about 0.1 s
FRAME_S = 0.1  #: how much later than it was struck a key may be seen


@dataclass(frozen=True, slots=True)
class Run:
    """Characters in quick succession. `spoilt`: they are too many for a scan."""

    text: str = ""
    first_s: float = 0.0
    last_s: float = 0.0
    spoilt: bool = False


NO_RUN = Run()


def struck(run: Run, character: str, now_s: float) -> Run:
    """One more character. `now_s`: any clock that only grows."""
    if not run.text or now_s - run.last_s > PAUSE_S:
        return Run(character, now_s, now_s)
    if len(run.text) >= CHARACTERS_MAX:
        return Run(run.text, run.first_s, now_s, spoilt=True)
    return Run(run.text + character, run.first_s, now_s, run.spoilt)


def scan_of(run: Run, now_s: float) -> str:
    """What was scanned, when Enter ends `run`; empty when fingers typed it."""
    is_quick = now_s - run.first_s <= len(run.text) * CHARACTER_S + FRAME_S and now_s - run.last_s <= PAUSE_S
    return run.text if len(run.text) >= CHARACTERS_MIN and is_quick and not run.spoilt else ""
