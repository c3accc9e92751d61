"""Compact JWTs: the published vector, and that nothing but the signer's own bytes is taken."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.aggregator.errors import MerchantError
from kiosk.aggregator.merchants import compact_jwt
from tests.support.merchant_client import b64, jwt

KEY = "demo:p1"
MD5 = b64(b'{"alg":"MD5"}')
SUM = b64(b'{"OutSum":100.50}')
VECTOR = (
    b64(b'{"alg":"MD5","typ":"JWT"}')
    + "."
    + b64(b'{"MerchantLogin":"demo","InvoiceType":"OneTime","Culture":"ru","InvId":1,"OutSum":1}')
    + ".VQI_IcyNhJYujzm9Z7i4hw"
)


@pytest.mark.parametrize("body", [VECTOR, json.dumps(VECTOR), f'  "{VECTOR}"\r\n', VECTOR + "=="])
def test_the_published_vector_is_right_bare_or_as_a_json_string(body):
    token = compact_jwt.read(body.encode())
    assert compact_jwt.is_right(token, KEY)
    assert not compact_jwt.is_right(token, "demo:p2")
    assert token.payload["InvId"] == 1


def test_sums_keep_their_digits():
    token = compact_jwt.read(jwt({"OutSum": 1}, KEY, "HS256", "sha256").encode())
    assert token.payload["OutSum"] == 1
    raw = f"{MD5}.{SUM}.".encode()
    assert str(compact_jwt.read(raw).payload["OutSum"]) == "100.50"
    assert isinstance(compact_jwt.read(raw).payload["OutSum"], Decimal)


@given(st.integers(0, len(VECTOR) - 1), st.characters(codec="ascii"))
def test_a_changed_character_is_refused(at, letter):
    changed = VECTOR[:at] + letter + VECTOR[at + 1 :]
    try:
        token = compact_jwt.read(changed.encode())
    except MerchantError:
        return
    same = token.signed == VECTOR.rpartition(".")[0].encode() and changed.rstrip("= \t\r\n\x0b\x0c") == VECTOR
    assert compact_jwt.is_right(token, KEY) == (same or changed == VECTOR)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_token_or_refused_by_name(body):
    with suppress(MerchantError):
        compact_jwt.read(body)


@pytest.mark.parametrize("alg", ["none", "None", "", "RS256", "ES256", 5, None, ["MD5"]])
def test_there_is_no_algorithm_without_a_key(alg):
    head, payload = b64(json.dumps({"alg": alg}).encode()), b64(b"{}")
    with pytest.raises(MerchantError, match="alg is not one of"):
        compact_jwt.read(f"{head}.{payload}.".encode())


def test_a_token_of_deep_nests_is_refused():
    deep = b64(b"[" * 20_000)
    with pytest.raises(MerchantError):
        compact_jwt.read(f"{MD5}.{deep}.".encode())
