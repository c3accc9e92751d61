"""The first screen after the language: the few things a buyer can want here. Pure.

Answers for: which of them there are, in which order, and never more than fit. Does not answer for: what they lead to.
An order comes first, because it is what most buyers came for; then services, those that are paid for most often straight; then
search, where a catalogue is too large to be looked through; a code last. A code is one thing to choose, whatever it is for: it is
typed once, and the next screen tells where its money is and offers to pay with it.
"""

from collections.abc import Iterator

from kiosk.domain.catalogue import TOP, Group, Service, service_of, shelf
from kiosk.screen import browsing as browse
from kiosk.screen import glass as glasses
from kiosk.screen.amounts import clipped
from kiosk.screen.choosing import NOTE_LETTERS_MAX, banner, label_of, purse, tile
from kiosk.screen.chrome import button, chrome, still_there
from kiosk.screen.glass import Glass
from kiosk.screen.seen import Seen
from kiosk.screen.views import BannerView, TilesView, TileView, Tone

CHOICES_MAX = browse.TILES_MAX
FEW_SERVICES = browse.TILES_MAX  #: so many are seen at a glance: there is nothing to search


def home(seen: Seen) -> TilesView:
    """What a buyer can want here."""
    say = seen.say
    tiles = _tiles(seen)
    takes_codes = glasses.takes_codes(seen.glass)
    return TilesView(
        chrome=chrome(seen.snapshot, say, step=0, secondary=button("cancel", say("Back")), switchable=True),
        dialog=still_there(seen),
        about="",
        title=say("What would you like to do?") if takes_codes else say("What would you like to pay for?"),
        tiles=tiles,
        rows=-(-len(tiles) // 2),
        banner=banner(seen) or _paying_with(seen),
    )


def _paying_with(seen: Seen) -> BannerView | None:
    with_code = purse(seen)
    return BannerView(Tone.GOOD, seen.say("You are paying with {code}.", code=with_code)) if with_code else None


def _tiles(seen: Seen) -> tuple[TileView, ...]:
    ends = [*_search(seen), *_code(seen)]
    begins = [_order(seen), *_services(seen)]
    room = CHOICES_MAX - len(begins) - len(ends)
    return (*begins, *(tile(seen, service) for service in favourites(seen.glass)[:room]), *ends)


def _order(seen: Seen) -> TileView:
    say = seen.say
    scan = seen.snapshot.scanner
    return TileView(
        "order", say("An order"), say("Type its number or scan its code") if scan else say("Type its number")
    )


def _services(seen: Seen) -> Iterator[TileView]:
    if glasses.offers(seen.glass):
        groups = [item for item in shelf(seen.glass.catalogue, TOP) if isinstance(item, Group)]
        names = ", ".join(label_of(seen, group.labels) for group in groups)
        yield TileView("services", seen.say("Services"), clipped(names, NOTE_LETTERS_MAX), leads=True)


def _search(seen: Seen) -> Iterator[TileView]:
    if glasses.offers(seen.glass) and len(seen.glass.catalogue.services) > FEW_SERVICES:
        yield TileView("search", seen.say("Find a service"), seen.say("By its name"))


def _code(seen: Seen) -> Iterator[TileView]:
    if glasses.takes_codes(seen.glass) and seen.snapshot.code is None:
        yield TileView("code", seen.say("A code from a slip"), seen.say("Pay with it, or see where your payment is"))


def favourites(glass: Glass) -> tuple[Service, ...]:
    """What is paid for here most often, as far as the catalogue has it; then what the operator wants to be seen."""
    if not glasses.offers(glass) or glass.snapshot is None:
        return ()
    popular = [service_of(glass.catalogue, service_id) for service_id in glass.snapshot.popular]
    promoted = [service for service in glass.catalogue.services if service.promoted]
    services = {service.service_id: service for service in (*popular, *promoted) if service is not None}
    return tuple(services.values())
