"""A merchant asks, we answer, one of us closes; every word is kept with who said it."""

import pytest

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.shops import support
from kiosk.aggregator.shops.support import TRANSITIONS, Kind, Said, State
from kiosk.aggregator.storage.database import reading
from tests.support.shops import registered


def opened(engine):
    return support.open_request(engine, "books", Kind.PAYMENT, "shop@books.example", "where is 1000000017?")


def test_a_request_is_answered_closed_and_opened_again_with_every_word_kept(engine):
    registered(engine)
    number = opened(engine)
    assert support.say(engine, number, Said.ANSWERED, "Ann", "on its way") is State.ANSWERED
    assert support.say(engine, number, Said.CLOSED, "Ann", "arrived") is State.CLOSED
    assert support.say(engine, number, Said.ASKED, "shop@books.example", "it did not") is State.OPEN
    with reading(engine) as db:
        (found,) = support.listed(db, "books", State.OPEN)
        assert support.listed(db, state=State.CLOSED) == []
    assert found["kind"] == "payment"
    assert [(one["person"], one["text"]) for one in found["messages"]] == [
        ("shop@books.example", "where is 1000000017?"),
        ("Ann", "on its way"),
        ("Ann", "arrived"),
        ("shop@books.example", "it did not"),
    ]


@pytest.mark.parametrize("said", [Said.ANSWERED, Said.CLOSED])
def test_what_is_closed_is_opened_by_the_merchant_alone(engine, said):
    registered(engine)
    number = opened(engine)
    support.say(engine, number, Said.CLOSED, "Ann", "done")
    assert said not in TRANSITIONS[State.CLOSED]
    with pytest.raises(AdminError, match="may open it again"):
        support.say(engine, number, said, "Ann", "one more thing")


@pytest.mark.parametrize(("person", "text"), [("", "x"), ("Ann", " "), ("Ann", "x" * 4001), ("A" * 101, "x")])
def test_nothing_is_said_by_nobody_nothing_empty_nothing_endless(engine, person, text):
    registered(engine)
    with pytest.raises(AdminError):
        support.open_request(engine, "books", Kind.OTHER, person, text)


def test_requests_and_shops_that_are_not_there_are_named(engine):
    with pytest.raises(AdminError, match="no shop 'books'"):
        opened(engine)
    with pytest.raises(AdminError, match="no support request 7"):
        support.say(engine, 7, Said.ASKED, "Ann", "hello")
