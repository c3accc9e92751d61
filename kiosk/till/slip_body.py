"""A slip's data as bytes: kept with its job before it is printed or shown, and never written any other way.

Answers for: that what comes out is what was recorded, that a copy tells when the receipt it copies was made. Does not answer for:
which data (`slip_data`), words (`kiosk.slips`).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import msgspec

from kiosk.domain.paper import first_receipt
from kiosk.domain.receipts import DATA_TYPES, CodeReceipt, ReceiptData, SlipData, SlipKind
from kiosk.domain.rules import Now, Rules
from kiosk.domain.session import Slip
from kiosk.domain.state import State
from kiosk.settings import TerminalSettings
from kiosk.slips import Stationery, plain_text
from kiosk.till.slip_data import receipt_data

_ENCODER = msgspec.json.Encoder(order="deterministic")


class _Kind(msgspec.Struct, frozen=True):
    """What of any slip's body tells how to read the rest."""

    kind: SlipKind


Receipt = ReceiptData | CodeReceipt
Freeze = Callable[[State, Slip, Now, Rules], bytes]


def slip_freezer(terminal: TerminalSettings) -> Freeze:
    """What `Rules.freeze_slip` is at this terminal. The slip need not be in the state yet."""

    def freeze(visit: State, slip: Slip, now: Now, rules: Rules) -> bytes:
        first = first_receipt(visit) if slip.copy else None
        at_us = first.at_us if first and first.at_us else slip.at_us
        with_slip = replace(visit, slips={**visit.slips, slip.slip_id: slip})
        data = receipt_data(with_slip, slip.slip_id, terminal, rules, at_us, now.journal_seq, now.journal_head)
        return write_slip(_from_where(data, first.body) if first else data)

    return freeze


def _from_where(data: Receipt, first_body: bytes) -> Receipt:
    """A copy names the place where the receipt was made, also when the kiosk has moved since."""
    first = read_body(first_body)
    if not isinstance(first, Receipt):
        return data
    return replace(
        data, terminal_name=first.terminal_name, terminal_address=first.terminal_address, time_zone=first.time_zone
    )


def receipt_reader(stationery: Stationery) -> Callable[[bytes], str]:
    """What the buyer's phone is given of a job's bytes; empty when they cannot be read any more."""

    @lru_cache(maxsize=4)
    def read(body: bytes) -> str:
        data = read_body(body)
        return plain_text(data, stationery) if isinstance(data, Receipt) else ""

    return read


def write_slip(data: SlipData) -> bytes:
    """What a slip tells, with its kind, as bytes."""
    return _ENCODER.encode(msgspec.to_builtins(data) | {"kind": data.kind})


def read_body(body: bytes) -> SlipData | None:
    """What a job's bytes tell; None once they are erased, or when another version of this program wrote them."""
    try:
        return _read(body) if body else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _read(body: bytes) -> SlipData:
    kind = msgspec.json.decode(body, type=_Kind).kind
    return msgspec.json.decode(body, type=DATA_TYPES[kind])
