"""Signed checkpoints: the state as bytes, so that a till starts as fast at a million facts as at a thousand.

Answers for: which state a checkpoint holds, that it is ours, and that it is only used by the program whose fold made it.
Does not answer for: storing it (`journal`), proving it against every row (`verify`).
"""

import hashlib
import logging
from functools import lru_cache
from pathlib import Path

import msgspec

from kiosk.domain import (
    board,
    bookings,
    box_book,
    box_contents,
    box_fold,
    case_book,
    case_facts,
    case_words,
    cases,
    collection_facts,
    diagnosis,
    diagnosis_facts,
    diagnosis_moves,
    facts,
    findings,
    fold,
    fold_choosing,
    fold_outbox,
    lately,
    ledger,
    money,
    moves,
    offer,
    operation_facts,
    order_book,
    paper,
    people,
    receipts,
    redemption_facts,
    redemptions,
    register_book,
    registers,
    remote_orders,
    session,
    sign_in,
    staff,
    staff_book,
    staff_facts,
    staff_moves,
    state,
    totals,
)
from kiosk.domain.state import State, durable
from kiosk.till.journal import Checkpoint
from kiosk.till.signing import SigningKey, is_signed

log = logging.getLogger(__name__)

_ENCODER = msgspec.json.Encoder()  # no order of its own: the facts' order makes the dicts, the same every time
_DECODER = msgspec.json.Decoder(State)

#: Whose text decides what facts make of a state.
_MAKERS = (
    box_book,
    box_contents,
    box_fold,
    case_book,
    case_facts,
    case_words,
    cases,
    collection_facts,
    board,
    bookings,
    diagnosis,
    diagnosis_facts,
    diagnosis_moves,
    facts,
    findings,
    fold,
    fold_choosing,
    fold_outbox,
    lately,
    ledger,
    money,
    moves,
    offer,
    operation_facts,
    order_book,
    paper,
    people,
    receipts,
    redemption_facts,
    redemptions,
    register_book,
    registers,
    remote_orders,
    session,
    sign_in,
    staff,
    staff_book,
    staff_facts,
    staff_moves,
    state,
    totals,
)
_LABEL = b"kiosk journal checkpoint 1\0"


@lru_cache(maxsize=1)
def state_version() -> str:
    """Names the program text that makes a state: a changed rule makes its own checkpoints and trusts no older one."""
    digest = hashlib.sha256()
    for module in _MAKERS:
        assert module.__file__ is not None
        digest.update(Path(module.__file__).read_bytes())
    return digest.hexdigest()[:32]


def to_bytes(at_rest: State) -> bytes:
    """What a restart keeps of a state at rest, canonical."""
    return _ENCODER.encode(durable(at_rest))


def signed_part(seq: int, head: bytes, version: str, state_hash: bytes) -> bytes:
    """The bytes a checkpoint's signature covers."""
    return _LABEL + f"{seq}:{version}:".encode() + head + state_hash


def make(at_rest: State, seq: int, head: bytes, key: SigningKey) -> Checkpoint:
    """The signed checkpoint of a state at rest after row `seq` with hash `head`."""
    body, version = to_bytes(at_rest), state_version()
    state_hash = hashlib.sha256(body).digest()
    signature = key.sign(signed_part(seq, head, version, state_hash))
    return Checkpoint(seq, head, version, state_hash, body, key.public_key, signature)


def fault(checkpoint: Checkpoint) -> str:
    """What is wrong with a checkpoint in itself, in words; empty when it holds."""
    signed = signed_part(checkpoint.seq, checkpoint.head, checkpoint.state_version, checkpoint.state_hash)
    if not is_signed(checkpoint.public_key, signed, checkpoint.signature):
        return "its signature is wrong"
    if checkpoint.state is not None and hashlib.sha256(checkpoint.state).digest() != checkpoint.state_hash:
        return "its state was changed"
    return ""


def usable(checkpoint: Checkpoint | None, key: SigningKey) -> State | None:
    """The state to start from, or None: then every row is read, which is always right and only slower."""
    if checkpoint is None or checkpoint.state is None:
        return None
    if checkpoint.state_version != state_version():
        log.info("the checkpoint at row %d is another program's; reading every row", checkpoint.seq)
        return None
    trouble = fault(checkpoint) or ("" if checkpoint.public_key == key.public_key else "it is signed by another key")
    if trouble:
        log.error("the checkpoint at row %d is not used: %s", checkpoint.seq, trouble)
        return None
    return _DECODER.decode(checkpoint.state)
