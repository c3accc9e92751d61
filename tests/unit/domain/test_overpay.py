"""Which notes may still be taken, for every policy and any set of notes: nobody is stranded half way."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.facts import OverpayPolicy
from kiosk.domain.overpay import credited_minor, fits, is_full, is_payable, most_credited_minor, most_over_minor
from tests.support.world import ORDER, RULES

values = st.frozensets(st.sampled_from([100, 200, 500, 700, 1000, 2000, 5000]), min_size=1)
policies = st.sampled_from(OverpayPolicy)


def order_of(amount, policy):
    return replace(ORDER, amount_minor=amount, overpay=policy)


@given(st.integers(1, 30_000), policies, values, st.integers(0, 5000), st.data())
def test_whoever_puts_in_only_notes_that_fit_can_always_finish(amount, policy, notes, limit, data):
    order = order_of(amount, policy)
    rules = replace(RULES, denominations_minor=notes, leftover_limit_minor=limit, session_limit_minor=40_000)
    if not is_payable(order, rules):
        return
    inserted = 0
    while inserted < amount:
        fitting = sorted(note for note in notes if fits(order, inserted, note, rules))
        assert fitting, f"stuck at {inserted} of {amount}"
        inserted += data.draw(st.sampled_from(fitting))
    assert inserted - amount <= most_over_minor(order, rules)


@given(st.integers(1, 10_000), st.integers(0, 45_000), policies, values, st.data())
def test_a_buyer_who_decides_puts_in_no_more_than_is_credited_and_can_stop_from_the_least_on(
    least, most, policy, notes, data
):
    order = replace(order_of(least, policy), open_amount=True, max_minor=most)
    rules = replace(RULES, denominations_minor=notes, leftover_limit_minor=5000, session_limit_minor=40_000)
    if not is_payable(order, rules):
        return
    inserted = 0
    while not is_full(order, inserted, rules):
        fitting = sorted(note for note in notes if fits(order, inserted, note, rules))
        assert fitting, f"stuck at {inserted} of {least}"
        inserted += data.draw(st.sampled_from(fitting))
    assert least <= inserted <= most_credited_minor(order, rules)
    assert credited_minor(order, inserted) == inserted


def test_where_the_buyer_decides_cash_does_not_end_at_the_least_but_when_nothing_more_fits():
    order = replace(order_of(500, OverpayPolicy.CREDIT_ALL), open_amount=True, max_minor=8200)
    assert not is_full(order, 500, RULES)
    assert not is_full(order, 7500, RULES)
    assert is_full(order, 8000, RULES), "the smallest note is 500"


def test_the_payees_limit_holds_where_all_is_credited_and_the_kiosks_where_the_payee_has_none():
    order = order_of(7000, OverpayPolicy.CREDIT_ALL)
    assert most_over_minor(replace(order, max_minor=10_000), RULES) == 3000
    assert most_over_minor(order, RULES) == RULES.session_limit_minor - 7000
    assert not is_payable(replace(order, max_minor=6000), RULES)


def test_what_is_in_over_the_payees_limit_is_not_credited():
    order = replace(order_of(500, OverpayPolicy.CREDIT_ALL), open_amount=True, max_minor=8000)
    assert credited_minor(order, 9000) == 8000


@given(st.integers(1, 20_000), values)
def test_exact_takes_what_sums_to_the_amount_and_nothing_else(amount, notes):
    rules = replace(RULES, denominations_minor=notes)
    reachable = {0}
    for total in range(100, amount + 1, 100):
        if any(total - note in reachable for note in notes):
            reachable.add(total)
    assert is_payable(order_of(amount, OverpayPolicy.EXACT), rules) == (amount in reachable)


def test_exact_refuses_the_note_that_would_leave_something_no_note_pays():
    rules = replace(RULES, denominations_minor=frozenset({2000, 5000}))
    order = order_of(9000, OverpayPolicy.EXACT)
    assert fits(order, 0, 5000, rules)
    assert not fits(order, 6000, 2000, rules), "1000 would be left"


@pytest.mark.parametrize(
    ("policy", "notes", "fit"),
    [
        (OverpayPolicy.EXACT, 10_000, False),
        (OverpayPolicy.HOLD, 10_000, True),
        (OverpayPolicy.HOLD, 50_000, False),
        (OverpayPolicy.CREDIT_ALL, 10_000, True),
        (OverpayPolicy.CREDIT_ALL, 50_000, True),
    ],
)
def test_each_policy_has_its_own_idea_of_too_much(policy, notes, fit):
    rules = replace(RULES, denominations_minor=frozenset({500, 1000, 10_000, 50_000}))
    assert fits(order_of(7000, policy), 0, notes, rules) is fit


def test_an_order_past_the_session_limit_is_never_begun():
    assert not is_payable(order_of(RULES.session_limit_minor + 1, OverpayPolicy.CREDIT_ALL), RULES)
