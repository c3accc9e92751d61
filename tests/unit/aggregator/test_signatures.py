import hashlib
import json
from pathlib import Path

import pytest

from kiosk.aggregator import numbers, signatures

VECTORS = json.loads((Path(__file__).parent / "signature_vectors.json").read_text())
KNOWN = [v for v in VECTORS if v["alg"] in signatures.HASHES and v["alg"] in hashlib.algorithms_available]


@pytest.mark.parametrize("vector", KNOWN, ids=lambda v: v["kind"])
def test_published_signatures_come_out_the_same(vector):
    assert signatures.is_right(vector["expected"].upper(), vector["base"], vector["alg"])
    assert not signatures.is_right(vector["expected"], vector["base"] + "x", vector["alg"])


def test_the_base_of_a_start_keeps_the_slot_of_an_absent_number():
    base = signatures.start_base("robo-demo", "10.00", "", "password#1", {}, ("USD", "127.0.0.1"))
    assert base == "robo-demo:10.00::USD:127.0.0.1:password#1"


def test_shop_parameters_follow_the_password_by_name():
    base = signatures.result_base("10", "1", "p2", {"Shp_b": "2", "Shp_a": "1"})
    assert base == "10:1:p2:Shp_a=1:Shp_b=2"


def test_an_unknown_hash_is_refused_and_never_replaced_by_a_weak_one():
    with pytest.raises(ValueError, match="not one of"):
        signatures.digest("x", "sha3")


def test_a_mistyped_order_number_is_nobodys():
    number = numbers.order_number(7)
    assert numbers.is_number(number)
    for place in range(len(number)):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert not numbers.is_number(wrong)
