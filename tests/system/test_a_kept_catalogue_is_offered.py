"""The real till process: what it offers at its start is the catalogue it kept, proved by the key that was pinned."""

import asyncio
from dataclasses import replace

import pytest

from kiosk import settings as kiosk_settings
from kiosk.link import codec
from kiosk.link import messages as m
from kiosk.link.catalogue_pages import Assembler
from kiosk.till import catalogue_file
from kiosk.till.catalogue_file import prove
from kiosk.till.catalogue_keeper import file_beside
from tests.support.catalogue import CATALOGUE, PUBLISHED, SIGNER, signed
from tests.support.scene import scene

PATIENCE_S = 30


def pin(stage, key):
    """Configure the till with this key, and keep a catalogue signed by SIGNER beside its journal."""
    key_file = stage.folder / "catalogue.key"
    key_file.write_text(key)
    loaded = kiosk_settings.load([stage.config])
    pinned = replace(loaded, aggregator=replace(loaded.aggregator, catalogue_key_file=str(key_file)))
    stage.config.write_text(kiosk_settings.dump(pinned))
    body, signature = signed(PUBLISHED)
    catalogue_file.keep(file_beside(stage.journal), prove(SIGNER.public_key, '"7"', signature, body))


async def offered_by(stage):
    """The first whole catalogue on the link."""
    reader, writer = await asyncio.open_unix_connection(str(stage.folder / "buyer.sock"))
    assembler = Assembler()
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                message = codec.decode_to_screen(await reader.readexactly(length))
                if isinstance(message, m.CataloguePage) and (found := assembler.add(message)):
                    return found
    finally:
        writer.close()
        await writer.wait_closed()


def test_a_till_offers_what_it_kept_in_the_currency_it_takes(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            pin(stage, SIGNER.public_key)
            till = await stage.start_till()
            found = await offered_by(stage)
            assert (found.version, {service.currency for service in found.services}) == (CATALOGUE.version, {"EUR"})
            assert "charity" in {service.service_id for service in found.services}
            assert await stage.end_till(till) == 0

    asyncio.run(story())


@pytest.mark.parametrize("key", ["", "not a key"])
def test_a_till_whose_pinned_key_is_none_says_what_to_do_and_takes_no_cash(tmp_path, key):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            pin(stage, key)
            till = await stage.start_till()
            assert await till.wait() not in {0, None}
            assert "pair this terminal again" in (stage.folder / "till.log").read_text()

    asyncio.run(story())
