"""What `kiosk demo --service … --field …` takes, and what it says of the rest."""

import pytest

from kiosk.demo import market
from kiosk.demo.buyer_mind import Purchase
from kiosk.demo.run_state import DemoUsageError


def test_a_purchase_knows_its_way_and_what_to_fill_in() -> None:
    given = {"zone": "blue", "place": "0042"}
    assert market.purchase("parking-place", given) == Purchase(
        "parking-place", ("city",), {"place": "0042", "zone": "blue"}
    )


def test_whoever_has_a_bill_is_one_of_the_accounts() -> None:
    assert market.somebody_with_a_bill() == "1000000017"


@pytest.mark.parametrize(
    ("service", "fields", "says"),
    [
        (
            "x",
            {},
            "offers no 'x'; it offers: mobile-top-up, electricity, parking-day, donation, parking-place, school-books",
        ),
        ("parking-day", {"plate": "CB"}, "--field plate=CB: too_short (Number plate; Without spaces)"),
        ("electricity", {}, "electricity needs --field customer=… (Customer number; Ten digits, on every bill)"),
        ("electricity", {"customer": "12"}, "--field customer=12: too_short (Customer number; Ten digits"),
        (
            "electricity",
            {"customer": "12a"},
            "wrong_character (Customer number; Ten digits, on every bill; digits only)",
        ),
        ("electricity", {"phone": "1"}, "--field: electricity has no field 'phone'; its fields: customer"),
        ("school-books", {"phone": "1"}, "--field: school-books has no field 'phone'; it has none"),
        ("parking-place", {"place": "0042"}, "parking-place needs --field zone=… (one of blue, green)"),
        ("parking-place", {"place": "0042", "zone": "red"}, "--field zone=red: not_a_choice (one of blue, green)"),
    ],
)
def test_what_cannot_be_paid_for_is_told_with_what_can(service: str, fields: dict[str, str], says: str) -> None:
    with pytest.raises(DemoUsageError) as refused:
        market.purchase(service, fields)
    assert says in str(refused.value)
