"""A shop is registered, set up, identified, activated, blocked and ended; nothing happens out of turn, everything is kept."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError, MerchantError, RefusedError
from kiosk.aggregator.merchants import signatures
from kiosk.aggregator.merchants.merchant_fields import read_pairs
from kiosk.aggregator.money import orders
from kiosk.aggregator.shops import identification, lifecycle, registration, shops
from kiosk.aggregator.shops.identification import DocumentKind, DocumentState, IdentificationState
from kiosk.aggregator.shops.lifecycle import TRANSITIONS, By, LegalForm, ShopEvent, ShopState
from kiosk.aggregator.shops.registration import TechnicalSettings
from kiosk.aggregator.storage.database import open_database, reading, run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.vault import Secret
from tests.support.shops import (
    ANN,
    WHOLE,
    active,
    configured,
    new_shop,
    order,
    pay,
    quoted,
    registered,
    send_documents,
    take,
)


def state(engine, login="books"):
    with reading(engine) as db:
        return lifecycle.state_of(db, login)


def test_every_state_can_be_reached_and_every_state_but_the_last_can_be_left_for_the_end():
    reached, border = set(), {ShopState.REGISTERED}
    while border:
        reached |= border
        border = {after for before in border for after in TRANSITIONS[before].values()} - reached
    assert reached == set(ShopState) == set(TRANSITIONS)
    open_states = set(ShopState) - {ShopState.CLOSING, ShopState.TERMINATED}
    assert all(TRANSITIONS[before][ShopEvent.TERMINATED] is ShopState.CLOSING for before in open_states)


@pytest.mark.parametrize("before", list(ShopState))
@pytest.mark.parametrize("event", list(ShopEvent))
def test_what_the_table_does_not_have_is_refused_and_changes_nothing(engine_once, before, event):
    run_writing(engine_once, lambda db: db.execute(merchant.update().values(state=before.value)))
    after = TRANSITIONS[before].get(event)
    if after is None:
        with pytest.raises(AdminError, match=f"is {before}: {event} is not possible"):
            run_writing(engine_once, lambda db: lifecycle.advance(db, "books", event, ANN))
    else:
        assert run_writing(engine_once, lambda db: lifecycle.advance(db, "books", event, ANN)) is after
    assert state(engine_once) is (after or before)


@pytest.fixture(scope="module")
def engine_once(tmp_path_factory):
    """One database for the whole table."""
    engine = open_database(tmp_path_factory.mktemp("table"))
    registered(engine)
    yield engine
    engine.dispose()


def test_the_whole_way_and_its_history(engine, tmp_path):
    active(engine, tmp_path)
    pay(engine, "books", "70.00")
    registration.block(engine, "books", By("Bob", "a complaint"))
    registration.unblock(engine, "books", By("Ann", "it was a mistake"))
    with reading(engine) as db:
        history = lifecycle.history(db, "books")
    assert [(one["event"], one["state"], one["person"]) for one in history] == [
        ("registered", "registered", "Ann"),
        ("settings_changed", "configured", "Ann"),
        ("activation_requested", "requested", "Ann"),
        ("activated", "active", "Ann"),
        ("blocked", "blocked", "Bob"),
        ("unblocked", "active", "Ann"),
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"login": "a:b"}, "login: 2 to 64"),
        ({"name": " "}, "name: 1 to 100"),
        ({"email": "nobody"}, "email: 'nobody'"),
        ({"currency": "XXX"}, "currency: one of"),
        ({"plan": "golden"}, "plan: no plan 'golden'; there are company, individual"),
        ({"plan": "individual"}, "plan: individual is for individual, the shop is company"),
        ({"currency": "BGN"}, "plan: company has no rate for payments at terminals in BGN"),
    ],
)
def test_a_registration_says_what_to_mend(engine, change, says):
    registered(engine, "other")
    with pytest.raises(AdminError) as caught:
        registration.register(engine, new_shop(**change), ANN)
    assert says in str(caught.value)


def test_every_fault_of_a_registration_is_said_at_once_and_a_login_is_taken_once(engine):
    registered(engine)
    with pytest.raises(AdminError, match=r"name: .*email: .*books is taken"):
        registration.register(engine, new_shop(name="", email=""), ANN)


@pytest.mark.parametrize(("person", "reason"), [("", "because"), ("Ann", " "), ("A" * 101, "because")])
def test_nothing_is_done_by_nobody_or_for_no_reason(person, reason):
    with pytest.raises(AdminError):
        By(person, reason)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (TechnicalSettings(), "at least one setting"),
        (replace(WHOLE, result_url="ftp://books.example/"), "result_url: an http or https address"),
        (replace(WHOLE, result_url="https://me:secret-word@books.example/"), "result_url"),
        (replace(WHOLE, result_url=""), "result_url"),
        (replace(WHOLE, fail_url="https://books.example:99999/"), "fail_url"),
        (replace(WHOLE, success_method="PUT"), "success_method: GET or POST"),
        (replace(WHOLE, hash_name="crc32"), "hash_name: one of md5"),
        (replace(WHOLE, password1=Secret("short")), "password1: 8 to 64"),
        (replace(WHOLE, password1=Secret("with:colon")), "password1: 8 to 64"),
        (replace(WHOLE, password2=Secret("first-password")), "password2: must differ from password1"),
        (replace(WHOLE, test_password1=Secret("second-password")), "test_password1: must differ from password2"),
        (TechnicalSettings(password1=Secret("first-password")), "not whole without password2, result_url"),
    ],
)
def test_settings_say_what_to_mend_and_never_repeat_a_password(engine, settings, says):
    registered(engine)
    with pytest.raises(AdminError) as caught:
        registration.change_settings(engine, "books", settings, ANN)
    assert says in str(caught.value)
    assert not any(word in str(caught.value) for word in ("secret-word", "first-password", "short", "colon:"))
    assert state(engine) is ShopState.REGISTERED


def test_a_new_password_must_differ_from_those_that_are_there(engine):
    configured(engine)
    with pytest.raises(AdminError, match="password3: must differ from password2"):
        registration.change_settings(engine, "books", TechnicalSettings(password3=Secret("second-password")), ANN)
    registration.change_settings(engine, "books", TechnicalSettings(password3=Secret("third-password")), ANN)
    with reading(engine) as db:
        assert shops.find(db, "books").password3.reveal() == "third-password"


def test_a_shop_that_cannot_sign_is_no_shop_to_the_outside(engine):
    registered(engine)
    with reading(engine) as db:
        assert shops.find(db, "books") is None
    signed_with_nothing = signatures.digest(signatures.start_base("books", "1", "", "", {}), "sha256")
    fields = {"MerchantLogin": "books", "OutSum": "1", "InvId": "", "SignatureValue": signed_with_nothing}
    with pytest.raises(MerchantError, match="no shop"):
        orders.start(engine, read_pairs(fields.items()))


def test_nobody_pays_a_shop_that_is_not_active(engine, tmp_path):
    configured(engine)
    with pytest.raises(MerchantError, match="is configured and takes no payments"):
        order(engine, "books", "70.00")


def test_a_blocked_shop_gets_no_orders_and_no_cash_but_what_was_captured_before(engine, tmp_path):
    active(engine, tmp_path)
    number = order(engine, "books", "70.00")
    quote = quoted(engine, number)
    other = order(engine, "books", "10.00")
    registration.block(engine, "books", ANN)
    with pytest.raises(MerchantError, match="is blocked"):
        order(engine, "books", "70.00")
    with pytest.raises(RefusedError, match="takes no payments now"):
        quoted(engine, other)
    take(engine, quote)
    with reading(engine) as db:
        assert db.execute(sa.text("SELECT state FROM orders WHERE number = :n"), {"n": number}).scalar() == 50


def test_activation_waits_for_every_document_of_the_legal_form(engine, tmp_path):
    configured(engine, legal_form=LegalForm.INDIVIDUAL, plan="individual")
    with pytest.raises(AdminError, match="missing: identity, address, tax_number, bank_letter"):
        registration.request_activation(engine, "books", ANN)
    send_documents(engine, "books", tmp_path, accept=False)
    registration.request_activation(engine, "books", ANN)
    with pytest.raises(AdminError, match=r"not every document is accepted: identity \(submitted\)"):
        registration.activate(engine, "books", ANN)
    assert state(engine) is ShopState.REQUESTED
    registration.send_back(engine, "books", By("Ann", "the passport cannot be read"))
    assert state(engine) is ShopState.CONFIGURED


def test_changed_settings_have_to_be_asked_for_again(engine, tmp_path):
    configured(engine)
    send_documents(engine, "books", tmp_path)
    registration.request_activation(engine, "books", ANN)
    registration.change_settings(engine, "books", TechnicalSettings(result_url="https://elsewhere.example/"), ANN)
    assert state(engine) is ShopState.CONFIGURED


def identified(engine):
    with reading(engine) as db:
        return identification.state_of(db, "books")


def test_identification_goes_from_nothing_to_identified_and_back_when_a_document_is_too_old(
    engine, tmp_path, monkeypatch
):
    configured(engine)
    assert identified(engine) is IdentificationState.NOT_STARTED
    paper = tmp_path / "extract.pdf"
    paper.write_bytes(b"paper")
    until = identification.today()
    extract = identification.submit(engine, "books", DocumentKind.REGISTER_EXTRACT, paper, until, ANN)
    assert identified(engine) is IdentificationState.INCOMPLETE
    for kind in identification.REQUIRED[LegalForm.COMPANY][1:]:
        number = identification.submit(engine, "books", kind, paper, None, ANN)
        identification.decide(engine, number, DocumentState.ACCEPTED, ANN)
    assert identified(engine) is IdentificationState.IN_REVIEW
    identification.decide(engine, extract, DocumentState.ACCEPTED, ANN)
    assert identified(engine) is IdentificationState.IDENTIFIED
    monkeypatch.setattr(identification, "today", lambda: until.replace(year=until.year + 1))
    assert identified(engine) is IdentificationState.INCOMPLETE
    with reading(engine) as db:
        assert identification.missing(db, "books") == {DocumentKind.REGISTER_EXTRACT: DocumentState.EXPIRED}


def test_a_document_is_decided_once_and_a_better_one_replaces_a_rejected_one(engine, tmp_path):
    registered(engine)
    paper = tmp_path / "charter.pdf"
    paper.write_bytes(b"paper")
    first = identification.submit(engine, "books", DocumentKind.CHARTER, paper, None, ANN)
    identification.decide(engine, first, DocumentState.REJECTED, By("Ann", "page two is missing"))
    with pytest.raises(AdminError, match="waits for a decision"):
        identification.decide(engine, first, DocumentState.ACCEPTED, ANN)
    second = identification.submit(engine, "books", DocumentKind.CHARTER, paper, None, ANN)
    identification.decide(engine, second, DocumentState.ACCEPTED, ANN)
    with reading(engine) as db:
        assert DocumentKind.CHARTER not in identification.missing(db, "books")
        kept = identification.documents(db, "books")
    assert [(one["state"], one["reason"]) for one in kept] == [
        ("rejected", "page two is missing"),
        ("accepted", "because"),
    ]


def test_a_document_that_is_not_there_or_over_is_refused(engine, tmp_path):
    registered(engine)
    with pytest.raises(AdminError, match="cannot be read"):
        identification.submit(engine, "books", DocumentKind.CHARTER, tmp_path / "none", None, ANN)
    paper = tmp_path / "old"
    paper.write_bytes(b"")
    with pytest.raises(AdminError, match="was valid until"):
        identification.submit(
            engine, "books", DocumentKind.CHARTER, paper, identification.today().replace(year=2020, day=1), ANN
        )
    with pytest.raises(AdminError, match="no shop 'nobody'"):
        identification.submit(engine, "nobody", DocumentKind.CHARTER, paper, None, ANN)
