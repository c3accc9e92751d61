"""The board of all parts, and the pages of one part: what was checked, what it is. Pure.

Answers for: lights with reason and next step in words, pages that never overflow. Does not answer for: words of findings.
"""

from collections.abc import Iterable, Mapping, Sequence

from kiosk.domain.receipts import Device, Verdict
from kiosk.findings import FindingWords
from kiosk.link.staff import Act, CheckView, StaffView
from kiosk.link.staff import PartView as Part
from kiosk.screen.amounts import clipped
from kiosk.screen.chrome import button
from kiosk.screen.seen import Seen
from kiosk.screen.staff.around import around, at_home, dialog, latched, staff_of, told
from kiosk.screen.staff.moments import minute_text
from kiosk.screen.staff.phrases import TONES
from kiosk.screen.staff.views import BoardView, CheckRowView, ColumnView, LightView, PartView, SheetView
from kiosk.screen.views import BannerView, ButtonView, Pair, Tone

REASON_LETTERS_MAX = 66
FACT_LETTERS_MAX, WORD_LETTERS_MAX = 120, 36
ROOM, BANNER_LINES = 9, 2  #: lines of checks on one page, and how many a banner takes of them
LINE_LETTERS = 58
FACTS_MAX = 9  #: on one page

#: The worst first.
GRAVITY = (Verdict.BAD, Verdict.WARNING, Verdict.UNKNOWN, Verdict.GOOD)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest of them; unknown where there is none."""
    return min(verdicts, key=GRAVITY.index, default=Verdict.UNKNOWN)


def board(seen: Seen) -> BoardView:
    """Every part, in the order of the enum."""
    say, staff, words = seen.say, staff_of(seen), FindingWords.of(seen.say.language)
    parts = {part.device: part for part in staff.parts}
    lights = [_light(seen, words, device, parts.get(device)) for device in Device]
    if at_home(seen):
        lights.append(LightView("staff:page:tasks", say("All tasks"), Tone.PLAIN, "", ""))
    checking = any(part.checking for part in staff.parts)
    return BoardView(
        chrome=around(
            seen,
            primary=button(
                "staff:check:", say("Checking…") if checking else say("Check everything"), enabled=not checking
            ),
        ),
        dialog=dialog(seen),
        heading=lights_banner(seen),
        lights=tuple(lights),
        banner=told(seen) or latched(seen),
    )


def summary(seen: Seen) -> str:
    """The whole kiosk in a sentence."""
    say, staff = seen.say, staff_of(seen)
    words = FindingWords.of(say.language)
    bad = [words.device(part.device) for part in staff.parts if part.verdict is Verdict.BAD]
    if bad:
        return say("Fault: {parts}", parts=", ".join(bad))
    soon = [words.device(part.device) for part in staff.parts if part.verdict is Verdict.WARNING]
    if soon:
        return say("Look after it soon: {parts}", parts=", ".join(soon))
    known = overall(staff) is Verdict.GOOD
    return say("Everything is in order") if known else say("Not everything has been checked yet")


def overall(staff: StaffView) -> Verdict:
    """The worst of all parts there are; one the till says nothing of is not known."""
    verdicts = {part.device: part.verdict for part in staff.parts}
    return worst(verdicts.get(device, Verdict.UNKNOWN) for device in Device)


def _light(seen: Seen, words: FindingWords, device: Device, part: Part | None) -> LightView:
    role, name = f"staff:part:{device.value}", words.device(device)
    if part is None:
        return LightView(role, name, Tone.PLAIN, words.light(Verdict.UNKNOWN), seen.say("Not checked yet."))
    if part.checking:
        return LightView(role, name, Tone.BUSY, "…", seen.say("Checking…"))
    return LightView(role, name, TONES[part.verdict], words.light(part.verdict), _reason(words, part))


def _reason(words: FindingWords, part: Part) -> str:
    """What the worst check found, and what to do where there is room for it; where all is well, nothing more is to be read."""
    if part.verdict is Verdict.GOOD or not part.checks:
        return ""
    finding = min(part.checks, key=lambda one: GRAVITY.index(one.verdict)).finding
    found = words.found(finding.code, finding.values)
    whole = f"{found} {words.next_step(finding.code, finding.values)}".strip()
    return whole if len(whole) <= REASON_LETTERS_MAX else clipped(found, REASON_LETTERS_MAX)


def part_of(seen: Seen) -> Part:
    """The part whose page is shown; one nobody has looked at where the till tells nothing of it."""
    device = seen.glass.desk.device
    return next((part for part in staff_of(seen).parts if part.device is device), Part(device, Verdict.UNKNOWN, ()))


# --- one part -----------------------------------------------------------------------------------------------------


def part_page(seen: Seen) -> PartView:
    """What was checked, one line a check, in the order it was done."""
    say, part = seen.say, part_of(seen)
    words = FindingWords.of(say.language)
    banner = told(seen) or (latched(seen) if part.device is Device.ACCEPTOR else None)
    pages = in_pages([_row(words, check) for check in part.checks], ROOM - BANNER_LINES * bool(banner))
    shown = min(seen.glass.desk.turned, len(pages) - 1)
    primary = button("staff:check:" + part.device.value, say("Check again"), enabled=not part.checking)
    return PartView(
        chrome=around(seen, primary=primary),
        dialog=dialog(seen),
        title=words.device(part.device),
        tone=Tone.BUSY if part.checking else TONES[part.verdict],
        state=say("Checking…") if part.checking else words.light(part.verdict),
        note=_note(seen, part, shown, len(pages)),
        rows=pages[shown],
        actions=_actions(seen, part, shown, len(pages)),
        banner=banner,
    )


def _row(words: FindingWords, check: CheckView) -> CheckRowView:
    found = words.found(check.finding.code, check.finding.values)
    return CheckRowView(TONES[check.verdict], found, words.next_step(check.finding.code, check.finding.values))


def _lines(row: CheckRowView) -> int:
    """How many lines it takes, at the least."""
    return sum(-(-len(text) // LINE_LETTERS) for text in (row.text, row.next_step))


def in_pages(rows: Sequence[CheckRowView], room: int) -> tuple[tuple[CheckRowView, ...], ...]:
    """As many rows on a page as there is room for; at least one page."""
    pages: list[list[CheckRowView]] = [[]]
    for row in rows:
        if pages[-1] and sum(map(_lines, pages[-1])) + _lines(row) > room:
            pages.append([])
        pages[-1].append(row)
    return tuple(tuple(page) for page in pages)


def _note(seen: Seen, part: Part, shown: int, pages: int) -> str:
    say = seen.say
    when = (
        say("Checked at {time}", time=minute_text(part.at_us, say.language)) if part.at_us else say("Not checked yet.")
    )
    return f"{when} · {say('Page {page} of {pages}', page=shown + 1, pages=pages)}" if pages > 1 else when


def _actions(seen: Seen, part: Part, shown: int, pages: int) -> tuple[ButtonView, ...]:
    """What can be done about this part, as far as the person may."""
    say, staff = seen.say, staff_of(seen)
    found = list(_own_actions(seen, staff).get(part.device, ()))
    if part.facts:
        found.append(button("staff:page:facts", say("Details")))
    if pages > 1:
        found.append(button(f"staff:turn:{1 if shown + 1 < pages else -shown}", say("More")))
    return tuple(found)


def _own_actions(seen: Seen, staff: StaffView) -> Mapping[Device, Sequence[ButtonView]]:
    say = seen.say
    tries = [button("staff:page:notes", say("Try banknotes"))] if Act.TRY_NOTES in staff.may else []
    resumes = (
        [button("staff:page:resume", say("Take notes again"))] if staff.latched and Act.RESUME in staff.may else []
    )
    return {
        Device.ACCEPTOR: [*resumes, *tries],
        Device.PRINTER: [button("staff:test_page", say("Print a test page"))],
        Device.SCREEN: [button("staff:page:touch", say("Touch picture"))],
    }


def facts_page(seen: Seen) -> SheetView:
    """What the part is: model, firmware, denominations, counters."""
    say, part = seen.say, part_of(seen)
    words = FindingWords.of(say.language)
    rows = [Pair(words.fact(code), _readable(value) or "—") for code, value in part.facts]
    return SheetView(
        chrome=around(seen),
        dialog=dialog(seen),
        title=words.device(part.device),
        text="",
        columns=(ColumnView("", tuple(rows[:FACTS_MAX]), prose=True),),
        actions=(),
        banner=told(seen),
    )


def _readable(value: str) -> str:
    """A long name without spaces is told by its end."""
    words = (word if len(word) <= WORD_LETTERS_MAX else "…" + word[1 - WORD_LETTERS_MAX :] for word in value.split())
    return clipped(" ".join(words), FACT_LETTERS_MAX)


def lights_banner(seen: Seen) -> BannerView:
    """The whole kiosk, for whoever has more to do than look at parts."""
    return BannerView(TONES[overall(staff_of(seen))], summary(seen))
