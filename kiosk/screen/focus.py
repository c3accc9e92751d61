"""Which control the keys mean. Pure: places in, a role out.

Answers for: the order of controls, moving among them, keeping the focus where it was while the screen stays the same. Does not
answer for: which controls there are and where (`stage`), the ring (`widgets.button`), what choosing one means (`glass`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """A control that can be chosen: its role and its place in the window, pixels from the bottom left."""

    role: str
    x_px: float
    y_px: float
    width_px: float
    height_px: float

    @property
    def middle_px(self) -> tuple[float, float]:
        return self.x_px + self.width_px / 2, self.y_px + self.height_px / 2


def kept(stops: tuple[Stop, ...], role: str) -> str:
    """The control that has the focus now: the same one, or the first; empty where there is none."""
    return role if any(stop.role == role for stop in stops) else (stops[0].role if stops else "")


def stepped(stops: tuple[Stop, ...], role: str, step: int) -> str:
    """The next control (1) or the one before (-1), in reading order; after the last comes the first."""
    roles = [stop.role for stop in stops]
    if role not in roles:
        return kept(stops, role)
    return roles[(roles.index(role) + step) % len(roles)]


def climbed(stops: tuple[Stop, ...], role: str, direction: int) -> str:
    """The nearest control above (1) or below (-1); where there is none, the one before or the next."""
    here = next((stop for stop in stops if stop.role == role), None)
    if here is None:
        return kept(stops, role)
    beyond = [stop for stop in stops if _lies_beyond(here, stop, direction)]
    if not beyond:
        return stepped(stops, role, -direction)
    return min(beyond, key=lambda stop: _distance(here, stop)).role


def _lies_beyond(here: Stop, there: Stop, direction: int) -> bool:
    """A whole row above or below, not merely a little higher."""
    if direction > 0:
        return there.y_px >= here.y_px + here.height_px - 1
    return there.y_px + there.height_px <= here.y_px + 1


def _distance(here: Stop, there: Stop) -> tuple[float, float]:
    """By rows first: what is a row away is nearer than what stands straight above but further."""
    (x_px, y_px), (there_x_px, there_y_px) = here.middle_px, there.middle_px
    rows = round(abs(there_y_px - y_px) / max(1.0, here.height_px))
    return rows, abs(there_x_px - x_px)
