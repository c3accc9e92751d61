"""The daily register of an OSMP provider: read whole and right, or not at all, with the line that is wrong."""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.gateways import port
from kiosk.gateways.osmp import OsmpGateway, OsmpProfile, OsmpSettings
from kiosk.gateways.osmp.register import RegisterError, read_register
from kiosk.gateways.profile import load_profile
from kiosk.gateways.tls import client_ssl_context
from kiosk.gateways.wire import Credentials
from tests.support.dialects import CONFIG
from tests.support.far_end import far_end, hold

LINES = (
    "100000000100001\t2030-01-01\t03:00:00\t1000000016\t70.00",
    "100000000100002\t01.01.2030\t23:59:59\t1000000024\t0.5",
    "Total:\t2\t70.50",
)
ZONE = "Europe/Moscow"


def read(*lines, currency="RUB"):
    return read_register("\n".join(lines) + "\n", currency, ZONE)


def test_every_line_is_a_payment_with_our_id_in_utc():
    first, second = read(*LINES)
    assert first == port.RegisteredPayment(
        "000100000000100001", "", 7000, "RUB", 1_893_456_000_000_000, 1_893_456_000_000_000
    )
    assert (second.payment_id, second.amount_minor) == ("000100000000100002", 50)
    assert (second.captured_at_us - first.captured_at_us) // 1_000_000 == 21 * 3600 - 1


def test_a_day_without_payments_is_a_register_too():
    assert read("Total:\t0\t0.00") == ()


def test_the_end_of_the_file_may_be_written_in_several_ways():
    assert read_register("\ufeff" + "\r\n".join(LINES) + "\r\n\r\n", "RUB", ZONE) == read(*LINES)


@pytest.mark.parametrize(
    ("line", "text", "fault"),
    [
        (0, "100000000100001\t2030-01-01\t03:00:00\t70.00", "line 1: has 4 columns, not 5"),
        (1, "abc\t2030-01-01\t03:00:00\t1\t0.5", "line 2: the transaction id is no number"),
        (1, "2\t2030-13-01\t03:00:00\t1\t0.5", "line 2: date and time are not"),
        (1, "2\t01/02/2030\t03:00:00\t1\t0.5", "line 2: date and time are not"),
        (0, "1\t2030-01-01\t25:00:00\t1\t70.00", "line 1: date and time are not"),
        (0, "1\t2030-01-01\t03:00:00\t1\t70,00", "line 1: the sum: '70,00' is not an amount"),
        (0, "1\t2030-01-01\t03:00:00\t1\t-70.00", "line 1: the sum"),
        (0, LINES[1], "payment 2: has the id of payment 1"),
        (2, "Total:\t3\t70.50", "line 3: tells of (3, 7050) (count, minor units), the lines of (2, 7050)"),
        (2, "Total:\t2\t70.51", "line 3: tells of (2, 7051)"),
        (2, "Total:\tmany\t70.50", "line 3: invalid literal"),
        (2, "Sum:\t2\t70.50", "line 3: must be Total:"),
        (2, LINES[0], "line 3: must be Total:, count and amount; the file was cut"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(line, text, fault):
    lines = list(LINES)
    lines[line] = text
    with pytest.raises(RegisterError) as caught:
        read(*lines)
    assert fault in str(caught.value)


def test_all_faults_are_named_at_once_and_no_account_among_them():
    with pytest.raises(RegisterError) as caught:
        read("1\t?\t?\t79161234567\t1", "x\t2030-01-01\t03:00:00\t79161234567\t1", "end")
    assert all(f"line {number}:" in str(caught.value) for number in (1, 2, 3))
    assert "79161234567" not in str(caught.value)


def test_an_empty_file_is_no_register():
    for text in ("", "\n\n"):
        with pytest.raises(RegisterError, match="cut"):
            read_register(text, "RUB", ZONE)


@given(st.text(st.sampled_from("0123456789\t\n:.-Total "), max_size=200) | st.text(max_size=100))
def test_whatever_a_file_holds_it_is_a_register_or_none(text):
    with suppress(RegisterError):
        read_register(text, "RUB", ZONE)


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_times(date):
    (paid,) = read(f"1\t{date}\t00:00:00\t1\t1.00", "Total:\t1\t1.00")
    assert paid.amount_minor == 100


def ask(folder, day, register_file=None):
    """What a gateway answers whose profile says where registers are put."""
    place = folder / "in" / "17_{day}1.csv" if register_file is None else register_file
    text = (CONFIG / "osmp.toml").read_text().replace('register_file = ""', f'register_file = "{place}"')
    (folder / "profile.toml").write_text(text)
    profile = load_profile(folder / "profile.toml", OsmpProfile)

    async def story():
        async with far_end(folder, hold) as end:
            tls = client_ssl_context(end.folder / "ca.pem", None, None)
            gateway = OsmpGateway(end.url, tls, 5.0, Credentials(), OsmpSettings(profile, "0001", "RUB", live=False))
            answer = await gateway.register(day)
            await gateway.close()
            return answer

    return asyncio.run(story())


def put(folder, day, *lines):
    (folder / "in").mkdir(exist_ok=True)
    total = len(lines)
    (folder / "in" / f"17_{day}1.csv").write_text("\n".join([*lines, f"Total:\t{total}\t{total}.00"]))


def line(number, date, time):
    return f"{number}\t{date}\t{time}\t1000000016\t1.00"


def test_a_utc_day_is_put_together_from_the_two_moscow_days_it_lies_in(tmp_path):
    put(tmp_path, "20300101", line(1, "2030-01-01", "02:59:59"), line(2, "2030-01-01", "03:00:00"))
    put(tmp_path, "20300102", line(3, "2030-01-02", "02:59:59"), line(4, "2030-01-02", "03:00:00"))
    answer = ask(tmp_path, "2030-01-01")
    assert [paid.payment_id[-1] for paid in answer.payments] == ["2", "3"]
    assert (answer.day, answer.closed, answer.claims) == ("2030-01-01", True, ())


def test_a_day_whose_second_half_has_not_come_is_unavailable(tmp_path):
    put(tmp_path, "20300101", line(2, "2030-01-01", "03:00:00"))
    answer = ask(tmp_path, "2030-01-01")
    assert isinstance(answer, port.RegisterUnavailable)
    assert "17_203001021.csv" in answer.cause


@pytest.mark.parametrize("day", ["2030-02-30", "yesterday", "", "20300101x", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_unavailable(tmp_path, day):
    assert isinstance(ask(tmp_path, day), port.RegisterUnavailable)


def test_where_no_register_is_put_there_is_none(tmp_path):
    assert ask(tmp_path, "2030-01-01", "").cause.endswith("the profile names no register_file")


def test_a_register_without_end_is_not_read(tmp_path):
    put(tmp_path, "20300101")
    with (tmp_path / "in" / "17_203001011.csv").open("wb") as file:
        file.truncate(20_000_000)
    assert "more than" in ask(tmp_path, "2030-01-01").cause
