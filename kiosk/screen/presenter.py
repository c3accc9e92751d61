"""Snapshot and glass → the view-model of one screen. Pure: no Kivy, no clock, no sockets.

Answers for: which screen is shown, and the words of welcome and of waiting. Does not answer for: looks (`screens`), the screens
of choosing (`home`, `choosing`), typing (`typing_screens`) and money (`money_screens`, `code_screens`), what a touch means
(`glass`).
"""

from collections.abc import Callable, Mapping

from kiosk.domain.codes import in_groups
from kiosk.link.messages import Availability, Phase, Snapshot
from kiosk.screen import glass as glasses
from kiosk.screen.amounts import grouped
from kiosk.screen.browsing import At
from kiosk.screen.choosing import results_screen, service_name, shelf_screen
from kiosk.screen.chrome import button, chrome
from kiosk.screen.code_screens import found
from kiosk.screen.glass import Glass
from kiosk.screen.home import home
from kiosk.screen.money_screens import cash, done, offer, paying
from kiosk.screen.phrases import CLOSED, CONNECTING, ORDERS_WELCOME, SERVICES_WELCOME
from kiosk.screen.seen import Seen
from kiosk.screen.staff.presenter import service, signing_in
from kiosk.screen.typing_screens import code_screen, field_screen, order_screen, search_screen
from kiosk.screen.views import ChoiceView, Pair, StatusView, Tone, View, WelcomeView
from kiosk.screen.words import OWN_NAMES, Words


def present(glass: Glass, *, aloud: bool = False) -> View:
    """What is on the screen now; or the same with amounts and times as they are said."""
    snapshot = glass.snapshot
    if snapshot is None or not glass.linked:
        return _connecting(snapshot)
    seen = Seen(glass, snapshot, Words.of(snapshot.language), aloud)
    entrance = signing_in(seen)
    if entrance is not None:
        return entrance
    if snapshot.phase is Phase.WELCOME and snapshot.availability is not Availability.OPEN:
        return _closed(seen)
    return _PHASES[snapshot.phase](seen)


def _in_others(languages: tuple[str, ...], shown: str, texts: tuple[str, str]) -> tuple[Pair, ...]:
    """The same said in every other language: nobody has chosen one yet."""
    others = [Words.of(language) for language in languages if language != shown and language in OWN_NAMES]
    return tuple(Pair(say(texts[0]), say(texts[1])) for say in others)


def _connecting(snapshot: Snapshot | None) -> StatusView:
    languages = snapshot.languages if snapshot else tuple(OWN_NAMES)
    language = snapshot.language if snapshot else languages[0]
    say = Words.of(language)
    in_session = snapshot is not None and snapshot.phase not in {Phase.WELCOME, Phase.SERVICE}
    return StatusView(
        chrome=chrome(snapshot, say),
        dialog=None,
        tone=Tone.BUSY,
        title=say(CONNECTING[0]),
        text=say(CONNECTING[1]),
        detail=say("Money you have already put in is recorded and safe.") if in_session else "",
        others=() if in_session else _in_others(languages, language, CONNECTING),
    )


def _closed(seen: Seen) -> StatusView:
    snapshot, say = seen.snapshot, seen.say
    texts = CLOSED[snapshot.availability]
    soon = snapshot.availability in {Availability.STARTING, Availability.MAINTENANCE}
    return StatusView(
        chrome=chrome(snapshot, say),
        dialog=None,
        tone=Tone.BUSY if soon else Tone.BAD,
        title=say(texts[0]),
        text=say(texts[1]),
        others=_in_others(snapshot.languages, snapshot.language, texts),
    )


def _welcome(seen: Seen) -> WelcomeView:
    snapshot, say = seen.snapshot, seen.say
    purpose, steps = SERVICES_WELCOME if glasses.offers(seen.glass) else ORDERS_WELCOME
    return WelcomeView(
        chrome=chrome(snapshot, say),
        dialog=None,
        title=say(purpose),
        steps=tuple(say(step) for step in steps),
        promise=say("No fee. The kiosk gives no change: anything over is kept for you."),
        choose=say("Choose a language, or scan the code of your order")
        if snapshot.scanner
        else say("Choose a language to begin"),
        choices=tuple(
            ChoiceView(f"language:{language}", OWN_NAMES[language], Words.of(language)(purpose))
            for language in snapshot.languages
            if language in OWN_NAMES
        ),
    )


def _choosing(seen: Seen) -> View:
    """Within ENTRY, what is shown is the screen's own."""
    return _PLACES[glasses.place(seen.glass)](seen)


def _checking(seen: Seen) -> StatusView:
    """The aggregator is asked about what was typed or scanned."""
    say = seen.say
    title, text = _WAITS.get(glasses.place(seen.glass), _wait_for_service)(seen)
    return StatusView(
        chrome=chrome(seen.snapshot, say, step=1, secondary=button("cancel", say("Back"))),
        dialog=None,
        tone=Tone.BUSY,
        title=title,
        text=text,
    )


def _wait_for_order(seen: Seen) -> tuple[str, str]:
    return seen.say("Checking the order…"), grouped(seen.glass.typed)


def _wait_for_service(seen: Seen) -> tuple[str, str]:
    service = seen.glass.browsing.service
    return seen.say("Checking…"), service_name(service, seen.say.language) if service else ""


def _wait_for_code(seen: Seen) -> tuple[str, str]:
    return seen.say("Checking the code…"), in_groups(seen.glass.typed)


_WAITS: Mapping[At, Callable[[Seen], tuple[str, str]]] = {At.ORDER: _wait_for_order, At.CODE: _wait_for_code}

_PLACES: Mapping[At, Callable[[Seen], View]] = {
    At.HOME: home,
    At.ORDER: order_screen,
    At.CODE: code_screen,
    At.SHELF: shelf_screen,
    At.SEARCH: search_screen,
    At.RESULTS: results_screen,
    At.FIELD: field_screen,
}

_PHASES: Mapping[Phase, Callable[[Seen], View]] = {
    Phase.WELCOME: _welcome,
    Phase.ENTRY: _choosing,
    Phase.CHECKING: _checking,
    Phase.OFFER: offer,
    Phase.CASH: cash,
    Phase.PAYING: paying,
    Phase.DONE: done,
    Phase.FOUND: found,
    Phase.SERVICE: service,
}
