"""Claim codes: what a buyer keeps when money stays behind. Minted and signed offline by the till, redeemed online alone.

Answers for: the 16 characters, their check characters, the signed statement in the QR. Does not answer for: keys, who redeems.

    characters 1 … 7    terminal number (14 bits) and session count (21 bits): which visit
    characters 8 … 14   35 bits of a hash over the till's signature: nobody else can write a code that will be registered
    characters 15, 16   Reed-Solomon check over GF(32): any two wrong characters, so any swapped pair, are noticed

One code belongs to one visit and never changes, so a slip printed before a refusal still claims what was refused after it.
The letters are Crockford's: no I, L, O, U; what is misread as 1 or 0 is taken as such.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BinasciiError
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_CHARACTERS = 16
GROUP_CHARACTERS = 4
SERIAL_MAX = 2**21 - 1
TAG_BITS = 35
_TAG_LABEL = b"kiosk claim code 1\0"
_STATEMENT = "KIOSKC1"  #: first field of a statement; another layout gets another word
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": ""})

_FIELD = 0x25  #: x⁵ + x² + 1, primitive over GF(2)

Sign = Callable[[bytes], bytes]


class CodeError(ValueError):
    """Not a code of ours as it was typed or scanned; the message says what the buyer should check."""


@dataclass(frozen=True, slots=True)
class ClaimCode:
    """A well-formed code. `serial` is the session count of terminal `terminal_number`."""

    text: str
    terminal_number: str
    serial: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What the QR of a slip says. `signed` is the part `signature` (Ed25519, 64 bytes) covers."""

    code: ClaimCode
    amount_minor: int
    currency: str
    issued_s: int
    signed: bytes
    signature: bytes


def mint(terminal_number: str, serial: int, sign: Sign) -> str:
    """The code of a visit: the same one whenever it is asked for. `sign` is Ed25519, which draws no random number."""
    if not 0 < serial <= SERIAL_MAX:
        raise CodeError(f"a terminal mints {SERIAL_MAX} codes, number {serial} is none of them; give it a new number")
    signature = sign(_TAG_LABEL + f"{terminal_number}:{serial}".encode())
    tag = int.from_bytes(hashlib.sha256(signature).digest()[:8], "big") >> (64 - TAG_BITS)
    number = ((int(terminal_number) << 21 | serial) << TAG_BITS) | tag
    symbols = [number >> shift & 31 for shift in range(65, -5, -5)]
    return "".join(ALPHABET[symbol] for symbol in (*symbols, *_check(symbols)))


def of_visit(session_id: str, sign: Sign) -> str:
    """The code of the visit that is called so: terminal number, hyphen, session count."""
    terminal_number, _, serial = session_id.partition("-")
    return mint(terminal_number, int(serial), sign)


def parse(text: str) -> ClaimCode:
    """A code as somebody typed it. Raises CodeError."""
    code = text.upper().translate(_MISREAD)
    if len(code) != CODE_CHARACTERS:
        raise CodeError(f"a code has {CODE_CHARACTERS} characters, this one has {len(code)}")
    if strange := sorted(set(code) - set(ALPHABET)):
        raise CodeError(f"a code never contains {' '.join(strange)}")
    symbols = [ALPHABET.index(character) for character in code]
    if tuple(symbols[-2:]) != _check(symbols[:-2]):
        raise CodeError("a character of the code is wrong")
    number = 0
    for symbol in symbols[:7]:
        number = number << 5 | symbol
    terminal = number >> 21
    if terminal > 9999:
        raise CodeError("no terminal has such a number")
    return ClaimCode(code, f"{terminal:04d}", number & SERIAL_MAX)


def in_groups(code: str) -> str:
    """As printed and shown: four characters at a time."""
    return " ".join(code[start : start + GROUP_CHARACTERS] for start in range(0, len(code), GROUP_CHARACTERS))


def statement(code: str, amount_minor: int, currency: str, issued_s: int, sign: Sign) -> str:
    """The QR text: code, what it claims now, and the till's whole signature over both; ASCII."""
    signed = f"{_STATEMENT}*{code}*{amount_minor}*{currency}*{issued_s}"
    return f"{signed}*{urlsafe_b64encode(sign(signed.encode())).decode().rstrip('=')}"


def read_statement(text: str) -> Statement:
    """The parts of a scanned statement; its signature is the caller's to verify. Raises CodeError."""
    signed, _, signature = text.strip().rpartition("*")
    parts = signed.split("*")
    if len(parts) != 5 or parts[0] != _STATEMENT or not (parts[2] + parts[4]).isdecimal():
        raise CodeError("this is not the QR code of a slip of ours")
    try:
        raw = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except (BinasciiError, ValueError) as error:
        raise CodeError("the signature in the QR code is damaged") from error
    return Statement(parse(parts[1]), int(parts[2]), parts[3], int(parts[4]), signed.encode(), raw)


def _times(a: int, b: int) -> int:
    """Product in GF(32)."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (_FIELD if a & 16 else 0)
        b >>= 1
    return product


#: (x - α)(x - α²) with α = 2: remainder by it makes a code of distance 3.
_GENERATOR = (2 ^ 4, _times(2, 4))


def _check(symbols: Sequence[int]) -> tuple[int, int]:
    high = low = 0
    for symbol in symbols:
        feedback = symbol ^ high
        high, low = low ^ _times(feedback, _GENERATOR[0]), _times(feedback, _GENERATOR[1])
    return high, low
