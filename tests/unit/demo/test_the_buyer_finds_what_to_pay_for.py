"""The scripted buyer on the screen's own glass, without a window: from home to the question the till is asked."""

from dataclasses import replace as with_fields

import pytest
from msgspec.structs import replace

from kiosk.demo import buyer_mind as mind
from kiosk.demo import market
from kiosk.demo.sight import sight_of, what_of
from kiosk.domain.catalogue import Catalogue
from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.browsing import TILES_MAX
from kiosk.screen.glass import Glass
from kiosk.screen.presenter import present
from kiosk.screen.scenes.parts import ENTRY, WELCOME

TAPS_MAX = 60
ORDER = "1000000016"


def plan_for(purchase: mind.Purchase | None, *, resumed: bool = False) -> mind.Plan:
    return mind.Plan("en", ORDER, (2000,), resumed, purchase)


def glass_of(catalogue: Catalogue, snapshot: m.Snapshot = ENTRY) -> Glass:
    offered = replace(snapshot, catalogue_version=catalogue.version, availability=m.Availability.OPEN)
    return glasses.learnt(glasses.seen(Glass(), offered), catalogue)


def thought(plan: mind.Plan, glass: Glass, memory: mind.Memory, now_s: float = 0.0) -> tuple[mind.Action, mind.Memory]:
    assert glass.snapshot is not None
    return mind.think(plan, memory, sight_of(glass, glass.snapshot, present(glass), None, now_s))


def walk(plan: mind.Plan, glass: Glass) -> tuple[m.Command, list[str]]:
    """What the till is asked in the end, and the taps that led there but for digits."""
    memory, taps = mind.Memory(), list[str]()
    for _ in range(TAPS_MAX):
        action, memory = thought(plan, glass, memory)
        assert isinstance(action, mind.Tap), action
        if not action.role.startswith("key:"):
            taps.append(action.role)
        glass, command = glasses.touched(glass, action.role)
        if command is not None:
            return command, taps
    raise AssertionError(f"still at it after {TAPS_MAX} taps: {taps}")


@pytest.mark.parametrize(
    ("service", "fields", "way"),
    [
        ("mobile-top-up", {"phone": "881234567"}, ["service:mobile-top-up", "next"]),
        ("electricity", {"customer": "1000000017"}, ["group:home", "service:electricity", "next"]),
        (
            "parking-place",
            {"place": "0042", "zone": "green"},
            ["group:city", "service:parking-place", "next", "choice:green"],
        ),
        ("school-books", {}, ["group:help", "service:school-books"]),
    ],
)
def test_every_service_of_the_examples_is_reached_by_touches(
    service: str, fields: dict[str, str], way: list[str]
) -> None:
    asked, taps = walk(plan_for(market.purchase(service, fields)), glass_of(market.services()))
    assert (asked, taps) == (m.LookUpService(service, tuple(fields.items())), ["services", *way])


def test_an_order_is_reached_past_the_services_and_from_among_them() -> None:
    glass = glass_of(market.services())
    assert walk(plan_for(None), glass) == (m.LookUpOrder(ORDER), ["order", "next"])
    astray, _ = glasses.touched(glass, "services")
    assert walk(plan_for(None), astray) == (m.LookUpOrder(ORDER), ["back", "order", "next"])


def test_what_somebody_else_typed_is_cleared_and_another_service_left() -> None:
    glass = glass_of(market.services())
    for role in ("services", "service:mobile-top-up", "key:9"):
        glass, _ = glasses.touched(glass, role)
    _, taps = walk(plan_for(market.purchase("mobile-top-up", {"phone": "881234567"})), glass)
    assert taps == ["erase_all", "next"]
    _, taps = walk(plan_for(market.purchase("electricity", {"customer": "1000000017"})), glass)
    assert taps == ["back", "group:home", "service:electricity", "next"]


def test_pages_are_turned_until_it_is_there() -> None:
    first = next(service for service in market.services().services if service.service_id == "school-books")
    many = tuple(with_fields(first, service_id=f"gift-{number}") for number in range(TILES_MAX + 1))
    catalogue = with_fields(market.services(), services=many)
    wanted = mind.Purchase(many[-1].service_id, ("help",), {})
    _, taps = walk(plan_for(wanted), glass_of(catalogue))
    assert taps == ["services", "group:help", "more", f"service:{many[-1].service_id}"]


def test_a_buyer_who_wants_a_service_waits_until_there_are_some_and_leaves_when_there_is_none() -> None:
    plan = plan_for(market.purchase("school-books", {}))
    bare = glasses.seen(Glass(), replace(WELCOME, availability=m.Availability.OPEN))
    action, memory = thought(plan, bare, mind.Memory())
    assert action == mind.WAIT
    action, _ = thought(plan, bare, memory, mind.PATIENCE_S + 1)
    assert isinstance(action, mind.Went)
    assert "welcome" in action.fault


def test_who_taps_and_taps_without_getting_further_leaves_too() -> None:
    plan = plan_for(mind.Purchase("nowhere", ("help",), {}))
    glass, _ = glasses.touched(glass_of(market.services()), "services")
    action, memory = thought(plan, glass, mind.Memory())
    assert isinstance(action, mind.Tap)
    action, _ = thought(plan, glass, memory, mind.PATIENCE_S + 1)
    assert isinstance(action, mind.Went)
    assert action.fault


@pytest.mark.parametrize("notice", sorted(mind.PAID_BEFORE))
def test_what_was_paid_before_a_cut_is_no_fault_after_it(notice: m.NoticeCode) -> None:
    glass = glass_of(market.services(), replace(ENTRY, notice=notice))
    assert thought(plan_for(None, resumed=True), glass, mind.Memory())[0] == mind.Went()
    assert thought(plan_for(None), glass, mind.Memory())[0] == mind.Went(f"the kiosk said {notice}")


def test_the_story_tells_nothing_personal_whole() -> None:
    glass = glass_of(market.services())
    for role in ("services", "service:mobile-top-up", *(f"key:{digit}" for digit in "881234567")):
        glass, _ = glasses.touched(glass, role)
    assert what_of("next", glass, ENTRY) == "Phone number: +359 88 ••• •567"
