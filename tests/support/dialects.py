"""Every dialect as the contract suite wants it: how its gateway is opened, what it freezes, and a far end that keeps books.

The far ends are written from the protocols' descriptions and share no code with the gateways.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from kiosk.domain.facts import Order, OverpayPolicy
from kiosk.domain.rules import ToFreeze
from kiosk.gateways import port
from kiosk.gateways.registry import DIALECTS, FarEnd
from tests.support.far_end import Behaviour, Line, http

CONFIG = Path(__file__).parents[2] / "config" / "gateways"
PAYMENT, OTHER = "000100000000100001", "000100000000100002"
NUMBER = "1000000016"
AMOUNT = 7000
SECRET = "a-password-nobody-may-ever-read-in-a-log"
USER = "0001"


@dataclass
class Books:
    """What the far end owes: every credit it ever gave, by id."""

    credits: dict[str, list[int]] = field(default_factory=dict)

    def take(self, payment_id: str, amount_minor: int) -> bool:
        """Whether it is new. A known id changes nothing."""
        return not self.credits.get(payment_id) and not self.credits.setdefault(payment_id, []).append(amount_minor)

    @property
    def total(self) -> int:
        return sum(map(sum, self.credits.values()))


Provider = Callable[[bytes, Books], bytes]


def _json(body: object) -> bytes:
    return http(200, json.dumps(body).encode(), "Content-Type: application/json", "Connection: close")


def _xml(*parts: str) -> bytes:
    body = f'<?xml version="1.0" encoding="UTF-8"?><response>{"".join(parts)}</response>'.encode()
    return http(200, body, "Content-Type: text/xml; charset=utf-8", "Connection: close")


def _target(request: bytes):
    parts = urlsplit(request.split(b" ")[1].decode())
    return parts.path, dict(parse_qsl(parts.query))


def terminal_api_end(request: bytes, books: Books) -> bytes:
    path, _ = _target(request)
    body = json.loads(request.partition(b"\r\n\r\n")[2] or b"{}")
    if path == "/terminal/v1/health":
        return _json({"mode": "test", "time": "2030-01-01T00:00:00+00:00"})
    if path == "/terminal/v1/quotes":
        return _json(
            {
                "quote_id": "q1",
                "order_number": body["order_number"],
                "payee": "Bookshop",
                "description": "A book",
                "amount_minor": AMOUNT,
                "currency": "EUR",
                "expires_at": "2030-01-01T00:00:00+00:00",
            }
        )
    books.take(body["payment_id"], body["amount_minor"])
    return _json(payment_state(body["payment_id"], body["amount_minor"]))


def payment_state(payment_id=PAYMENT, amount_minor=AMOUNT, **changes) -> Mapping[str, object]:
    known = {"payment_id": payment_id, "status": "accepted", "reference": f"R-{payment_id}", "currency": "EUR"}
    return {**known, "amount_minor": amount_minor, "merchant_notified": False, **changes}


def osmp_end(request: bytes, books: Books) -> bytes:
    _, said = _target(request)
    if said["command"] == "check":
        if said["account"] == "0":
            return _xml("<osmp_txn_id>0</osmp_txn_id><result>5</result><comment>nobody</comment>")
        return _xml(
            "<osmp_txn_id>0</osmp_txn_id><result>0</result><fields><field1 name='amount'>70.00</field1>",
            "<field2 name='payee'>Bookshop</field2><field3 name='description'>A book</field3></fields>",
        )
    whole, _, cents = said["sum"].partition(".")
    amount_minor = int(whole) * 100 + int(cents)
    books.take(said["txn_id"].zfill(18), amount_minor)
    return _xml(
        f"<osmp_txn_id>{said['txn_id']}</osmp_txn_id><prv_txn>R-{said['txn_id'].zfill(18)}</prv_txn>",
        f"<sum>{said['sum']}</sum><result>0</result><comment>ok</comment>",
    )


def epay_end(request: bytes, books: Books) -> bytes:
    path, said = _target(request)
    told = said.pop("CHECKSUM")
    lines = "".join(f"{name}{said[name]}\n" for name in sorted(said)).encode()
    if told != hmac.new(SECRET.encode(), lines, hashlib.sha1).hexdigest():
        return _json({"STATUS": "93"})
    if path.endswith("/pay/init"):
        if said["IDN"] == "0":
            return _json({"STATUS": "14"})
        return _json({"STATUS": "00", "IDN": said["IDN"], "SHORTDESC": "A book", "AMOUNT": str(AMOUNT)})
    return _json({"STATUS": "00" if books.take(said["TID"], int(said["TOTAL"])) else "94"})


@dataclass(frozen=True)
class Case:
    """One dialect. `path`: where its far end stands; `later`, `strange`: an answer of the dialect's own that puts off, and one
    that nobody has published; `no`: a final refusal.
    """

    name: str
    path: str
    provider: Provider
    no: bytes
    later: bytes
    strange: bytes

    def far(self, url: str, tls: Path, deadline_s: float = 5.0, pins: tuple[str, ...] = ()) -> FarEnd:
        secret_file = tls / "secret"
        secret_file.write_text(f"{SECRET}\n")
        terminal = tls / "terminal-0001.pem"
        profile = None if self.name == "terminal_api" else CONFIG / f"{self.name}.toml"
        return FarEnd(
            f"{url}{self.path}",
            tls / "ca.pem",
            terminal,
            terminal.with_suffix(".key"),
            pins,
            deadline_s,
            "0001",
            "EUR",
            False,
            profile,
            USER if self.name == "osmp" else "",
            secret_file,
        )

    def open(self, url: str, tls: Path, deadline_s: float = 5.0, pins: tuple[str, ...] = ()) -> port.Gateway:
        return DIALECTS[self.name].open(self.far(url, tls, deadline_s, pins))

    def body(self, tls: Path, payment_id: str = PAYMENT, amount_minor: int = AMOUNT) -> bytes:
        about = "prv_id=&account=" if self.name == "osmp" else "q1"
        order = Order(about, NUMBER, "Bookshop", "A book", amount_minor, "EUR", 2 * 10**15, OverpayPolicy.HOLD)
        wanted = ToFreeze(payment_id, order, amount_minor, ((2000, 1), (5000, 1)), 19 * 10**14, 41, "ab" * 32)
        return DIALECTS[self.name].freezer(self.far("https://127.0.0.1", tls))(wanted)

    def truth(self, books: Books) -> Behaviour:
        """A far end that behaves."""

        async def behave(line: Line) -> None:
            await line.say(self.provider(line.request, books))

        return behave


CASES = {
    "terminal_api": Case(
        "terminal_api",
        "",
        terminal_api_end,
        no=_json(payment_state(status="refused", code="order_already_paid", message="paid")),
        later=http(503, b"", "Retry-After: 7"),
        strange=_json(payment_state(status="refused", code="something_new")),
    ),
    "osmp": Case(
        "osmp",
        "/osmp",
        osmp_end,
        no=_xml(f"<osmp_txn_id>{int(PAYMENT)}</osmp_txn_id><result>7</result>"),
        later=_xml(f"<osmp_txn_id>{int(PAYMENT)}</osmp_txn_id><result>90</result>"),
        strange=_xml(f"<osmp_txn_id>{int(PAYMENT)}</osmp_txn_id><result>777</result>"),
    ),
    "epay": Case(
        "epay",
        "",
        epay_end,
        no=_json({"STATUS": "14"}),
        later=_json({"STATUS": "80"}),
        strange=_json({"STATUS": "77"}),
    ),
}
