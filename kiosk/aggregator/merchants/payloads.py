"""Fields of JSON payloads, each taken by its kind or refused by its name."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kiosk.aggregator.errors import MerchantError, MerchantFault


def wrong(name: str, what: str) -> MerchantError:
    """A field that is not what it has to be."""
    return MerchantError(MerchantFault.FIELD_INVALID, f"{name}: {what}")


def text(payload: Mapping[str, Any], name: str, characters_max: int) -> str:
    """A text or nothing."""
    value = payload.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > characters_max:
        raise wrong(name, f"a text of at most {characters_max} characters")
    return value


def digits(payload: Mapping[str, Any], name: str) -> str:
    """A number, or a text that should be one, as it was written; nothing for none."""
    value = payload.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise wrong(name, "a number")
    return format(value, "f") if isinstance(value, Decimal) else str(value)[:40]


def whole(payload: Mapping[str, Any], name: str, least: int, most: int) -> int:
    """A whole number within limits."""
    value = payload.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise wrong(name, f"a whole number from {least} to {most}")
    return value


def words(payload: Mapping[str, Any], name: str, allowed: Mapping[str, str]) -> list[str]:
    """A list of known words, in any letter case: what they stand for. At least one."""
    value = payload.get(name)
    found = [allowed.get(str(one).lower(), "") for one in value] if isinstance(value, list) else []
    if not found or not all(found):
        raise wrong(name, f"a list of {', '.join(allowed)}")
    return found


def mapping(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object or an empty one."""
    value = payload.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(name, "an object")
    return value
