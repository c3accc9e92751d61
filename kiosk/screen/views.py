"""View-models: everything a screen shows, as text and flags ready to draw.

Answers for: the shapes between presenter and widgets. Does not answer for: where the text comes from, or how it looks.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a coloured area means. Never by colour alone: each has its own sign."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class ButtonView:
    """`role` is stable across languages: what tests, the demo and `glass.touched` know the button by."""

    role: str
    text: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class KeyView(ButtonView):
    """A key of the keyboard on the glass. `span`: how many columns of it the key is wide."""

    span: float = 1.0


@dataclass(frozen=True, slots=True)
class BannerView:
    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A label with its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Chrome:
    """What surrounds every screen. `step` counts from 0; -1: no steps are shown, `heading` is. `ease`: the fixed button."""

    heading: str
    steps: tuple[str, ...]
    step: int
    languages: tuple[ButtonView, ...]
    secondary: ButtonView | None
    primary: ButtonView | None
    hint: str
    terminal: str
    support: str
    ease: ButtonView | None = None


@dataclass(frozen=True, slots=True)
class DialogView:
    """A question over everything else; `alternative` may be missing. `remaining`: of the time to answer, 1 to 0, and `seconds` of
    it; -1: no hurry.
    """

    title: str
    text: str
    primary: ButtonView
    alternative: ButtonView | None = None
    remaining: float = -1.0
    seconds: int = -1


@dataclass(frozen=True, slots=True)
class FramedView:
    """What every screen has. The screens for people with keys are made from it (`staff.views`)."""

    chrome: Chrome
    dialog: DialogView | None


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A language by its own name (`text`), with what this kiosk does in it."""

    role: str
    text: str
    purpose: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class TileView:
    """Something to choose. `note`: a quieter word below. `leads`: to more choices."""

    role: str
    text: str
    note: str = ""
    leads: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class NoteRowView:
    value: str
    fate: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class WelcomeView:
    chrome: Chrome
    dialog: DialogView | None
    title: str
    steps: tuple[str, ...]
    promise: str
    choose: str
    choices: tuple[ChoiceView, ...]


@dataclass(frozen=True, slots=True)
class TilesView:
    """A choice of large tiles. `about`: what is being chosen for. `rows`: how many there is room for, two tiles each; one: two to
    six tiles fill the room. `strip`: small tiles below, under `strip_title`.
    """

    chrome: Chrome
    dialog: DialogView | None
    about: str
    title: str
    tiles: tuple[TileView, ...]
    rows: int
    banner: BannerView | None
    strip_title: str = ""
    strip: tuple[TileView, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryView:
    """`keys`: twelve, row by row, as on a telephone. `about`: what the number is for."""

    chrome: Chrome
    dialog: DialogView | None
    about: str
    title: str
    where: str
    number: str
    placeholder: str
    banner: BannerView | None
    keys: tuple[ButtonView, ...]


@dataclass(frozen=True, slots=True)
class TypingView:
    """As EntryView, with a keyboard: `rows` of keys, none wider than `columns`. `where`: what to type, and where to find it."""

    chrome: Chrome
    dialog: DialogView | None
    title: str
    where: str
    number: str
    placeholder: str
    banner: BannerView | None
    rows: tuple[tuple[KeyView, ...], ...]
    columns: int


@dataclass(frozen=True, slots=True)
class StatusView:
    """A sentence in the middle: checking, paying, out of service, no till. `others`: the same in other languages."""

    chrome: Chrome
    dialog: DialogView | None
    tone: Tone
    title: str
    text: str
    detail: str = ""
    others: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferView:
    """`loud`: the amount is the thing to look at. `alternative`: another way to pay."""

    chrome: Chrome
    dialog: DialogView | None
    title: str
    rows: tuple[Pair, ...]
    amount: Pair
    fee: BannerView
    leftover: str
    banner: BannerView | None
    loud: bool = True
    alternative: ButtonView | None = None


@dataclass(frozen=True, slots=True)
class CashView:
    """`amounts`: the one to look at, and two beside it. `paid_in_full`: nothing more is needed."""

    chrome: Chrome
    dialog: DialogView | None
    title: str
    amounts: tuple[Pair, Pair, Pair]
    paid_in_full: bool
    accepted_label: str
    accepted: tuple[str, ...]
    notes_label: str
    notes: tuple[NoteRowView, ...]
    no_notes: str
    banner: BannerView | None


@dataclass(frozen=True, slots=True)
class DoneView:
    """`reference` is what the buyer can quote to support."""

    chrome: Chrome
    dialog: DialogView | None
    tone: Tone
    title: str
    text: str
    rows: tuple[Pair, ...]
    reference: Pair
    receipt: BannerView


@dataclass(frozen=True, slots=True)
class ScreenReceiptView:
    """As DoneView, for a buyer without paper: `qr` is the receipt as text, to be photographed; `later`: paper all the same."""

    chrome: Chrome
    dialog: DialogView | None
    tone: Tone
    title: str
    text: str
    qr: str
    receipt: BannerView
    reference: Pair
    later: str
    rows: tuple[Pair, ...]


View = (
    WelcomeView
    | TilesView
    | EntryView
    | TypingView
    | StatusView
    | OfferView
    | CashView
    | DoneView
    | ScreenReceiptView
    | FramedView
)
