"""What a buyer filled in: whether it is what the field asks for, and how much of it may be shown.

Answers for: kinds, masks, lengths, choices; every fault by field, with what to do about it. Does not answer for: whether the
payee knows such an account (`payees`).
"""

import re
from collections.abc import Callable, Iterator, Mapping

from kiosk.aggregator.errors import RefusedError
from kiosk.terminal_api import Field, FieldFault, FieldKind, FieldValue, ProblemCode

SHOWN_CHARACTERS = 4  #: of a personal value, at its end
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")

#: What fits a place of a mask.
PLACES: Mapping[str, Callable[[str], bool]] = {
    "#": lambda character: character.isascii() and character.isdigit(),
    "A": str.isalpha,
    "*": str.isprintable,
}


def _is_digits(value: str) -> bool:
    return value.isascii() and value.isdigit()


#: What a value of each kind must be, when no mask says it more exactly; and the words for one that is not.
KINDS: Mapping[FieldKind, tuple[Callable[[str], bool], str]] = {
    FieldKind.DIGITS: (_is_digits, "has digits only"),
    FieldKind.TEXT: (str.isprintable, "has letters, digits and signs that can be shown"),
    FieldKind.PHONE: (lambda value: _is_digits(value.removeprefix("+")), "has digits, with at most a + before them"),
    FieldKind.EMAIL: (lambda value: EMAIL.fullmatch(value) is not None, "looks like name@example.org"),
    FieldKind.CHOICE: (lambda _value: True, ""),
}


def checked(fields: tuple[Field, ...], given: tuple[FieldValue, ...]) -> dict[str, str]:
    """Values by name, each field's once; what was left empty is an empty text. Raises RefusedError with every fault."""
    values: dict[str, str] = {}
    faults = []
    known = {field.name for field in fields}
    for one in given:
        if one.name not in known or one.name in values:
            words = "is given twice" if one.name in values else "is no field of this service"
            faults.append(FieldFault(f"fields.{one.name}", words))
        values[one.name] = one.value
    for field in fields:
        faults += [FieldFault(f"fields.{field.name}", words) for words in _wrong(field, values.get(field.name, ""))]
    if faults:
        message = "; ".join(f"{fault.field} {fault.message}" for fault in faults)
        raise RefusedError(422, ProblemCode.FIELD_INVALID, message[:300], tuple(faults))
    return {field.name: values.get(field.name, "") for field in fields}


def _wrong(field: Field, value: str) -> Iterator[str]:
    """Why a value is not what the field asks for; at most one reason, the most telling."""
    if not value and not field.min_length:
        return
    if not field.min_length <= len(value) <= field.max_length:
        is_exact = field.min_length == field.max_length
        yield f"has {'' if is_exact else f'{field.min_length} to '}{field.max_length} characters"
    elif field.choices and value not in {choice.value for choice in field.choices}:
        yield f"is one of {', '.join(choice.value for choice in field.choices)}"
    elif field.mask and not _fits(field.mask, value):
        yield f"looks like {field.mask}, where # is a digit and A a letter"
    elif not field.mask and not KINDS[field.kind][0](value):
        yield KINDS[field.kind][1]


def _fits(mask: str, value: str) -> bool:
    places = [place for place in mask if place in PLACES]
    return all(PLACES[place](character) for place, character in zip(places, value, strict=False))


def shown(fields: tuple[Field, ...], values: Mapping[str, str]) -> str:
    """All that was filled in as a buyer, and whoever stands behind them, may read it."""
    return ", ".join(_shown(field, values[field.name]) for field in fields if values[field.name])


def _shown(field: Field, value: str) -> str:
    """In its mask; what is personal keeps its last characters alone, at most half of it."""
    if field.personal:
        kept = min(SHOWN_CHARACTERS, len(value) // 2)
        value = "*" * (len(value) - kept) + value[len(value) - kept :]
    return _masked(field.mask, value) if field.mask else value


def _masked(mask: str, value: str) -> str:
    characters = iter(value)
    out = []
    for sign in mask:
        if sign in PLACES:
            character = next(characters, None)
            if character is None:
                break
            out.append(character)
        else:
            out.append(sign)
    return "".join(out).rstrip()
