"""The pepper: what PINs are hashed with beside what stands in the file of people, so that a copy of that file opens nothing.

Answers for: making it once, keeping it private, hashing and comparing PINs, sealing secrets of one-time codes, reading codes.
Does not answer for: who has which (`people_file`), who may sign in when (`domain.sign_in`), what a good PIN is (`domain.pins`).
"""

import base64
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidKey
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from kiosk.till.durable_file import write_whole
from kiosk.till.people_file import ITERATIONS, LANES, MEMORY_KIB, PHC, People, PeopleFileError, private_bytes

PEPPER_BYTES = 32
SALT_BYTES = 16
HASH_BYTES = 32
#: A hash of no PIN: comparing with it takes as long as with anybody's.
NOBODYS = f"{PHC}{'A' * 22}${'A' * 43}"
CODE_DIGITS = 6
CODE_STEP_S = 30  #: RFC 6238, 5.2
CODE_STEPS_OFF = 1  #: RFC 6238, 5.2: one step of delay; and one of a clock that is fast
TOTP_SECRET_BYTES = 20  #: RFC 4226, 4: 160 bits


class Pepper:
    """What is mixed into every PIN's hash, and seals the secrets of one-time codes."""

    def __init__(self, key: bytes) -> None:
        self._secret = _derived(key, b"pin")
        self._box = Fernet(base64.urlsafe_b64encode(_derived(key, b"one-time code")))

    def __repr__(self) -> str:
        return "<pepper>"

    def hashed(self, pin: str) -> str:
        """For the file. Takes 64 MiB and a tenth of a second."""
        made = Argon2id(
            salt=secrets.token_bytes(SALT_BYTES),
            length=HASH_BYTES,
            iterations=ITERATIONS,
            lanes=LANES,
            memory_cost=MEMORY_KIB,
            secret=self._secret,
        )
        return made.derive_phc_encoded(pin.encode())

    def is_right(self, pin: str, hashed: str) -> bool:
        """As long as `hashed` takes."""
        try:
            Argon2id.verify_phc_encoded(pin.encode(), hashed, secret=self._secret)
        except InvalidKey:
            return False
        return True

    def sealed(self, secret: bytes) -> str:
        """For the file."""
        return self._box.encrypt(secret).decode()

    def opened(self, sealed: str) -> bytes:
        """Raises PeopleFileError when another pepper sealed it."""
        try:
            return self._box.decrypt(sealed)
        except InvalidToken as error:
            raise PeopleFileError(
                "the pepper is not the one these people were added with; put that one back"
            ) from error


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"kiosk people: " + purpose).derive(key)


def load_pepper(path: Path) -> Pepper:
    """Raises PeopleFileError."""
    try:
        key = bytes.fromhex(private_bytes(path).decode("ascii"))
    except ValueError as error:
        raise PeopleFileError(f"{path}: holds no pepper; restore it from the backup") from error
    if len(key) != PEPPER_BYTES:
        raise PeopleFileError(f"{path}: holds no whole pepper; restore it from the backup")
    return Pepper(key)


def ensure_pepper(path: Path, people: People) -> Pepper:
    """The pepper, made if it is not there yet; never a new one for people whose PINs need the old. Raises PeopleFileError."""
    if not path.exists():
        if people.people:
            raise PeopleFileError(f"{path}: is gone, and no PIN is right without it: restore it from the backup")
        try:
            write_whole(path, secrets.token_bytes(PEPPER_BYTES).hex().encode() + b"\n", 0o400)
        except OSError as error:
            raise PeopleFileError(f"{path}: cannot be made: {error.strerror}") from error
    return load_pepper(path)


# --- one-time codes -----------------------------------------------------------------------------------------------


def one_time(secret: bytes) -> TOTP:
    """Codes as every app on a phone makes them (RFC 6238 with SHA-1)."""
    return TOTP(secret, CODE_DIGITS, SHA1(), CODE_STEP_S)  # noqa: S303 - the algorithm that apps share; HMAC does not suffer


def step_of(secret: bytes, code: str, utc_s: int) -> int:
    """The time step whose code this is, of those that may be meant now; 0 for none."""
    made, now_step = one_time(secret), utc_s // CODE_STEP_S
    steps = range(max(1, now_step - CODE_STEPS_OFF), now_step + CODE_STEPS_OFF + 1)
    fitting = [step for step in steps if bytes_eq(made.generate(step * CODE_STEP_S), code.encode())]
    return fitting[-1] if fitting else 0
