"""What may be typed into a field of a service, how it is laid out, and how much of it may be shown. Pure.

Answers for: masks, checks (the screen's while somebody types, and the till's, which decides), covering what is personal.
Does not answer for: keyboards, words. Text is always what is sent: without the signs of the mask that stand as they are.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from kiosk.domain.catalogue import SLOTS, Field, FieldKind, Service, longest
from kiosk.domain.facts import Typed

DIGITS = frozenset("0123456789")
COVER = "•"
TELLING_LETTERS_MIN = 3  #: a shorter value is found in any text, and tells nothing


class Fault(StrEnum):
    """Why a text cannot be sent."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    WRONG_CHARACTER = "wrong_character"
    NOT_A_CHOICE = "not_a_choice"
    NO_ADDRESS = "no_address"  #: an e-mail address has one @ with something on both sides


def _is_digit(character: str) -> bool:
    return character in DIGITS


#: What may stand in a slot of a mask.
_IN_SLOT: Mapping[str, Callable[[str], bool]] = {"#": _is_digit, "A": str.isalpha, "*": str.isprintable}

#: What may stand anywhere in a field without a mask.
_OF_KIND: Mapping[FieldKind, Callable[[str], bool]] = {
    FieldKind.DIGITS: _is_digit,
    FieldKind.PHONE: _is_digit,
    FieldKind.TEXT: str.isprintable,
    FieldKind.EMAIL: lambda character: character.isprintable() and not character.isspace(),
}


def may_follow(field: Field, text: str, character: str) -> bool:
    """Whether `character` may be typed after `text`."""
    return len(text) < longest(field) and _may_stand(field, len(text), character)


def _may_stand(field: Field, place: int, character: str) -> bool:
    if len(character) != 1:
        return False
    if not field.mask:
        plus = field.kind is FieldKind.PHONE and place == 0 and character == "+"
        return plus or _OF_KIND[field.kind](character)
    slots = [sign for sign in field.mask if sign in SLOTS]
    return place < len(slots) and _IN_SLOT[slots[place]](character)


def check_field(field: Field, text: str) -> Fault | None:
    """Why `text` cannot be sent as it is, or None when it can."""
    if field.kind is FieldKind.CHOICE:
        known = text in {choice.value for choice in field.choices} or not (text or field.min_length)
        return None if known else Fault.NOT_A_CHOICE
    if not all(_may_stand(field, place, character) for place, character in enumerate(text[: longest(field)])):
        return Fault.WRONG_CHARACTER
    if len(text) > longest(field):
        return Fault.TOO_LONG
    if len(text) < field.min_length:
        return Fault.TOO_SHORT
    return Fault.NO_ADDRESS if field.kind is FieldKind.EMAIL and text and not _is_address(text) else None


def _is_address(text: str) -> bool:
    name, _, host = text.partition("@")
    return bool(name and host) and "@" not in host


def is_filled_in(service: Service, typed: Typed) -> bool:
    """Whether every field of the service is there, once, in the catalogue's order, with something that can be sent."""
    if tuple(name for name, _ in typed) != tuple(field.name for field in service.fields):
        return False
    return all(check_field(field, text) is None for field, (_, text) in zip(service.fields, typed, strict=True))


def formatted(field: Field, text: str, blank: str = "") -> str:
    """`text` laid out in the mask, up to where it ends; with `blank`, to the end of the mask, `blank` for what is missing."""
    rest, laid = list(text), ""
    for sign in field.mask:
        if sign not in SLOTS:
            laid += sign
        elif rest:
            laid += rest.pop(0)
        elif blank:
            laid += blank
        else:
            break
    return laid + "".join(rest)


def covered(text: str) -> str:
    """The middle of a personal value hidden: enough is left for its owner to know it, too little for anybody else."""
    head, tail = min(2, len(text) // 4), min(3, len(text) // 3)
    return text[:head] + COVER * (len(text) - head - tail) + text[len(text) - tail :]


def shown(field: Field, text: str) -> str:
    """As it may be shown and printed: laid out, and covered where it is personal."""
    return formatted(field, covered(text) if field.personal else text).strip() if text else ""


def account_of(service: Service, typed: Typed) -> str:
    """Whom a payment is for, as it may be shown, printed and kept: what was typed, or what was chosen where nothing was."""
    both = list(zip(service.fields, (text for _, text in typed), strict=True))
    written = [shown(field, text) for field, text in both if field.kind is not FieldKind.CHOICE]
    chosen = [shown(field, text) for field, text in both if field.kind is FieldKind.CHOICE]
    return ", ".join(part for part in written if part) or ", ".join(part for part in chosen if part)


def is_discreet(service: Service, typed: Typed, said: str) -> bool:
    """Whether `said`, words of somebody else, repeats nothing personal that was typed."""
    heard = _bare(said)
    values = (_bare(text) for field, (_, text) in zip(service.fields, typed, strict=True) if field.personal)
    return not any(len(value) >= TELLING_LETTERS_MIN and value in heard for value in values)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
