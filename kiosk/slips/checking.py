"""What is wrong with a set of templates: every fault at once, each with file, element, reason and the nearest right name.

Answers for: unknown fields, fields where they cannot stand, untranslated messages, parts, and what a slip may not lack.
Does not answer for: the form of single elements (`templates`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kiosk.domain.receipts import SlipKind
from kiosk.slips.fields import FIELDS, OBLIGATORY, Field, Fields, Shape
from kiosk.slips.masks import MASKS_FILE, Mask
from kiosk.slips.templates import Element, Template, Verb, meant
from kiosk.slips.words import PLACE, Words

#: Shapes that can be written out, in a message or as a value.
WRITTEN = frozenset({Shape.WORDS, Shape.FIGURE, Shape.AMOUNT, Shape.SECOND, Shape.COUNT, Shape.MOMENT})

#: What the field named by a verb itself must be.
WANTED: Mapping[Verb, Shape] = {
    Verb.CODE: Shape.CODE,
    Verb.NOTES: Shape.NOTES,
    Verb.QR: Shape.QR,
    Verb.PICTURE: Shape.PICTURE,
}


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where in a slip we are: `prefix` names the rows (`boxes.`), `conditions` are the `when`s around, `path` the includes."""

    kind: SlipKind
    fields: Fields
    prefix: str = ""
    row_names: frozenset[str] = frozenset()
    conditions: frozenset[tuple[str, bool]] = frozenset()
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Used:
    """A field that a slip tells, and under which conditions."""

    name: str
    conditions: frozenset[tuple[str, bool]]


def faults(
    templates: Mapping[str, Template], languages: Sequence[Words], unread: Collection[str] = frozenset()
) -> list[str]:
    """Everything wrong, in the order of the slips; empty when all can be printed.

    `unread`: templates of which some elements could not be read, so nobody can say what they lack.
    """
    found: list[str] = []
    reached: set[str] = set()
    for kind in SlipKind:
        if kind.value not in templates:
            found.append(f"{kind.value}.toml: is missing in every folder of templates")
            continue
        walk = _Walk(templates, languages)
        walk.slip(kind, unread)
        found += walk.faults
        reached |= walk.reached
    found += [
        f"{template.file}: {name} is no slip and no part that a slip includes{meant(name, list(SlipKind))}"
        for name, template in templates.items()
        if name not in reached
    ]
    return list(dict.fromkeys(found))


def mask_faults(masks: Sequence[Mask]) -> list[str]:
    """Masks for fields that no slip has: nothing would be shortened."""
    known = sorted({name for fields in FIELDS.values() for name in fields})
    return [
        f"{MASKS_FILE}: {mask.name}: no slip has a field {name}{meant(name, known)}"
        for mask in masks
        for name in sorted(mask.fields)
        if name not in known
    ]


class _Walk:
    """One slip, gone through with everything it includes."""

    def __init__(self, templates: Mapping[str, Template], languages: Sequence[Words]) -> None:
        self._templates = templates
        self._languages = languages
        self._used: list[_Used] = []
        self.faults: list[str] = []
        self.reached: set[str] = set()

    def slip(self, kind: SlipKind, unread: Collection[str]) -> None:
        """Check the slip of `kind` whole."""
        template = self._templates[kind.value]
        self._part(template, _Scope(kind, FIELDS[kind]))
        if self.reached & set(unread):
            return
        cuts = [element.verb is Verb.CUT for element in template.elements]
        if sum(cuts) != 1 or not cuts[-1]:
            self.faults.append(f"{template.file}: its last element, and no other, must be cut = true")
        self.faults += [f"{template.file}: {fault}" for fault in self._lacking(kind)]

    def _part(self, template: Template, scope: _Scope) -> None:
        self.reached.add(template.name)
        inside = replace(scope, path=(*scope.path, template.name))
        for element in template.elements:
            self._element(element, inside)

    def _element(self, element: Element, outside: _Scope) -> None:
        scope = self._under_its_condition(element, outside)
        if element.verb in {Verb.TEXT, Verb.PAIR}:
            self._message(element, scope)
        if element.verb is Verb.PAIR:
            self._field(element, element.value, WRITTEN, scope)
        if element.verb in WANTED:
            self._field(element, element.content, {WANTED[element.verb]}, scope)
        if element.verb is Verb.INCLUDE:
            self._include(element, scope)
        if element.verb is Verb.CUT and (len(scope.path) > 1 or element.when):
            self._tell(element, "a slip is cut at its end alone, always")

    def _under_its_condition(self, element: Element, scope: _Scope) -> _Scope:
        if not element.when:
            return scope
        name, wanted = element.condition
        self._field(element, name, set(Shape), scope, told=False)
        return replace(scope, conditions=scope.conditions | {(self._full(name, scope), wanted)})

    def _message(self, element: Element, scope: _Scope) -> None:
        for name in PLACE.findall(element.content):
            self._field(element, name, WRITTEN, scope)
        lacking = [words.language for words in self._languages if not words.has(element.content)]
        if lacking:
            files = ", ".join(f"{language}.po" for language in lacking)
            self._tell(element, f"has no words in {', '.join(lacking)}; add them to {files} beside your templates")

    def _field(
        self, element: Element, name: str, shapes: set[Shape] | frozenset[Shape], scope: _Scope, *, told: bool = True
    ) -> Field | None:
        field = scope.fields.get(name)
        if field is None:
            self._tell(element, f"{scope.kind.value} has no field {name}{meant(name, scope.fields)}")
        elif field.shape not in shapes:
            self._tell(
                element, f"the field {name} is {field.shape.value}, which cannot stand here{_for(shapes, scope)}"
            )
        elif told or name == "copy":
            self._used.append(_Used(self._full(name, scope), scope.conditions))
        return field

    def _include(self, element: Element, scope: _Scope) -> None:
        template = self._templates.get(element.content)
        if template is None:
            self._tell(element, f"there is no part {element.content}{meant(element.content, self._templates)}")
            return
        if element.content in scope.path:
            self._tell(element, f"includes itself: {' > '.join((*scope.path, element.content))}")
            return
        if not element.each:
            self._part(template, scope)
            return
        field = self._field(element, element.each, {Shape.ROWS}, scope, told=False)
        if field is not None and field.shape is Shape.ROWS:
            rows = replace(
                scope,
                fields={**scope.fields, **field.rows},
                prefix=f"{element.each}.",
                row_names=frozenset(field.rows),
            )
            self._part(template, rows)

    def _full(self, name: str, scope: _Scope) -> str:
        return scope.prefix + name if name in scope.row_names else name

    def _tell(self, element: Element, fault: str) -> None:
        self.faults.append(f"{element.place}: {fault}")

    def _lacking(self, kind: SlipKind) -> Iterator[str]:
        """Obligatory fields that are not there, or only when something else is."""
        for name in OBLIGATORY[kind]:
            uses = [used for used in self._used if used.name == name]
            if not uses:
                yield f"must tell the field {name}"
            elif not any(_is_always_told(used) for used in uses) and not _is_either_told(uses):
                yield f"must tell the field {name} always, not only {_conditions(uses[0])}"


#: Conditions that take nothing away: without them there is nothing to tell. A field's own is one always.
_NATURAL: Mapping[str, frozenset[tuple[str, bool]]] = {
    "verification": frozenset({("claim_qr", False)}),  # a slip carries one code; a signed claim says more
    "claim_qr": frozenset({("claim_code", True)}),
    "claim_code": frozenset({("claim_qr", True)}),
    "kept": frozenset({("money_kept", True)}),
    "under_review": frozenset({("money_kept", True)}),
}


def _is_always_told(used: _Used) -> bool:
    natural = {(used.name, True), *_NATURAL.get(used.name, ())}
    return used.conditions <= natural


def _is_either_told(uses: Sequence[_Used]) -> bool:
    """Told under a condition and under its opposite."""
    alone = {next(iter(used.conditions)) for used in uses if len(used.conditions) == 1}
    return any((name, not wanted) in alone for name, wanted in alone)


def _conditions(used: _Used) -> str:
    return " and ".join(f"when {'' if wanted else 'not '}{name}" for name, wanted in sorted(used.conditions))


def _for(shapes: set[Shape] | frozenset[Shape], scope: _Scope) -> str:
    """Fields that could stand there instead, when they are few."""
    fitting = [name for name, field in scope.fields.items() if field.shape in shapes]
    return f"; use {' or '.join(fitting)}" if 0 < len(fitting) <= 3 else ""
