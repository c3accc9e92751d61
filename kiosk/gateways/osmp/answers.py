"""A provider's XML as a record: bytes in, OsmpAnswer out, with every oddity seen in the wild and no guess at success.

Answers for: XML without entities and bombs, and which oddities are read as what. Does not answer for: what a code means.
Oddities that are read: the result given twice (the second one is a comment), blanks around values, a character set in the HTTP
header that is not the prolog's, several names for the transaction id. JSON is not read: it is another dialect.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from kiosk.gateways.wire import Answer, AnswerError

ID_TAGS = ("osmp_txn_id", "txn_id", "ibox_txn_id")
CHARSETS = frozenset({"utf-8", "windows-1251", "cp1251"})  #: of an HTTP header, where the prolog's does not fit
RESULT_DIGITS_MAX = 9
VALUE_CHARS_MAX = 64
WORDS_MAX = 300  #: of a comment or a field


@dataclass(frozen=True, slots=True)
class OsmpAnswer:
    """`txn_id`, `sum`, `prv_txn`: as they stand, without blanks, empty when absent. `fields`: (name, value) in their order."""

    result: int
    txn_id: str
    sum: str
    prv_txn: str
    comment: str
    fields: tuple[tuple[str, str], ...]


def read(answer: Answer) -> OsmpAnswer:
    """The record in an answer's body. Raises AnswerError for everything that is no OSMP response."""
    root = _parse(answer)
    if root.tag != "response":
        raise AnswerError("not an OSMP response")
    result, said = _result(_texts(root, "result"))
    return OsmpAnswer(
        result,
        _one(root, *ID_TAGS),
        _one(root, "sum"),
        _one(root, "prv_txn"),
        (_first(root, "comment") or said)[:WORDS_MAX],
        tuple((_name(node), _text(node)[:WORDS_MAX]) for node in root.iterfind("fields/*")),
    )


def _parse(answer: Answer) -> Element:
    """By the prolog; where the bytes do not fit it, by the HTTP header."""
    try:
        return _safe(answer.body)
    except (ParseError, ValueError, LookupError) as error:
        text = _by_header(answer.body, answer.headers)
        if text is None:
            raise AnswerError("not XML") from error
    try:
        return _safe(text)
    except (ParseError, ValueError, LookupError) as error:
        raise AnswerError("not XML") from error


def _safe(text: bytes | str) -> Element:
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise AnswerError("XML with a document type or entities is not read") from error
    assert isinstance(root, Element)
    return root


def _by_header(body: bytes, headers: Mapping[str, str]) -> str | None:
    found = re.search(r"charset=\"?([\w-]+)", headers.get("Content-Type", ""), re.IGNORECASE)
    charset = found[1].lower() if found else ""
    if charset not in CHARSETS:
        return None
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        return None


def _result(texts: Sequence[str]) -> tuple[int, str]:
    """The code and the words beside it. Two codes that differ are none."""
    codes = {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= RESULT_DIGITS_MAX}
    if len(codes) != 1:
        raise AnswerError("no result" if not codes else "results that contradict each other")
    return codes.pop(), next((text for text in texts if text and not text.isdigit()), "")


def _texts(root: Element, *tags: str) -> list[str]:
    return [_text(node) for tag in tags for node in root.iterfind(tag)]


def _one(root: Element, *tags: str) -> str:
    """The value of these tags, which must not contradict each other."""
    values = {text for text in _texts(root, *tags) if text}
    if len(values) > 1:
        raise AnswerError(f"values of {tags[0]} that contradict each other")
    value = values.pop() if values else ""
    if len(value) > VALUE_CHARS_MAX:
        raise AnswerError(f"a value of {tags[0]} that is too long")
    return value


def _first(root: Element, tag: str) -> str:
    return next((text for text in _texts(root, tag) if text), "")


def _text(node: Element) -> str:
    return (node.text or "").strip()


def _name(node: Element) -> str:
    return (node.get("name") or node.tag).strip()[:WORDS_MAX]
