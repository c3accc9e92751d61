"""View-models of the screens for people with keys, beside those of `kiosk.screen.views` they share with buyers.

Answers for: the shapes between presenters and widgets. Does not answer for: where the text comes from, or how it looks.
"""

from dataclasses import dataclass

from kiosk.screen.views import BannerView, ButtonView, FramedView, NoteRowView, Pair, Tone


@dataclass(frozen=True, slots=True)
class LightView:
    """A part on the board. `state`: its light in a word; `reason`: why, and what to do."""

    role: str
    text: str
    tone: Tone
    state: str
    reason: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class BoardView(FramedView):
    """Every part of the kiosk at a glance. `heading`: all of it in a sentence; a banner takes its place."""

    heading: BannerView
    lights: tuple[LightView, ...]
    banner: BannerView | None


@dataclass(frozen=True, slots=True)
class CheckRowView:
    """What one check found, and what to do about it: empty when nothing."""

    tone: Tone
    text: str
    next_step: str


@dataclass(frozen=True, slots=True)
class PartView(FramedView):
    """One part. `note`: when it was looked at, and which page this is."""

    title: str
    tone: Tone
    state: str
    note: str
    rows: tuple[CheckRowView, ...]
    actions: tuple[ButtonView, ...]
    banner: BannerView | None


@dataclass(frozen=True, slots=True)
class ColumnView:
    """Rows under a label; `total` stands below a line when there is one. `prose`: values are sentences and wrap."""

    label: str
    rows: tuple[Pair, ...]
    total: Pair | None = None
    prose: bool = False


@dataclass(frozen=True, slots=True)
class SheetView(FramedView):
    """Figures and facts in one or two columns. `text` stands above them, `actions` below."""

    title: str
    text: str
    columns: tuple[ColumnView, ...]
    actions: tuple[ButtonView, ...]
    banner: BannerView | None


@dataclass(frozen=True, slots=True)
class HandsView(FramedView):
    """What to do with the hands, in large words. `sensor`: what the kiosk sees of it, as it happens."""

    title: str
    steps: tuple[str, ...]
    sensor: BannerView | None
    banner: BannerView | None


@dataclass(frozen=True, slots=True)
class LinesView(FramedView):
    """Lines of a log, as they were written."""

    title: str
    note: str
    lines: tuple[str, ...]
    actions: tuple[ButtonView, ...]
    banner: BannerView | None


@dataclass(frozen=True, slots=True)
class TrialView(FramedView):
    """Notes that are being tried, the latest first."""

    title: str
    text: str
    notes: tuple[NoteRowView, ...]
    no_notes: str
    banner: BannerView | None


@dataclass(frozen=True, slots=True)
class TouchView(FramedView):
    """The touch picture: `fields` of them over the whole window, `reached` are those that were touched."""

    text: str
    hint: str
    fields: int
    reached: frozenset[int]
