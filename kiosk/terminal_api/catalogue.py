"""What a terminal may offer: groups of services, the fields a buyer fills in, limits, and what becomes of money over.

The catalogue comes whole, as the exact bytes its signature is over: header `Kiosk-Signature`, Ed25519 in hex, by the key a
terminal learnt when it was paired. `ETag` is its version. A payee can therefore not be swapped by editing a file.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Gt, Le, MaxLen

from kiosk.terminal_api.common import Currency, Identifier, IdentifierOrNone, Labels, Minor, MinorOrNone, Moment, Words
from kiosk.terminal_api.payments import Overpay

SIGNATURE_HEADER = "Kiosk-Signature"


class FieldKind(StrEnum):
    """Which keyboard is shown."""

    DIGITS = "digits"
    TEXT = "text"
    PHONE = "phone"
    EMAIL = "email"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    value: Annotated[str, MaxLen(200)]
    labels: Labels


@dataclass(frozen=True, slots=True)
class Field:
    """What a buyer fills in. `mask`: `#` a digit, `A` a letter, `*` any character, all else stands as it is and is not sent;
    empty: free text. `min_length`, `max_length` count what is sent. `personal`: shown and printed in part only.
    """

    name: Identifier
    kind: FieldKind
    labels: Labels
    hints: Labels
    mask: Annotated[str, MaxLen(64)]
    min_length: Annotated[int, Ge(0), Le(200)]
    max_length: Annotated[int, Gt(0), Le(200)]
    personal: bool
    choices: Annotated[tuple[Choice, ...], MaxLen(50)] = ()


class AmountKind(StrEnum):
    """Who says how much."""

    FIXED = "fixed"  #: the catalogue: `min_minor` is the price
    DUE = "due"  #: the payee, when it is asked before cash
    OPEN = "open"  #: the buyer, from `min_minor` to `max_minor`


@dataclass(frozen=True, slots=True)
class Group:
    """A shelf on the home screen. `parent`: the group it stands in, empty at the top. `icon`: a name the screen may know."""

    group_id: Identifier
    labels: Labels
    parent: IdentifierOrNone = ""
    icon: IdentifierOrNone = ""


@dataclass(frozen=True, slots=True)
class Service:
    """Something payable. `payee`: who gets the money, as buyers read it. `promoted`: shown first."""

    service_id: Identifier
    group_id: Identifier
    labels: Labels
    payee: Words
    currency: Currency
    amount: AmountKind
    min_minor: Minor
    max_minor: MinorOrNone
    overpay: Overpay
    fields: Annotated[tuple[Field, ...], MaxLen(20)]
    icon: IdentifierOrNone = ""
    promoted: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`version` only grows."""

    version: Annotated[int, Gt(0)]
    issued_at: Moment
    groups: Annotated[tuple[Group, ...], MaxLen(500)]
    services: Annotated[tuple[Service, ...], MaxLen(5000)]
