"""Everything an administrator does, by command, from an empty database to a terminated shop; with words that say what to do."""

import json
import stat

import pytest

from kiosk.aggregator import admin
from kiosk.aggregator.merchants import signatures
from kiosk.aggregator.merchants.merchant_fields import read_pairs
from kiosk.aggregator.money import orders
from kiosk.cli.aggregator import ACTIONS
from kiosk.cli.aggregator_common import Group
from kiosk.cli.main import main
from tests.support.shops import CONFIG, IBAN, quoted, take

SAID = ("--by", "Ann", "--reason", "because")
LOGIN = ("--login", "books")


@pytest.fixture
def kiosk(database, capsys):
    def run(*words, to_be=0):
        """The words of a command; what it said."""
        *actions, options = [*[word for word in words if isinstance(word, str)], [*words[-1]]]
        code = main(["aggregator", *actions, *database.options, *map(str, options)])
        said = capsys.readouterr()
        assert code == to_be, said.err
        return said.out + said.err

    return run


def answer(kiosk, *words):
    return json.loads(kiosk(*words[:-1], [*words[-1], "--json"]))


def registered(kiosk, tmp_path):
    kiosk("tariffs", "load", ["--file", CONFIG / "tariffs.toml"])
    who = (
        "--name",
        "Good Books",
        "--legal-form",
        "individual",
        "--legal-name",
        "Ann Good",
        "--email",
        "ann@books.example",
    )
    kiosk("shop", "register", [*LOGIN, *who, "--currency", "EUR", "--plan", "individual", *SAID])
    urls = ("--result-url", "https://books.example/result", "--success-url", "https://books.example/thanks")
    kiosk("shop", "settings", [*LOGIN, "--make-passwords", tmp_path / "passwords", *urls, *SAID])


def activated(kiosk, tmp_path):
    registered(kiosk, tmp_path)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"paper")
    missing = answer(kiosk, "shop", "show", LOGIN)["documents"]
    for number, kind in enumerate(missing, 1):
        kiosk("documents", "submit", [*LOGIN, "--kind", kind, "--file", paper, "--valid-until", "2099-12-31", *SAID])
        kiosk("documents", "accept", ["--number", number, *SAID])
    kiosk("shop", "request-activation", [*LOGIN, *SAID])
    assert "the shop is active" in kiosk("shop", "activate", [*LOGIN, *SAID])


def paid(engine, tmp_path, out_sum):
    password = (tmp_path / "passwords" / "password1").read_text().strip()
    base = signatures.start_base("books", out_sum, "", password, {})
    signature = signatures.digest(base, "sha256")
    fields = {"MerchantLogin": "books", "OutSum": out_sum, "InvId": "", "SignatureValue": signature}
    take(engine, quoted(engine, orders.start(engine, read_pairs(fields.items())).number))


def test_from_an_empty_database_to_a_terminated_shop(kiosk, engine, tmp_path):
    activated(kiosk, tmp_path)
    paid(engine, tmp_path, "1000.00")
    assert answer(kiosk, "balance", LOGIN)["available_minor"] == 96_100  # 3.90 % of 1000.00
    account = ("--kind", "iban", "--holder", "Ann Good", "--account", IBAN, "--currency", "EUR")
    kiosk("bank-details", "set", [*LOGIN, *account, *SAID])
    assert "withdrawal 1 is requested" in kiosk("withdrawal", "request", [*LOGIN, "--amount", "100.00", *SAID])
    kiosk("withdrawal", "refuse", ["--number", 1, *SAID])
    assert "withdrawal 2" in kiosk("shop", "terminate", [*LOGIN, *SAID])
    kiosk("withdrawal", "approve", ["--number", 2, *SAID])
    kiosk("withdrawal", "paid", ["--number", 2, "--bank-reference", "SEPA-1", *SAID])
    shop = answer(kiosk, "shop", "show", LOGIN)
    assert (shop["state"], shop["balance"]["available_minor"]) == ("terminated", 0)
    assert [one["event"] for one in shop["history"]][-2:] == ["terminated", "settled"]
    states = [one["state"] for one in answer(kiosk, "withdrawal", "list", LOGIN)]
    assert states == ["refused", "paid"]
    assert "they agree" in kiosk("verify", [])


def test_what_people_read(kiosk, engine, tmp_path):
    activated(kiosk, tmp_path)
    paid(engine, tmp_path, "1000.00")
    assert "3.90 % from a turnover of 0.00 EUR" in kiosk("tariffs", "show", [])
    assert "books" in kiosk("shop", "list", [])
    assert "next payment" in kiosk("shop", "tariff", [*LOGIN, "--plan", "individual", "--commission-bp", 200, *SAID])
    assert "document identity: accepted" in kiosk("shop", "show", LOGIN)
    assert "to withdraw 961.00 EUR" in kiosk("balance", LOGIN)
    assert "identity" in kiosk("documents", "list", LOGIN)
    assert "none" in kiosk("withdrawal", "list", [])
    kiosk("support", "open", [*LOGIN, "--kind", "payout", "--by", "ann", "--text", "when?"])
    kiosk("support", "answer", ["--number", 1, "--by", "Bob", "--text", "tomorrow"])
    kiosk("support", "ask", ["--number", 1, "--by", "ann", "--text", "sure?"])
    kiosk("support", "close", ["--number", 1, "--by", "Bob", "--text", "sure"])
    assert "Bob: tomorrow" in kiosk("support", "list", [])
    assert "new: " in kiosk("findings", "scan", ["--rules", CONFIG / "monitoring.toml"])
    found = answer(kiosk, "findings", "list", ["--state", "open"])
    assert "large_payment_eur" in {one["rule"] for one in found}
    kiosk("findings", "acknowledge", ["--number", found[0]["id"], *SAID])
    assert "Ann: because" in kiosk("findings", "list", ["--state", "acknowledged"])


def test_passwords_are_in_files_of_their_owners_and_nowhere_else(kiosk, tmp_path):
    registered(kiosk, tmp_path)
    files = sorted((tmp_path / "passwords").iterdir())
    assert [file.name for file in files] == ["password1", "password2", "password3", "test_password1", "test_password2"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    said = kiosk("shop", "show", [*LOGIN, "--json"]) + kiosk("shop", "show", LOGIN) + kiosk("shop", "list", ["--json"])
    assert not any(file.read_text().strip() in said for file in files)
    assert "password" not in said
    again = kiosk("shop", "settings", [*LOGIN, "--make-passwords", tmp_path / "passwords", *SAID], to_be=1)
    assert "there already" in again


def test_passwords_that_were_not_taken_are_not_left_lying(kiosk, tmp_path):
    registered(kiosk, tmp_path)
    wrong = [*LOGIN, "--make-passwords", tmp_path / "more", "--fail-url", "nowhere", *SAID]
    assert "fail_url" in kiosk("shop", "settings", wrong, to_be=1)
    assert list((tmp_path / "more").iterdir()) == []


def test_a_password_is_read_from_the_file_the_merchant_gave(kiosk, tmp_path):
    registered(kiosk, tmp_path)
    (tmp_path / "mine").write_text("my-own-password\n")
    kiosk("shop", "settings", [*LOGIN, "--password1-file", tmp_path / "mine", *SAID])
    none = [*LOGIN, "--password1-file", tmp_path / "none", *SAID]
    assert "cannot be read" in kiosk("shop", "settings", none, to_be=1)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("shop", "show", LOGIN), "no shop 'books'"),
        (("shop", "block", [*LOGIN, *SAID]), "no shop 'books'"),
        (("shop", "block", [*LOGIN, "--by", " ", "--reason", "x"]), "say who does this and why"),
        (("balance", LOGIN), "no shop 'books'"),
        (("withdrawal", "approve", ["--number", 7, *SAID]), "no withdrawal 7"),
        (("withdrawal", "request", [*LOGIN, "--amount", "1", *SAID]), "no shop 'books'"),
        (("tariffs", "load", ["--file", "/nowhere.toml"]), "/nowhere.toml: cannot be read"),
        (("findings", "scan", ["--rules", "/nowhere.toml"]), "/nowhere.toml: cannot be read"),
        (("findings", "acknowledge", ["--number", 7, *SAID]), "no finding 7 is open"),
        (("documents", "accept", ["--number", 7, *SAID]), "no document 7"),
        (("support", "answer", ["--number", 7, "--by", "x", "--text", "x"]), "no support request 7"),
        (("show-order", ["--order", "1"]), "no order 1"),
    ],
)
def test_what_is_not_there_is_named(kiosk, words, says):
    assert says in kiosk(*words, to_be=1)


def test_an_amount_that_is_none_is_named(kiosk, tmp_path):
    registered(kiosk, tmp_path)
    assert "amount: " in kiosk("withdrawal", "request", [*LOGIN, "--amount", "1,5", *SAID], to_be=1)


def commands(actions, before=()):
    for name, action in actions.items():
        if isinstance(action, Group):
            yield from commands(action.actions, (*before, name))
        else:
            yield (*before, name)


@pytest.mark.parametrize("words", list(commands(ACTIONS)), ids=" ".join)
def test_every_command_explains_itself(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["aggregator", *words, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: kiosk aggregator {' '.join(words)}")


def test_a_merchant_made_at_once_is_active_and_may_be_changed(kiosk, engine, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"password-{name}")
    passwords = ("--password1-file", tmp_path / "one", "--password2-file", tmp_path / "two")
    for payee in ("Books", "Better Books"):
        arguments = [*LOGIN, "--name", payee, *passwords, "--result-url", "http://127.0.0.1:9/", "--currency", "EUR"]
        kiosk("add-merchant", arguments)
    shop = answer(kiosk, "shop", "show", LOGIN)
    assert (shop["name"], shop["state"], shop["commission_bp"]) == ("Better Books", "active", 250)
    kiosk("add-terminal", ["--number", "0007", "--forget-key"])
    assert admin.order_report(engine, "1") is None
