"""Facts as journal rows: a type name, a version and a canonical JSON body, for ever readable.

Answers for: names, versions, canonical bytes. Does not answer for: storage (`journal`), meaning (`domain.state`).
A fact whose shape changes gets a new version here and an upcast from every older one; old rows are never rewritten.
"""

from typing import Any, cast, get_args

import msgspec

from kiosk.domain.facts import Fact

#: Type name in the journal → (class, version written today).
TYPES: dict[str, tuple[type, int]] = {cls.__name__: (cls, 1) for cls in get_args(Fact)}

_ENCODER = msgspec.json.Encoder(order="deterministic")


class FactCodecError(ValueError):
    """A row that this program cannot read: newer version, unknown type or damaged body. The message names which."""


def encode(fact: Fact) -> tuple[str, int, bytes]:
    """Type name, version, canonical JSON: same fact, same bytes, on every machine."""
    name = type(fact).__name__
    return name, TYPES[name][1], _ENCODER.encode(fact)


def decode(name: str, version: int, body: bytes) -> Fact:
    """The fact of a row. Raises FactCodecError."""
    if name not in TYPES:
        raise FactCodecError(f"unknown fact {name!r}: written by a newer program")
    cls, known = TYPES[name]
    if version > known:
        raise FactCodecError(f"{name} version {version} is newer than the {known} this program knows")
    try:
        return cast("Fact", msgspec.json.decode(body, type=cls, strict=True))
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise FactCodecError(f"{name}: {error}") from error


def as_data(fact: Fact) -> dict[str, Any]:
    """The fact as plain data, for people and exports."""
    return cast("dict[str, Any]", msgspec.to_builtins(fact))
