"""Who is paid in the demo: a shop with an order, and the payees of the example catalogue. All of them are invented.

Answers for: their names and passwords, the files of the catalogue, and whether what the buyer shall pay for can be paid for by
touches. Does not answer for: telling the aggregator of them (`far_end`).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

import kiosk
from kiosk import terminal_api as api
from kiosk.aggregator.catalogue import catalogue_file
from kiosk.demo.buyer_mind import Purchase
from kiosk.demo.run_state import DemoOptions, DemoUsageError
from kiosk.domain.catalogue import Catalogue, Field, FieldKind, Service, in_language, offered, service_of
from kiosk.domain.fields import Fault, check_field
from kiosk.domain.money import parse_major
from kiosk.screen.keyboards import as_typed

PROJECT = Path(kiosk.__file__).parents[1]
EXAMPLES = PROJECT / "config" / "catalogue"
CURRENCY = "EUR"  #: of the examples
#: service → file of the accounts its payee knows
ACCOUNTS: Mapping[str, Path] = {"electricity": EXAMPLES / "accounts-electricity.csv"}
HASH = "sha256"


@dataclass(frozen=True, slots=True)
class Payee:
    """A shop of the aggregator. Its passwords follow from its login: they guard nobody's money."""

    login: str
    name: str

    @property
    def password1(self) -> str:
        return f"{self.login}-password-one"

    @property
    def password2(self) -> str:
        return f"{self.login}-password-two"


SHOP = Payee("demo-shop", "Demo Shop")
PAYEES = (
    Payee("test-mobile", "Test Mobile"),
    Payee("test-energy", "Test Energy"),
    Payee("test-parking", "Test Parking"),
    Payee("test-help", "Test Help"),
)


def offers_services(options: DemoOptions) -> bool:
    """Whether there is a catalogue beside orders: the dialect must know one, and the examples have one currency."""
    return options.dialect == "terminal_api" and options.currency == CURRENCY


def everybody(options: DemoOptions) -> tuple[Payee, ...]:
    """Whom the aggregator knows in this run."""
    return (SHOP, *PAYEES) if offers_services(options) else (SHOP,)


def catalogue_text() -> str:
    """The example catalogue, as a person would import it."""
    return (EXAMPLES / "examples.toml").read_text(encoding="utf-8")


def services() -> Catalogue:
    """What of the examples a buyer can get to by touches."""
    shops = {payee.login: catalogue_file.KnownShop(payee.name, CURRENCY) for payee in PAYEES}
    draft = catalogue_file.read(catalogue_text(), shops)
    published = api.Catalogue(1, "", draft.groups, tuple(offer.service for offer in draft.offers))
    return offered(msgspec.convert(msgspec.to_builtins(published), Catalogue), CURRENCY)


def somebody_with_a_bill() -> str:
    """An account of the electricity payee that owes something."""
    with ACCOUNTS["electricity"].open(encoding="utf-8", newline="") as file:
        return next(row["account"] for row in csv.DictReader(file) if parse_major(row["due"], CURRENCY))


def purchase(service_id: str, given: Mapping[str, str]) -> Purchase:
    """What the buyer shall pay for, and the way there. Raises DemoUsageError with what to write instead."""
    catalogue = services()
    service = service_of(catalogue, service_id)
    if service is None:
        known = ", ".join(one.service_id for one in catalogue.services)
        raise DemoUsageError(f"--service: the screen offers no {service_id!r}; it offers: {known}")
    names = [field.name for field in service.fields]
    for name in given:
        if name not in names:
            told = f"its fields: {', '.join(names)}" if names else "it has none"
            raise DemoUsageError(f"--field: {service_id} has no field {name!r}; {told}")
    texts = {field.name: _checked(service, field, given.get(field.name, "")) for field in service.fields}
    return Purchase(service_id, _way(catalogue, service.group_id), texts)


def _checked(service: Service, field: Field, text: str) -> str:
    """Raises DemoUsageError."""
    fault = check_field(field, text)
    if fault is None:
        return as_typed(field, text)
    what = f"{service.service_id} needs --field {field.name}=…" if not text else f"--field {field.name}={text}: {fault}"
    raise DemoUsageError(f"{what} ({_hint(field, fault)})")


def _hint(field: Field, fault: Fault) -> str:
    """What belongs into the field, in words."""
    if field.kind is FieldKind.CHOICE:
        return f"one of {', '.join(choice.value for choice in field.choices)}"
    words = [in_language(field.labels, "en"), in_language(field.hints, "en")]
    if fault is Fault.WRONG_CHARACTER:
        words.append("digits only")
    return "; ".join(word for word in words if word)


def _way(catalogue: Catalogue, group_id: str) -> tuple[str, ...]:
    """The groups to open, outermost first."""
    parents = {group.group_id: group.parent for group in catalogue.groups}
    way: tuple[str, ...] = ()
    while group_id in parents:
        way, group_id = (group_id, *way), parents[group_id]
    return way
