"""Screens with a keyboard of letters: fields, searching and what was found."""

from collections.abc import Mapping

from msgspec.structs import replace

from kiosk.domain.catalogue import NO_CATALOGUE
from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.glass import Glass
from kiosk.screen.scenes.parts import ENTRY
from kiosk.screen.scenes.services import CHOOSING, choosing
from kiosk.screen.scenes.stock import LETTERS, MANY, TWO

WITH_CODES = replace(CHOOSING, codes=True, scanner=True)
POPULAR = replace(WITH_CODES, popular=("water", "gone", "internet", "charity"))


def strokes(text: str) -> tuple[str, ...]:
    """The keys that type it."""
    return tuple(f"key:{character}" for character in text)


def filling_in(field: str, *roles: str, snapshot: m.Snapshot = CHOOSING) -> Glass:
    """A field of LETTERS, after these touches."""
    return choosing("services", "group:home", f"service:with-{field}", *roles, catalogue=LETTERS, snapshot=snapshot)


def _told(now: Glass, code: m.NoticeCode) -> Glass:
    return glasses.seen(glasses.touched(now, "next")[0], replace(CHOOSING, notice=code))


LETTERED: Mapping[str, Glass] = {
    "home-popular": choosing(snapshot=POPULAR),
    "home-popular-many": choosing(snapshot=POPULAR, catalogue=MANY),
    "home-all-but-codes": choosing(snapshot=replace(POPULAR, codes=False), catalogue=MANY),
    "home-two": choosing(catalogue=TWO),
    "home-codes-only": choosing(catalogue=NO_CATALOGUE, snapshot=replace(ENTRY, codes=True)),
    "home-popular-no-network": choosing(
        snapshot=replace(POPULAR, availability=m.Availability.NETWORK_DOWN), catalogue=MANY
    ),
    "home-scan-unknown": glasses.seen(choosing(), replace(WITH_CODES, notice=m.NoticeCode.SCAN_UNKNOWN)),
    "order-with-scanner": choosing("order", snapshot=WITH_CODES),
    "search-empty": choosing("search", catalogue=MANY),
    "search-typed": choosing("search", *strokes("VODA"), catalogue=MANY),
    "search-nothing": choosing("search", *strokes("XYZZY"), catalogue=MANY),
    "search-russian": choosing("search", "layout:ru", *strokes("ВОД"), catalogue=MANY),
    "search-still-there": choosing("search", catalogue=MANY, snapshot=replace(CHOOSING, seconds_left=9)),
    "results-one": choosing("search", *strokes("ГОРЕЩО"), "next", catalogue=TWO),
    "results": choosing("search", *strokes("TOP"), "next", catalogue=MANY),
    "name-empty": filling_in("name"),
    "name-typed": filling_in("name", "layout:bg", *strokes("ИВАН ПЕТРОВ")),
    "name-short": filling_in("name", *strokes("И")),
    "name-long": filling_in("name", *strokes("ИВАН АЛЕКСАНДРОВ ПЕТРОВ-ДИМИТРОВ СТАРШИ")),
    "name-unknown": _told(filling_in("name", *strokes("ИВАН")), m.NoticeCode.ACCOUNT_UNKNOWN),
    "name-asked-no-network": _told(filling_in("name", *strokes("ИВАН")), m.NoticeCode.NETWORK_DOWN),
    "name-no-network": filling_in("name", snapshot=replace(CHOOSING, availability=m.Availability.NETWORK_DOWN)),
    "mail-empty": filling_in("mail"),
    "mail-half": filling_in("mail", *strokes("ivan.petrov")),
    "mail-whole": filling_in("mail", *strokes("ivan.petrov@example.com")),
    "plate-half": filling_in("plate", *strokes("СВ12")),
    "wish-empty": filling_in("wish"),
}
