"""config/theme.toml → Theme: an operator's colours, letters, spacing, corners and logo. All faults are reported at once.

Answers for: which keys there are, their limits, and that no chosen colour makes anything hard to read. Does not answer for: what
is done with them (`look`). Every key may be missing: then it is ours.
"""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from math import floor
from pathlib import Path
from typing import Any

from kiosk.screen.theme import (
    COLOURS,
    GAP_MM,
    MARGIN_MM,
    OURS,
    RADIUS_MM,
    TYPE_MM,
    TYPE_MM_MIN,
    TYPE_SHARES,
    Colour,
    Theme,
    colour,
    too_faint,
)
from kiosk.settings import SettingsError
from kiosk.settings import readers as r

LOGO_BYTES_MAX = 2_000_000
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"  #: PNG specification, 5.2


def _colour(raw: r.Raw) -> Colour:
    try:
        return colour(raw.value)
    except (ValueError, TypeError, IndexError):
        raise ValueError(f'must be a colour as "#RRGGBB", got {r.got(raw.value)}') from None


def _logo(raw: r.Raw) -> str:
    if raw.value == "":
        return ""
    file = r.path(raw)
    try:
        with file.open("rb") as picture:
            head, bytes_in_all = picture.read(len(PNG_BEGINS)), file.stat().st_size
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror or error}") from None
    if head != PNG_BEGINS or bytes_in_all > LOGO_BYTES_MAX:
        raise ValueError(f"must be a PNG of at most {LOGO_BYTES_MAX // 1_000_000} MB, got {file}")
    return str(file)


def _letters(ours_mm: float) -> r.Reader:
    low, high = TYPE_SHARES
    return r.number(round(max(TYPE_MM_MIN, ours_mm * low), 1), round(ours_mm * high, 1))


#: Every key there is. What a widget may not outgrow has a limit: the tests draw every screen at these.
READERS: Mapping[str, r.Reader] = {
    "logo.file": _logo,
    **{f"letters.{step}_mm": _letters(ours_mm) for step, ours_mm in TYPE_MM.items()},
    "spacing.gap_mm": r.number(GAP_MM - 1, GAP_MM + 1),
    "spacing.margin_mm": r.number(MARGIN_MM - 4, MARGIN_MM + 2),
    "corners.radius_mm": r.number(0, RADIUS_MM + 5),
    **{f"colours.{name}": _colour for name in COLOURS},
}


def load_theme(file: Path) -> Theme:
    """Read `file`. Raises SettingsError naming every fault at once."""
    faults: list[str] = []
    values = _read(_parse(file, faults), file, faults)
    chosen = {key.removeprefix("colours."): value for key, value in values.items() if key.startswith("colours.")}
    palette = replace(OURS.colours, **chosen)
    for one, other, ratio, least in too_faint(palette):
        faults.append(
            f"{file}: colours.{one} on colours.{other}: contrast is {floor(ratio * 100) / 100}:1, must be {least:g}:1"
        )
    if faults:
        raise SettingsError(faults)
    return Theme(
        colours=palette,
        type_mm={step: values.get(f"letters.{step}_mm", ours_mm) for step, ours_mm in TYPE_MM.items()},
        gap_mm=values.get("spacing.gap_mm", OURS.gap_mm),
        margin_mm=values.get("spacing.margin_mm", OURS.margin_mm),
        radius_mm=values.get("corners.radius_mm", OURS.radius_mm),
        logo=values.get("logo.file", OURS.logo),
    )


def _parse(file: Path, faults: list[str]) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"{file}: cannot be read: {error.strerror or error}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{file}: is not TOML: {error}")
    return {}


def _read(tables: Mapping[str, Any], file: Path, faults: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in _flat(tables):
        reader = READERS.get(key)
        if reader is None:
            faults.append(f"{file}: {key}: unknown key{_meant(key)}")
            continue
        try:
            values[key] = reader(r.Raw(value, file))
        except ValueError as error:
            faults.append(f"{file}: {key}: {error}")
    return values


def _flat(tables: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, table in tables.items():
        found += (
            [(f"{name}.{key}", value) for key, value in table.items()] if isinstance(table, dict) else [(name, table)]
        )
    return found


def _meant(key: str) -> str:
    near = difflib.get_close_matches(key, READERS, n=1, cutoff=0.8)
    return f"; did you mean {near[0]}?" if near else ""
