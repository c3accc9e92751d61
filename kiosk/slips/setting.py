"""Setting a slip: template and data → the device-free document, for paper of so many columns.

Answers for: which elements come out, and that amounts, codes and names are not torn apart where the paper has room.
Does not answer for: characters of a code page, bytes (`drivers.receipt_printer`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from drivers.receipt_printer.document import Align, Cut, Document, Feed, Pair, Picture, Qr, Rule, Text
from drivers.receipt_printer.document import Element as Printed
from kiosk.domain.receipts import SlipData
from kiosk.slips import words
from kiosk.slips.fields import FIELDS, Field, Fields, Shape
from kiosk.slips.masks import Mask
from kiosk.slips.templates import Element, Template, Verb
from kiosk.slips.voice import Voice
from kiosk.slips.words import NO_BREAK, PLACE

LONELY_PART = 4  #: a last line shorter than this part of the paper stands alone

#: Characters that take more room on a one-byte code page than here, at most.
WIDE: Mapping[str, int] = {"№": 2, "…": 3, "€": 3, "₽": 3}


@dataclass(frozen=True, slots=True)
class _Level:
    """Fields and the data they are read from: the slip, or one row of it."""

    fields: Fields
    data: Any


@dataclass(frozen=True, slots=True)
class _Scope:
    """Everything an element may ask. `levels`: the innermost first."""

    templates: Mapping[str, Template]
    masks: Sequence[Mask]
    voice: Voice
    currency: str
    levels: tuple[_Level, ...]

    def field(self, name: str) -> tuple[Field, Any]:
        """A field and its raw value. Raises KeyError for one that the check at the start would have found."""
        level = next(level for level in self.levels if name in level.fields)
        field = level.fields[name]
        return field, field.tell(level.data, self.voice)

    def raw(self, name: str) -> Any:
        return self.field(name)[1]

    def written(self, name: str) -> str:
        """A field as words on paper, with what is personal in it shortened."""
        field, value = self.field(name)
        text = WRITERS[field.shape](value, self)
        for mask in self.masks:
            text = mask.apply(text) if name in mask.fields else text
        return text

    def message(self, text: str) -> str:
        """A message in the slip's language with the fields it names."""
        return self.voice.say(text, **{name: self.written(name) for name in PLACE.findall(text)})


def _same(value: Any, _scope: _Scope) -> str:
    return str(value)


#: How each shape is written.
WRITERS: Mapping[Shape, Callable[[Any, _Scope], str]] = {
    Shape.WORDS: _same,
    Shape.FIGURE: _same,
    Shape.CODE: _same,
    Shape.QR: _same,
    Shape.AMOUNT: lambda value, scope: scope.voice.amount(value, scope.currency),
    Shape.SECOND: lambda value, scope: scope.voice.second(value, scope.currency),
    Shape.COUNT: lambda value, scope: scope.voice.number(value),
    Shape.MOMENT: lambda value, scope: scope.voice.moment(value),
}


def set_slip(data: SlipData, templates: Mapping[str, Template], masks: Sequence[Mask], voice: Voice) -> Document:
    """The slip, for a printer with `voice.columns` characters a line."""
    currency = getattr(data, "currency", "")
    scope = _Scope(templates, masks, voice, currency, (_Level(FIELDS[data.kind], data),))
    return Document(data.slip_id, tuple(_set(templates[data.kind.value], scope)))


def _set(template: Template, scope: _Scope) -> Iterator[Printed]:
    for element in template.elements:
        if _is_wanted(element, scope):
            yield from SETTERS[element.verb](element, scope)


def _is_wanted(element: Element, scope: _Scope) -> bool:
    if not element.when:
        return True
    name, wanted = element.condition
    return bool(scope.raw(name)) is wanted


# --- one setter a verb ----------------------------------------------------------------------------------------------


def _text(element: Element, scope: _Scope) -> Iterator[Printed]:
    align = Align(element.align)
    for line in filter(None, scope.message(element.content).split("\n")):
        double = element.double and _has_room_double(line, scope.voice.columns)
        for part in _lines(line, scope.voice.columns // 2 if double else scope.voice.columns, align):
            yield Text(_blank(part), align, element.bold, double)


def _pair(element: Element, scope: _Scope) -> Iterator[Printed]:
    label, value = scope.message(element.content), scope.written(element.value)
    if not value:
        return
    flows = scope.field(element.value)[0].shape is Shape.WORDS
    if flows and width(label) + 1 + width(value) > scope.voice.columns:
        for line in _lines(f"{label}: {value}", scope.voice.columns, Align.LEFT):
            yield Text(_blank(line), bold=element.bold)
    else:
        yield Pair(_blank(label), _blank(value), element.bold)


def _code(element: Element, scope: _Scope) -> Iterator[Printed]:
    """In double width on one line, or on two equal ones where the paper is narrow."""
    groups = scope.written(element.content).split()
    lines = (
        [groups]
        if len(" ".join(groups)) <= scope.voice.columns // 2
        else [groups[: len(groups) // 2], groups[len(groups) // 2 :]]
    )
    yield from (Text(" ".join(line), Align.CENTER, bold=True, double=True) for line in lines if line)


def _notes(element: Element, scope: _Scope) -> Iterator[Printed]:
    notes: Sequence[tuple[int, int]] = scope.raw(element.content)
    language, currency = scope.voice.language, scope.currency
    values = [words.face_value(value_minor, currency, language) for value_minor, _ in notes]
    counts = [scope.voice.number(count) for _, count in notes]
    sums = [scope.voice.amount(value_minor * count, currency) for value_minor, count in notes]
    if _longest(values) + _longest(counts) + _longest(sums) + len(" ×  = ") > scope.voice.columns:
        values = [value.removesuffix(f"{NO_BREAK}{currency}") for value in values]
    for value, counted, total in zip(values, counts, sums, strict=True):
        yield Pair(_blank(f"{value:>{_longest(values)}} × {counted:>{_longest(counts)}} ="), _blank(total))


def _longest(texts: Sequence[str]) -> int:
    return max(map(len, texts), default=0)


def _qr(element: Element, scope: _Scope) -> Iterator[Printed]:
    if data := scope.written(element.content):
        yield Qr(data)


def _picture(element: Element, scope: _Scope) -> Iterator[Printed]:
    picture: Picture | None = scope.raw(element.content)
    if picture is not None:
        yield picture


def _include(element: Element, scope: _Scope) -> Iterator[Printed]:
    template = scope.templates[element.content]
    if not element.each:
        yield from _set(template, scope)
        return
    field, rows = scope.field(element.each)
    for row in rows:
        currency = getattr(row, "currency", scope.currency)
        inner = replace(scope, currency=currency, levels=(_Level(field.rows, row), *scope.levels))
        yield from _set(template, inner)


SETTERS: Mapping[Verb, Callable[[Element, _Scope], Iterator[Printed]]] = {
    Verb.TEXT: _text,
    Verb.PAIR: _pair,
    Verb.CODE: _code,
    Verb.NOTES: _notes,
    Verb.QR: _qr,
    Verb.PICTURE: _picture,
    Verb.INCLUDE: _include,
    Verb.RULE: lambda _element, _scope: iter((Rule(),)),
    Verb.FEED: lambda element, _scope: iter((Feed(element.lines),)),
    Verb.CUT: lambda _element, _scope: iter((Cut(),)),
}


# --- room on a line -------------------------------------------------------------------------------------------------


def width(text: str) -> int:
    """Columns that `text` takes at most on a one-byte page."""
    return sum(WIDE.get(character, 1) for character in text)


def _blank(text: str) -> str:
    """Lines are made: blanks that do not break have done their work, and not every printer has them."""
    return text.replace(NO_BREAK, " ")


def _has_room_double(line: str, columns: int) -> bool:
    """Whether no word would be cut in double width."""
    return all(width(word) <= columns // 2 for word in line.split())


def _lines(text: str, columns: int, align: Align) -> list[str]:
    """Lines that fit, none ending the text with one short word alone; centred ones of nearly equal length."""
    lines = _wrapped(text, columns)
    is_lonely = len(lines) > 1 and width(lines[-1]) <= columns // LONELY_PART
    if len(lines) == 1 or not (is_lonely or align is Align.CENTER):
        return lines
    narrowest = next(narrow for narrow in range(1, columns + 1) if len(_wrapped(text, narrow)) <= len(lines))
    return _wrapped(text, max(narrowest, columns // 2))


def _wrapped(text: str, columns: int) -> list[str]:
    """Broken at blanks, never at a blank that does not break; a longer word is left for the printer to cut."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width(lines[-1]) + 1 + width(word) <= columns:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
