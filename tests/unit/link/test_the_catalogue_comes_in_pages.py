import logging
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.catalogue import NO_CATALOGUE, Catalogue
from kiosk.link import codec
from kiosk.link import messages as m
from kiosk.link.catalogue_pages import Assembler, pages_of
from tests.support.catalogue import CATALOGUE

LARGE = replace(
    CATALOGUE,
    services=tuple(replace(CATALOGUE.services[0], service_id=f"s{number}") for number in range(1000)),
)


def put_together(pages: tuple[m.CataloguePage, ...], assembler: Assembler | None = None) -> list[Catalogue]:
    assembler = assembler or Assembler()
    return [found for page in pages if (found := assembler.add(page)) is not None]


@pytest.mark.parametrize("catalogue", [CATALOGUE, LARGE], ids=["small", "large"])
def test_what_was_cut_into_frames_is_put_together_again(catalogue: Catalogue) -> None:
    frames = [codec.encode_to_screen(page) for page in pages_of(catalogue)]
    pages = tuple(codec.decode_to_screen(frame[codec.LENGTH_BYTES :]) for frame in frames)
    assert put_together(pages) == [catalogue]  # type: ignore[arg-type]


def test_a_large_one_takes_several_frames_and_an_empty_one_none() -> None:
    assert len(pages_of(LARGE)) > 5
    assert pages_of(NO_CATALOGUE) == ()


def test_something_too_large_for_any_frame_is_left_out_with_a_word(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    huge = replace(CATALOGUE.services[0], service_id="huge", labels={"en": "x" * m.FRAME_BYTES_MAX})
    (found,) = put_together(pages_of(replace(CATALOGUE, services=(*CATALOGUE.services, huge))))
    assert found == CATALOGUE
    assert "huge" in caplog.text


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 30)), max_size=80))
def test_pages_in_any_order_give_a_whole_catalogue_or_none(order: list[tuple[int, int]]) -> None:
    books = [pages_of(LARGE), pages_of(replace(LARGE, version=8))]
    pages = tuple(books[book][number % len(books[book])] for book, number in order)
    assert all(found in (LARGE, replace(LARGE, version=8)) for found in put_together(pages))


def test_a_newer_one_may_begin_before_the_older_one_is_whole() -> None:
    newer = replace(LARGE, version=8)
    assert put_together((*pages_of(LARGE)[:3], *pages_of(newer))) == [newer]


def test_a_page_that_promises_too_many_is_not_waited_for() -> None:
    assert put_together((m.CataloguePage(1, 0, 100_000, (), ()),)) == []
