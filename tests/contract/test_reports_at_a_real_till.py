"""`kiosk report` beside a till that runs: it reads a copy, cash goes on, and a count reaches the till that records it."""

import asyncio
import json

from kiosk.cli.main import main
from tests.support.scene import scene


def test_a_running_till_is_reported_on_and_told_of_counts(tmp_path, capsys):
    async def report(stage, *words):
        code = await asyncio.to_thread(main, ["report", *words, "--config", str(stage.config)])
        return code, capsys.readouterr()

    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            number = await stage.new_order()
            till = await stage.start_till()
            await stage.pay(number)
            cash = await report(stage, "cash", "--json")
            agrees = await report(stage, "reconcile")
            what = ("--currency", "EUR", "--counted", "70", "--person", "Maria", "--reason", "by machine")
            early = await report(stage, "count", "--period", "1", *what)
            await stage.end_till(till)
            late = await report(stage, "count", "--period", "1", *what)
            return cash, agrees, early, late, list(stage.journal.parent.glob("*.copy"))

    cash, agrees, early, late, copies = asyncio.run(story())
    assert cash[0] == agrees[0] == 0
    assert sum(row["amount_minor"] for row in json.loads(cash[1].out)) > 0
    assert (early[0], "period 1 is not taken yet" in early[1].err) == (1, True)
    assert (late[0], "Start it" in late[1].err) == (1, True)
    assert copies == []
