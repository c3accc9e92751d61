"""What SSP replies carry: the list of events in a POLL reply, the channels in a SETUP reply.

Answers for: taking replies apart. Does not answer for: what an event means for a note (`engine`).
"""

from collections.abc import Iterator

from drivers.bill_acceptor.ccnet.codes import CURRENCIES
from drivers.bill_acceptor.interface import Denomination
from drivers.bill_acceptor.ssp.codes import CHANNELS_MAX, WITH_CHANNEL, Event

KNOWN_CURRENCIES = frozenset(CURRENCIES.values())  #: SSP names ISO 4217 currencies
FIRMWARE = slice(1, 5)
COUNTRY = slice(5, 8)
MULTIPLIER = slice(8, 11)
CHANNEL_COUNT = 11
EXPANDED_SINCE = (
    6  #: protocol version from which every channel has its own currency and a value of four bytes; recalled
)


def events(data: bytes) -> Iterator[tuple[Event, int]]:
    """Event and channel (0: none) of a POLL reply behind its OK.

    An unknown event ends the list: how long it is nobody knows, and a byte of it must not be taken for money.
    """
    at = 0
    while at < len(data):
        try:
            event = Event(data[at])
        except ValueError:
            return
        channelled = event in WITH_CHANNEL
        if channelled and at + 1 >= len(data):
            return
        yield event, data[at + 1] if channelled else 0
        at += 2 if channelled else 1


def firmware(data: bytes) -> str:
    """Four letters of a SETUP reply behind its OK."""
    return data[FIRMWARE].decode("ascii", "replace").strip("\0 ")


def channels(data: bytes) -> tuple[Denomination, ...]:
    """Denominations of a SETUP reply behind its OK; `note_type` is the channel. What we cannot value is left out."""
    count = data[CHANNEL_COUNT] if len(data) > CHANNEL_COUNT else 0
    tail = CHANNEL_COUNT + 1 + 2 * count  # behind values and security bytes
    if not 0 < count <= CHANNELS_MAX or len(data) < tail + 4:
        return ()
    minor_per_unit = int.from_bytes(data[tail : tail + 3], "big")
    version, expanded = data[tail + 3], data[tail + 4 :]
    if version >= EXPANDED_SINCE and len(expanded) >= 7 * count:
        currencies = [expanded[3 * n : 3 * n + 3] for n in range(count)]
        values = [int.from_bytes(expanded[3 * count + 4 * n :][:4], "little") for n in range(count)]
    else:
        currencies = [data[COUNTRY]] * count
        values = [value * int.from_bytes(data[MULTIPLIER], "big") for value in data[CHANNEL_COUNT + 1 :][:count]]
    rows = zip(range(1, count + 1), values, (name.decode("ascii", "replace") for name in currencies), strict=True)
    return tuple(
        Denomination(channel, value * minor_per_unit, currency)
        for channel, value, currency in rows
        if value * minor_per_unit and currency in KNOWN_CURRENCIES
    )
