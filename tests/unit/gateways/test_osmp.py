"""OSMP as its descriptions have it and as it is met in the wild: every code, every oddity, and what is never guessed."""

import asyncio
import base64
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest

from kiosk.domain.facts import Order, OverpayPolicy
from kiosk.domain.rules import ToFreeze
from kiosk.gateways import port
from kiosk.gateways.osmp import OsmpGateway, OsmpProfile, OsmpSettings, freeze
from kiosk.gateways.osmp.codes import CODES, Verdict
from kiosk.gateways.profile import ProfileError, load_profile
from kiosk.gateways.tls import client_ssl_context
from kiosk.gateways.wire import Credentials
from tests.support.dialects import CONFIG
from tests.support.far_end import far_end, says

PAYMENT, WIRE_ID = "000100000000100001", "100000000100001"
CAPTURED_US = 1_893_456_000_000_000  # 2030-01-01 00:00:00 UTC, three hours later in Moscow
SHIPPED = load_profile(CONFIG / "osmp.toml", OsmpProfile)
OUTCOMES = {
    Verdict.DONE: port.Accepted,
    Verdict.LATER: port.Retry,
    Verdict.REFUSED: port.Refused,
    Verdict.UNKNOWN: port.Unknown,
}
#: What the descriptions call fatal, and what we do with the buyer's cash.
FATAL = {4, 5, 7, 8, 10, 31, 32, 40, 79, 241, 242, 243, 300}
REFUSED = FATAL - {10}


def order(about):
    return Order(about, "1000000016", "Bookshop", "A book", 7000, "RUB", 2 * 10**15, OverpayPolicy.HOLD)


def frozen(profile=SHIPPED, amount=7000, about="prv_id=&account=", fields=()):
    wanted = ToFreeze(PAYMENT, order(about), amount, ((2000, 1), (5000, 1)), CAPTURED_US, 41, "ab" * 32, fields)
    return freeze(profile, "0001", wanted)


def xml(*parts, prolog='<?xml version="1.0" encoding="UTF-8"?>', encoding="utf-8"):
    return f"{prolog}<response>{''.join(parts)}</response>".encode(encoding)


def paid(result=0, txn_id=WIRE_ID, total="70.00", more=""):
    return xml(
        f"<osmp_txn_id>{txn_id}</osmp_txn_id><prv_txn>2016</prv_txn><sum>{total}</sum><result>{result}</result>{more}"
    )


def ask(folder, behaviour, what, profile=SHIPPED, credentials=None):
    async def story():
        async with far_end(folder, behaviour) as end:
            name = end.folder / "terminal-0001.pem"
            tls = client_ssl_context(end.folder / "ca.pem", name, name.with_suffix(".key"))
            settings = OsmpSettings(profile, "0001", "RUB", live=False)
            gateway = OsmpGateway(f"{end.url}/pay/osmp.cgi", tls, 5.0, credentials or Credentials(), settings)
            try:
                return await what(gateway), end.requests
            finally:
                await gateway.close()

    return asyncio.run(story())


def post(folder, behaviour, **how):
    return ask(folder, behaviour, lambda gateway: gateway.post(PAYMENT, frozen()), **how)[0]


def quote(folder, behaviour, wanted=None, **how):
    wanted = wanted or port.QuoteWanted("1000000016", "RUB")
    return ask(folder, behaviour, lambda gateway: gateway.quote(wanted), **how)[0]


# --- codes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_published_code_ends_a_payment_as_the_table_says(tmp_path, code):
    answer = post(tmp_path, says(200, paid(code)))
    assert type(answer) is OUTCOMES[CODES[code].verdict]


def test_the_table_says_what_the_descriptions_say():
    assert {code for code, known in CODES.items() if known.fatal} == FATAL
    assert {code for code, known in CODES.items() if known.verdict is Verdict.REFUSED} == REFUSED
    assert {code for code, known in CODES.items() if known.verdict is Verdict.DONE} == {0}
    assert {code for code, known in CODES.items() if known.verdict is Verdict.LATER} == {1, 90}


@pytest.mark.parametrize("code", [2, 3, 6, 13, 215, 275, 301, 302, 999_999_999])
def test_a_code_nobody_told_us_of_is_unknown_and_never_a_refusal(tmp_path, code):
    assert isinstance(post(tmp_path, says(200, paid(code))), port.Unknown)


@pytest.mark.parametrize(
    ("word", "kind"), [("later", port.Retry), ("refused", port.Refused), ("unknown", port.Unknown)]
)
def test_a_vendors_own_code_means_what_its_profile_says(tmp_path, word, kind):
    text = (CONFIG / "osmp.toml").read_text().replace("[codes]", f'[codes]\n215 = "{word}"\n300 = "{word}"')
    (tmp_path / "vendor.toml").write_text(text)
    profile = load_profile(tmp_path / "vendor.toml", OsmpProfile)
    for code in (215, 300):
        assert isinstance(post(tmp_path, says(200, paid(code)), profile=profile), kind)


@pytest.mark.parametrize("word", ["done", "accepted", "0", ""])
def test_no_profile_can_call_a_code_success(tmp_path, word):
    text = (CONFIG / "osmp.toml").read_text().replace("[codes]", f'[codes]\n3 = "{word}"')
    (tmp_path / "vendor.toml").write_text(text)
    with pytest.raises(ProfileError, match=r"codes\.3"):
        load_profile(tmp_path / "vendor.toml", OsmpProfile)


@pytest.mark.parametrize(
    ("code", "of_order", "of_service"),
    [
        (4, "order_not_found", "field_invalid"),
        (5, "order_not_found", "account_unknown"),
        (7, "shop_inactive", "shop_inactive"),
        (79, "order_expired", "account_unknown"),
        (241, "amount_out_of_range", "amount_out_of_range"),
        (40, "currency_mismatch", "currency_mismatch"),
    ],
)
def test_a_check_that_says_no_is_told_in_the_buyers_words(tmp_path, code, of_order, of_service):
    answer = says(200, xml(f"<osmp_txn_id>0</osmp_txn_id><result>{code}</result><comment>because</comment>"))
    assert quote(tmp_path, answer) == port.QuoteRefused(of_order, "because")
    assert quote(tmp_path, answer, SERVICE, profile=selling(tmp_path)) == port.QuoteRefused(of_service, "because")


@pytest.mark.parametrize("code", [1, 10, 90, 300, 777])
def test_a_check_that_says_nothing_of_the_account_is_no_answer(tmp_path, code):
    assert isinstance(quote(tmp_path, says(200, xml(f"<result>{code}</result>"))), port.QuoteUnavailable)


# --- echoes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        paid(txn_id="100000000100002"),
        paid(txn_id=""),
        paid(txn_id="0"),
        paid(txn_id="-100000000100001"),
        paid(txn_id="9" * 64),
        paid(txn_id="9" * 5000),
        paid(total="69.99"),
        paid(total="7000"),
        paid(total=""),
        paid(total="70,00"),
        paid(total="-70.00"),
        paid(total="seventy"),
        paid(total="9" * 5000),
        paid(more="<sum>1.00</sum>"),
        paid(more="<txn_id>5</txn_id>"),
        xml(f"<osmp_txn_id>{WIRE_ID}</osmp_txn_id><result>0</result>"),
        xml("<result>0</result><sum>70.00</sum>"),
    ],
)
def test_success_that_does_not_name_this_id_and_this_sum_is_unknown(tmp_path, answer):
    assert isinstance(post(tmp_path, says(200, answer)), port.Unknown)


@pytest.mark.parametrize("total", ["70.00", "70", "70.0", "70.000000", "070.00"])
def test_a_sum_is_compared_as_money_and_not_as_letters(tmp_path, total):
    assert post(tmp_path, says(200, paid(total=total))) == port.Accepted("2016")


@pytest.mark.parametrize("txn_id", [WIRE_ID, PAYMENT])
def test_an_id_is_compared_as_the_number_it_is(tmp_path, txn_id):
    assert post(tmp_path, says(200, paid(txn_id=txn_id))) == port.Accepted("2016")


def test_a_refusal_that_names_another_id_is_unknown(tmp_path):
    assert isinstance(post(tmp_path, says(200, paid(7, txn_id="5"))), port.Unknown)


# --- oddities of the wild --------------------------------------------------------------------------------------------


def test_a_result_given_twice_is_a_code_and_a_comment(tmp_path):
    answer = xml(f"<osmp_txn_id>{WIRE_ID}</osmp_txn_id><result>7</result><result>Ask your dealer</result>")
    assert post(tmp_path, says(200, answer)) == port.Refused("7", "Ask your dealer")


def test_two_results_that_differ_are_none(tmp_path):
    assert isinstance(post(tmp_path, says(200, paid(0, more="<result>7</result>"))), port.Unknown)
    assert isinstance(post(tmp_path, says(200, paid(7, more="<result>0</result>"))), port.Unknown)


def test_blanks_on_errors_are_nothing_said(tmp_path):
    blank = xml("<osmp_txn_id> \n </osmp_txn_id><prv_txn> </prv_txn><sum> </sum><result> 5 </result>")
    assert post(tmp_path, says(200, blank)) == port.Refused("5", "the account is not found")


def test_blanks_around_values_are_not_part_of_them(tmp_path):
    assert post(tmp_path, says(200, paid(" 0 ", f"\n{WIRE_ID} ", " 70.00\n"))) == port.Accepted("2016")


@pytest.mark.parametrize("tag", ["osmp_txn_id", "txn_id", "ibox_txn_id"])
def test_the_id_has_several_names(tmp_path, tag):
    answer = xml(f"<{tag}>{WIRE_ID}</{tag}><prv_txn>9</prv_txn><sum>70.00</sum><result>0</result>")
    assert post(tmp_path, says(200, answer)) == port.Accepted("9")


WORDS = "Абонент не найден"
REFUSAL = f"<osmp_txn_id>{WIRE_ID}</osmp_txn_id><result>5</result><comment>{WORDS}</comment>"
PROLOG_1251 = '<?xml version="1.0" encoding="windows-1251"?>'


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (xml(REFUSAL), "utf-8"),
        (xml(REFUSAL), "windows-1251"),
        (xml(REFUSAL), "cp1251"),
        (xml(REFUSAL, encoding="cp1251"), "windows-1251"),
        (xml(REFUSAL, prolog=PROLOG_1251, encoding="cp1251"), "utf-8"),
        (xml(REFUSAL, prolog=PROLOG_1251, encoding="cp1251"), "windows-1251"),
        (xml(REFUSAL, prolog="", encoding="cp1251"), "windows-1251"),
    ],
    ids=["right", "lying header", "lying header by its other name", "lying prolog", "right 1251", "both", "no prolog"],
)
def test_header_and_prolog_that_disagree_do_not_spoil_the_words(tmp_path, body, charset):
    answer = says(200, body, f"Content-Type: text/xml; charset={charset}")
    assert post(tmp_path, answer) == port.Refused("5", WORDS)


@pytest.mark.parametrize("charset", ["koi8-r", "unknown-8bit", "utf-7", ""])
def test_bytes_that_fit_neither_prolog_nor_a_known_header_are_no_answer(tmp_path, charset):
    answer = says(200, xml(REFUSAL, encoding="cp1251"), f"Content-Type: text/xml; charset={charset}")
    assert isinstance(post(tmp_path, answer), port.Unknown)


def test_a_business_answer_under_http_404_is_read_but_its_success_is_not_believed(tmp_path):
    assert post(tmp_path, says(404, paid(5))) == port.Refused("5", "the account is not found")
    assert isinstance(post(tmp_path, says(404, paid(0))), port.Unknown)
    assert isinstance(post(tmp_path, says(404, paid(5, txn_id=""))), port.Unknown)
    assert quote(tmp_path, says(404, xml("<result>5</result>"))).code == "order_not_found"
    assert isinstance(quote(tmp_path, says(404, xml("<result>0</result>"))), port.QuoteUnavailable)


@pytest.mark.parametrize("status", [301, 500, 502, 599])
def test_a_business_answer_of_a_server_that_fails_is_none(tmp_path, status):
    assert isinstance(post(tmp_path, says(status, paid(7))), port.Unknown)


def test_json_is_another_dialect_and_never_success(tmp_path):
    json = f'{{"txn_id": "{WIRE_ID}", "prv_txn_id": "2016", "result": 0, "sum": 70.00, "comment": "ok"}}'.encode()
    assert isinstance(post(tmp_path, says(200, json, "Content-Type: application/json")), port.Unknown)


@pytest.mark.parametrize(
    "answer",
    [
        b"<other><result>0</result></other>",
        xml(),
        xml("<result></result>"),
        xml("<result>OK</result>"),
        xml("<result>-1</result>"),
        xml("<result>0x0</result>"),
        xml(f"<result>{'0' * 5000}</result>"),
        xml("<deep>" * 5000, "</deep>" * 5000),
        xml("<inner><result>0</result></inner>"),
        paid()[:-3],
        paid() + paid(),
    ],
)
def test_what_is_no_response_is_unknown(tmp_path, answer):
    assert isinstance(post(tmp_path, says(200, answer)), port.Unknown)


def test_an_answer_with_entities_is_not_read_even_where_it_would_make_sense(tmp_path):
    entities = f'<!DOCTYPE r [<!ENTITY s "70.00"><!ENTITY t "{WIRE_ID}">]>'
    answer = xml(
        "<osmp_txn_id>&t;</osmp_txn_id><prv_txn>1</prv_txn><sum>&s;</sum><result>0</result>",
        prolog=f'<?xml version="1.0"?>{entities}',
    )
    told = post(tmp_path, says(200, answer))
    assert isinstance(told, port.Unknown)
    assert "entities" in told.cause


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_a_payment_is_the_same_query_every_time_with_moscow_time_and_two_decimals(tmp_path):
    async def twice(gateway):
        return [await gateway.post(PAYMENT, frozen()) for _ in range(2)]

    _, requests = ask(tmp_path, says(200, paid(90), "Connection: close"), twice)
    expected = b"command=pay&txn_id=100000000100001&txn_date=20300101030000&account=1000000016&sum=70.00&ccy=RUB"
    assert [request.split(b" ")[:2] for request in requests] == [[b"GET", b"/pay/osmp.cgi?" + expected]] * 2
    assert frozen() == frozen()


@pytest.mark.parametrize(("minor", "text"), [(1, "0.01"), (10, "0.10"), (100, "1.00"), (123456789, "1234567.89")])
def test_a_sum_has_a_point_and_two_decimals(minor, text):
    assert dict(parse_qsl(frozen(amount=minor).decode()))["sum"] == text


def test_only_http_basic_is_added_to_it_and_only_where_it_is_configured(tmp_path):
    told = {}
    for credentials in (None, Credentials("kiosk", "pass:word")):
        _, (request,) = ask(
            tmp_path, says(200, paid()), lambda gateway: gateway.post(PAYMENT, frozen()), credentials=credentials
        )
        told[bool(credentials)] = request
    expected = base64.b64encode(b"kiosk:pass:word")
    assert b"authorization: basic " + expected.lower() in told[True].lower()
    assert b"authorization" not in told[False].lower()
    assert "pass:word" not in repr(Credentials("kiosk", "pass:word"))


SERVICE = port.QuoteWanted("", "RUB", "mobile", (("phone", "79161234567"), ("contract", "А-1&sum=1"), ("pin", "0")))
SERVICES = """
[services.mobile]
prv_id = "17"
payee = "Example Mobile"
account_field = "phone"
account_form = "7[0-9]{10}"
data_fields = ["contract"]
min_minor = 1000
max_minor = 1500000
overpay = "credit_all"
"""


def selling(folder, more=SERVICES):
    (folder / "profile.toml").write_text((CONFIG / "osmp.toml").read_text() + more)
    return load_profile(folder / "profile.toml", OsmpProfile)


def test_what_was_checked_is_what_is_paid(tmp_path):
    checked, (request,) = ask(
        tmp_path, says(200, xml("<result>0</result>")), lambda gateway: gateway.quote(SERVICE), selling(tmp_path)
    )
    target = request.split(b" ")[1].decode()
    assert target == (
        "/pay/osmp.cgi?command=check&txn_id=0&account=79161234567&prv_id=17&contract=%D0%90-1%26sum%3D1&sum=0.00&ccy=RUB"
    )
    said = dict(parse_qsl(frozen(about=checked.quote_id, fields=SERVICE.fields).decode()))
    assert said == {
        "command": "pay",
        "txn_id": WIRE_ID,
        "txn_date": "20300101030000",
        "account": "79161234567",
        "prv_id": "17",
        "contract": "А-1&sum=1",
        "sum": "70.00",
        "ccy": "RUB",
    }
    assert (checked.open_amount, checked.amount_minor, checked.max_minor) == (True, 1000, 1_500_000)
    assert (checked.payee, checked.account, checked.overpay) == ("Example Mobile", "", "credit_all")
    assert "79161234567" not in repr(checked)  # what is personal stands in the query alone


@pytest.mark.parametrize("phone", ["", "7916123456", "791612345678", "89161234567", "7916123456७", "79161234567\n"])
def test_an_account_that_does_not_fit_is_refused_before_anything_is_sent(tmp_path, phone):
    wanted = port.QuoteWanted("", "RUB", "mobile", (("phone", phone), ("contract", "1")))
    answer, requests = ask(
        tmp_path, says(200, xml("<result>0</result>")), lambda gateway: gateway.quote(wanted), selling(tmp_path)
    )
    assert answer.code == "field_invalid"
    assert requests == []


def test_an_account_has_at_most_two_hundred_characters(tmp_path):
    profile = selling(tmp_path, SERVICES.replace("7[0-9]{10}", "[0-9]+"))
    for length, kind in ((200, port.Quoted), (201, port.QuoteRefused)):
        wanted = port.QuoteWanted("", "RUB", "mobile", (("phone", "7" * length), ("contract", "")))
        assert isinstance(quote(tmp_path, says(200, xml("<result>0</result>")), wanted, profile=profile), kind)


@pytest.mark.parametrize(
    "wanted", [port.QuoteWanted("1000000016", "EUR"), port.QuoteWanted("", "RUB", "gas", (("phone", "1"),))]
)
def test_what_the_profile_does_not_sell_is_not_asked_for(tmp_path, wanted):
    answer, requests = ask(tmp_path, says(200, xml("<result>0</result>")), lambda gateway: gateway.quote(wanted))
    assert isinstance(answer, port.QuoteUnavailable)
    assert requests == []


# --- what a check tells ----------------------------------------------------------------------------------------------


def checked(*fields):
    named = "".join(f'<field{at} name="{name}">{text}</field{at}>' for at, (name, text) in enumerate(fields, 1))
    return says(200, xml(f"<osmp_txn_id>0</osmp_txn_id><result>0</result><fields>{named}</fields>"))


def test_fields_that_are_named_are_read_and_the_others_are_shown(tmp_path):
    answer = quote(
        tmp_path,
        checked(
            ("amount", "70.00"), ("payee", "Bookshop"), ("description", "A book"), ("Name", "I. I."), ("Flat", "7")
        ),
    )
    assert (answer.amount_minor, answer.payee, answer.description) == (7000, "Bookshop", "A book")
    assert answer.details == (("Name", "I. I."), ("Flat", "7"))
    assert not answer.open_amount


@pytest.mark.parametrize("amount", ["", "much", "-5.00", "70,00"])
def test_a_due_amount_that_cannot_be_read_is_not_guessed(tmp_path, amount):
    assert isinstance(quote(tmp_path, checked(("amount", amount))), port.QuoteUnavailable)


@pytest.mark.parametrize(
    ("amount", "code"),
    [("0.00", "nothing_due"), ("15000.01", "amount_out_of_range"), ("9" * 400, "amount_out_of_range")],
)
def test_a_due_amount_that_cannot_be_paid_is_refused_before_cash(tmp_path, amount, code):
    assert quote(tmp_path, checked(("amount", amount))).code == code


def test_an_offer_ends_when_the_provider_says_and_never_later_than_we_would(tmp_path):
    now_s = datetime.now(UTC).timestamp()
    ours = quote(tmp_path, checked(("amount", "70.00"), ("expires", "20990101000000")))
    assert 1790 < ours.expires_at_us / 1_000_000 - now_s < 1830
    theirs = quote(tmp_path, checked(("amount", "70.00"), ("expires", "20250101030000")))
    assert theirs.expires_at_us == 1_735_689_600_000_000  # 2025-01-01 00:00:00 UTC
    assert isinstance(quote(tmp_path, checked(("amount", "70.00"), ("expires", "soon"))), port.QuoteUnavailable)


# --- health ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [0, 1, 5, 777])
def test_any_answer_of_the_dialect_says_that_the_provider_is_there(tmp_path, code):
    answer = says(200, xml(f"<result>{code}</result>"), "Date: Tue, 01 Jan 2030 00:00:00 GMT")
    health, (request,) = ask(tmp_path, answer, lambda gateway: gateway.health())
    assert health.live is False
    assert health.skew_s < 0
    assert b"command=check&txn_id=0&account=0&sum=0.00" in request


@pytest.mark.parametrize("date", ["", "Date: yesterday"])
def test_a_clock_nobody_shows_is_not_held_against_ours(tmp_path, date):
    answer = says(200, xml("<result>5</result>"), *([date] if date else []))
    assert ask(tmp_path, answer, lambda gateway: gateway.health())[0] == port.Healthy(False, 0.0)


def test_a_profile_tells_every_fault_at_once(tmp_path):
    text = (CONFIG / "osmp.toml").read_text()
    for old, new in (
        ('zone = "Europe/Moscow"', 'zone = "Mars"'),
        ('account_form = "[0-9]{4,20}"', 'account_form = "[0-9"'),
        ("min_minor = 1 ", "min_minor = 0 "),
        ("send_terminal = false", "send_termianl = false"),
        ("quote_lives_s = 1800", "quote_lives_s = 1"),
    ):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(ProfileError) as caught:
        load_profile(tmp_path / "bad.toml", OsmpProfile)
    faults = str(caught.value).splitlines()
    keys = ("zone", "orders.account_form", "orders.min_minor", "send_termianl", "send_terminal", "quote_lives_s")
    assert all(any(f": {key}: " in fault for fault in faults) for key in keys)
    with pytest.raises(ProfileError, match=r"none\.toml"):
        load_profile(tmp_path / "none.toml", OsmpProfile)


def test_a_field_the_profile_wants_and_the_catalogue_does_not_have_is_named(tmp_path):
    wanted = port.QuoteWanted("", "RUB", "mobile", (("phone", "79161234567"),))
    answer = quote(tmp_path, says(200, xml("<result>0</result>")), wanted, profile=selling(tmp_path))
    assert "'contract'" in answer.cause


def test_a_payment_is_what_was_checked_although_the_profile_has_changed_since():
    other = frozen(SHIPPED, about="prv_id=17&account=phone", fields=SERVICE.fields)
    assert dict(parse_qsl(other.decode()))["account"] == "79161234567"
    assert dict(parse_qsl(other.decode()))["prv_id"] == "17"
