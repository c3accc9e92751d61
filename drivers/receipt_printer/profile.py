"""What a printer model is, as data: config/printers/*.toml → PrinterProfile. Every fault of a file is told at once."""

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ProfileError(Exception):
    """A profile that cannot be used: file, key, what is wrong."""


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """`code_page` is the printer's own number for `codec`; `cut` is sent as it is; `confirms`: answers GS ( H."""

    name: str
    columns: int
    codec: str
    code_page: int
    qr_size: int
    cut: bytes
    confirms: bool


def load_profile(path: Path) -> PrinterProfile:
    """Read a profile. Raises ProfileError naming every fault."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{path}: {error}") from error
    faults = list(_faults(data))
    if faults:
        raise ProfileError("\n".join(f"{path}: {fault}" for fault in faults))
    return PrinterProfile(**{**data, "cut": bytes.fromhex(data["cut"])})


_KINDS: Mapping[str, type] = {
    "name": str,
    "columns": int,
    "codec": str,
    "code_page": int,
    "qr_size": int,
    "cut": str,
    "confirms": bool,
}
_RANGES: Mapping[str, tuple[int, int]] = {"columns": (24, 64), "code_page": (0, 255), "qr_size": (1, 16)}


def _faults(data: Mapping[str, Any]) -> list[str]:
    found = [f"{key}: unknown key" for key in data if key not in _KINDS]
    for key, kind in _KINDS.items():
        if key not in data:
            found.append(f"{key}: missing")
        elif type(data[key]) is not kind:
            found.append(f"{key}: must be {kind.__name__}, got {data[key]!r}")
        elif key in _RANGES and not _RANGES[key][0] <= data[key] <= _RANGES[key][1]:
            found.append(f"{key}: must be between {_RANGES[key][0]} and {_RANGES[key][1]}, got {data[key]}")
    return found or _unreadable(data)


def _unreadable(data: Mapping[str, Any]) -> list[str]:
    found = []
    try:
        codecs.lookup(data["codec"])
    except LookupError:
        found.append(f"codec: Python knows no {data['codec']!r}")
    try:
        bytes.fromhex(data["cut"])
    except ValueError:
        found.append(f"cut: must be bytes in hex, got {data['cut']!r}")
    return found
