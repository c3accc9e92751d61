"""Which notes may still be taken, for every policy and any set of notes: nobody is stranded half way."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.facts import OverpayPolicy
from kiosk.domain.overpay import fits, is_payable, most_over_minor
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
