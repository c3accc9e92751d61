"""A dirty head is seen before buyers complain, and a crumpled note is not called one."""

import pytest

from kiosk.diagnosis.rejects import TRIES_MIN, finding_of
from kiosk.domain.findings import FindingCode

C = FindingCode


def totals(taken, **rejected):
    stacked = {"stacked:EUR:500": taken // 2, "stacked:EUR:2000": taken - taken // 2}
    return {**stacked, "returned:EUR:500": 900, **{f"rejected:{reason}": n for reason, n in rejected.items()}}


@pytest.mark.parametrize(
    ("periods", "code"),
    [
        ([], C.REJECTS_UNCOUNTED),
        ([totals(30, optic=TRIES_MIN - 31)], C.REJECTS_UNCOUNTED),
        ([totals(95, optic=5)], C.REJECTS_FEW),
        ([totals(90, optic=6, magnetic=4)], C.REJECTS_MANY),
        ([totals(70, optic=30)], C.REJECTS_MOST),
        ([totals(95, inhibited=400, second_note=50, fraud=9, barcode=7, host=3)], C.REJECTS_FEW),
        ([totals(10, optic=5), totals(90, optic=0)], C.REJECTS_FEW),
        ([totals(40, optic=20), totals(900, optic=0)], C.REJECTS_MOST),
    ],
    ids=[
        "nothing",
        "too few",
        "clean",
        "many",
        "most",
        "the buyers' own doing",
        "a young period leans on the one before",
        "an old clean period does not hide a dirty head",
    ],
)
def test_the_share_of_refused_notes_is_judged(periods, code):
    found, _ = finding_of(iter(periods))
    assert found.code is code


def test_the_reasons_are_told_beside_the_share():
    found, reasons = finding_of(iter([totals(70, optic=20, magnetic=10, inhibited=5)]))
    assert dict(found.values) == {"percent": "30", "rejected": "30", "taken": "70"}
    assert reasons == {"optic": 20, "magnetic": 10, "inhibited": 5}


def test_no_more_periods_are_read_than_are_needed():
    asked = []

    def periods():
        for number in (3, 2, 1):
            asked.append(number)
            yield totals(100)

    finding_of(periods())
    assert asked == [3]
