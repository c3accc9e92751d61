"""ePay.bg's Billing from the side that takes the cash: checksums by known answers, every status, ids that stay different."""

import asyncio
import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.facts import Order, OverpayPolicy
from kiosk.domain.rules import ToFreeze
from kiosk.gateways import port
from kiosk.gateways.epay import EpayGateway, EpayProfile, EpaySettings, freeze
from kiosk.gateways.epay.checksum import checksum
from kiosk.gateways.epay.frozen import tid
from kiosk.gateways.epay.gateway import OUTCOMES, _amount_minor, _Confirm, _expires_us, _Init, _outcome, _read
from kiosk.gateways.profile import load_profile
from kiosk.gateways.tls import client_ssl_context
from kiosk.gateways.wire import Answer, AnswerError
from tests.support.dialects import CONFIG
from tests.support.far_end import far_end, says

PAYMENT = "000731561932600042"
SECRET = "3EA1ABD845C3D684"  # printed in the protocol's own documentation
PROFILE = load_profile(CONFIG / "epay.toml", EpayProfile)
VECTORS = json.loads((Path(__file__).parent / "epay_vectors.json").read_text())
ORDER = Order("idn:12345", "12345", "Water", "", 7000, "EUR", 2 * 10**15, OverpayPolicy.HOLD)
BODY = freeze("0000334", ToFreeze(PAYMENT, ORDER, 7000, ((5000, 1), (2000, 1)), 1_893_456_000_000_000, 41, "ab" * 32))
DUE = {"STATUS": "00", "IDN": "12345", "SHORTDESC": "Water, May", "AMOUNT": "7000", "VALIDTO": "20991231"}


def ask(folder, behaviour, what):
    async def story():
        async with far_end(folder, behaviour) as end:
            tls = client_ssl_context(end.folder / "ca.pem", None, None)
            gateway = EpayGateway(end.url, tls, 5.0, SECRET, EpaySettings(PROFILE, "EUR", live=True))
            try:
                return await what(gateway), end.requests
            finally:
                await gateway.close()

    return asyncio.run(story())


def tells(**body):
    return says(200, json.dumps(body).encode())


def post(folder, behaviour):
    return ask(folder, behaviour, lambda gateway: gateway.post(PAYMENT, BODY))


def quote(folder, behaviour, wanted=None):
    wanted = wanted or port.QuoteWanted("12345", "EUR")
    return ask(folder, behaviour, lambda gateway: gateway.quote(wanted))[0]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["kind"])
def test_a_checksum_is_what_others_have_computed(vector):
    assert checksum(vector["parameters"], vector["secret"]) == vector["expected"]


@pytest.mark.parametrize("status", OUTCOMES)
def test_every_status_of_a_confirmation_has_its_outcome(tmp_path, status):
    assert type(post(tmp_path, tells(STATUS=status))[0]) is OUTCOMES[status]


def test_a_payment_that_was_processed_before_is_accepted_and_named_by_its_tid(tmp_path):
    for status in ("00", "94"):
        assert post(tmp_path, tells(STATUS=status))[0] == port.Accepted(tid(PAYMENT))


@pytest.mark.parametrize("status", ["0", "000", "0 ", "OK", "", "95"])
def test_another_status_is_unknown(tmp_path, status):
    assert isinstance(post(tmp_path, tells(STATUS=status))[0], port.Unknown)


@pytest.mark.parametrize("body", [{"STATUS": 0}, {"STATUS": None}, {"status": "00"}, {"Status": "00"}, []])
def test_what_is_no_confirmation_is_unknown(tmp_path, body):
    assert isinstance(post(tmp_path, says(200, json.dumps(body).encode()))[0], port.Unknown)


def test_a_confirmation_is_sent_with_its_checksum_and_sofia_time(tmp_path):
    _, (request,) = post(tmp_path, tells(STATUS="00"))
    path, _, query = request.split(b" ")[1].decode().partition("?")
    said = dict(parse_qsl(query))
    assert path == "/pay/confirm"
    assert said.pop("CHECKSUM") == checksum(said, SECRET)
    assert said == {
        "IDN": "12345",
        "MERCHANTID": "0000334",
        "TYPE": "BILLING",
        "TID": "20300101000206000042000007",
        "DATE": "20300101020000",
        "TOTAL": "7000",
    }
    assert b"CHECKSUM" not in BODY


def test_a_tid_has_26_digits_of_time_count_and_terminal():
    assert tid("000731561932600042") == "20300101000206" + "000042" + "000007"


FIELD = st.sampled_from(["STATUS", "IDN", "SHORTDESC", "LONGDESC", "AMOUNT", "VALIDTO"]) | st.text(max_size=5)
IDS = st.integers(0, 10**18 - 1).map(lambda number: f"{number:018d}")


@given(IDS, IDS)
def test_different_payments_have_different_tids(one, two):
    assert (tid(one) == tid(two)) == (one == two)
    assert len(tid(one)) == 26


@pytest.mark.parametrize("payment_id", ["", "7", "0" * 17, "0" * 19, "00073156193260004x", "٠" * 18])
def test_an_id_that_is_not_ours_has_no_tid(payment_id):
    with pytest.raises(ValueError, match="18 digits"):
        tid(payment_id)


def test_what_is_owed_is_quoted(tmp_path):
    answer, (request,) = ask(
        tmp_path,
        tells(**DUE, LONGDESC="May 12 m3\n\nReading 4711"),
        lambda gateway: gateway.quote(port.QuoteWanted("12345", "EUR")),
    )
    assert (answer.payee, answer.description, answer.amount_minor) == ("Example Water", "Water, May", 7000)
    assert answer.details == (("", "May 12 m3"), ("", "Reading 4711"))
    assert request.startswith(b"GET /pay/init?IDN=12345&MERCHANTID=0000334&TYPE=CHECK&CHECKSUM=702de02734d2")


@pytest.mark.parametrize(
    ("status", "code"), [("14", "order_not_found"), ("62", "nothing_due"), ("13", "amount_out_of_range")]
)
def test_a_subscriber_who_owes_nothing_or_is_nobody_is_told_so(tmp_path, status, code):
    assert quote(tmp_path, tells(STATUS=status)).code == code


@pytest.mark.parametrize(
    "changes",
    [
        {"STATUS": "80"},
        {"STATUS": "93"},
        {"STATUS": "96"},
        {"IDN": "54321"},
        {"AMOUNT": "0"},
        {"AMOUNT": "-1"},
        {"AMOUNT": "70.00"},
        {"AMOUNT": ""},
        {"AMOUNT": "9" * 13},
        {"VALIDTO": "soon"},
    ],
    ids=str,
)
def test_a_bill_that_cannot_be_read_is_none(tmp_path, changes):
    assert isinstance(quote(tmp_path, tells(**(DUE | changes))), port.QuoteUnavailable)


def test_a_bill_is_valid_to_the_end_of_its_day_in_sofia(tmp_path):
    assert isinstance(quote(tmp_path, tells(**(DUE | {"VALIDTO": "99991231"}))), port.Quoted)
    assert quote(tmp_path, tells(**(DUE | {"VALIDTO": "20250101"}))).expires_at_us == 1_735_768_800_000_000


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        (port.QuoteWanted("12345", "RUB"), port.QuoteUnavailable),
        (port.QuoteWanted("", "EUR", "gas"), port.QuoteUnavailable),
        (port.QuoteWanted("12a", "EUR"), port.QuoteRefused),
        (port.QuoteWanted("1" * 65, "EUR"), port.QuoteRefused),
    ],
)
def test_what_is_no_subscriber_is_not_asked_about(tmp_path, wanted, kind):
    answer, requests = ask(tmp_path, tells(**DUE), lambda gateway: gateway.quote(wanted))
    assert isinstance(answer, kind)
    assert requests == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELD, inner, max_size=5),
    max_leaves=8,
)


@given(st.binary(max_size=200) | ANYTHING.map(lambda body: json.dumps(body).encode()))
def test_whatever_comes_is_an_answer_or_none_and_ends_no_till(body):
    for kind in (_Init, _Confirm):
        try:
            told = _read(Answer(200, body, {}), kind)
            _outcome(told.STATUS, "1")
            if kind is _Init:
                _amount_minor(str(told.AMOUNT))
                _expires_us(told.VALIDTO, 60)
        except AnswerError:
            continue


def test_whether_real_money_moves_is_what_the_configuration_says(tmp_path):
    assert ask(tmp_path, tells(STATUS="14"), lambda gateway: gateway.health())[0].live is True
