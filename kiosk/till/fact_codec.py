"""Facts as journal rows: a type name, a version and a canonical JSON body, for ever readable.

Answers for: names, versions, canonical bytes, what of a fact is personal and stands beside the chain under a salted hash.
Does not answer for: storage (`journal`), meaning (`domain.fold`).
A fact whose shape changes gets a new version here and an upcast from every older one; old rows are never rewritten.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, cast, get_args

import msgspec

from kiosk.domain.facts import Fact

SALT_BYTES = 16

#: Facts whose shape has changed → the version written today. All others are still in their first.
VERSIONS: Mapping[str, int] = {
    "SessionOpened": 3,
    "PaymentCaptured": 2,
    "SlipIntended": 2,
    "PaymentAccepted": 2,
    "PaymentRefused": 2,
    "TillStarted": 2,
    "Corrected": 2,
    "NoteTestOpened": 2,
    "NoteUnresolved": 2,
    "OrphanStacked": 2,
    "BoxCounted": 2,
}

#: Type name in the journal → (class, version written today).
TYPES: Mapping[str, tuple[type, int]] = {cls.__name__: (cls, VERSIONS.get(cls.__name__, 1)) for cls in get_args(Fact)}

#: Which field of a fact is personal, and which one names it. What is erased reads as the field's default.
#: A fact with nothing personal in it has no seal and nothing beside the chain.
PERSONAL: Mapping[str, tuple[str, str]] = {
    "SessionOpened": ("particulars", "session_id"),
    "PaymentCaptured": ("body", "payment_id"),
    "ReportQueued": ("body", "report_id"),
    "SlipIntended": ("body", "slip_id"),
    "ReceiptShown": ("body", "session_id"),
    "RedemptionCaptured": ("sealed", "redemption_id"),
}


#: The default of each of those fields.
NOTHING_PERSONAL: Mapping[str, object] = {
    name: next(field.default for field in fields(TYPES[name][0]) if field.name == PERSONAL[name][0])
    for name in PERSONAL
}


def _session_opened_2(data: dict[str, Any]) -> dict[str, Any]:
    """The overpay policy became the payee's choice; until then the kiosk always held what was over."""
    return {**data, "order": {**data["order"], "overpay": "hold"}}


def _session_opened_3(data: dict[str, Any]) -> dict[str, Any]:
    """Services of a catalogue came beside orders by number: until then there was no service, no account, no open amount."""
    by_number = {"service_id": "", "account": "", "open_amount": False, "max_minor": 0}
    return {**data, "order": {**data["order"], **by_number}}


def _payment_captured_2(data: dict[str, Any]) -> dict[str, Any]:
    """The body moved out of the row; in the first version it stands in it."""
    return data


def _slip_intended_2(data: dict[str, Any]) -> dict[str, Any]:
    """What stands on the slip is kept with it, and who asked for it; until then only the till itself printed."""
    return {**data, "at_us": 0, "asked_by": "", "reason": ""}


def _without_moment(data: dict[str, Any]) -> dict[str, Any]:
    """When it happened is told since something is compared with it: a payment's end with registers, a start with a period's,
    and where a person is shown when it was.
    """
    return {**data, "at_us": 0}


def _corrected_2(data: dict[str, Any]) -> dict[str, Any]:
    """Whose period the money is of is told since boxes are told apart by it."""
    return {**data, "period": 0}


def _note_test_opened_2(data: dict[str, Any]) -> dict[str, Any]:
    """Notes may come back since a technician may just look at them; until then every one was kept."""
    return {**data, "keep": True}


#: (type name, version) → the step to the next version.
UPCASTS: Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("SessionOpened", 1): _session_opened_2,
    ("SessionOpened", 2): _session_opened_3,
    ("PaymentCaptured", 1): _payment_captured_2,
    ("SlipIntended", 1): _slip_intended_2,
    ("PaymentAccepted", 1): _without_moment,
    ("PaymentRefused", 1): _without_moment,
    ("TillStarted", 1): _without_moment,
    ("Corrected", 1): _corrected_2,
    ("NoteTestOpened", 1): _note_test_opened_2,
    ("NoteUnresolved", 1): _without_moment,
    ("OrphanStacked", 1): _without_moment,
    ("BoxCounted", 1): _without_moment,
}

_ENCODER = msgspec.json.Encoder(order="deterministic")


class FactCodecError(ValueError):
    """A row that this program cannot read: newer version, unknown type or damaged body. The message names which."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A fact as it is stored. `body` goes into the chain; `personal` beside it under `subject`, empty when there is none."""

    name: str
    version: int
    body: bytes
    subject: str = ""
    salt: bytes = b""
    personal: bytes = b""


def encode(fact: Fact, entropy: Callable[[int], bytes]) -> Encoded:
    """Type name, version, canonical JSON: same fact, same bytes, on every machine; `entropy(n)` draws n bytes of salt."""
    name = type(fact).__name__
    version = TYPES[name][1]
    if name not in PERSONAL:
        return Encoded(name, version, _ENCODER.encode(fact))
    field, subject = PERSONAL[name]
    data = as_data(fact)
    personal = _ENCODER.encode({field: data.pop(field)})
    if getattr(fact, field) == NOTHING_PERSONAL[name]:
        return Encoded(name, version, _ENCODER.encode(data))
    salt = entropy(SALT_BYTES)
    data["sealed"] = seal(salt, personal)
    return Encoded(name, version, _ENCODER.encode(data), data[subject], salt, personal)


def seal(salt: bytes, personal: bytes) -> str:
    """What the chain knows of something personal: enough to prove it, not enough to guess it once the salt is gone."""
    return hashlib.sha256(salt + personal).hexdigest()


def decode(name: str, version: int, body: bytes, personal: bytes | None = None) -> Fact:
    """The fact of a row, with what is personal if it is still there. Raises FactCodecError."""
    if name not in TYPES:
        raise FactCodecError(f"unknown fact {name!r}: written by a newer program")
    cls, known = TYPES[name]
    if version > known:
        raise FactCodecError(f"{name} version {version} is newer than the {known} this program knows")
    try:
        if version == known and name not in PERSONAL:
            return cast("Fact", msgspec.json.decode(body, type=cls, strict=True))
        data = raw(body)
        for old in range(version, known):
            data = UPCASTS[name, old](data)
        data.pop("sealed", None)
        return cast("Fact", msgspec.convert(data | (raw(personal) if personal else {}), cls, strict=True))
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise FactCodecError(f"{name}: {error}") from error


def raw(body: bytes) -> dict[str, Any]:
    """A body as plain data, without knowing its fact. Raises FactCodecError."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FactCodecError(f"damaged body: {error}") from error


def as_data(fact: Fact) -> dict[str, Any]:
    """The fact as plain data, for people and exports."""
    return cast("dict[str, Any]", msgspec.to_builtins(fact))
