"""From a name to an active shop: registration, technical settings, the wish to be activated and the answer to it.

Answers for: what has to be there before each step, and saying everything that is missing at once. Does not answer for: the order
of the steps (`lifecycle`), documents (`identification`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.merchants.signatures import HASHES
from kiosk.aggregator.money import books
from kiosk.aggregator.shops import identification, lifecycle, tariffs
from kiosk.aggregator.shops.lifecycle import By, LegalForm, ShopEvent, ShopState
from kiosk.aggregator.shops.shops import SECRETS
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.vault import Secret, vault_of
from kiosk.domain.money import EXPONENTS
from kiosk.terminal_api import Overpay

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,63}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
METHODS = ("GET", "POST")
PASSWORD_CHARACTERS_MIN, PASSWORD_CHARACTERS_MAX = 8, 64
URL_CHARACTERS_MAX = 500
NEEDED = ("password1", "password2", "result_url")  #: without these nothing can be signed or told


@dataclass(frozen=True, slots=True)
class NewShop:
    """`name`: as buyers read it. `legal_name`: as the contract has it. `plan`: a code of the tariff plans."""

    login: str
    name: str
    legal_form: LegalForm
    legal_name: str
    email: str
    currency: str
    plan: str
    overpay: Overpay = Overpay.HOLD


@dataclass(frozen=True, slots=True)
class TechnicalSettings:
    """What is to change; None stays as it is. Methods: GET or POST. An empty SuccessURL or FailURL takes it away.

    `password1` signs payment starts, `password2` notifications and questions about states, `password3` refunds; the test pair
    signs payments that move no money.
    """

    password1: Secret | None = None
    password2: Secret | None = None
    password3: Secret | None = None
    test_password1: Secret | None = None
    test_password2: Secret | None = None
    hash_name: str | None = None
    result_url: str | None = None
    result_method: str | None = None
    success_url: str | None = None
    success_method: str | None = None
    fail_url: str | None = None
    fail_method: str | None = None
    overpay: Overpay | None = None


def register(engine: sa.Engine, shop: NewShop, by: By) -> None:
    """Make a shop known. Raises AdminError naming every fault."""
    run_writing(engine, lambda db: _register(db, shop, by))


def _register(db: sa.Connection, shop: NewShop, by: By) -> None:
    faults = [*_faults_of(shop), *tariffs.faults_of_plan(db, shop.plan, shop.legal_form, shop.currency)]
    if db.execute(sa.select(merchant.c.login).where(merchant.c.login == shop.login)).scalar():
        faults.append(f"login: {shop.login} is taken")
    if faults:
        raise AdminError("; ".join(faults))
    values = {name: getattr(shop, name) for name in ("login", "name", "legal_name", "email", "currency", "plan")}
    empty = {"hash_name": "sha256", "result_url": "", "success_url": "", "fail_url": ""}
    methods = {"result_method": "POST", "success_method": "GET", "fail_method": "GET"}
    kinds = {"legal_form": shop.legal_form.value, "overpay": shop.overpay.value, "state": ShopState.REGISTERED.value}
    db.execute(merchant.insert().values(**values, **empty, **methods, **kinds))
    lifecycle.keep(db, shop.login, ShopEvent.REGISTERED, ShopState.REGISTERED, by)


def _faults_of(shop: NewShop) -> Iterator[str]:
    if not LOGIN.fullmatch(shop.login):
        yield "login: 2 to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit"
    for name, text, most in (("name", shop.name, 100), ("legal_name", shop.legal_name, 200)):
        if not 0 < len(text.strip()) <= most:
            yield f"{name}: 1 to {most} characters"
    if not EMAIL.fullmatch(shop.email) or len(shop.email) > 254:
        yield f"email: {shop.email!r} is not an address"
    if shop.currency not in EXPONENTS:
        yield f"currency: one of {', '.join(sorted(EXPONENTS))}"


def change_settings(engine: sa.Engine, login: str, settings: TechnicalSettings, by: By) -> ShopState:
    """Change technical settings; a shop whose settings become whole is configured. Raises AdminError naming every fault."""
    return run_writing(engine, lambda db: _change(db, login, settings, by))


def _change(db: sa.Connection, login: str, settings: TechnicalSettings, by: By) -> ShopState:
    lifecycle.state_of(db, login)
    wanted = {one.name: getattr(settings, one.name) for one in fields(settings)}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    faults = [*_faults_of_settings(wanted), *_faults_of_secrets(db, login, wanted)]
    if faults:
        raise AdminError("; ".join(faults))
    seal = vault_of(db).seal
    values = {name: seal(value.reveal()) if name in SECRETS else str(value) for name, value in wanted.items()}
    if values:
        db.execute(merchant.update().where(merchant.c.login == login).values(**values))
    row = db.execute(sa.select(merchant).where(merchant.c.login == login)).one()
    missing = [name for name in NEEDED if not getattr(row, name)]
    if missing:
        raise AdminError(f"the settings are not whole without {', '.join(missing)}")
    return lifecycle.advance(db, login, ShopEvent.SETTINGS_CHANGED, by)


def _faults_of_settings(wanted: dict[str, object]) -> Iterator[str]:
    if not wanted:
        yield "name at least one setting to change"
    for name, value in wanted.items():
        if name.endswith("_url") and not _is_url(str(value), may_be_empty=name != "result_url"):
            yield f"{name}: an http or https address without name and password in it, at most {URL_CHARACTERS_MAX} characters"
        if name.endswith("_method") and value not in METHODS:
            yield f"{name}: GET or POST"
    if wanted.get("hash_name", HASHES[0]) not in HASHES:
        yield f"hash_name: one of {', '.join(HASHES)}"


def _is_url(text: str, *, may_be_empty: bool) -> bool:
    if not text:
        return may_be_empty
    try:
        url = urlsplit(text)
        port_is_one = url.port is None or url.port > 0
    except ValueError:
        return False
    plain = (
        url.username is None and url.password is None and not url.fragment and text.isprintable() and " " not in text
    )
    return (
        url.scheme in {"http", "https"}
        and bool(url.hostname)
        and plain
        and port_is_one
        and len(text) <= URL_CHARACTERS_MAX
    )


def _faults_of_secrets(db: sa.Connection, login: str, wanted: dict[str, object]) -> Iterator[str]:
    """Whoever knows one password of a shop must not thereby know another. What was given is never repeated."""
    given = {name: value.reveal() for name, value in wanted.items() if isinstance(value, Secret)}
    for name, text in given.items():
        if not PASSWORD_CHARACTERS_MIN <= len(text) <= PASSWORD_CHARACTERS_MAX or not text.isascii() or ":" in text:
            span = f"{PASSWORD_CHARACTERS_MIN} to {PASSWORD_CHARACTERS_MAX}"
            yield f"{name}: {span} ASCII characters without a colon, which separates what is signed"
    stored = sa.select(*(merchant.c[name] for name in SECRETS)).where(merchant.c.login == login)
    vault = vault_of(db)
    known = {
        name: vault.open(sealed).reveal() for name, sealed in db.execute(stored).mappings().one().items() if sealed
    }
    known |= given
    for name in given:
        same = [other for other, text in known.items() if other != name and text == known[name]]
        if same:
            yield f"{name}: must differ from {', '.join(same)}"


def change_tariff(engine: sa.Engine, login: str, plan: str, commission_bp: int | None, by: By) -> None:
    """From the next payment on: another plan, or basis points agreed with this shop alone, which come before any plan.

    Raises AdminError for a plan that is not for this shop, or a commission that is none.
    """

    def work(db: sa.Connection) -> None:
        lifecycle.advance(db, login, ShopEvent.TARIFF_CHANGED, by)
        row = db.execute(sa.select(merchant).where(merchant.c.login == login)).one()
        faults = tariffs.faults_of_plan(db, plan, LegalForm(row.legal_form), row.currency)
        if commission_bp is not None and not 0 <= commission_bp <= books.BASIS_POINTS:
            faults.append(f"commission: 0 to {books.BASIS_POINTS} basis points")
        if faults:
            raise AdminError("; ".join(faults))
        values = {"plan": plan, "commission_bp": commission_bp}
        db.execute(merchant.update().where(merchant.c.login == login).values(**values))

    run_writing(engine, work)


def request_activation(engine: sa.Engine, login: str, by: By) -> None:
    """The shop wants to be paid. Raises AdminError when it may not ask yet."""

    def work(db: sa.Connection) -> None:
        missing = identification.missing(db, login)
        unsent = [kind.value for kind, state in missing.items() if state is not identification.DocumentState.SUBMITTED]
        if unsent:
            raise AdminError(f"first send the documents that are missing: {', '.join(unsent)}")
        lifecycle.advance(db, login, ShopEvent.ACTIVATION_REQUESTED, by)

    run_writing(engine, work)


def activate(engine: sa.Engine, login: str, by: By) -> None:
    """Let buyers pay the shop. Raises AdminError while a document is not accepted, or the plan has no rate for it."""

    def work(db: sa.Connection) -> None:
        missing = identification.missing(db, login)
        if missing:
            named = ", ".join(f"{kind} ({state or 'missing'})" for kind, state in missing.items())
            raise AdminError(f"not every document is accepted: {named}")
        row = db.execute(sa.select(merchant).where(merchant.c.login == login)).one()
        faults = (
            [] if row.plan is None else tariffs.faults_of_plan(db, row.plan, LegalForm(row.legal_form), row.currency)
        )
        if faults:
            raise AdminError("; ".join(faults))
        lifecycle.advance(db, login, ShopEvent.ACTIVATED, by)

    run_writing(engine, work)


def send_back(engine: sa.Engine, login: str, by: By) -> None:
    """Not yet: the reason says what to mend."""
    run_writing(engine, lambda db: lifecycle.advance(db, login, ShopEvent.SENT_BACK, by))


def block(engine: sa.Engine, login: str, by: By) -> None:
    """No new orders and no withdrawals, until unblocked; nothing that was paid is lost."""
    run_writing(engine, lambda db: lifecycle.advance(db, login, ShopEvent.BLOCKED, by))


def unblock(engine: sa.Engine, login: str, by: By) -> None:
    """As before it was blocked."""
    run_writing(engine, lambda db: lifecycle.advance(db, login, ShopEvent.UNBLOCKED, by))
