"""Searching: case, accents and script make no difference, and the best comes first."""

from dataclasses import replace

import pytest

from kiosk.domain.catalogue import Catalogue, Service
from kiosk.screen.scenes.stock import CHARITY, GROUPS, INTERNET, OFFERED, TOP_UP, WATER
from kiosk.screen.searching import index_of, search, words_of


def ids(text: str, language: str = "bg", catalogue: Catalogue = OFFERED) -> list[str]:
    return [service.service_id for service in search(index_of(catalogue), text, language)]


def called(service_id: str, labels: dict[str, str], payee: str = "Somebody") -> Service:
    return replace(WATER, service_id=service_id, labels=labels, payee=payee)


@pytest.mark.parametrize("text", ["вода", "ВОДА", "Вод", " voda ", "VODA", "water", "City W", "градска"])
def test_a_service_is_found_by_its_name_in_any_language_and_script_and_by_its_payee(text: str) -> None:
    water = replace(WATER, payee="City Water Градска вода")
    assert ids(text, catalogue=replace(OFFERED, services=(TOP_UP, water, CHARITY))) == ["water"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("жилище", "zhilishte"),
        ("жилище", "jiliste".replace("ste", "shte")),
        ("център", "tsentar"),
        ("център", "centar"),
        ("болница", "bolnica"),
        ("йога", "yoga"),
        ("йога", "ioga"),
        ("Ёлка", "елка"),
        ("счёт", "счет"),
        ("ющё", "yushte"),
        ("Виваком", "Vivacom"),
        ("Café", "cafe"),
        ("телефон", "telephon"),
        ("Билла", "Bila"),
        ("ЯНДЕКС", "yandex"),
    ],
)
def test_two_ways_to_write_a_word_are_one_word(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


def test_digits_are_taken_as_they_are() -> None:
    assert words_of("A1 1122") == ("a1", "1122")


def test_every_word_that_is_typed_must_be_there_in_any_order() -> None:
    assert ids("internet home", "en") == ["internet"]
    assert ids("home internet", "en") == ["internet"]
    assert ids("internet water") == []


def test_a_group_s_name_finds_what_stands_in_it() -> None:
    assert ids("мобилни") == ["top-up"]
    assert GROUPS[0].labels["bg"] == "Мобилни телефони"


def test_what_is_called_so_in_the_buyers_language_comes_first_and_a_payee_last() -> None:
    catalogue = replace(
        OFFERED,
        services=(
            called("payee", {"bg": "Друго"}, "Вода ООД"),
            called("inside", {"bg": "Подводна"}),
            called("english", {"bg": "Нещо", "en": "Voda"}),
            called("own", {"bg": "Вода"}),
        ),
    )
    assert ids("вода", catalogue=catalogue) == ["own", "english", "payee"]
    assert ids("вод", catalogue=catalogue) == ["own", "english", "payee", "inside"]


def test_two_letters_are_sought_at_the_beginning_of_words_only() -> None:
    assert ids("во") == ["water"]
    assert ids("од") == []
    assert ids("ода") == ["water"]


@pytest.mark.parametrize("text", ["", "  ", "-.,", "xyzzy", "вода xyzzy", "€"])
def test_what_nothing_is_called_finds_nothing(text: str) -> None:
    assert ids(text) == []


def test_many_that_are_equally_good_stay_in_the_catalogue_s_order() -> None:
    many = tuple(replace(INTERNET, service_id=f"i{number}") for number in range(20))
    assert ids("интернет", catalogue=replace(OFFERED, services=many)) == [service.service_id for service in many]
