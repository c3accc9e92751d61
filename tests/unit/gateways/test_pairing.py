"""A terminal is paired over real HTTPS: its key never leaves it, nobody in between is trusted, a lost answer costs nothing."""

import asyncio
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from kiosk.aggregator.tls import make_demo_authority
from kiosk.gateways import port
from kiosk.gateways.pairing import PairingError, Ticket, ensure_key, pair, place_in, ticket_of
from kiosk.gateways.terminal_api import TerminalApiGateway
from kiosk.gateways.tls import pin_of, terminal_ssl_context
from kiosk.settings import dump, load
from tests.support.aggregator import serving
from tests.support.certificates import pin_in
from tests.support.dialects import CASES, Books
from tests.support.far_end import far_end, hang_up, says
from tests.support.pairing_desk import CATALOGUE_KEY, DAY, TOKEN, Desk, other_key

SHIPPED = Path(__file__).parents[3] / "config" / "kiosk.toml"


def meet(folder, desk, what):
    """What `what(url, ticket)` gives while the desk serves."""

    async def story():
        files = {"ssl_certfile": folder / "aggregator.pem", "ssl_keyfile": folder / "aggregator.key"}
        async with serving(desk.app(), **{name: str(file) for name, file in files.items()}) as number:
            return await what(f"https://127.0.0.1:{number}", Ticket(TOKEN, pin_in(folder)))

    return asyncio.run(story())


@pytest.fixture(name="tls")
def _tls(tmp_path):
    make_demo_authority(tmp_path / "tls", [])
    return tmp_path / "tls"


def pairing(place, number="", **changes):
    async def what(url, ticket):
        return await pair(url, replace(ticket, **changes), place, number, 5.0, "kiosk 1")

    return what


def refused(folder, desk, what):
    with pytest.raises(PairingError) as caught:
        meet(folder, desk, what)
    return str(caught.value)


def test_a_terminal_becomes_who_the_token_says_and_its_key_stays_with_it(tmp_path, tls):
    place, desk = place_in(tmp_path / "me"), Desk(tls)
    paired = meet(tls, desk, pairing(place))
    assert paired.terminal_number == "0001"
    assert stat.S_IMODE(place.key.stat().st_mode) == 0o400
    assert place.catalogue_key.read_text() == f"{CATALOGUE_KEY}\n"
    assert place.authority.read_text() == (tls / "ca.pem").read_text()
    secret = "".join(place.key.read_text().splitlines()[1:-1])
    assert secret not in desk.asked[0].certificate_request.replace("\n", "")
    assert {path.name for path in (tmp_path / "me").iterdir()} == {
        "terminal.key",
        "terminal.pem",
        "ca.pem",
        "catalogue.key",
    }


def test_what_was_kept_opens_the_way_to_the_aggregator(tmp_path, tls):
    place = place_in(tmp_path / "me")
    meet(tls, Desk(tls), pairing(place))

    async def story():
        async with far_end(tls, CASES["terminal_api"].truth(Books())) as end:
            gateway = TerminalApiGateway(
                end.url, terminal_ssl_context(place.authority, place.certificate, place.key), 5.0
            )
            health = await gateway.health()
            await gateway.close()
            return health

    assert isinstance(asyncio.run(story()), port.Healthy)


def test_a_lost_answer_is_asked_for_again_with_the_same_key(tmp_path, tls):
    place, desk = place_in(tmp_path / "me"), Desk(tls)

    async def lost(url, ticket):
        async with far_end(tls, hang_up) as end:
            await pair(end.url, replace(ticket, fingerprint=pin_in(end.folder)), place, "", 5.0, "kiosk 1")

    words = refused(tls, desk, lost)
    assert "run the same command again" in words
    assert place.key.exists()
    assert not place.certificate.exists()
    key = place.key.read_bytes()
    first = meet(tls, desk, pairing(place))
    assert meet(tls, desk, pairing(place)) == first  # and again, because the second answer may have been lost, too
    assert place.key.read_bytes() == key
    assert len({asked.token for asked in desk.asked}) == 1


def test_a_token_is_no_use_to_another_key(tmp_path, tls):
    desk = Desk(tls)
    meet(tls, desk, pairing(place_in(tmp_path / "me")))
    words = refused(tls, desk, pairing(place_in(tmp_path / "thief")))
    assert words == "the aggregator refused: this token is not known, too old, or was used (token_invalid)"
    assert not place_in(tmp_path / "thief").certificate.exists()


def test_a_server_with_another_key_is_told_nothing(tmp_path, tls):
    desk = Desk(tls)
    words = refused(tls, desk, pairing(place_in(tmp_path / "me"), fingerprint="0" * 64))
    assert "was not told anything" in words
    assert TOKEN not in words
    assert desk.asked == []


def test_the_fingerprint_may_be_that_of_the_certificate(tmp_path, tls):
    certificate = x509.load_pem_x509_certificate((tls / "aggregator.pem").read_bytes())
    whole = certificate.public_bytes(serialization.Encoding.DER)
    assert pin_of(whole) == pin_in(tls)
    digest = subprocess.run(["sha256sum"], input=whole, capture_output=True, check=True).stdout.decode()[:64]
    paired = meet(tls, Desk(tls), pairing(place_in(tmp_path / "me"), fingerprint=digest))
    assert paired.terminal_number == "0001"


@pytest.mark.parametrize(
    ("certificate", "fault"),
    [
        ({"key": other_key()}, "it is for another key"),
        ({"number": "0002"}, "it names ['0002'], and the answer terminal 0001"),
        ({"begins": DAY / 2}, "it is not valid yet; set the clock"),
        ({"ends": -DAY / 2}, "it is not valid any more; set the clock"),
    ],
)
def test_a_certificate_that_does_not_fit_is_not_kept(tmp_path, tls, certificate, fault):
    place = place_in(tmp_path / "me")
    words = refused(tls, Desk(tls, certificate=certificate), pairing(place))
    assert words.endswith(fault)
    assert not any(path.exists() for path in (place.certificate, place.authority))


def test_a_certificate_by_another_authority_is_not_kept(tmp_path, tls):
    make_demo_authority(tmp_path / "stranger", [])
    words = refused(tls, Desk(tls, vouches=tmp_path / "stranger"), pairing(place_in(tmp_path / "me")))
    assert "not a certificate by its authority" in words


def test_another_number_than_the_configurations_is_not_kept(tmp_path, tls):
    place = place_in(tmp_path / "me")
    words = refused(tls, Desk(tls), pairing(place, number="0007"))
    assert words == "the token is that of terminal 0001, and the configuration says 0007; nothing was kept"
    assert not place.certificate.exists()


@pytest.mark.parametrize(
    "behaviour", [says(200, b"{}"), says(500), says(302, b"", "Location: https://127.0.0.1:9/"), says(200, b"<html>")]
)
def test_what_is_no_answer_changes_nothing(tmp_path, tls, behaviour):
    place = place_in(tmp_path / "me")

    async def story():
        async with far_end(tls, behaviour) as end:
            await pair(end.url, Ticket(TOKEN, pin_in(tls)), place, "", 5.0, "kiosk 1")

    with pytest.raises(PairingError, match="run the same command again"):
        asyncio.run(story())
    assert [path.name for path in (tmp_path / "me").iterdir()] == ["terminal.key"]


def test_a_key_is_made_once_and_one_of_another_kind_is_not_used(tmp_path):
    path = tmp_path / "terminal.key"
    numbers = {ensure_key(path).private_numbers().private_value for _ in range(2)}
    assert len(numbers) == 1
    other = tmp_path / "other.key"
    made = ed25519.Ed25519PrivateKey.generate()
    other.write_bytes(
        made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    before = other.read_bytes()
    with pytest.raises(PairingError, match="elliptic curve"):
        ensure_key(other)
    assert other.read_bytes() == before
    (tmp_path / "no.key").write_text("nothing")
    with pytest.raises(PairingError, match="cannot be used as a key"):
        ensure_key(tmp_path / "no.key")
    with pytest.raises(PairingError, match="cannot be written"):
        ensure_key(tmp_path / "no.key" / "terminal.key")


@pytest.mark.parametrize("text", ["", "token", "token.", f".{'0' * 64}", f"token.{'0' * 63}", f"token.{'x' * 64}"])
def test_a_token_without_its_fingerprint_is_no_ticket(text):
    with pytest.raises(PairingError, match="64 hex digits"):
        ticket_of(text)


def test_a_ticket_is_read_as_it_is_typed_and_does_not_show_its_token():
    ticket = ticket_of(f" {TOKEN}.{'AB' * 32}\n")
    assert ticket == Ticket(TOKEN, "ab" * 32)
    assert TOKEN not in repr(ticket)


def command(*options, typed=""):
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "pair", *options],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def configured(folder):
    """The shipped settings, with who we are kept in `folder`."""
    text = SHIPPED.read_text().replace("/etc/kiosk/tls/", f"{folder}/")
    file = folder / "kiosk.toml"
    file.write_text(text.replace('catalogue_key_file = ""', f'catalogue_key_file = "{folder}/catalogue.key"'))
    return file


def test_the_command_puts_everything_where_the_settings_look_for_it(tmp_path, tls):
    async def what(url, ticket):
        config = configured(tmp_path)
        options = ("--url", url, "--token", "-", "--config", str(config))
        typed = f"{ticket.token}.{ticket.fingerprint}\n"
        return await asyncio.to_thread(command, *options, typed=typed), load([config])

    done, settings = meet(tls, Desk(tls), what)
    assert done.returncode == 0, done.stderr
    assert "this is terminal 0001 of a test aggregator" in done.stdout
    aggregator = settings.aggregator
    files = (aggregator.key_file, aggregator.certificate_file, aggregator.ca_file, aggregator.catalogue_key_file)
    assert all(Path(file).exists() for file in files)
    assert TOKEN not in done.stdout + done.stderr
    assert "catalogue_key_file" in dump(settings)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--url", "http://127.0.0.1", "--token", "t", "--out", "x"), 2, "must be an https:// address"),
        (("--url", "https://127.0.0.1:9", "--token", "t", "--out", "x"), 1, "64 hex digits"),
        (("--url", "https://127.0.0.1:9", "--token", f"t.{'0' * 64}", "--out", "x"), 1, "was not told anything"),
        (("--token", f"t.{'0' * 64}", "--config", str(SHIPPED)), 2, "aggregator.catalogue_key_file: must be a path"),
        (("--token", f"t.{'0' * 64}"), 2, "required"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path, options, code, words):
    done = command(*(str(tmp_path / "x") if option == "x" else option for option in options))
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
