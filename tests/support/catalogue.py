"""A small catalogue with one service of every kind, signed as an aggregator signs it, and what its payees answer."""

from dataclasses import replace

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import terminal_api as api
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.facts import Order, OverpayPolicy
from kiosk.till.signing import SigningKey

SIGNER = SigningKey(Ed25519PrivateKey.from_private_bytes(b"the aggregator's, for tests only"))
STRANGER = SigningKey(Ed25519PrivateKey.from_private_bytes(b"of somebody who is nobody to us!"))

PHONE = api.Field(
    "phone",
    api.FieldKind.PHONE,
    {"en": "Phone number", "bg": "Телефонен номер", "ru": "Номер телефона"},
    {"en": "Nine digits after +359", "bg": "Девет цифри след +359", "ru": "Девять цифр после +359"},
    "+359 ## ### ####",
    9,
    9,
    personal=True,
)
CUSTOMER = api.Field(
    "customer",
    api.FieldKind.DIGITS,
    {"en": "Customer number", "bg": "Абонатен номер", "ru": "Номер абонента"},
    {"en": "It stands at the top of your bill", "bg": "Намира се най-горе на фактурата", "ru": "Указан вверху счёта"},
    "###-####",
    7,
    7,
    personal=False,
)
PERIOD = api.Field(
    "months",
    api.FieldKind.CHOICE,
    {"en": "How long", "bg": "За колко време", "ru": "На какой срок"},
    {},
    "",
    1,
    10,
    personal=False,
    choices=(
        api.Choice("1", {"en": "One month", "bg": "Един месец", "ru": "Один месяц"}),
        api.Choice("12", {"en": "One year", "bg": "Една година", "ru": "Один год"}),
    ),
)
NAME = api.Field("name", api.FieldKind.TEXT, {"en": "Name", "bg": "Име", "ru": "Имя"}, {}, "", 2, 40, personal=True)

GROUPS = (
    api.Group("mobile", {"en": "Mobile phones", "bg": "Мобилни телефони", "ru": "Мобильная связь"}, icon="phone"),
    api.Group("home", {"en": "Home", "bg": "Дом", "ru": "Дом"}),
    api.Group("net", {"en": "Internet and television", "bg": "Интернет и телевизия", "ru": "Интернет и ТВ"}, "home"),
    api.Group("empty", {"en": "Nothing is here"}),
)

TOP_UP = api.Service(
    "top-up",
    "mobile",
    {"en": "Prepaid top-up", "bg": "Зареждане на предплатена карта", "ru": "Пополнение предоплаченной карты"},
    "Northern Mobile",
    "EUR",
    api.AmountKind.OPEN,
    500,
    20_000,
    api.Overpay.CREDIT_ALL,
    (PHONE,),
    promoted=True,
)
WATER = api.Service(
    "water",
    "home",
    {"en": "Water", "bg": "Вода", "ru": "Вода"},
    "City Water",
    "EUR",
    api.AmountKind.DUE,
    1,
    0,
    api.Overpay.HOLD,
    (CUSTOMER,),
)
INTERNET = api.Service(
    "internet",
    "net",
    {"en": "Internet at home", "bg": "Домашен интернет", "ru": "Домашний интернет"},
    "Fibre Ltd.",
    "EUR",
    api.AmountKind.FIXED,
    2500,
    0,
    api.Overpay.EXACT,
    (CUSTOMER, PERIOD),
)
CHARITY = api.Service(
    "charity",
    "home",
    {"en": "A gift to the shelter", "bg": "Дарение за приюта", "ru": "Пожертвование приюту"},
    "Animal Shelter",
    "EUR",
    api.AmountKind.OPEN,
    500,
    0,
    api.Overpay.CREDIT_ALL,
    (),
)
KEYBOARD = replace(WATER, service_id="club", labels={"en": "Chess club"}, fields=(NAME,))
DOLLARS = replace(WATER, service_id="abroad", labels={"en": "Water abroad"}, currency="USD")

PUBLISHED = api.Catalogue(7, "2026-11-24T12:00:00+00:00", GROUPS, (TOP_UP, WATER, INTERNET, CHARITY, KEYBOARD, DOLLARS))

PHONE_TYPED = (("phone", "881234123"),)
PHONE_SHOWN = "+359 88 ••• •123"


def bytes_of(catalogue: api.Catalogue) -> bytes:
    return msgspec.json.encode(catalogue)


def in_domain(catalogue: api.Catalogue) -> Catalogue:
    return msgspec.json.decode(bytes_of(catalogue), type=Catalogue)


def signed(catalogue: api.Catalogue, signer: SigningKey = SIGNER) -> tuple[bytes, str]:
    """The bytes and their signature, hex."""
    body = bytes_of(catalogue)
    return body, signer.sign(body).hex()


CATALOGUE = in_domain(PUBLISHED)


def _quote(service: api.Service, amount_minor: int) -> Order:
    return Order(
        f"q-{service.service_id}",
        "",
        service.payee,
        service.labels["en"],
        amount_minor,
        "EUR",
        10**16,
        OverpayPolicy(service.overpay.value),
        service.service_id,
        "",
        service.amount is api.AmountKind.OPEN,
        service.max_minor,
    )


#: What each payee answers when it is asked.
QUOTES = {
    "top-up": _quote(TOP_UP, 500),
    "water": _quote(WATER, 7000),
    "internet": _quote(INTERNET, 2500),
    "charity": _quote(CHARITY, 500),
}
