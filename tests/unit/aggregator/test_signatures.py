"""Signatures as published, and that nothing which is signed can be changed by whoever carries it."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.aggregator import admin
from kiosk.aggregator.errors import RESULT_CODES, MerchantError, MerchantFault
from kiosk.aggregator.merchants import signatures, starting
from kiosk.aggregator.merchants.merchant_fields import read_pairs
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money import numbers
from kiosk.aggregator.storage.database import open_database, reading
from tests.support.merchant_client import BETWEEN, Library

VECTORS = json.loads((Path(__file__).parent / "signature_vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["kind"])
def test_published_signatures_come_out_the_same(vector):
    assert signatures.is_right(vector["expected"].upper(), vector["base"], vector["alg"])
    assert not signatures.is_right(vector["expected"], vector["base"] + "x", vector["alg"])


def test_every_documented_hash_can_be_computed_here_and_no_other():
    assert signatures.HASHES == signatures.KNOWN_HASHES
    with pytest.raises(ValueError, match="not one of"):
        signatures.digest("x", "sha3")


def test_a_machine_without_a_hash_does_not_offer_it(monkeypatch):
    real = hashlib.new

    def without_legacy(name, *data, **how):
        if name == "ripemd160":
            raise ValueError("unsupported hash type ripemd160")
        return real(name, *data, **how)

    monkeypatch.setattr(hashlib, "new", without_legacy)
    assert not signatures._is_computable("ripemd160")
    assert signatures._is_computable("md5")


def test_the_base_of_a_start_keeps_the_slot_of_an_absent_number():
    base = signatures.start_base("robo-demo", "10.00", "", "password#1", {}, ("USD", "127.0.0.1"))
    assert base == "robo-demo:10.00::USD:127.0.0.1:password#1"


def test_shop_parameters_follow_the_password_by_name():
    base = signatures.result_base("10", "1", "p2", {"Shp_b": "2", "Shp_a": "1"})
    assert base == "10:1:p2:Shp_a=1:Shp_b=2"


@pytest.mark.parametrize(
    ("extras", "tails"),
    [
        ({}, [[]]),
        ({"Shp_b": "2", "Shp_a": "1"}, [["Shp_a=1", "Shp_b=2"]]),
        ({"shp_a": "1", "Shp_b": "2"}, [["Shp_b=2", "shp_a=1"], ["shp_a=1", "Shp_b=2"]]),
        ({"Shp_a": "1", "Shp_a1": "2"}, [["Shp_a=1", "Shp_a1=2"], ["Shp_a1=2", "Shp_a=1"]]),
    ],
)
def test_libraries_order_shop_parameters_in_three_ways(extras, tails):
    assert list(signatures.tails(extras)) == tails


def test_what_cannot_be_written_in_the_merchants_encoding_is_not_signed():
    assert not signatures.is_right("0", "☃", "md5", "cp1251")


def test_every_fault_has_a_result_code_of_its_kind():
    assert MerchantError(MerchantFault.NUMBER_TAKEN, "x").code == 4
    assert MerchantError(MerchantFault.DATE_INVALID, "x").code == 1000
    assert set(RESULT_CODES.values()) == {1, 2, 3, 4}


def test_a_mistyped_order_number_is_nobodys():
    number = numbers.order_number(7)
    assert numbers.is_number(number)
    for place in range(len(number)):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert not numbers.is_number(wrong)


# --- whoever carries it -----------------------------------------------------------------------------------------------

SHOP = Library("bookshop", "one-one-one", "two-two-two")
TEXT = st.text("abcXYZ019 .-_+%&=:/{}\"'жЯ☃", max_size=12)
OPTIONALS = {
    "OutSumCurrency": st.just("EUR"),
    "UserIp": st.sampled_from(["192.0.2.1", "2001:db8::1"]),
    "Receipt": st.dictionaries(TEXT, TEXT, max_size=2).map(json.dumps),
    "ResultUrl2": st.just("https://a.example/r"),
    "SuccessUrl2": st.sampled_from(["https://a.example/s", "http://b.example:81/?x=1"]),
    "SuccessUrl2Method": st.sampled_from(["GET", "POST"]),
    "FailUrl2": st.just("https://a.example/f"),
    "FailUrl2Method": st.sampled_from(["GET", "POST"]),
}
NAMES = st.sampled_from(["Shp_a", "Shp_b", "shp_c", "SHP_D", "Shp_a1"])
STARTS = st.builds(
    lambda out_sum, inv_id, more, extras: SHOP.start(out_sum, inv_id, **more, **extras),
    st.sampled_from(["1", "1.0", "70.00", "0.01"]),
    st.sampled_from(["", "0", "1", "2147483647"]),
    st.fixed_dictionaries({}, optional=OPTIONALS),
    st.dictionaries(NAMES, TEXT, max_size=4),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = open_database(tmp_path_factory.mktemp("aggregator"))
    admin.set_merchant(
        engine, admin.Merchant(SHOP.login, "Bookshop", SHOP.password1, SHOP.password2, "sha256", "http://a/", "EUR", 0)
    )
    yield engine
    engine.dispose()


def read(engine, fields):
    with reading(engine) as db:
        return starting.read(db, read_pairs(fields.items()), now_us())


def signed_of(fields) -> dict[str, str]:
    names = {"MerchantLogin", "OutSum", "InvId", *BETWEEN}
    return {
        name: value for name, value in fields.items() if name.lower().startswith("shp") or (name in names and value)
    }


@st.composite
def carried(draw, fields):
    """What somebody on the way might make of a start: every kind of change to what is signed."""
    changed, names = dict(fields), sorted(signed_of(fields))
    name, other = draw(st.sampled_from(names)), draw(st.sampled_from(names))
    kind = draw(st.sampled_from(["letter", "drop", "swap", "join", "split", "add", "empty", "case"]))
    value = changed[name]
    match kind:
        case "letter":
            at = draw(st.integers(0, max(0, len(value) - 1)))
            changed[name] = value[:at] + draw(st.text(min_size=0, max_size=2)) + value[at + 1 :]
        case "drop":
            del changed[name]
        case "swap":
            changed[name], changed[other] = changed[other], changed[name]
        case "join":
            changed[name] = f"{value}:{changed.pop(other)}" if other != name else value + ":"
        case "split":
            head, _, rest = value.partition(":")
            changed[name] = head
            changed[draw(st.sampled_from([*BETWEEN, "Shp_new"]))] = rest
        case "add":
            changed[draw(st.sampled_from([*BETWEEN, "Shp_new", "shp"]))] = draw(TEXT.filter(bool))
        case "empty":
            changed[name] = ""
        case "case":
            changed[name] = value.swapcase()
    return changed


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_that_is_signed_can_be_changed_on_the_way(engine, data):
    fields = data.draw(STARTS)
    wanted = read(engine, fields)
    changed = data.draw(carried(fields))
    if signed_of(changed) == signed_of(fields):
        assert read(engine, changed).fingerprint == wanted.fingerprint
        return
    with pytest.raises(MerchantError):
        read(engine, changed)
