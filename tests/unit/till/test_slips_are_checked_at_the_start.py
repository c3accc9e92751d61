import asyncio
from pathlib import Path

import pytest

from kiosk.settings import load
from kiosk.slips import SlipsError
from kiosk.till.bootstrap import run_till

SHIPPED = Path(__file__).parents[3] / "config" / "kiosk.toml"


def test_a_till_whose_slips_cannot_be_printed_does_not_start_and_touches_nothing(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "leftover.toml").write_text('elements = [ { pair = "Order", value = "ordr_number" }, { cut = true } ]')
    site = tmp_path / "site.toml"
    site.write_text('[slips]\nown_templates = "own"\n[till]\njournal_file = "journal.sqlite"\nkey_file = "till.key"\n')

    async def start() -> None:
        await run_till(load([SHIPPED, site]), asyncio.Event())

    with pytest.raises(SlipsError, match=r"leftover has no field ordr_number; did you mean order_number\?"):
        asyncio.run(start())
    assert {file.name for file in tmp_path.iterdir()} == {"own", "site.toml"}
