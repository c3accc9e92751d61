"""Robokassa-compatible signatures: base strings joined by colons, hashed by the shop's algorithm.

Answers for: what is signed, and comparing in constant time. Does not answer for: what a signed request asks for.
Rule of order: documented parameters, then the password, then Shp_ parameters by name. OutSum is signed as the text it came as.

Libraries sort Shp_ parameters by name, by name in lower case, or by the whole `name=value` (aggregator protocols 1.3): all three
are the same parameters, so all three are taken.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

KNOWN_HASHES = ("md5", "ripemd160", "sha1", "sha256", "sha384", "sha512")


def _is_computable(name: str) -> bool:
    """RIPEMD-160 is in OpenSSL's legacy provider since 3.0, in the default one again since 3.0.7; a build may have neither."""
    try:
        hashlib.new(name, usedforsecurity=False)
    except ValueError:
        return False
    return True


#: What this machine can compute: a shop cannot choose anything else.
HASHES = tuple(name for name in KNOWN_HASHES if _is_computable(name))


def digest(base: str, hash_name: str, encoding: str = "utf-8") -> str:
    """Hex digest of a base string. Raises ValueError for an algorithm that is not offered."""
    if hash_name not in HASHES:
        raise ValueError(f"hash {hash_name!r} is not one of {', '.join(HASHES)}")
    return hashlib.new(hash_name, base.encode(encoding), usedforsecurity=False).hexdigest()


def _by_name(pair: tuple[str, str]) -> str:
    return pair[0]


def _by_lower_name(pair: tuple[str, str]) -> tuple[str, str]:
    return pair[0].lower(), pair[0]


def _by_whole(pair: tuple[str, str]) -> str:
    return "=".join(pair)


ORDERS: tuple[Callable[[tuple[str, str]], str | tuple[str, str]], ...] = (_by_name, _by_lower_name, _by_whole)


def tail(extras: Mapping[str, str]) -> list[str]:
    """Shp_ parameters as we sign them: `name=value`, by name."""
    return [f"{name}={value}" for name, value in sorted(extras.items(), key=_by_name)]


def tails(extras: Mapping[str, str]) -> Iterator[list[str]]:
    """Every order a merchant's library may have signed them in, ours first."""
    known = set()
    for order in ORDERS:
        one = tuple(f"{name}={value}" for name, value in sorted(extras.items(), key=order))
        if one not in known:
            known.add(one)
            yield list(one)


def start_base(
    login: str,
    out_sum: str,
    inv_id: str,
    password1: str,
    extras: Mapping[str, str],
    optional: Iterable[str] = (),
) -> str:
    """What a payment start signs. `optional`: OutSumCurrency, UserIp, Receipt … as far as present, in that order."""
    return ":".join([login, out_sum, inv_id, *optional, password1, *tail(extras)])


def start_bases(
    login: str,
    out_sum: str,
    inv_id: str,
    password1: str,
    extras: Mapping[str, str],
    optional: Iterable[str] = (),
) -> Iterator[str]:
    """Every base a merchant's library may have signed for this very start."""
    head = [login, out_sum, inv_id, *optional, password1]
    return (":".join(head + one) for one in tails(extras))


def result_base(out_sum: str, inv_id: str, password: str, extras: Mapping[str, str]) -> str:
    """What a ResultURL notification signs with Password#2, and the way back to SuccessURL with Password#1."""
    return ":".join([out_sum, inv_id, password, *tail(extras)])


def state_base(login: str, inv_id: str, password2: str) -> str:
    """What an OpState request signs."""
    return f"{login}:{inv_id}:{password2}"


def is_right(given: str, base: str, hash_name: str, encoding: str = "utf-8") -> bool:
    """Whether `given` (any letter case) is the signature of `base`, whose bytes the merchant wrote in `encoding`."""
    with suppress(UnicodeEncodeError):
        return hmac.compare_digest(given.lower().encode(), digest(base, hash_name, encoding).encode())
    return False
