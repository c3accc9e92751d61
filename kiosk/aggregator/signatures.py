"""Robokassa-compatible signatures: base strings joined by colons, hashed by the shop's algorithm.

Answers for: what is signed, and comparing in constant time. Does not answer for: what a signed request asks for.
Rule of order: documented parameters, then the password, then Shp_ parameters by name. OutSum is signed as the text it came as.
"""

import hashlib
import hmac
from collections.abc import Mapping

HASHES = ("md5", "ripemd160", "sha1", "sha256", "sha384", "sha512")


def digest(base: str, hash_name: str) -> str:
    """Hex digest of a base string. Raises ValueError for an algorithm that is not offered."""
    if hash_name not in HASHES:
        raise ValueError(f"hash {hash_name!r} is not one of {', '.join(HASHES)}")
    return hashlib.new(hash_name, base.encode(), usedforsecurity=False).hexdigest()


def _tail(extras: Mapping[str, str]) -> list[str]:
    return [f"{name}={extras[name]}" for name in sorted(extras)]


def start_base(
    login: str,
    out_sum: str,
    inv_id: str,
    password1: str,
    extras: Mapping[str, str],
    optional: tuple[str, ...] = (),
) -> str:
    """What a payment start signs. `optional`: OutSumCurrency, UserIp, Receipt … as far as present, in that order."""
    return ":".join([login, out_sum, inv_id, *optional, password1, *_tail(extras)])


def result_base(out_sum: str, inv_id: str, password2: str, extras: Mapping[str, str]) -> str:
    """What a ResultURL notification signs."""
    return ":".join([out_sum, inv_id, password2, *_tail(extras)])


def state_base(login: str, inv_id: str, password2: str) -> str:
    """What an OpState request signs."""
    return f"{login}:{inv_id}:{password2}"


def is_right(given: str, base: str, hash_name: str) -> bool:
    """Whether `given` (any letter case) is the signature of `base`."""
    return hmac.compare_digest(given.lower().encode(), digest(base, hash_name).encode())
