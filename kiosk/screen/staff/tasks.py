"""What there is to do, by role, and the small tasks: log, restart, taking notes again, copies of receipts. Pure.

Answers for: every word on these screens. Does not answer for: parts (`board`), the box (`cash`, `collection`), cases (`cases`).
"""

from collections.abc import Iterator, Sequence
from functools import partial
from textwrap import wrap

from kiosk.domain.codes import CODE_CHARACTERS, in_groups
from kiosk.link.service import ReceiptBy
from kiosk.link.staff import Act, StaffView
from kiosk.screen.amounts import grouped
from kiosk.screen.chrome import button
from kiosk.screen.keyboards import COLUMNS
from kiosk.screen.seen import Seen
from kiosk.screen.staff import typing
from kiosk.screen.staff.around import around, dialog, latched, listed, staff_of, told
from kiosk.screen.staff.board import lights_banner, summary
from kiosk.screen.staff.desk import Page, home, is_under_way
from kiosk.screen.staff.keys import code_keys, digits, word_keys
from kiosk.screen.staff.phrases import COPY_BY, COPY_REASONS, RESTARTS, RESUME_REASONS
from kiosk.screen.staff.views import LinesView
from kiosk.screen.views import BannerView, EntryView, TilesView, TileView, Tone, TypingView

TASK_ROWS, REASON_ROWS = 4, 3
FEW = 2  #: tiles that may be as large as there is room
BLANK = "_"
LOG_LINES_MAX, LOG_LETTERS_MAX = 9, 72


def tasks(seen: Seen) -> TilesView:
    """All this person may do; the most urgent first."""
    tiles = tuple(_tiles(seen, staff_of(seen)))
    banner = told(seen) or _urgent(seen)
    rows = TASK_ROWS - bool(banner)
    made, shown = listed(seen, len(tiles), 2 * rows)
    return TilesView(
        chrome=made,
        dialog=dialog(seen),
        about="",
        title=seen.say("What would you like to do?"),
        tiles=tiles[shown],
        rows=1 if len(tiles) <= FEW else rows,
        banner=banner,
    )


def _urgent(seen: Seen) -> BannerView | None:
    """What nobody should overlook."""
    staff, say = staff_of(seen), seen.say
    if staff.collection and not staff.collection.attended:
        return BannerView(Tone.BAD, say("The cash box was taken out while nobody was signed in."))
    lights = lights_banner(seen)
    return latched(seen) or (lights if Act.DIAGNOSE in staff.may and lights.tone is Tone.BAD else None)


def _tiles(seen: Seen, staff: StaffView) -> Iterator[TileView]:
    say, may = seen.say, staff.may
    if Act.RESUME in may and staff.latched:
        yield TileView("staff:page:resume", say("Take banknotes again"), say("Acceptance was stopped"))
    if Act.COLLECT in may:
        yield TileView("staff:page:collection", say("Collection"), _collection_note(seen, staff))
    if Act.SEE_CASH in may:
        yield TileView("staff:page:cash", say("What is in the box"), say("A look: nothing is closed"))
    if Act.RESOLVE in may:
        yield TileView("staff:page:cases", say("Open cases"), say("Open: {count}", count=len(staff.cases)))
    if Act.DIAGNOSE in may and home(staff) is not Page.BOARD:
        yield TileView("staff:page:board", say("Diagnosis"), summary(seen))
    if Act.COPY_RECEIPT in may:
        yield TileView("staff:page:copy_by", say("Copy of a receipt"), say("Marked as a copy"))
    if Act.DIAGNOSE in may:
        yield TileView("staff:report", say("Service report"), say("What was tested, signed and printed"))
        yield TileView("staff:page:log", say("Log"), say("The last lines of the till"))
    if Act.RESTART in may:
        yield TileView("staff:page:restart", say("Restart"), say("Only while nobody is paying"))


def _collection_note(seen: Seen, staff: StaffView) -> str:
    return (
        seen.say("It was begun: go on")
        if is_under_way(staff.collection)
        else seen.say("Take the cash box, get the slip")
    )


# --- taking notes again, restart, log -----------------------------------------------------------------------------


def reasons(seen: Seen, title: str, about: str, texts: Sequence[str]) -> TilesView:
    """Why it is done: chosen, so that a collection of reasons can be counted."""
    return TilesView(
        chrome=around(seen),
        dialog=dialog(seen),
        about=about,
        title=title,
        tiles=(*(TileView(f"staff:reason:{number}", seen.say(text)) for number, text in enumerate(texts)), _own(seen)),
        rows=REASON_ROWS,
        banner=told(seen),
    )


def _own(seen: Seen) -> TileView:
    return TileView("staff:page:own_reason", seen.say("Another reason"), seen.say("In your own words"), leads=True)


def own_reason(seen: Seen) -> TypingView:
    """A reason nobody had thought of, typed."""
    desk, say = seen.glass.desk, seen.say
    return TypingView(
        chrome=around(seen, primary=button("staff:enter", say("Next"), enabled=typing.is_ready(desk, staff_of(seen)))),
        dialog=dialog(seen),
        title=say("The reason, in your own words"),
        where=say("It is recorded with your name."),
        number=desk.text,
        placeholder=say("reason"),
        banner=told(seen),
        rows=word_keys(
            say, desk.text, desk.layout, seen.snapshot.languages, partial(typing.fits, desk, staff_of(seen))
        ),
        columns=COLUMNS,
    )


def resume_page(seen: Seen) -> TilesView:
    """Why notes may be taken again after an unexpected fault."""
    say = seen.say
    return TilesView(
        chrome=around(seen),
        dialog=dialog(seen),
        about="",
        title=say("Why may banknotes be taken again?"),
        tiles=(
            *(TileView(f"staff:ask:resume:{number}", say(text)) for number, text in enumerate(RESUME_REASONS)),
            _own(seen),
        ),
        rows=REASON_ROWS,
        banner=told(seen) or latched(seen),
    )


def restart_page(seen: Seen) -> TilesView:
    """Which of the two programs."""
    say = seen.say
    return TilesView(
        chrome=around(seen),
        dialog=dialog(seen),
        about="",
        title=say("What should be restarted?"),
        tiles=tuple(
            TileView(f"staff:ask:restart:{part}", say(title), say(text)) for part, (title, text) in RESTARTS.items()
        ),
        rows=1,
        banner=told(seen),
    )


def log_page(seen: Seen) -> LinesView:
    """The latest lines first page; a page back is older."""
    say, lines = seen.say, _wrapped(staff_of(seen).log)
    pages = max(1, -(-len(lines) // LOG_LINES_MAX))
    turned = min(seen.glass.desk.turned, pages - 1)
    end = len(lines) - turned * LOG_LINES_MAX
    older = button("staff:turn:1", say("Older"), enabled=turned + 1 < pages)
    newer = button("staff:turn:-1", say("Newer"), enabled=turned > 0)
    return LinesView(
        chrome=around(seen, primary=button("staff:log", say("Read again"))),
        dialog=dialog(seen),
        title=say("Log"),
        note=say("Page {page} of {pages}", page=pages - turned, pages=pages),
        lines=lines[max(0, end - LOG_LINES_MAX) : end] or (say("Nothing has been read yet."),),
        actions=(older, newer) if pages > 1 else (),
        banner=told(seen),
    )


def _wrapped(lines: Sequence[str]) -> tuple[str, ...]:
    """Long ones go on below, further in."""
    return tuple(part for line in lines for part in wrap(line, LOG_LETTERS_MAX, subsequent_indent="      ") or [""])


# --- copies of receipts -------------------------------------------------------------------------------------------


def copy_by(seen: Seen) -> TilesView:
    """What the buyer has of the receipt."""
    say = seen.say
    return TilesView(
        chrome=around(seen),
        dialog=dialog(seen),
        about="",
        title=say("A copy of which receipt?"),
        tiles=tuple(TileView(f"staff:by:{by}", say(text), say(note)) for by, (text, note) in COPY_BY.items()),
        rows=REASON_ROWS,
        banner=told(seen),
    )


def copy_name(seen: Seen) -> EntryView | TypingView:
    """The number or code it is found by."""
    desk, say = seen.glass.desk, seen.say
    text, note = COPY_BY[ReceiptBy(desk.copying.by)]
    primary = button("staff:enter", say("Next"), enabled=typing.is_ready(desk, staff_of(seen)))
    if ReceiptBy(desk.copying.by) is ReceiptBy.CODE:
        return TypingView(
            chrome=around(seen, primary=primary),
            dialog=dialog(seen),
            title=say(text),
            where=say(note),
            number=in_groups(desk.text),
            placeholder=in_groups(BLANK * CODE_CHARACTERS),
            banner=told(seen),
            rows=code_keys(say, desk.text, partial(typing.fits, desk, staff_of(seen))),
            columns=COLUMNS,
        )
    return EntryView(
        chrome=around(seen, primary=primary),
        dialog=dialog(seen),
        about="",
        title=say(text),
        where=say(note),
        number=grouped(desk.text),
        placeholder=say("number"),
        banner=told(seen),
        keys=digits(say, desk.text),
    )


def copy_reason(seen: Seen) -> TilesView:
    """Why it is printed: it stands on the copy."""
    return reasons(seen, seen.say("Why is a copy needed?"), "", COPY_REASONS)
