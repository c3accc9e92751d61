"""A leftover's code from the till's pen to the person who is paid out: real HTTPS, real signatures."""

import asyncio
from dataclasses import replace

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.aggregator import admin
from kiosk.aggregator.money import claims
from kiosk.cli.main import main
from kiosk.domain import codes
from kiosk.domain.facts import OverpayPolicy, ReportKind
from kiosk.domain.rules import ClaimToFreeze
from kiosk.gateways import port
from kiosk.gateways.terminal_api import freeze_claim
from kiosk.till.signing import SigningKey
from tests.support.aggregator import LOGIN, PASSWORD1, PASSWORD2, installation
from tests.support.world import KEY

CODE = codes.mint("0001", 7, KEY.sign)
OTHER_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(b"another key, of another till ..."))


def wanted(claim_id="0001-000007-leftover", amount=3000, key=KEY, code=CODE):
    statement = codes.statement(code, amount, "EUR", 1_790_000_000, key.sign)
    return ClaimToFreeze(claim_id, code, "leftover", amount, "EUR", statement, key.public_key)


def story(tmp_path, database, tell):
    async def play():
        async with installation(tmp_path, database=database) as here:
            gateway = here.gateway()
            try:
                return await tell(here, gateway)
            finally:
                await gateway.close()

    return asyncio.run(play())


async def send(gateway, claim):
    return await gateway.report(ReportKind.CLAIM, claim.claim_id, freeze_claim(claim))


def test_a_claim_is_registered_once_however_often_it_comes(tmp_path, database):
    async def tell(here, gateway):
        first = await send(gateway, wanted())
        second = await send(gateway, wanted())
        assert isinstance(first, port.Accepted)
        assert first == second
        (found,) = claims.look_up(here.engine, CODE)
        assert (found["amount_minor"], found["redeemed"]) == (3000, False)
        changed = replace(wanted(), reason="refused")
        assert isinstance(await send(gateway, changed), port.Unknown)

    story(tmp_path, database, tell)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 9000},
        {"currency": "RUB"},
        {"statement": wanted(amount=9000).statement},
        {"statement": "KIOSKC1*nonsense"},
        {"public_key": OTHER_KEY.public_key},
        {"code": codes.mint("0002", 7, KEY.sign)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_the_terminals_key_did_not_sign_is_never_registered(tmp_path, database, change):
    async def tell(here, gateway):
        assert isinstance(await send(gateway, replace(wanted(), **change)), port.Unknown)
        with pytest.raises(claims.ClaimError, match="no terminal has registered"):
            claims.look_up(here.engine, CODE)

    story(tmp_path, database, tell)


def test_the_first_key_is_the_terminals_until_an_administrator_forgets_it(tmp_path, database):
    async def tell(here, gateway):
        assert isinstance(await send(gateway, wanted()), port.Accepted)
        code = codes.mint("0001", 8, OTHER_KEY.sign)
        other = wanted("0001-000008-leftover", key=OTHER_KEY, code=code)
        assert isinstance(await send(gateway, other), port.Unknown)
        admin.forget_key(here.engine, "0001")
        assert isinstance(await send(gateway, other), port.Accepted)

    story(tmp_path, database, tell)


def test_a_code_is_paid_out_once_and_what_comes_under_it_later_once_too(tmp_path, database, capsys):
    async def tell(here, gateway):
        await send(gateway, wanted())
        arguments = ["aggregator", "claim", *database.options, "--code", codes.in_groups(CODE).lower()]
        redeem = [*arguments, "--redeem", "Maria", "--reason", "came with the slip"]
        assert await asyncio.to_thread(main, redeem) == 0
        assert await asyncio.to_thread(main, redeem) == 1
        assert "paid out already, by Maria" in capsys.readouterr().err
        await send(gateway, wanted("0001-000007-refused", 7000))
        (paid,) = claims.redeem(here.engine, CODE, "Maria", "came again")
        assert paid["amount_minor"] == 7000
        assert [claim["redeemed"] for claim in claims.look_up(here.engine, CODE)] == [True, True]

    story(tmp_path, database, tell)


def test_nobody_redeems_without_a_name_and_a_reason(tmp_path, capsys):
    arguments = ["aggregator", "claim", "--data", str(tmp_path), "--code", CODE, "--redeem", "Maria"]
    assert main(arguments) == 2
    assert "--reason must say something" in capsys.readouterr().err


def test_the_shops_overpay_policy_reaches_the_terminal_and_is_kept_to(tmp_path, database):
    async def tell(here, gateway):
        shop = admin.Merchant(LOGIN, "Bookshop", PASSWORD1, PASSWORD2, "sha256", "http://127.0.0.1:9/", "EUR", 250)
        admin.set_merchant(here.engine, replace(shop, overpay="credit_all"))
        quoted = await gateway.quote(port.QuoteWanted(await here.order(), "EUR"))
        assert OverpayPolicy(quoted.overpay) is OverpayPolicy.CREDIT_ALL
        body = msgspec.json.encode(
            {
                "payment_id": "000100000000100001",
                "quote_id": quoted.quote_id,
                "order_number": quoted.order_number,
                "amount_minor": 10_000,
                "currency": "EUR",
                "cash": [{"value_minor": 5000, "count": 2}],
                "captured_at": "2026-01-01T00:00:00+00:00",
                "journal_seq": 1,
                "journal_head": "00" * 32,
            }
        )
        assert isinstance(await gateway.post("000100000000100001", body), port.Accepted)

    story(tmp_path, database, tell)
