"""A buyer's ways through the screens, as lists of steps: what is touched, what the till says, and where it leads.

A touch is only made where its button is on the screen and on; so every list is also a proof that the way is there.
"""

from collections.abc import Iterator, Mapping

import pytest
from msgspec.structs import replace

from kiosk.domain.catalogue import NO_CATALOGUE, Catalogue
from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.glass import Glass
from kiosk.screen.presenter import present
from kiosk.screen.scenes import BUYERS, SCENES, in_language
from kiosk.screen.scenes.codes import FOUND, MONEY, OFFER_WITH, PAYING_WITH
from kiosk.screen.scenes.letters import POPULAR, WITH_CODES, strokes
from kiosk.screen.scenes.parts import CASH, CODE, DONE, ENTRY, OFFER, SOME_CASH, WELCOME
from kiosk.screen.scenes.services import (
    BILL,
    CHOOSING,
    CUSTOMER_KEYS,
    OPEN_SOME,
    PHONE_KEYS,
    SERVICE_CASH,
    SERVICE_OFFER,
    choosing,
)
from kiosk.screen.scenes.stock import LETTERS, MANY, OFFERED
from kiosk.screen.views import TilesView
from tests.support.buttons import buttons

Step = str | m.Snapshot
NUMBER = strokes("1000000017")
PAID = replace(CASH, cash=replace(SOME_CASH, left_minor=0, accepted_minor=(), can_finish=False))
PAYING = replace(PAID, phase=m.Phase.PAYING, cash=None)
CHECKING = replace(ENTRY, phase=m.Phase.CHECKING, seconds_left=-1)
GOODBYE = replace(WELCOME, catalogue_version=7)
CODE_DONE = replace(DONE, code=replace(MONEY, open_minor=2650))


def on_screen(glass: Glass) -> set[str]:
    """Roles of what may be touched; a question hides all that lies under it."""
    view = present(in_language(glass, "en"))
    if view.dialog is not None:
        return {button.role for button in (view.dialog.primary, view.dialog.alternative) if button is not None}
    return {button.role for button in buttons(view) if button.enabled}


def walk(glass: Glass, steps: tuple[Step, ...]) -> tuple[Glass, list[m.Command], int]:
    """The end, what the till was told, and how many touches it took beside digits and letters."""
    told, touches = [], 0
    for step in steps:
        if isinstance(step, m.Snapshot):
            glass = glasses.seen(glass, step)
            continue
        assert step in on_screen(glass), f"{step} is not on the screen; there is {sorted(on_screen(glass))}"
        glass, command = glasses.touched(glass, step)
        told += [command] if command else []
        touches += not step.startswith("key:")
    return glass, told, touches


def beginning(catalogue: Catalogue = OFFERED) -> Glass:
    return glasses.learnt(Glass(snapshot=GOODBYE, linked=True), catalogue)


SOME_IN = replace(CASH, cash=replace(SOME_CASH, message=m.NoteMessage.NONE))
TO_THE_END = (CASH, SOME_IN, PAID, PAYING, DONE)
FINISHED: Mapping[str, tuple[Catalogue, tuple[Step, ...], list[m.Command]]] = {
    "an order by its number": (
        MANY,
        ("language:en", WITH_CODES, "order", *NUMBER, "next", CHECKING, OFFER, "confirm", *TO_THE_END, "leave"),
        [m.ChooseLanguage("en"), m.LookUpOrder("1000000017"), m.ConfirmOffer(), m.Leave()],
    ),
    "an order where there is nothing else": (
        NO_CATALOGUE,
        ("language:en", ENTRY, *NUMBER, "next", CHECKING, OFFER, "confirm", *TO_THE_END, "leave"),
        [m.ChooseLanguage("en"), m.LookUpOrder("1000000017"), m.ConfirmOffer(), m.Leave()],
    ),
    "an order that was scanned": (
        MANY,
        ("language:en", WITH_CODES, CHECKING, OFFER, "confirm", *TO_THE_END, "leave"),
        [m.ChooseLanguage("en"), m.ConfirmOffer(), m.Leave()],
    ),
    "a popular service": (
        OFFERED,
        (
            "language:en", POPULAR, "service:water", *CUSTOMER_KEYS, "next", CHECKING, replace(SERVICE_OFFER, order=BILL),
            "confirm", *TO_THE_END, "leave",
        ),
        [m.ChooseLanguage("en"), m.LookUpService("water", (("customer", "1234567"),)), m.ConfirmOffer(), m.Leave()],
    ),
    "a service from its shelf, as much as one likes": (
        OFFERED,
        (
            "language:en", CHOOSING, "services", "group:mobile", "service:top-up", *PHONE_KEYS, "next", CHECKING,
            SERVICE_OFFER, "confirm", SERVICE_CASH, replace(SERVICE_CASH, cash=OPEN_SOME), "finish", PAYING, DONE, "leave",
        ),
        [
            m.ChooseLanguage("en"), m.LookUpService("top-up", (("phone", "881234123"),)), m.ConfirmOffer(),
            m.FinishCash(), m.Leave(),
        ],
    ),
    "a service found by its name": (
        MANY,
        (
            "language:en", CHOOSING, "search", *strokes("VODA"), "next", "service:water", *CUSTOMER_KEYS, "next", CHECKING,
            replace(SERVICE_OFFER, order=BILL), "confirm", *TO_THE_END, "leave",
        ),
        [m.ChooseLanguage("en"), m.LookUpService("water", (("customer", "1234567"),)), m.ConfirmOffer(), m.Leave()],
    ),
    "a service that wants a name": (
        LETTERS,
        (
            "language:en", CHOOSING, "services", "group:home", "service:with-name", "layout:bg", *strokes("ИВАН"), "next",
            CHECKING, replace(SERVICE_OFFER, order=BILL), "confirm", *TO_THE_END, "leave",
        ),
        [m.ChooseLanguage("en"), m.LookUpService("with-name", (("name", "ИВАН"),)), m.ConfirmOffer(), m.Leave()],
    ),
    "an order with a code": (
        MANY,
        (
            "language:en", WITH_CODES, "code", *strokes(CODE), "next", CHECKING, FOUND, "pay_with_code", PAYING_WITH,
            "order", *NUMBER, "next", CHECKING, OFFER_WITH, "confirm", PAYING, CODE_DONE, "leave",
        ),
        [
            m.ChooseLanguage("en"), m.LookUpCode(CODE), m.PayWithCode(), m.LookUpOrder("1000000017"),
            m.ConfirmOffer(), m.Leave(),
        ],
    ),
    "an order in cash although there is a code": (
        MANY,
        (
            "language:en", PAYING_WITH, "order", *NUMBER, "next", CHECKING, OFFER_WITH, "drop_code", OFFER, "confirm",
            *TO_THE_END, "leave",
        ),
        [m.ChooseLanguage("en"), m.LookUpOrder("1000000017"), m.DropCode(), m.ConfirmOffer(), m.Leave()],
    ),
    "too little put in, and finished all the same": (
        NO_CATALOGUE,
        ("language:en", ENTRY, *NUMBER, "next", OFFER, "confirm", CASH, SOME_IN, "go_back", "finish", PAYING, DONE, "leave"),
        [m.ChooseLanguage("en"), m.LookUpOrder("1000000017"), m.ConfirmOffer(), m.FinishCash(), m.Leave()],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FINISHED)
def test_the_till_is_told_what_was_wanted_and_nothing_else(name: str) -> None:
    catalogue, steps, told = FINISHED[name]
    assert walk(beginning(catalogue), steps)[1] == told


@pytest.mark.parametrize("name", FINISHED)
def test_a_payment_is_made_in_twelve_touches_beside_what_is_typed(name: str) -> None:
    catalogue, steps, _ = FINISHED[name]
    assert walk(beginning(catalogue), steps)[2] <= 12


BACK_AGAIN: Mapping[str, tuple[Glass, tuple[Step, ...], str]] = {
    "an order": (choosing(catalogue=MANY), ("order", "key:4", "back"), "home"),
    "a shelf": (choosing(), ("services", "group:home", "group:net", "back", "back", "back"), "home"),
    "a popular service": (choosing(snapshot=POPULAR), ("service:internet", *CUSTOMER_KEYS, "next", "back", "back"), "home"),
    "a service of a shelf": (choosing(), ("services", "group:home", "service:water", "back"), "shelf"),
    "what was found": (choosing(catalogue=MANY), ("search", *strokes("VODA"), "next", "back"), "search"),
    "a service that was found": (
        choosing(catalogue=MANY), ("search", *strokes("VODA"), "next", "service:water", "key:1", "back"), "results",
    ),
    "a search": (choosing(catalogue=MANY), ("search", "key:A", "back"), "home"),
    "a code": (choosing(snapshot=WITH_CODES), ("code", "key:0", "back"), "home"),
    "what a code stands for": (
        choosing(snapshot=WITH_CODES), ("code", *strokes(CODE), "next", CHECKING, FOUND, "cancel", WITH_CODES), "code",
    ),
    "an offer": (choosing(), ("order", *NUMBER, "next", CHECKING, OFFER, "cancel", CHOOSING), "order"),
    "an offer of a service": (
        choosing(), ("services", "service:top-up", *PHONE_KEYS, "next", SERVICE_OFFER, "cancel", CHOOSING), "field",
    ),
    "checking": (choosing(), ("order", *NUMBER, "next", CHECKING, "cancel", CHOOSING), "order"),
    "cash, with none in": (choosing(), ("order", *NUMBER, "next", OFFER, "confirm", CASH, "cancel", CHOOSING), "home"),
}  # fmt: skip


@pytest.mark.parametrize("name", BACK_AGAIN)
def test_back_leads_where_the_buyer_came_from(name: str) -> None:
    start, steps, place = BACK_AGAIN[name]
    assert glasses.place(walk(start, steps)[0]) == place


def test_what_was_typed_is_still_there_after_a_step_back() -> None:
    now, _, _ = walk(
        choosing(snapshot=WITH_CODES), ("code", *strokes(CODE), "next", CHECKING, FOUND, "cancel", WITH_CODES)
    )
    assert now.typed == CODE
    now, _, _ = walk(choosing(catalogue=MANY), ("search", *strokes("VODA"), "next", "service:water", "back", "back"))
    assert now.browsing.query == "VODA"


# --- no dead ends -------------------------------------------------------------------------------------------------

ONWARDS = {"back", "cancel", "go_back", "leave", "finish", "not_yet", "more_time", "confirm", "confirm_without_receipt"}


def _till_acts(glass: Glass) -> bool:
    """Screens on which only the till can go on: nobody is there yet, a total is final, a note or a slip is moving."""
    snapshot = glass.snapshot
    if snapshot is None or not glass.linked or snapshot.phase is m.Phase.PAYING:
        return True
    if snapshot.cash is not None:
        return not snapshot.cash.can_finish and not snapshot.cash.can_cancel
    if snapshot.result is not None:
        return snapshot.result.receipt is m.ReceiptView.PRINTING
    return snapshot.phase is m.Phase.WELCOME and snapshot.availability is not m.Availability.OPEN


@pytest.mark.parametrize("name", [name for name, scene in BUYERS.items() if not _till_acts(scene)])
def test_no_screen_is_a_dead_end(name: str) -> None:
    roles = on_screen(SCENES[name])
    if SCENES[name].snapshot.phase is m.Phase.WELCOME:
        assert any(role.startswith("language:") for role in roles)
    else:
        assert roles & ONWARDS


def reachable(start: Glass) -> Iterator[Glass]:
    """Every screen of choosing that touches alone lead to; what is typed is one character."""
    seen, ahead = set(), [start]
    while ahead:
        glass = ahead.pop()
        service = glass.browsing.service
        here = (glasses.scene(glass), service and service.service_id)
        if here in seen:
            continue
        seen.add(here)
        yield glass
        for role in sorted(on_screen(glass)):
            after, command = glasses.touched(glass, role)
            if command is None and not role.startswith("key:"):
                ahead.append(after)
            elif role in {"key:1", "key:A"}:
                ahead += [glasses.touched(after, "next")[0]] if "next" in on_screen(after) else []


@pytest.mark.parametrize("catalogue", [OFFERED, LETTERS, MANY, NO_CATALOGUE], ids=["some", "letters", "many", "none"])
@pytest.mark.parametrize(
    "snapshot", [POPULAR, PAYING_WITH, replace(CHOOSING, popular=())], ids=["popular", "code", "bare"]
)
def test_from_everywhere_there_is_a_way_back_to_the_beginning(catalogue: Catalogue, snapshot: m.Snapshot) -> None:
    everywhere = list(reachable(choosing(catalogue=catalogue, snapshot=snapshot)))
    for start in everywhere:
        glass, steps = start, 0
        while "cancel" not in on_screen(glass):
            glass, command = glasses.touched(glass, "back")
            steps += 1
            assert command is None
            assert steps < 10
    assert len(everywhere) >= (10 if catalogue.services else 1)


def test_no_screen_has_more_than_six_things_to_choose_from() -> None:
    for name, scene in BUYERS.items():
        view = present(scene)
        assert not isinstance(view, TilesView) or len(view.tiles) <= 6, name
