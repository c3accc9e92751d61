"""What of a catalogue can be offered here, on which shelf, in which words."""

from dataclasses import replace

import pytest

from kiosk.domain.catalogue import NO_CATALOGUE, TOP, FieldKind, Group, in_language, offered, service_of, shelf
from tests.support.catalogue import CATALOGUE

OFFERED = offered(CATALOGUE, "EUR")


def names(catalogue, group_id=TOP):
    return [
        getattr(item, "group_id" if isinstance(item, Group) else "service_id") for item in shelf(catalogue, group_id)
    ]


def one(**changes):
    """A catalogue with the water service changed."""
    service = replace(service_of(CATALOGUE, "water"), **changes)
    return offered(replace(CATALOGUE, services=(service,)), "EUR")


def test_a_service_in_another_currency_is_not_offered():
    assert service_of(OFFERED, "abroad") is None
    assert [service.service_id for service in offered(CATALOGUE, "USD").services] == ["abroad"]


def test_the_top_shelf_shows_what_is_promoted_anywhere_and_then_the_groups_that_lead_somewhere():
    assert names(OFFERED) == ["top-up", "mobile", "home"]


def test_on_a_shelf_groups_come_before_services_in_the_catalogues_order():
    assert names(OFFERED, "home") == ["net", "water", "charity", "club"]
    assert names(OFFERED, "net") == ["internet"]
    assert names(OFFERED, "mobile") == ["top-up"]


@pytest.mark.parametrize(
    "groups",
    [
        (Group("home", {}, "lost"),),
        (Group("home", {}, "home"),),
        (Group("home", {}, "house"), Group("house", {}, "home")),
        (),
    ],
    ids=["its parent is missing", "its own parent", "in a circle", "missing"],
)
def test_a_service_nobody_can_reach_is_not_offered(groups):
    found = offered(replace(CATALOGUE, groups=groups), "EUR")
    assert (found.groups, found.services) == ((), ())


FIELD = service_of(CATALOGUE, "water").fields[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"min_minor": 2000, "max_minor": 1000},
        {"min_minor": 0},
        {"fields": (FIELD, FIELD)},
        {"fields": (replace(FIELD, mask="##"),)},
        {"fields": (replace(FIELD, min_length=9, max_length=8, mask=""),)},
        {"fields": (replace(FIELD, kind=FieldKind.CHOICE),)},
    ],
    ids=["limits", "no least", "two fields of one name", "mask too short", "lengths", "nothing to choose"],
)
def test_a_service_that_cannot_be_filled_in_or_paid_is_not_offered(changes):
    assert one(**changes).services == ()


def test_a_sound_one_is():
    assert [service.service_id for service in one().services] == ["water"]


@pytest.mark.parametrize(
    ("labels", "said"),
    [({"bg": "Вода", "en": "Water"}, "Вода"), ({"en": "Water"}, "Water"), ({"de": "Wasser"}, "Wasser"), ({}, "")],
)
def test_words_fall_back_on_english_and_then_on_any(labels, said):
    assert in_language(labels, "bg") == said


def test_no_catalogue_offers_nothing():
    assert offered(NO_CATALOGUE, "EUR") == NO_CATALOGUE
