"""Templates: what stands on a slip and in which order, as data an operator can change. config/slips/README.md teaches it.

Answers for: reading files, and that each element is well formed. Does not answer for: whether fields and words exist
(`checking`), what comes of it (`setting`). Nothing in a template is evaluated: elements, options and names are closed sets.
"""

import difflib
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

PARTS_FILE = "parts.toml"
FEED_MAX = 10
MESSAGE_MAX = 400


class Verb(StrEnum):
    """What an element does; the word it begins with."""

    TEXT = "text"  #: a message, with {fields} in it
    PAIR = "pair"  #: a message on the left, the field named by `value` on the right
    CODE = "code"  #: a claim code, as large as it fits
    NOTES = "notes"  #: a table: value x count = sum
    QR = "qr"
    PICTURE = "picture"
    RULE = "rule"
    FEED = "feed"
    INCLUDE = "include"  #: the elements of a part; once for every row of the field named by `each`
    CUT = "cut"


#: Options each verb takes beside `when`, and what they must be.
OPTIONS: Mapping[Verb, Mapping[str, type]] = {
    Verb.TEXT: {"align": str, "bold": bool, "double": bool},
    Verb.PAIR: {"value": str, "bold": bool},
    Verb.CODE: {},
    Verb.NOTES: {},
    Verb.QR: {},
    Verb.PICTURE: {},
    Verb.RULE: {},
    Verb.FEED: {},
    Verb.INCLUDE: {"each": str},
    Verb.CUT: {},
}
_NEEDED: Mapping[Verb, tuple[str, ...]] = {Verb.PAIR: ("value",)}
_SWITCHES = frozenset({Verb.RULE, Verb.CUT})
ALIGNMENTS = ("left", "center")
_KIND_WORDS: Mapping[type, str] = {str: "words in quotes", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Element:
    """`content`: message, field or part, by `verb`; `when`: a field, or `not` and a field; `place`: for messages to people."""

    verb: Verb
    content: str
    place: str
    when: str = ""
    value: str = ""
    each: str = ""
    align: str = "left"
    bold: bool = False
    double: bool = False
    lines: int = 0

    @property
    def condition(self) -> tuple[str, bool]:
        """The field of `when`, and whether it has to be there (or not to be)."""
        word, _, name = self.when.rpartition(" ")
        return name, word.strip() != "not"


@dataclass(frozen=True, slots=True)
class Template:
    """A slip, named by its kind, or a part that others include."""

    name: str
    file: Path
    elements: tuple[Element, ...]


def meant(name: str, known: Collection[str]) -> str:
    """`; did you mean …?`, or nothing."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def read_template(file: Path) -> tuple[Template, list[str]]:
    """A slip's elements, those that could be read, and what is wrong with the others."""
    data, faults = _parse(file)
    faults += [f"{file}: {key}: unknown key, a template has elements" for key in data if key != "elements"]
    if not data:
        return Template(file.stem, file, ()), faults
    elements, wrong = _elements(data.get("elements"), f"{file}")
    return Template(file.stem, file, elements), faults + wrong


def read_parts(file: Path) -> tuple[dict[str, Template], dict[str, list[str]]]:
    """Parts by name, and what is wrong with each; faults of the file itself stand under an empty name."""
    data, faults = _parse(file)
    parts: dict[str, Template] = {}
    wrong = {"": faults}
    for name, raw in data.items():
        elements, wrong[name] = _elements(raw, f"{file}: {name}")
        parts[name] = Template(name, file, elements)
    return parts, {name: found for name, found in wrong.items() if found}


def _parse(file: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8")), []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return {}, [f"{file}: cannot be read: {error}"]


def _elements(raw: Any, place: str) -> tuple[tuple[Element, ...], list[str]]:
    if not isinstance(raw, list) or not raw:
        return (), [f"{place}: must be a list of elements, at least one"]
    elements: list[Element] = []
    faults: list[str] = []
    for number, entry in enumerate(raw, start=1):
        here = f"{place}: element {number}"
        wrong = list(_faults(entry))
        faults += [f"{_called(here, entry)}: {fault}" for fault in wrong]
        if not wrong:
            elements.append(_element(entry, here))
    return tuple(elements), faults


def _called(place: str, entry: Any) -> str:
    """The place with what stands there, so that nobody has to count."""
    verb = _verb_of(entry)
    return f'{place} ({verb.value} "{entry[verb.value]}")' if verb and isinstance(entry[verb.value], str) else place


def _verb_of(entry: Any) -> Verb | None:
    found = [verb for verb in Verb if isinstance(entry, dict) and verb.value in entry]
    return found[0] if len(found) == 1 else None


def _faults(entry: Any) -> Iterator[str]:
    verb = _verb_of(entry)
    if verb is None:
        names = list(entry) if isinstance(entry, dict) else []
        guess = meant(names[0], [verb.value for verb in Verb]) if names else ""
        yield f"must be one of {', '.join(Verb)}, got {', '.join(names) if names else repr(entry)}{guess}"
        return
    yield from _wrong_content(verb, entry[verb.value])
    yield from _wrong_options(verb, {key: value for key, value in entry.items() if key != verb.value})


def _wrong_content(verb: Verb, content: Any) -> Iterator[str]:
    if verb in _SWITCHES:
        if content is not True:
            yield f"{verb.value} must be true"
    elif verb is Verb.FEED:
        if type(content) is not int or not 1 <= content <= FEED_MAX:
            yield f"feed must be a number of lines from 1 to {FEED_MAX}, got {content!r}"
    elif not isinstance(content, str) or not content.strip() or len(content) > MESSAGE_MAX:
        yield f"{verb.value} must be 1 to {MESSAGE_MAX} characters in quotes, got {content!r}"


def _wrong_options(verb: Verb, options: Mapping[str, Any]) -> Iterator[str]:
    known: Mapping[str, type] = {"when": str, **OPTIONS[verb]}
    for key, value in options.items():
        if key not in known:
            yield f"unknown option {key}, {verb.value} takes {', '.join(known)}{meant(key, known)}"
        elif not isinstance(value, known[key]):
            yield f"{key} must be {_KIND_WORDS[known[key]]}, got {value!r}"
    if options.get("align", "left") not in ALIGNMENTS:
        yield f"align must be {' or '.join(ALIGNMENTS)}, got {options['align']!r}"
    when = options.get("when")
    if isinstance(when, str) and not _is_condition(when.split(" ")):
        yield f'when must be a field, or "not" and a field, got "{when}"'
    yield from (f"{key} is missing" for key in _NEEDED.get(verb, ()) if key not in options)


def _is_condition(words: Sequence[str]) -> bool:
    return all(words) and (len(words) == 1 or (len(words) == 2 and words[0] == "not"))


def _element(entry: Mapping[str, Any], place: str) -> Element:
    verb = _verb_of(entry)
    assert verb is not None
    content = entry[verb.value]
    options = {key: value for key, value in entry.items() if key != verb.value}
    is_feed = verb is Verb.FEED
    return Element(
        verb=verb,
        content=content if isinstance(content, str) else "",
        place=_called(place, entry),
        lines=content if is_feed else 0,
        **options,
    )
