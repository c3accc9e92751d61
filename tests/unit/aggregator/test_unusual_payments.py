"""Rules that are data find what they describe, once, and a person says what it was; no payment is ever touched."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.shops import monitoring
from kiosk.aggregator.shops.lifecycle import By
from kiosk.aggregator.shops.monitoring import FindingState, Seen, look
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.payments import payment
from tests.support.shops import ANN, CONFIG, active, pay

MINUTE_US = 60 * 1_000_000
NOON_US = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()) * 1_000_000


def seen(minute, amount_minor=1000, terminal="0001", **changes):
    plain = {
        "payment_id": f"{terminal}-{minute}",
        "terminal": terminal,
        "shop": "books",
        "order_number": "1000000017",
        "amount_minor": amount_minor,
        "currency": "EUR",
        "status": "accepted",
        "at_us": NOON_US + minute * MINUTE_US,
    }
    return Seen(**(plain | changes))


def rule(tmp_path, text):
    file = tmp_path / "rules.toml"
    file.write_text(f'[odd]\nsays = "odd"\n{text}\n')
    return monitoring.read(file)


def found(rules, payments, known=()):
    return [
        [one.payment_id for one in each.payments] for each in look(rules, payments, {("odd", "terminal:0001"): known})
    ]


def test_one_large_payment(tmp_path):
    rules = rule(tmp_path, 'currency = "EUR"\nonly_from = "100"')
    payments = [seen(1, 9_999), seen(2, 10_000), seen(3, 10_000, currency="RUB"), seen(4, 99_999)]
    assert found(rules, payments) == [["0001-2"], ["0001-4"]]


def test_too_many_at_one_terminal_within_a_time(tmp_path):
    rules = rule(tmp_path, 'group_by = "terminal"\ncount = 3\nwithin_minutes = 10')
    assert found(rules, [seen(0), seen(5), seen(11)]) == []
    assert found(rules, [seen(0), seen(5), seen(10)]) == [["0001-0", "0001-5", "0001-10"]]
    assert found(rules, [seen(0), seen(5), seen(10, terminal="0002")]) == []


def test_what_goes_on_is_said_once_for_each_length_of_the_rule(tmp_path):
    rules = rule(tmp_path, 'group_by = "terminal"\ncount = 2\nwithin_minutes = 10')
    assert [each[-1] for each in found(rules, [seen(minute) for minute in range(25)])] == [
        "0001-1",
        "0001-12",
        "0001-23",
    ]


def test_what_was_found_before_is_not_found_again(tmp_path):
    rules = rule(tmp_path, 'group_by = "terminal"\ncount = 2\nwithin_minutes = 10')
    assert found(rules, [seen(0), seen(1), seen(2)], known=[NOON_US + MINUTE_US]) == []


def test_many_just_below_a_limit(tmp_path):
    text = (
        'currency = "EUR"\nonly_from = "80"\nonly_below = "100"\ngroup_by = "terminal"\ncount = 3\nwithin_minutes = 60'
    )
    sums = (8_000, 9_999, 10_000, 7_999, 9_000)
    payments = [seen(minute, amount_minor) for minute, amount_minor in enumerate(sums)]
    assert found(rule(tmp_path, text), payments) == [["0001-0", "0001-1", "0001-4"]]


def test_so_much_within_a_time(tmp_path):
    text = 'currency = "EUR"\ngroup_by = "shop"\ntotal_at_least = "30"\nwithin_minutes = 10'
    assert found(rule(tmp_path, text), [seen(0), seen(5), seen(11), seen(12)]) == [["0001-5", "0001-11", "0001-12"]]


@pytest.mark.parametrize(
    ("group_by", "others"),
    [
        ("order_prefix", {"order_number": "2000000015", "terminal": "0002"}),
        ("amount_at_terminal", {"amount_minor": 1001}),
        ("shop", {"shop": "shoes"}),
    ],
)
def test_what_belongs_together_is_counted_together(tmp_path, group_by, others):
    rules = rule(tmp_path, f'group_by = "{group_by}"\ncount = 2\nwithin_minutes = 10')
    assert found(rules, [seen(0), seen(1, **others)]) == []
    assert len(found(rules, [seen(0), seen(1, **others), seen(2)])) == 1


@pytest.mark.parametrize(("hour", "is_odd"), [(22, False), (23, True), (3, True), (4, False), (12, False)])
def test_hours_over_midnight_in_the_terminals_own_time(tmp_path, hour, is_odd):
    text = 'only_hours = ["23:00:00", "04:00:00"]\ntimezone = "Europe/Sofia"'
    at_us = int(datetime(2026, 7, 1, hour, tzinfo=UTC).timestamp()) * 1_000_000 - 3 * 60 * MINUTE_US  # EEST
    assert bool(found(rule(tmp_path, text), [seen(0, at_us=at_us)])) is is_odd


def test_refused_payments_are_looked_at_only_where_a_rule_says_so(tmp_path):
    refused = [seen(0, status="refused"), seen(1)]
    assert found(rule(tmp_path, 'only_status = "refused"'), refused) == [["0001-0"]]
    assert found(rule(tmp_path, ""), refused) == [["0001-1"]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("count = 0", ">= 1"),
        ("count = 2", "within_minutes: needed"),
        ('total_at_least = "5"\nwithin_minutes = 1', "total_at_least: unknown currency ''"),
        ('currency = "EUR"\nonly_from = "1.234"', "only_from: '1.234' has more than 2 decimals"),
        ('only_hours = ["23:00:00"]', "only_hours: two times"),
        ('timezone = "Mars"', "timezone: 'Mars' is unknown"),
        ('group_by = "moon"', "moon"),
        ("typo = 1", "typo"),
    ],
)
def test_a_file_says_where_it_is_wrong(tmp_path, text, says):
    with pytest.raises(AdminError) as caught:
        rule(tmp_path, text)
    assert says in str(caught.value)


def test_a_scan_keeps_what_is_new_touches_no_payment_and_may_be_repeated(engine, tmp_path):
    active(engine, tmp_path)
    small, large = pay(engine, "books", "10.00"), pay(engine, "books", "1000.00")
    rules = monitoring.read(CONFIG / "monitoring.toml")
    watched = {name: rule for name, rule in rules.items() if name != "at_night"}  # whenever this test runs
    assert monitoring.scan(engine, watched, 0) == 1
    assert monitoring.scan(engine, watched, 0) == 0
    with reading(engine) as db:
        (one,) = monitoring.listed(db, FindingState.OPEN)
        kept = db.execute(sa.select(payment.c.payment_id, payment.c.status)).all()
    assert (one["rule"], one["subject"], one["payments"]) == ("large_payment_eur", f"payment:{large}", [large])
    assert sorted(kept) == sorted([(small, "accepted"), (large, "accepted")])


def test_a_finding_is_acknowledged_once_by_a_person_with_a_reason(engine, tmp_path):
    active(engine, tmp_path)
    pay(engine, "books", "10.00")
    monitoring.scan(engine, rule(tmp_path, ""), 0)
    with reading(engine) as db:
        (one,) = monitoring.listed(db)
    monitoring.acknowledge(engine, one["id"], By("Bob", "asked the shop"))
    with pytest.raises(AdminError, match="is open"):
        monitoring.acknowledge(engine, one["id"], ANN)
    with reading(engine) as db:
        (one,) = monitoring.listed(db)
        assert monitoring.listed(db, FindingState.OPEN) == []
    assert (one["person"], one["reason"]) == ("Bob", "asked the shop")
    assert monitoring.scan(engine, rule(tmp_path, ""), 0) == 0
