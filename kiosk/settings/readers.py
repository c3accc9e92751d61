"""Readers: one raw value of a file → one setting, or ValueError saying what it must be."""

import importlib
import json
import re
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from kiosk.settings.shapes import LANGUAGES

ACCEPTORS = "drivers.bill_acceptor.registry"  #: who knows the protocols; loaded only by those who read a configuration
GATEWAYS = "kiosk.gateways.registry"  #: who knows the dialects; as above
AMOUNT_MINOR_MAX = 10**12  #: as in terminal_api.Minor


@dataclass(frozen=True, slots=True)
class Raw:
    """A value as written, and the file that says so (a relative path in it is relative to that file)."""

    value: Any
    file: Path


Reader = Callable[[Raw], Any]


def got(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def text(form: str, meaning: str) -> Reader:
    def read(raw: Raw) -> str:
        if not isinstance(raw.value, str) or not re.fullmatch(form, raw.value):
            raise ValueError(f"must be {meaning}, got {got(raw.value)}")
        return raw.value

    return read


def choice(options: Sequence[str]) -> Reader:
    def read(raw: Raw) -> str:
        if raw.value not in options:
            raise ValueError(f"must be one of {', '.join(options)}, got {got(raw.value)}")
        return cast("str", raw.value)

    return read


def protocol(raw: Raw) -> str:
    return cast("str", choice(tuple(importlib.import_module(ACCEPTORS).PROTOCOLS))(raw))


def dialect(raw: Raw) -> str:
    return cast("str", choice(tuple(importlib.import_module(GATEWAYS).DIALECTS))(raw))


def number(low: float, high: float) -> Reader:
    def read(raw: Raw) -> float:
        if isinstance(raw.value, bool) or not isinstance(raw.value, int | float) or not low <= raw.value <= high:
            raise ValueError(f"must be between {low:g} and {high:g}, got {got(raw.value)}")
        return float(raw.value)

    return read


def integer(low: int, high: int) -> Reader:
    def read(raw: Raw) -> int:
        if type(raw.value) is not int or not low <= raw.value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, got {got(raw.value)}")
        return raw.value

    return read


def switch(raw: Raw) -> bool:
    if not isinstance(raw.value, bool):
        raise ValueError(f"must be true or false, got {got(raw.value)}")  # noqa: TRY004 - readers have one error
    return raw.value


def list_of(item: Reader, meaning: str, least: int = 1) -> Reader:
    def read(raw: Raw) -> tuple[Any, ...]:
        values = raw.value if isinstance(raw.value, list) else None
        if values is None or len(values) < least or len({got(value) for value in values}) != len(values):
            wanted = "at least one and none twice" if least else "none twice"
            raise ValueError(f"must be a list of {meaning}, {wanted}, got {got(raw.value)}")
        return tuple(item(Raw(value, raw.file)) for value in values)

    return read


def path(raw: Raw) -> Path:
    if not isinstance(raw.value, str) or not raw.value or "\0" in raw.value:
        raise ValueError(f"must be a path, got {got(raw.value)}")
    return raw.file.absolute().parent / raw.value


def device(raw: Raw) -> str:
    return str(path(raw))


def path_or_nothing(raw: Raw) -> str:
    return "" if raw.value == "" else str(path(raw))


def https(raw: Raw) -> str:
    problem = ValueError(f"must be an https:// address of host, port and path only, got {got(raw.value)}")
    if not isinstance(raw.value, str):
        raise problem
    try:
        parts = urlsplit(raw.value)
        port = parts.port
    except ValueError:
        raise problem from None
    foreign = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme != "https" or not parts.hostname or foreign or port == 0:
        raise problem
    return raw.value.rstrip("/")


def by_language(raw: Raw) -> Mapping[str, str]:
    if not isinstance(raw.value, dict) or not set(raw.value) <= set(LANGUAGES):
        raise ValueError(f"must be a table of {', '.join(LANGUAGES)}, or {{}}, got {got(raw.value)}")
    return {language: line(Raw(value, raw.file)) for language, value in raw.value.items()}


def time_zone(raw: Raw) -> str:
    try:
        return zoneinfo.ZoneInfo(raw.value).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ValueError(f"must be a time zone such as Europe/Sofia, got {got(raw.value)}") from None


line = text(r"[^\x00-\x1f]{1,100}", "one line of 1 to 100 characters")
amounts = list_of(integer(1, AMOUNT_MINOR_MAX), "whole numbers of minor units")
