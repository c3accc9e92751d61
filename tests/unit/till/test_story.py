"""A sentence for everything that can happen."""

from typing import get_args

from kiosk.domain.facts import Fact
from kiosk.till.story import TELL


def test_every_fact_has_its_sentence():
    assert set(TELL) == set(get_args(Fact))
