"""Snapshot and desk → the view-model of one screen for people with keys. Pure.

Answers for: which page is shown. Does not answer for: the pages (a module each), what a touch means (`touches`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kiosk.screen.seen import Seen
from kiosk.screen.staff.around import staff_of
from kiosk.screen.staff.board import board, facts_page, part_page
from kiosk.screen.staff.cases import case_confirm, case_page, case_reason, cases_page
from kiosk.screen.staff.cash import cash_page
from kiosk.screen.staff.collection import collection_page
from kiosk.screen.staff.desk import Page, page
from kiosk.screen.staff.entrance import entrance
from kiosk.screen.staff.tasks import (
    copy_by,
    copy_name,
    copy_reason,
    log_page,
    own_reason,
    restart_page,
    resume_page,
    tasks,
)
from kiosk.screen.staff.touches import language
from kiosk.screen.staff.trials import notes_page, touch_picture
from kiosk.screen.views import View
from kiosk.screen.words import Words


def _in_their_language(seen: Seen) -> Seen:
    return replace(seen, say=Words.of(language(seen.glass.desk, seen.snapshot)))


def signing_in(seen: Seen) -> View | None:
    """The screen of whoever is signing in; None while nobody is."""
    form = seen.glass.desk.form
    return entrance(_in_their_language(seen), form) if form is not None else None


def service(seen: Seen) -> View:
    """The page somebody with a key is on."""
    return _PAGES[page(seen.glass.desk, staff_of(seen))](_in_their_language(seen))


_PAGES: Mapping[Page, Callable[[Seen], View]] = {
    Page.TASKS: tasks,
    Page.BOARD: board,
    Page.PART: part_page,
    Page.FACTS: facts_page,
    Page.NOTES: notes_page,
    Page.TOUCH: touch_picture,
    Page.LOG: log_page,
    Page.RESTART: restart_page,
    Page.RESUME: resume_page,
    Page.OWN_REASON: own_reason,
    Page.COPY_BY: copy_by,
    Page.COPY_NAME: copy_name,
    Page.COPY_REASON: copy_reason,
    Page.CASH: cash_page,
    Page.COLLECTION: collection_page,
    Page.CASES: cases_page,
    Page.CASE: case_page,
    Page.CASE_REASON: case_reason,
    Page.CASE_CONFIRM: case_confirm,
}
