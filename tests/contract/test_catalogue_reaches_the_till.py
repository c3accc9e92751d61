"""The catalogue's whole way: real TLS, the real gateway, the keeper, the file; and what happens to one that was changed on it."""

import asyncio

import pytest

from kiosk.gateways.terminal_api import TerminalApiGateway
from kiosk.till.catalogue_keeper import CatalogueKeeper
from tests.support.catalogue import CATALOGUE, PUBLISHED, SIGNER, STRANGER, signed
from tests.support.far_end import far_end, says

BODY, SIGNATURE = signed(PUBLISHED)
HEADERS = ('ETag: "7"', f"Kiosk-Signature: {SIGNATURE}")


def asked_once(tmp_path, behaviour):
    """What a till learns from a far end that behaves like that, and the requests it made."""

    async def story():
        heard = []
        async with far_end(tmp_path / "tls", behaviour) as end:
            gateway = TerminalApiGateway(end.url, end.terminal_context(), 5.0)
            keeper = CatalogueKeeper(tmp_path / "catalogue", SIGNER.public_key, gateway, heard.append)
            keeper.start()
            await keeper._ask()
            await gateway.close()
            return [event.catalogue for event in heard], end.requests

    return asyncio.run(story())


def test_it_is_learnt_once_and_then_asked_after_by_its_etag(tmp_path):
    learnt, (first,) = asked_once(tmp_path, says(200, BODY, *HEADERS))
    assert learnt == [CATALOGUE]
    assert b"if-none-match" not in first.lower()
    learnt, (again,) = asked_once(tmp_path, says(304))
    assert learnt == [CATALOGUE], "from disk"
    assert b'if-none-match: "7"' in again.lower()


@pytest.mark.parametrize(
    "answer",
    [
        says(200, BODY.replace(b"City Water", b"Evil Water"), *HEADERS),
        says(200, BODY[:-20], *HEADERS),
        says(200, BODY, 'ETag: "7"', f"Kiosk-Signature: {signed(PUBLISHED, STRANGER)[1]}"),
        says(200, BODY, 'ETag: "7"'),
        says(200, BODY, *HEADERS, length=len(BODY) + 50),
        says(500, b"{}"),
        says(302, b"", "Location: https://elsewhere.example/"),
    ],
    ids=["payee swapped", "cut short", "signed by a stranger", "unsigned", "broken off", "failing", "redirected"],
)
def test_one_that_was_changed_on_its_way_is_not_believed(tmp_path, answer):
    learnt, _ = asked_once(tmp_path, answer)
    assert learnt == []
    assert not (tmp_path / "catalogue").exists()
