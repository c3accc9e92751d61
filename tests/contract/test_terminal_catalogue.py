"""The catalogue: a file with every fault named, a draft, a signed version, a terminal that trusts the signature alone."""

import asyncio
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.aggregator.catalogue import catalogue, catalogue_file
from kiosk.aggregator.catalogue.catalogue_file import CatalogueError, KnownShop
from kiosk.aggregator.catalogue.catalogue_key import ensure_catalogue_key
from kiosk.aggregator.terminals import pairing
from kiosk.cli.main import main
from kiosk.terminal_api import SIGNATURE_HEADER
from tests.support.terminals import EXAMPLES, SHOPS, Key, beat, by_hand, client_of, post, seeded_services, story

KNOWN = {login: KnownShop(login.title(), "EUR") for login in SHOPS} | {"rubles": KnownShop("Rubles", "RUB")}
TEXT = (EXAMPLES / "examples.toml").read_text()


async def fetch(client, etag=""):
    headers = {"If-None-Match": etag} if etag else {}
    return await client.get("/terminal/v1/catalogue", headers=headers)


def test_a_terminal_gets_what_was_published_signed_by_the_key_it_learnt(tmp_path, database):
    async def tell(here):
        assert seeded_services(here.engine, database.data) == 1
        key = Key.new()
        token = pairing.make_token(here.engine, "0007", "", "EUR", 3600)
        async with here.client() as client:
            wanted = {"token": token, "certificate_request": key.request(), "software": ""}
            got = (await post(client, "pairings", wanted)).json()
        async with client_of(here, key, got["certificate"], tmp_path) as client:
            answer = await fetch(client)
            signature = bytes.fromhex(answer.headers[SIGNATURE_HEADER])
            trusted = Ed25519PublicKey.from_public_bytes(bytes.fromhex(got["catalogue_key"]))
            trusted.verify(signature, answer.content)
            with pytest.raises(InvalidSignature):
                trusted.verify(signature, answer.content.replace(b"Test-Help", b"Bad-Helpr"))
            assert [one["service_id"] for one in answer.json()["services"]][:2] == ["mobile-top-up", "electricity"]
            assert (await beat(client)).json()["catalogue_version"] == answer.json()["version"] == 1

    story(tmp_path, database, tell)


def test_who_has_the_newest_is_told_so_without_its_bytes(tmp_path, database):
    async def tell(here):
        async with by_hand(here) as client:
            assert (await fetch(client)).json()["code"] == "service_unknown"
            seeded_services(here.engine, database.data)
            first = await fetch(client)
            same = await fetch(client, first.headers["ETag"])
            assert (same.status_code, same.content) == (304, b"")
            assert (await fetch(client, f'"other", W/{first.headers["ETag"]}')).status_code == 304
            catalogue.publish(here.engine, ensure_catalogue_key(database.data), "Maria")
            second = await fetch(client, first.headers["ETag"])
            assert (second.status_code, second.json()["version"]) == (200, 2)

    story(tmp_path, database, tell)


def test_a_terminal_is_offered_services_in_its_own_currency_and_only_groups_they_stand_in(tmp_path, database):
    async def tell(here):
        seeded_services(here.engine, database.data)
        pairing.make_token(here.engine, "0001", "", "RUB", 60)
        async with by_hand(here) as client:
            answer = (await fetch(client)).json()
        assert (answer["services"], answer["groups"]) == ([], [])

    story(tmp_path, database, tell)


def test_a_version_never_changes_whatever_becomes_of_the_draft(tmp_path, database):
    async def tell(here):
        seeded_services(here.engine, database.data)
        async with by_hand(here) as client:
            before = (await fetch(client)).content
            catalogue.import_draft(here.engine, TEXT.replace('price = "10.00"', 'price = "11.00"'))
            assert (await fetch(client)).content == before

    story(tmp_path, database, tell)


def test_what_is_exported_is_what_was_imported(database, engine, tmp_path, capsys):
    seeded_services(engine, database.data)
    assert main(["aggregator", "catalogue", "export", *database.options]) == 0
    exported = capsys.readouterr().out
    assert catalogue_file.read(exported, KNOWN) == catalogue_file.read(TEXT, KNOWN)
    file = tmp_path / "again.toml"
    file.write_text(exported)
    assert main(["aggregator", "catalogue", "import", str(file), *database.options]) == 0
    assert main(["aggregator", "catalogue", "publish", "--by", "Maria", *database.options]) == 0
    assert capsys.readouterr().out.endswith("version 2\n")
    assert main(["aggregator", "catalogue", "show", *database.options]) == 0
    assert json.loads(capsys.readouterr().out)[3]["service"]["service_id"] == "donation"


def changed(before, after):
    assert before in TEXT
    return TEXT.replace(before, after, 1)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("=", "not TOML"),
        ("shelf = 1", ".shelf: unknown key"),
        (changed('icon = "phone"', 'colour = "red"'), "group.phone.colour: unknown key"),
        (changed('id = "phone"', 'id = "Phone"'), "group.Phone.id: has 1 to 64 characters a-z"),
        (changed('labels = { en = "Mobile phone", bg', "labels = { bg"), "group.phone.labels: needs at least 'en'"),
        (changed('icon = "home"', 'parent = "attic"'), "group.home.parent: there is no group 'attic'"),
        (changed('icon = "home"', 'parent = "home"'), "group.home.parent: stands in itself"),
        (changed('id = "home"', 'id = "phone"'), "group.phone: is there twice"),
        (changed('group = "phone"', 'group = "attic"'), "service.mobile-top-up.group: there is no group 'attic'"),
        (changed('"test-mobile"', '"nobody"'), "service.mobile-top-up.shop: there is no shop 'nobody'"),
        (changed('amount = "open"', 'amount = "much"'), "service.mobile-top-up.amount: is one of fixed, due, open"),
        (changed('min = "1.00"', "min = 1.00"), "service.mobile-top-up.min: must be a text"),
        (changed('min = "1.00"', 'min = "1.001"'), "service.mobile-top-up.min: '1.001' has more than 2 decimals"),
        (changed('max = "200.00"', 'max = "0.50"'), "service.mobile-top-up.max: is less than min"),
        (changed('price = "10.00"\n', ""), "service.parking-day.price: is missing"),
        (changed('price = "10.00"', 'price = "0"'), "service.parking-day.price: is more than nothing"),
        (changed('ask = "accounts"\n', ""), "service.electricity.ask: is needed"),
        (changed('ask = "accounts"', 'ask = "oracle"'), "service.electricity.ask: is 'accounts' or is not written"),
        (changed('mask = "+359 ## ### ####"', 'mask = "+359"'), "service.mobile-top-up.field.phone.mask: has no #"),
        (
            changed("max_length = 10", "max_length = 3"),
            "service.parking-day.field.plate.min_length: is a number from 0",
        ),
        (
            changed('kind = "choice"', 'kind = "text"'),
            "service.parking-day.field.zone.choice: is needed for a field of",
        ),
        (changed('name = "zone"', 'name = "plate"'), "service.parking-day.field.plate: is there twice"),
        (changed("personal = true", 'personal = "yes"'), "field.phone.personal: must be true or false"),
        (changed('overpay = "hold"', 'overpay = "keep"'), "service.electricity.overpay: is one of exact, credit_all"),
    ],
)
def test_every_fault_of_a_file_is_named_with_its_place(text, fault):
    with pytest.raises(CatalogueError) as refused:
        catalogue_file.read(text, KNOWN)
    assert any(fault in found for found in refused.value.faults), refused.value.faults


def test_all_faults_are_told_at_once_and_the_draft_stays(database, engine, tmp_path, capsys):
    seeded_services(engine, database.data)
    file = tmp_path / "bad.toml"
    file.write_text(changed('min = "1.00"', 'min = "x"').replace('"test-help"', '"nobody"'))
    assert main(["aggregator", "catalogue", "import", str(file), *database.options]) == 1
    shown = capsys.readouterr().err
    assert "service.mobile-top-up.min" in shown
    assert "service.donation.shop" in shown
    assert len(catalogue.draft(engine).offers) == len(catalogue_file.read(TEXT, KNOWN).offers)


def test_nothing_is_published_from_an_empty_draft(database, engine, capsys):
    assert main(["aggregator", "catalogue", "publish", "--by", "Maria", *database.options]) == 1
    assert "import a file first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("account,name\n", "line 1: the column 'due' is missing"),
        ("account,due\n1,ten\n", "line 2: due: 'ten' is not an amount"),
        ("account,due\n1,1.00\n1,2.00\n", "line 3: account: '1' is there twice"),
        ("account,due\n1,1.00,more\n", "line 2: has another number of columns"),
        ("account,due\n,1.00\n", "line 2: account: has 1 to 200 characters"),
    ],
)
def test_every_fault_of_a_file_of_accounts_is_named_with_its_line(database, engine, tmp_path, capsys, text, fault):
    seeded_services(engine, database.data)
    file = tmp_path / "accounts.csv"
    file.write_text(text)
    command = ["aggregator", "catalogue", "accounts", "--service", "electricity", str(file), *database.options]
    assert main(command) == 1
    assert fault in capsys.readouterr().err


def test_the_key_that_signs_is_readable_by_its_owner_alone_and_made_once(tmp_path):
    first = ensure_catalogue_key(tmp_path)
    assert ensure_catalogue_key(tmp_path).public_hex == first.public_hex
    assert (tmp_path / "catalogue.key").stat().st_mode & 0o777 == 0o600


def test_two_who_publish_at_once_make_two_versions(database, engine):
    seeded_services(engine, database.data)
    key = ensure_catalogue_key(database.data)

    async def both():
        return await asyncio.gather(*(asyncio.to_thread(catalogue.publish, engine, key, "M") for _ in range(2)))

    assert sorted(asyncio.run(both())) == [2, 3]
