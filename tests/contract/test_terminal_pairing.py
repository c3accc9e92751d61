"""Becoming a terminal, staying one and ceasing to be one, over real TLS."""

import asyncio
import ssl
from hashlib import sha256

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from kiosk.aggregator import admin
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.terminals import identity, pairing
from kiosk.aggregator.tls import make_authority
from kiosk.cli.main import main
from kiosk.terminal_api import Mode
from tests.support.terminals import Key, at, by_hand, client_of, post, story, trust_of

HOUR_US = 3600 * 10**6


async def token_of(here, number="0007", hours=24):
    return await asyncio.to_thread(pairing.make_token, here.engine, number, "By the door", "EUR", hours * 3600)


async def ask(here, token, key, **changes):
    async with here.client() as client:
        wanted = {"token": token, "certificate_request": key.request(), "software": "kiosk 0.1.0", **changes}
        return await post(client, "pairings", wanted)


async def paired(here, number="0007"):
    key = Key.new()
    answer = await ask(here, await token_of(here, number), key)
    assert answer.status_code == 200
    return key, answer.json()


async def health(here, key, certificate, folder):
    async with client_of(here, key, certificate, folder) as client:
        return await client.get("/terminal/v1/health")


def test_what_the_command_prints_makes_a_terminal_and_says_whom_to_trust(tmp_path, database, capsys):
    async def tell(here):
        where = [*database.options, "--tls-dir", str(here.tls)]
        command = ["aggregator", "pair-terminal", "--number", "0007", "--name", "Door", "--currency", "EUR", *where]
        assert await asyncio.to_thread(main, command) == 0
        token, fingerprint = capsys.readouterr().out.strip().split(".")
        shown = ssl.get_server_certificate
        url = here.url.removeprefix("https://").partition(":")
        pem = await asyncio.to_thread(shown, (url[0], int(url[2])))
        assert sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest() == fingerprint
        key = Key.new()
        answer = await ask(here, token, key)
        got = answer.json()
        assert (got["terminal_number"], got["mode"], len(got["catalogue_key"])) == ("0007", "test", 64)
        assert got["authority"] == (here.tls / "ca.pem").read_text()
        certificate = x509.load_pem_x509_certificate(got["certificate"].encode())
        (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        assert (name.value, len(list(certificate.subject))) == ("0007", 1)
        assert certificate.public_key() == key.private.public_key()
        assert (await health(here, key, got["certificate"], tmp_path)).json()["mode"] == "test"

    story(tmp_path, database, tell)


def test_a_token_is_good_for_one_key_which_may_ask_again(tmp_path, database):
    async def tell(here):
        token, key = await token_of(here), Key.new()
        answers = await asyncio.gather(*(ask(here, token, key) for _ in range(5)))
        assert len({answer.json()["certificate"] for answer in answers}) == 1
        other = await ask(here, token, Key.new())
        assert (other.status_code, other.json()["code"]) == (401, "token_invalid")
        assert "another key" in other.json()["message"]

    story(tmp_path, database, tell)


def test_of_two_keys_that_race_for_a_token_one_wins(tmp_path, database):
    async def tell(here):
        token = await token_of(here)
        answers = await asyncio.gather(*(ask(here, token, Key.new()) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [200, *[401] * 5]

    story(tmp_path, database, tell)


def test_tokens_that_are_made_up_or_too_old_are_refused_by_name(tmp_path, database, monkeypatch):
    async def tell(here):
        made_up = await ask(here, "0" * 32, Key.new())
        assert (made_up.status_code, made_up.json()["code"]) == (401, "token_invalid")
        token = await token_of(here, hours=1)
        with at(monkeypatch, pairing, now_us() + HOUR_US):
            old = await ask(here, token, Key.new())
        assert "too old" in old.json()["message"]

    story(tmp_path, database, tell)


def test_the_token_is_not_in_the_database(tmp_path, database):
    async def tell(here):
        token = await token_of(here)
        with here.engine.connect() as db:
            kept = db.exec_driver_sql("SELECT * FROM pairing_token").all()
        assert token not in str(kept)

    story(tmp_path, database, tell)


def _rsa_request():
    key = rsa.generate_private_key(65537, 2048)
    return Key(key).request()


def _tampered():
    whole = Key.new().request()
    other = Key.new().request()
    return whole[:-100] + other[-100:]


@pytest.mark.parametrize(
    "request_text", [lambda: "nonsense", _rsa_request, _tampered], ids=["text", "rsa", "signature"]
)
def test_a_request_that_is_none_uses_no_token_up(tmp_path, database, request_text):
    async def tell(here):
        token = await token_of(here)
        answer = await ask(here, token, Key.new(), certificate_request=request_text())
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert answer.json()["faults"][0]["field"] == "certificate_request"
        assert (await ask(here, token, Key.new())).status_code == 200

    story(tmp_path, database, tell)


def test_a_revoked_terminal_is_out_on_a_connection_that_was_open_before(tmp_path, database):
    async def tell(here):
        key, got = await paired(here)
        async with client_of(here, key, got["certificate"], tmp_path) as client:
            assert (await client.get("/terminal/v1/health")).status_code == 200
            fingerprint = sha256(ssl.PEM_cert_to_DER_cert(got["certificate"])).hexdigest()
            revoke = ["aggregator", "add-terminal", "--number", "0007", *database.options]
            assert await asyncio.to_thread(main, [*revoke, "--revoke-certificate", fingerprint]) == 0
            answer = await client.get("/terminal/v1/health")
            assert (answer.status_code, answer.json()["code"]) == (401, "terminal_unknown")
        key, got = await paired(here)
        async with client_of(here, key, got["certificate"], tmp_path) as client:
            assert (await client.get("/terminal/v1/health")).status_code == 200
            await asyncio.to_thread(main, [*revoke, "--revoke"])
            assert (await client.get("/terminal/v1/health")).status_code == 401

    story(tmp_path, database, tell)


def test_pairing_again_ends_what_the_earlier_key_could_do(tmp_path, database):
    async def tell(here):
        key, got = await paired(here)
        await paired(here)
        assert (await health(here, key, got["certificate"], tmp_path)).status_code == 401

    story(tmp_path, database, tell)


def test_a_certificate_of_our_authority_that_was_never_issued_to_a_paired_terminal_is_refused(tmp_path, database):
    async def tell(here):
        gateway = here.gateway("0001")
        assert (await gateway.health()).live is False
        await paired(here, "0001")
        assert "none of those issued" in (await gateway.health()).cause
        await gateway.close()

    story(tmp_path, database, tell)


def test_where_money_is_real_a_terminal_must_have_been_paired(tmp_path, database):
    async def tell(here):
        admin.set_terminal(here.engine, "0666", active=True)
        gateway = here.gateway("0666")
        assert "never paired" in (await gateway.health()).cause
        await gateway.close()
        key, got = await paired(here)
        assert (await health(here, key, got["certificate"], tmp_path)).json()["mode"] == "live"

    story(tmp_path, database, tell, mode=Mode.LIVE)


@pytest.mark.parametrize("new_key", [False, True], ids=["same key", "new key"])
def test_a_certificate_is_renewed_and_the_old_one_counts_until_the_new_one_has_been_used_a_while(
    tmp_path, database, monkeypatch, new_key
):
    async def tell(here):
        key, got = await paired(here)
        after = Key.new() if new_key else key
        async with client_of(here, key, got["certificate"], tmp_path) as client:
            answers = [await post(client, "certificates", {"certificate_request": after.request()}) for _ in range(2)]
            renewed = answers[0].json()["certificate"]
            assert answers[1].json()["certificate"] == renewed
            far = now_us() + 24 * HOUR_US
            with at(monkeypatch, identity, far):
                assert (await client.get("/terminal/v1/health")).status_code == 200
            assert (await health(here, after, renewed, tmp_path)).status_code == 200
            assert (await client.get("/terminal/v1/health")).status_code == 200
            with at(monkeypatch, identity, now_us() + HOUR_US):
                old = await client.get("/terminal/v1/health")
                assert (old.status_code, "replaced" in old.json()["message"]) == (401, True)
                assert (await health(here, after, renewed, tmp_path)).status_code == 200

    story(tmp_path, database, tell)


def test_a_test_certificate_that_is_renewed_lives_on_until_the_new_one_is_used(tmp_path, database):
    async def tell(here):
        key = Key.new()
        async with by_hand(here) as client:
            answer = await post(client, "certificates", {"certificate_request": key.request()})
            assert answer.status_code == 200
            assert (await client.get("/terminal/v1/health")).status_code == 200
            assert (await health(here, key, answer.json()["certificate"], tmp_path)).status_code == 200

    story(tmp_path, database, tell)


def test_terminals_speak_the_newest_tls_where_merchants_may_speak_an_older_one(tmp_path, database):
    async def tell(here):
        old = trust_of(here, ssl.TLSVersion.TLSv1_2)
        async with httpx.AsyncClient(base_url=here.url, verify=old, trust_env=False) as client:
            assert (await client.get("/Merchant/Index.aspx")).status_code == 400
            token = await token_of(here)
            wanted = {"token": token, "certificate_request": Key.new().request(), "software": ""}
            answer = await post(client, "pairings", wanted)
            assert (answer.status_code, "TLSv1.3" in answer.json()["message"]) == (401, True)
        context = here.context("0001")
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        async with httpx.AsyncClient(base_url=here.url, verify=context, trust_env=False) as client:
            assert (await client.get("/terminal/v1/health")).status_code == 401

    story(tmp_path, database, tell)


def test_an_authority_is_made_once_and_its_server_certificate_renewed(tmp_path):
    command = ["aggregator", "make-authority", "--tls-dir", str(tmp_path), "--host", "pay.example.org"]
    assert main(command) == 0
    first = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert main(command) == 0
    assert first == {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert main([*command, "--renew-server"]) == 0
    changed = {file.name for file in tmp_path.iterdir() if file.read_bytes() != first[file.name]}
    assert changed == {"aggregator.pem", "aggregator.key"}
    make_authority(tmp_path)


def test_a_token_cannot_be_made_without_a_server_to_trust(tmp_path, capsys):
    where = ["--data", str(tmp_path / "data"), "--tls-dir", str(tmp_path)]
    assert main(["aggregator", "pair-terminal", "--number", "0007", *where]) == 1
    assert "no server certificate" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["aggregator", "pair-terminal", "--number", "seven", *where])
    assert "four digits" in capsys.readouterr().err
