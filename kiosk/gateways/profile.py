"""A far end's particulars as a file of data: config/gateways/*.toml → a frozen record. Every fault of a file is told at once."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


class ProfileError(Exception):
    """A profile that cannot be used: file, key, what is wrong, one a line."""


def load_profile(path: Path, kind: type[T]) -> T:
    """Read a profile. Raises ProfileError naming every fault."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{path}: {error}") from error
    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        faults = (f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise ProfileError("\n".join(faults)) from error
