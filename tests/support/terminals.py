"""A terminal of the tests: makes its key and request, says what it is told, over real HTTPS."""

import asyncio
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.aggregator import admin
from kiosk.aggregator.catalogue import catalogue, payees
from kiosk.aggregator.catalogue.catalogue_key import ensure_catalogue_key
from kiosk.terminal_api import CashCount, CollectionReport, Heartbeat, PaymentRequest
from tests.support.aggregator import PASSWORD1, PASSWORD2, installation

EXAMPLES = Path(__file__).parents[2] / "config" / "catalogue"
SHOPS = ("test-mobile", "test-energy", "test-parking", "test-help")
ACCOUNT, NOTHING_DUE = "1000000017", "1000000025"
PHONE = "888123456"
NOWHERE = "http://127.0.0.1:9/result"


def seeded_services(engine, folder, result_url=NOWHERE):
    """The example catalogue, published, with its shops and accounts."""
    for login in SHOPS:
        shop = admin.Merchant(login, login.title(), PASSWORD1, PASSWORD2, "sha256", result_url, "EUR", 250)
        admin.set_merchant(engine, shop)
    catalogue.import_draft(engine, (EXAMPLES / "examples.toml").read_text())
    payees.import_accounts(engine, "electricity", (EXAMPLES / "accounts-electricity.csv").read_text())
    return catalogue.publish(engine, ensure_catalogue_key(folder), "Maria")


def story(tmp_path, database, tell, **options):
    """`tell(here)` inside a whole installation."""

    async def play():
        async with installation(tmp_path, database=database, **options) as here:
            return await tell(here)

    return asyncio.run(play())


@dataclass
class Key:
    """A key that was made on the terminal, and requests for certificates signed with it."""

    private: ec.EllipticCurvePrivateKey

    @classmethod
    def new(cls) -> "Key":
        return cls(ec.generate_private_key(ec.SECP256R1()))

    def request(self, name="whatever the terminal says") -> str:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(self.private, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM).decode()

    def pem(self) -> bytes:
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def trust_of(here, newest=None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(here.tls / "ca.pem"))
    if newest is not None:
        context.maximum_version = newest
    return context


def client_of(here, key: Key, certificate: str, folder: Path) -> httpx.AsyncClient:
    """Connections that show a certificate."""
    file = folder / f"client-{hash(certificate):x}.pem"
    file.write_bytes(certificate.encode() + key.pem())
    context = trust_of(here)
    context.load_cert_chain(str(file))
    return httpx.AsyncClient(base_url=here.url, verify=context, trust_env=False, timeout=30)


def by_hand(here, number="0001") -> httpx.AsyncClient:
    """Connections that show a certificate made for tests."""
    return httpx.AsyncClient(base_url=here.url, verify=here.context(number), trust_env=False, timeout=30)


def now() -> str:
    return datetime.now(UTC).isoformat()


async def post(client, path, body, key=None):
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": f'"{key}"'} if key else {})}
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return await client.post(f"/terminal/v1/{path}", content=content, headers=headers)


async def quote_of(client, number="", service_id="", **fields):
    listed = [{"name": name, "value": value} for name, value in fields.items()]
    wanted = {"order_number": number, "currency": "EUR", "service_id": service_id, "fields": listed}
    return await post(client, "quotes", wanted)


def payment_of(quote, payment_id="000100000000100001", amount_minor=None, **changes) -> bytes:
    """A frozen payment for a quote as it was answered."""
    amount = quote["amount_minor"] if amount_minor is None else amount_minor
    plain = PaymentRequest(
        payment_id=payment_id,
        quote_id=quote["quote_id"],
        order_number=quote["order_number"],
        amount_minor=amount,
        currency=quote["currency"],
        cash=(CashCount(amount, 1),),
        captured_at=now(),
        journal_seq=41,
        journal_head="ab" * 32,
        service_id=quote["service_id"],
    )
    return msgspec.json.encode(replace(plain, **changes))


async def pay(client, quote, payment_id="000100000000100001", amount_minor=None, **changes):
    return await post(client, "payments", payment_of(quote, payment_id, amount_minor, **changes), payment_id)


BEAT = Heartbeat(
    sent_at="2026-01-01T00:00:00+00:00",
    software="kiosk 0.1.0",
    journal_seq=100,
    journal_head="cd" * 32,
    parts=(),
    currency="EUR",
    cash=(CashCount(5000, 2),),
    queued=0,
    accepting=True,
    catalogue_version=0,
)


async def beat(client, **changes):
    return await post(client, "heartbeats", replace(BEAT, **{"sent_at": now(), **changes}))


BOX = CollectionReport(
    collection_id="0001-collection-1",
    period=1,
    taken_at="2026-01-01T00:00:00+00:00",
    person="Maria",
    bag="B1",
    box="X1",
    currency="EUR",
    cash=(CashCount(1000, 7),),
    stacked_minor=7000,
    confirmed_minor=7000,
    queued_minor=0,
    unallocated_minor=0,
    test_minor=0,
    suspense_minor=0,
    exact=True,
    slip_number=1,
    slip_hash="11" * 32,
    previous_hash="00" * 32,
    journal_seq=200,
    journal_head="ef" * 32,
)


def box(period=1, stacked_minor=7000, previous="00", own="11", **changes) -> CollectionReport:
    """A report that agrees with itself unless told otherwise."""
    cash = (CashCount(stacked_minor, 1),) if stacked_minor else ()
    sums = {"stacked_minor": stacked_minor, "confirmed_minor": stacked_minor, "cash": cash}
    hashes_of = {"slip_hash": own * 32, "previous_hash": previous * 32}
    name = {"collection_id": f"0001-collection-{period}", "period": period, "journal_seq": 200 + period}
    return replace(BOX, **{**sums, **hashes_of, **name, **changes})


async def collect(client, report):
    return await post(client, "collections", report, report.collection_id)


@contextmanager
def at(monkeypatch, module, us):
    """`module` thinks it is `us`."""
    with monkeypatch.context() as patched:
        patched.setattr(module, "now_us", lambda: us)
        yield
