"""The demo as a new user runs it: one command, no display, one paid order or service."""

import json
import subprocess
import sys

import pytest

from drivers.bill_acceptor.registry import PROTOCOLS


def play(folder, *options):
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "demo", "--headless", "--out", str(folder), *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_an_order_is_paid_notified_and_printed_for(tmp_path):
    folder = tmp_path / "out"
    done = play(folder, "--language", "bg", "--notes", "50,50")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((folder / "result.json").read_text())
    (payment,) = result.pop("payments")
    assert result.pop("journal").keys() == {"entries", "ok", "head"}
    assert result == {
        "stacked": {"5000": 2},
        "returned": {},
        "code_payments": [],
        "unallocated_minor": 3000,
        "test_minor": 0,
        "settled_minor": 0,
        "suspense_minor": 0,
        "receipt": "printed",
    }
    assert (payment["state"], payment["aggregator_state"], payment["merchant_notified"]) == (
        "accepted",
        "accepted",
        True,
    )
    assert payment["operation_state"] == 100
    receipt = (folder / "receipt.txt").read_text()
    order = json.loads((folder / "run.json").read_text())["order_number"]
    assert all(needed in receipt for needed in (order, payment["id"], "70,00 EUR", "30,00 EUR"))
    assert (folder / "receipt.bin").read_bytes().startswith(b"\x1b@")
    assert len(list((folder / "screens").glob("*.png"))) >= 6
    assert json.loads((folder / "pids.json").read_text()) == {}


@pytest.mark.parametrize("protocol", sorted(PROTOCOLS.keys() - {"ccnet"}))
def test_the_acceptor_may_speak_any_protocol(tmp_path, protocol):
    folder = tmp_path / "out"
    done = play(folder, "--protocol", protocol, "--notes", "50,20")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((folder / "result.json").read_text())
    assert (result["stacked"], result["payments"][0]["state"]) == ({"2000": 1, "5000": 1}, "accepted")


@pytest.mark.parametrize(
    ("service", "typed", "notes", "paid"),
    [
        ("mobile-top-up", {"phone": "881234567"}, "20,10", ("Test Mobile", 3000, "•567", 0)),
        ("electricity", {"customer": "1000000017"}, "50", ("Test Energy", 4820, "•017", 180)),
    ],
)
def test_a_service_is_paid_by_touches_and_its_payee_told(tmp_path, service, typed, notes, paid):
    folder = tmp_path / "out"
    fields = [word for name, text in typed.items() for word in ("--field", f"{name}={text}")]
    done = play(folder, "--service", service, *fields, "--notes", notes)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((folder / "result.json").read_text())
    (payment,) = result["payments"]
    payee, amount_minor, account_end, left_minor = paid
    assert (payment["payee"], payment["service"], payment["amount_minor"]) == (payee, service, amount_minor)
    assert (payment["state"], payment["merchant_notified"], payment["operation_state"]) == ("accepted", True, 100)
    assert (result["unallocated_minor"], payment["account"][-4:]) == (left_minor, account_end)
    (told,) = (folder / "merchant").glob("*/notifications.jsonl")
    notified = json.loads(told.read_text())
    assert notified["Shp_service"] == service
    assert notified.items() >= {f"Shp_{name}": text for name, text in typed.items()}.items()
    whole = next(iter(typed.values()))
    shown = [(folder / name).read_text() for name in ("story.txt", "result.json", "receipt.txt", "buyer.jsonl")]
    assert not any(whole in text.replace(" ", "") for text in [*shown, done.stdout])
    pictures = [picture.stem.partition("-")[2] for picture in sorted((folder / "screens").glob("*.png"))]
    passed = list(dict.fromkeys(pictures))  # in order, each once
    assert passed == ["welcome", "home", "shelf", "field", "offer", "cash", "done"]


def test_too_little_cash_is_kept_under_a_number_and_nothing_is_paid(tmp_path):
    folder = tmp_path / "out"
    done = play(folder, "--notes", "20,10")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((folder / "result.json").read_text())
    assert (result["payments"], result["unallocated_minor"]) == ([], 3000)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--order-amount", "x"], "--order-amount"),
        (["--notes", "5,-1"], "--notes"),
        (["--order-amount", "0"], "more than nothing"),
        (["--service", "gas"], "it offers: mobile-top-up, electricity"),
        (["--service", "electricity"], "electricity needs --field customer=…"),
        (["--service", "electricity", "--dialect", "osmp"], "osmp pays for orders only"),
        (["--service", "electricity", "--currency", "RUB"], "services are in EUR"),
        (["--service", "electricity", "--field", "customer"], "write NAME=VALUE"),
        (["--field", "customer=1"], "name it with --service"),
    ],
)
def test_wrong_options_say_what_is_wrong_and_touch_nothing(tmp_path, options, says):
    done = play(tmp_path / "out", *options)
    assert done.returncode == 2
    assert says in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_demo_run_is_never_touched(tmp_path):
    (tmp_path / "mine").write_text("precious")
    done = play(tmp_path)
    assert done.returncode == 2
    assert "choose another --out" in done.stderr
    assert (tmp_path / "mine").read_text() == "precious"


def test_an_order_is_paid_over_osmp(tmp_path):
    folder = tmp_path / "out"
    done = play(folder, "--dialect", "osmp", "--notes", "50,20")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((folder / "result.json").read_text())
    (payment,) = result["payments"]
    states = (payment["state"], payment["aggregator_state"], payment["merchant_notified"])
    assert states == ("accepted", "accepted", True)
    assert (folder / "receipt.txt").read_text().count(payment["id"]) >= 1
