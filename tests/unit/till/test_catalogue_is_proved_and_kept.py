"""No byte of a catalogue is believed before its signature holds; the last good one stays, over restarts too."""

import asyncio
import logging
from dataclasses import replace

import pytest

from kiosk.domain import events
from kiosk.gateways import port
from kiosk.till import catalogue_file
from kiosk.till.catalogue_file import CatalogueError, kept, load_key, prove
from kiosk.till.catalogue_keeper import CatalogueKeeper
from kiosk.till.signing import KeyFileError
from tests.support.catalogue import CATALOGUE, PUBLISHED, SIGNER, STRANGER, in_domain, signed

KEY = SIGNER.public_key
NEWER = replace(PUBLISHED, version=8)
OLDER = replace(PUBLISHED, version=6)
SWAPPED = replace(PUBLISHED, services=tuple(replace(service, payee="Somebody else") for service in PUBLISHED.services))


def fetched(catalogue, signer=SIGNER, etag=None):
    body, signature = signed(catalogue, signer)
    return port.CatalogueFetched(etag or f'"{catalogue.version}"', body, signature)


class Gateway:
    """Answers one after another, then nothing ever changes; `asked` with which etag."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    async def catalogue(self, known_etag):
        self.asked.append(known_etag)
        return self.answers.pop(0) if self.answers else port.CatalogueUnchanged()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite.catalogue"


def life(path, *answers, key=KEY):
    """A till's life in which the aggregator is asked until it has said all of `answers`: catalogues learnt, etags asked with."""

    async def story():
        heard, gateway = [], Gateway(*answers)
        keeper = CatalogueKeeper(path, key, gateway, heard.append)
        keeper.start()
        watching = asyncio.create_task(keeper.watch())
        async with asyncio.timeout(10):
            while gateway.answers:
                keeper.fetch_soon()
                await asyncio.sleep(0)
            while not keeper._wanted.is_set() and len(gateway.asked) < len(answers):
                await asyncio.sleep(0)
            keeper.fetch_soon()
            while len(gateway.asked) <= len(answers):
                await asyncio.sleep(0)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        assert all(isinstance(event, events.CatalogueLearnt) for event in heard)
        return [event.catalogue for event in heard], gateway.asked

    return asyncio.run(story())


def versions(path, *answers, **how):
    return [catalogue.version for catalogue in life(path, *answers, **how)[0]]


def test_a_signed_catalogue_is_offered_kept_and_offered_again_after_a_restart(path):
    learnt, asked = life(path, fetched(PUBLISHED))
    assert learnt == [CATALOGUE]
    assert asked == ["", '"7"']
    assert path.read_bytes().endswith(signed(PUBLISHED)[0]), "the exact bytes that were signed"
    learnt, asked = life(path)
    assert (learnt, asked[0]) == ([CATALOGUE], '"7"')


def test_a_newer_one_takes_its_place_and_an_older_one_never_does(path):
    assert versions(path, fetched(PUBLISHED), fetched(NEWER), fetched(OLDER), fetched(PUBLISHED)) == [7, 8]
    assert versions(path) == [8]


@pytest.mark.parametrize(
    "bad",
    [
        fetched(NEWER, STRANGER),
        replace(fetched(NEWER), signature=fetched(PUBLISHED).signature),
        replace(fetched(NEWER), signature=""),
        replace(fetched(NEWER), signature="zz" * 64),
        replace(fetched(NEWER), body=fetched(NEWER).body[:-1]),
        replace(fetched(NEWER), body=fetched(SWAPPED).body),
        replace(fetched(NEWER), body=fetched(NEWER).body + b" "),
        port.CatalogueUnavailable("HTTP 500"),
    ],
    ids=["stranger", "another's signature", "unsigned", "no hex", "cut short", "payees swapped", "longer", "no answer"],
)
def test_one_that_cannot_be_proved_is_ignored_with_a_word_and_the_last_good_one_stays(path, bad, caplog):
    caplog.set_level(logging.WARNING)
    assert versions(path, fetched(PUBLISHED), bad) == [7]
    assert "catalogue: " in caplog.text
    assert versions(path) == [7]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: data[:-10], "not by the pinned key"),
        (lambda data: data[:40], "cut short"),
        (lambda data: b"", "cut short"),
        (lambda data: data.replace(b"City Water", b"Evil Water"), "not by the pinned key"),
        (lambda data: b"\xff" + data, "damaged"),
    ],
    ids=["cut", "cut in its head", "empty", "payee swapped", "garbage in front"],
)
def test_a_file_that_was_changed_is_not_offered_and_a_good_one_is_fetched_again(path, damage, said, caplog):
    life(path, fetched(PUBLISHED))
    path.write_bytes(damage(path.read_bytes()))
    learnt, asked = life(path, fetched(PUBLISHED))
    assert (learnt, asked[0]) == ([CATALOGUE], "")
    assert said in caplog.text


def test_another_pinned_key_believes_nothing_of_it(path):
    life(path, fetched(PUBLISHED))
    assert versions(path, key=STRANGER.public_key) == []


def test_a_disk_that_cannot_keep_it_does_not_take_it_from_the_buyers(path, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(catalogue_file, "write_whole", full)
    assert versions(path, fetched(PUBLISHED)) == [7]
    assert "cannot be kept" in caplog.text


def test_one_that_is_too_large_is_not_even_read():
    with pytest.raises(CatalogueError, match="larger"):
        prove(KEY, "", "0" * 128, b" " * (catalogue_file.CATALOGUE_BYTES_MAX + 1))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"version":0,"issued_at":"","groups":[],"services":[]}', b"\xff", b"[" * 100_000],
    ids=["empty", "list", "half", "version 0", "no text", "nested"],
)
def test_a_signature_does_not_make_nonsense_a_catalogue(body):
    with pytest.raises(CatalogueError, match="it is signed, and"):
        prove(KEY, "", SIGNER.sign(body).hex(), body)


def test_a_catalogue_at_its_limits_is_read_whole(path):
    many = replace(
        PUBLISHED,
        services=tuple(replace(PUBLISHED.services[0], service_id=f"s{number}") for number in range(5000)),
    )
    body, signature = signed(many)
    proved = prove(KEY, '"7"', signature, body)
    catalogue_file.keep(path, proved)
    again = kept(path, KEY)
    assert again is not None
    assert again.catalogue == in_domain(many)


def test_nothing_kept_is_no_trouble(path):
    assert kept(path, KEY) is None


def test_a_pinned_key_is_sixty_four_hex_digits(path):
    path.write_text(f"{KEY.upper()}\n")
    body, signature = signed(PUBLISHED)
    assert prove(load_key(path), "", signature.upper(), body).catalogue == CATALOGUE
    for wrong in ("", KEY[:-1], KEY + "0", "not a key"):
        path.write_text(wrong)
        with pytest.raises(KeyFileError, match="pair this terminal"):
            load_key(path)
    path.unlink()
    with pytest.raises(KeyFileError, match="cannot be read"):
        load_key(path)
