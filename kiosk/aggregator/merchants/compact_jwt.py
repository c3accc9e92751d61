"""Compact JWTs as Robokassa's services take them, with algorithm names no ordinary library knows.

Answers for: splitting, verifying in constant time, decoding. Does not answer for: whose key, what a payload means.
The key and the names are aggregator protocols 1.6; `alg` chooses among keyed hashes alone: there is no `none`.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BinasciiError
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kiosk.aggregator.errors import MerchantError, MerchantFault

TOKEN_CHARACTERS_MAX = 60_000
ALGORITHMS: Mapping[str, str] = {
    "MD5": "md5",
    "RIPEMD160": "ripemd160",
    "SHA1": "sha1",
    "HS1": "sha1",
    "SHA256": "sha256",
    "HS256": "sha256",
    "SHA384": "sha384",
    "HS384": "sha384",
    "SHA512": "sha512",
    "HS512": "sha512",
}


@dataclass(frozen=True, slots=True)
class Token:
    """Decoded and not yet verified. Numbers with a point are Decimals, so that sums keep their digits."""

    algorithm: str
    payload: Mapping[str, Any]
    signed: bytes
    signature: bytes


def read(body: bytes) -> Token:
    """A token as it came: a JSON string, or bare. Raises MerchantError."""
    text = _bare(body)
    parts = text.split(".")
    if len(parts) != 3 or len(text) > TOKEN_CHARACTERS_MAX:
        raise _invalid("it has to be three parts joined by points")
    header, payload = (_object(part) for part in parts[:2])
    algorithm = str(header.get("alg", "")).upper()
    if ALGORITHMS.get(algorithm, algorithm) not in hashlib.algorithms_available:
        raise _invalid(f"its alg is not one of {', '.join(ALGORITHMS)}")
    return Token(algorithm, payload, f"{parts[0]}.{parts[1]}".encode(), _decoded(parts[2]))


def _bare(body: bytes) -> str:
    try:
        text = body.decode("ascii").strip()
        whole = json.loads(text) if text.startswith('"') else text
    except (UnicodeDecodeError, ValueError):
        raise _invalid("it has to be ASCII, as a JSON string or bare") from None
    return str(whole)


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_decoded(part), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError, UnicodeDecodeError):
        found = None
    if not isinstance(found, dict):
        raise _invalid("its header and payload have to be JSON objects")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _decoded(part: str) -> bytes:
    """URL-safe without padding; the standard alphabet with padding is taken too, as libraries write either."""
    plain = part.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        found = urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except (BinasciiError, ValueError):
        raise _invalid("a part is not base64url") from None
    if encoded(found) != plain:
        raise _invalid("a part is not base64url")
    return found


def _invalid(why: str) -> MerchantError:
    return MerchantError(MerchantFault.TOKEN_INVALID, f"this is not a compact JWT: {why}")


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def is_right(token: Token, key: str) -> bool:
    """Whether `key` signed it."""
    expected = hmac.new(key.encode(), token.signed, ALGORITHMS[token.algorithm]).digest()
    return hmac.compare_digest(expected, token.signature)
