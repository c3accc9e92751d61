"""`kiosk report` over real journals: its sums are the notes of the world, in every form, and whatever does not agree is named."""

import asyncio
import csv
import io
import json
import sqlite3
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk import settings as kiosk_settings
from kiosk.cli.main import main
from kiosk.domain import events, staff_events
from kiosk.domain.case_words import Resolution
from kiosk.domain.facts import HandBackReason
from kiosk.domain.moves import AcceptorCondition, NoteTrouble
from kiosk.domain.register_book import Listed, PaidOut, Register, day_of
from kiosk.link import service as s
from kiosk.till.count_desk import CountDesk
from kiosk.till.service_server import ServiceServer
from tests.support.cases import settle
from tests.support.collectors import collect
from tests.support.play import Player
from tests.support.staff import try_notes
from tests.support.world import VirtualClock, World

SHIPPED = Path(__file__).parents[3] / "config" / "kiosk.toml"
DAY_S = 86_400


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    yield player
    player.close()


def report(player, capsys, *words):
    """Exit code and what was printed."""
    player.close()
    code = main(["report", *words, "--journal", str(player.journal.path)])
    return code, capsys.readouterr().out


def rows(player, capsys, *words):
    return json.loads(report(player, capsys, *words, "--json")[1])


def register(player, day, payments=(), claims=()):
    """The aggregator closes a day, and the till hears of it."""
    player.world.registers[day] = Register(day, True, tuple(payments), tuple(claims))
    player.world.beat(player.state)
    player.settle()
    player.wait(10)


def listed(player):
    paid = dict(player.world.physical.paid)
    return [Listed(name, 7000, "EUR", player.clock.utc_us()) for name in paid]


# --- sums ---------------------------------------------------------------------------------------------------------


def test_cash_is_what_was_put_into_the_boxes_by_period_and_denomination(player, capsys):
    player.pay((5000, 2000))
    try_notes(player)
    player.insert(1000)
    player.wait(400)
    collect(player)
    player.pay((5000, 5000))
    really = [Counter(player.world.physical.taken[0]), Counter(player.world.physical.box)]
    told = rows(player, capsys, "cash")
    for period, notes in enumerate(really, 1):
        assert {r["value_minor"]: r["notes"] for r in told if r["period"] == period} == notes
    assert {r["value_minor"]: r["of_them_test"] for r in told if r["of_them_test"]} == {1000: 1}
    assert sum(r["amount_minor"] for r in told) == 18_000
    assert {r["period"] for r in rows(player, capsys, "cash", "--period", "2")} == {2}


def test_days_are_the_terminals_own(player, tmp_path, capsys):
    """22:30 UTC on the 21st is the 22nd in Sofia."""
    player.clock.now_s += 8 * 3600
    player.pay((5000, 2000))
    player.close()
    config = shipped(tmp_path, player.journal.path)
    assert main(["report", "cash", "--config", str(config), "--from", "2026-09-22", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    assert main(["report", "cash", "--config", str(config), "--to", "2026-09-21", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["report", "uptime", "--config", str(config)]) == 0
    assert "+0300" in capsys.readouterr().out


def test_payments_are_told_by_service_and_state(player, capsys):
    player.pay((5000, 2000))
    player.world.line(up=False)
    player.pay((5000, 2000))
    (refused,) = player.state.payments
    player.say(events.PostAnswered(refused, events.PostResult.REFUSED, "order_already_paid"))
    player.world.line(up=True)
    player.settle()
    player.world.line(up=False)
    player.pay((5000, 2000))
    told = {
        (r["service"], r["by"], r["state"]): (r["payments"], r["amount_minor"])
        for r in rows(player, capsys, "payments")
    }
    assert told == {
        ("order", "cash", "accepted"): (1, 7000),
        ("order", "cash", "queued"): (1, 7000),
        ("order", "cash", "refused"): (1, 7000),
    }


def test_leftovers_are_open_or_paid_out(player, capsys):
    player.pay((5000, 5000))
    player.pay((5000, 5000))
    claim = next(iter(player.state.claims))
    day = day_of(player.clock.utc_us())
    player.clock.now_s += DAY_S
    register(player, day, claims=[PaidOut(claim, "R", 3000, "EUR")])
    told = {(r["reason"], r["state"]): (r["claims"], r["amount_minor"]) for r in rows(player, capsys, "leftovers")}
    assert told == {("leftover", "open"): (1, 3000), ("leftover", "paid_out"): (1, 3000)}


def test_cases_are_told_with_who_settled_them_and_why(player, capsys):
    for value in (500, 1000, 2000):
        player.say(events.NoteWentIn(value, "EUR"))
    settle(player, Resolution.TO_BUYER, "orphan-1")
    settle(player, Resolution.TO_OPERATOR, "orphan-2", "nobody asked")
    told = {r["case"]: r for r in rows(player, capsys, "suspense")}
    assert {name: r["state"] for name, r in told.items()} == {
        "orphan-1": "to_buyer",
        "orphan-2": "to_operator",
        "orphan-3": "open",
    }
    assert (told["orphan-2"]["person"], told["orphan-2"]["reason"]) == ("Petar", "nobody asked")
    assert told["orphan-2"]["settled_us"] >= told["orphan-2"]["opened_us"] > 0


def test_a_collection_stands_with_what_was_counted_later(player, capsys):
    player.pay((5000, 2000))
    collect(player)
    player.say(events.BoxWasCounted(1, "EUR", 6500, "cash desk", "a note was torn"))
    player.pay((5000, 2000))
    collect(player)
    first, second = rows(player, capsys, "collections")
    assert (first["serial"], first["amount_minor"], first["counted_minor"], first["over_minor"]) == (
        1,
        7000,
        6500,
        -500,
    )
    assert (first["people"], first["counted_by"], first["count_reason"]) == ("Maria", "cash desk", "a note was torn")
    assert (second["counted_minor"], second["over_minor"]) == (None, None)
    assert second["since_us"] == first["taken_us"]


def test_uptime_is_what_rows_prove_and_the_rest_is_said_to_be_unknown(player, tmp_path, capsys):
    player.pay((5000, 2000))
    player.say(events.FraudSuspected())
    player.clock.now_s += 600
    player.say(staff_events.ResumeAskedByTool("Ivan", "looked"))
    player.close()
    later = VirtualClock(player.clock.now_s + 3600)
    again = Player(player.journal.path, player.world, later)
    again.boot()
    again.till.process(events.FraudSuspected())
    told = rows(again, capsys, "uptime")
    spans = [(r["what"], r["seconds"] >= 600) for r in told]
    assert ("latched", True) in spans
    (unknown,) = [r for r in told if r["what"] == "not_known"]
    assert (unknown["seconds"], [r["what"] for r in told].count("at_work")) == (3600, 2)
    assert [r["until_us"] for r in told if r["what"] == "latched"][-1] == 0, "it still is"


def test_rejects_are_told_by_who_and_why_and_how_many_of_all_that_were_offered(player, capsys):
    player.go_to_cash()
    player.insert(5000)
    player.say(events.NoteRefusedByUnit(NoteTrouble.UNREADABLE, "unreadable"))
    player.world.insert(10_000)
    player.settle()
    player.wait(300)
    told = {(r["by"], r["reason"]): (r["notes"], r["per_thousand_offered"]) for r in rows(player, capsys, "rejects")}
    assert told == {
        ("unit", "unreadable"): (1, 333),
        ("kiosk", HandBackReason.OVER_LIMIT.value): (1, 333),
    }


# --- does it agree ------------------------------------------------------------------------------------------------


def kinds(player, capsys):
    code, out = report(player, capsys, "reconcile", "--json")
    return code, {(r["between"], r["kind"]): (r["amount_minor"], r["state"]) for r in json.loads(out)}


def test_box_payments_and_register_agree(player, capsys):
    player.wait(10)
    register(player, "2026-09-20")
    day = day_of(player.clock.utc_us())
    player.pay((5000, 5000))
    player.say(events.NoteWentIn(500, "EUR"))
    player.clock.now_s += DAY_S
    register(player, day, listed(player))
    collect(player)
    player.pay((5000, 2000))
    code, told = kinds(player, capsys)
    assert (code, {state for _, state in told.values()}) == (0, {"explained", "open"})
    assert told["box and payments", "notes_stacked"] == (17_500, "explained")
    assert told["box and payments", "confirmed"] == (14_000, "explained")
    assert told["box and payments", "kept_under_codes"] == (3000, "open")
    assert told["box and payments", "without_owner"] == (500, "open")
    assert (told["box and counts", "on_its_way"], told["box and counts", "in_the_box"]) == (
        (10_500, "open"),
        (7000, "explained"),
    )
    assert told["payments and register", "agreed"] == (7000, "explained")
    assert told["payments and register", "awaited"] == (7000, "open")


def test_what_a_register_does_not_list_is_unexplained(player, capsys):
    player.wait(10)
    register(player, "2026-09-20")
    day = day_of(player.clock.utc_us())
    player.pay((5000, 2000))
    player.clock.now_s += DAY_S
    stranger = Listed("000129999999900099", 1500, "EUR", player.clock.utc_us())
    register(player, day, [stranger])
    register(player, day_of(player.clock.utc_us()), [])
    player.clock.now_s += DAY_S
    register(player, day_of(player.clock.utc_us() - DAY_S * 1_000_000), [])
    code, told = kinds(player, capsys)
    assert code == 1
    assert told["payments and register", "unknown_here"] == (1500, "unexplained")
    assert told["payments and register", "missing_there"] == (7000, "unexplained")


def test_what_counting_found_is_unexplained_until_a_person_settled_it(player, capsys):
    player.pay((5000, 2000))
    collect(player)
    player.say(events.BoxWasCounted(1, "EUR", 6500, "cash desk", "by machine"))
    code, told = kinds(player, capsys)
    assert (code, told["box and counts", "counted_short"]) == (1, (500, "unexplained"))
    again = Player(player.journal.path, player.world, VirtualClock(9000.0))
    again.boot()
    settle(again, Resolution.TO_OPERATOR)
    code, told = kinds(again, capsys)
    assert (code, told["box and counts", "short_and_settled"]) == (0, (500, "explained"))


def test_a_note_in_doubt_that_was_what_a_count_found_over_leaves_nothing_unexplained(player, capsys):
    player.pay((5000, 2000))
    player.go_to_cash()
    player.world.perform = lambda order, state: player.world.queue.append(events.StackSilent())
    player.world.insert(5000)
    player.settle()
    del player.world.perform
    player.say(events.AcceptorCondensed(AcceptorCondition.DISABLED))
    player.wait(300)
    player.say(staff_events.ResumeAskedByTool("Petar", "looked inside"))
    collect(player)
    player.say(events.BoxWasCounted(1, "EUR", 12_000, "cash desk", "by machine"))
    settle(player, Resolution.IN_BOX)
    code, told = kinds(player, capsys)
    assert (code, told["box and payments", "notes_stacked"]) == (0, (12_000, "explained"))
    assert ("box and counts", "counted_over") not in told


def test_an_empty_journal_has_nothing_to_report(player, capsys):
    code, out = report(player, capsys, "all")
    assert code == 0
    assert out.count("nothing to report") == 6
    assert rows(player, capsys, "reconcile")[0]["amount_minor"] == 0


def test_a_garbled_journal_is_named_and_nothing_of_it_is_summed(player, capsys):
    player.pay((5000, 2000))
    player.close()
    with sqlite3.connect(player.journal.path) as db:
        db.execute("DROP TRIGGER fact_is_never_changed")
        db.execute("UPDATE fact SET body = x'7b7d' WHERE seq = 5")
    db.close()
    assert main(["report", "cash", "--journal", str(player.journal.path)]) == 1
    told = capsys.readouterr()
    assert (told.out, "row 5" in told.err, "journal verify" in told.err) == ("", True, True)
    assert main(["report", "cash", "--journal", str(player.journal.path) + ".none"]) == 1
    assert "no such journal" in capsys.readouterr().err


# --- forms --------------------------------------------------------------------------------------------------------


def test_a_spreadsheet_gets_amounts_with_a_point_and_programs_minor_units(player, capsys):
    player.pay((5000, 2000))
    _, out = report(player, capsys, "cash", "--csv")
    lines = list(csv.DictReader(io.StringIO(out)))
    assert lines[0] == {
        "period": "1", "currency": "EUR", "value": "20.00", "notes": "1", "of_them_test": "0", "amount": "20.00",
    }  # fmt: skip
    everything = json.loads(report(player, capsys, "all", "--json")[1])
    assert set(everything) == {
        "cash", "payments", "leftovers", "suspense", "collections", "uptime", "rejects", "reconcile",
    }  # fmt: skip
    assert report(player, capsys, "all", "--csv")[0] == 2
    assert report(player, capsys, "cash", "--from", "2026-09-22", "--to", "2026-09-21")[0] == 2
    assert "reconcile" not in json.loads(report(player, capsys, "all", "--period", "1", "--json")[1])


@pytest.mark.parametrize("words", [["cash", "--period", "0"], ["cash", "--from", "yesterday"], []])
def test_wrong_options_are_named(words, capsys):
    with pytest.raises(SystemExit):
        main(["report", *words, "--journal", "j"])
    assert capsys.readouterr().err


# --- a count ------------------------------------------------------------------------------------------------------


def shipped(tmp_path, journal):
    loaded = kiosk_settings.load([SHIPPED])
    till = replace(loaded.till, journal_file=journal, service_socket=tmp_path / "service.sock")
    terminal = replace(loaded.terminal, time_zone="Europe/Sofia")
    file = tmp_path / "kiosk.toml"
    file.write_text(kiosk_settings.dump(replace(loaded, till=till, terminal=terminal)))
    return file


@asynccontextmanager
async def counting(player, socket):
    """What of a running till a count meets: its mailbox, and the service socket."""

    async def heard(event):
        player.say(event)
        desk.saw(player.state)

    desk = CountDesk(heard)
    desk.saw(player.state)
    server = ServiceServer(socket, player.journal, {s.EnterCount: desk.answer})
    await server.start()
    try:
        yield
    finally:
        await server.close()


def enter(player, tmp_path, *counts):
    """Exit codes of one count after another, told to a running till."""
    config = shipped(tmp_path, player.journal.path)

    async def story():
        async with counting(player, tmp_path / "service.sock"):
            return [
                await asyncio.to_thread(main, ["report", "count", "--config", str(config), *words]) for words in counts
            ]

    return asyncio.run(story())


def words(counted="65.00", period="1", currency="EUR", person="M. Petrova", reason="a note was torn"):
    options = {"period": period, "currency": currency, "counted": counted, "person": person, "reason": reason}
    return [word for name, value in options.items() for word in (f"--{name}", value)]


def test_a_count_is_entered_later_through_the_running_till_and_what_differs_is_told(player, tmp_path, capsys):
    player.pay((5000, 2000))
    collect(player)
    assert enter(player, tmp_path, words()) == [0]
    told = capsys.readouterr().out
    assert "period 1: counted 65.00 EUR, booked 70.00 EUR" in told
    assert "short by 5.00 EUR: a note was torn" in told
    (fact,) = [row.fact for row in player.journal.replay() if row.name == "BoxCounted"]
    assert (fact.person, fact.reason, fact.counted_minor) == ("M. Petrova", "a note was torn", 6500)
    assert fact.at_us == player.clock.utc_us()


def test_a_count_that_cannot_be_is_refused_and_says_why(player, tmp_path, capsys):
    player.pay((5000, 2000))
    collect(player)
    wrong = (words(period="2"), words(currency="RUB"), words(period="7"))
    assert enter(player, tmp_path, words("70.00"), words("70.00"), *wrong) == [0, 1, 1, 1, 1]
    told = capsys.readouterr()
    assert "it agrees" in told.out
    assert "it was counted, or none came in" in told.err
    assert "period 2 is not taken yet" in told.err
    assert enter(player, tmp_path, words("-1"), words("1.234"), words(reason=" ")) == [2, 2, 2]


def test_without_a_running_till_a_count_is_refused(player, tmp_path, capsys):
    config = shipped(tmp_path, player.journal.path)
    assert main(["report", "count", "--config", str(config), *words()]) == 1
    assert "Start it" in capsys.readouterr().err
