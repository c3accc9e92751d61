"""Which protocols there are: name → engine and line settings. Adding one is its folder and a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.bill_acceptor.ccnet import codes as ccnet_codes
from drivers.bill_acceptor.ccnet.engine import CcnetEngine
from drivers.bill_acceptor.driver import EngineDriver
from drivers.bill_acceptor.engine import ProtocolEngine
from drivers.bill_acceptor.id003 import codes as id003_codes
from drivers.bill_acceptor.id003.engine import Id003Engine
from drivers.bill_acceptor.interface import BillAcceptor
from drivers.bill_acceptor.ssp import codes as ssp_codes
from drivers.bill_acceptor.ssp.engine import SspEngine
from drivers.channel import ByteChannel
from drivers.serial_channel import open_serial


@dataclass(frozen=True, slots=True)
class ProtocolLine:
    """How to talk: `make_engine(poll_interval_s)` on a line with these settings."""

    make_engine: Callable[[float], ProtocolEngine]
    baud: int
    parity: str = "N"
    stop_bits: int = 1
    data_bits: int = 8


PROTOCOLS: Mapping[str, ProtocolLine] = {
    "ccnet": ProtocolLine(CcnetEngine, ccnet_codes.BAUD),
    "id003": ProtocolLine(Id003Engine, id003_codes.BAUD, parity=id003_codes.PARITY),
    "ssp": ProtocolLine(SspEngine, ssp_codes.BAUD, stop_bits=ssp_codes.STOP_BITS),
}


def open_acceptor(protocol: str, port: str, poll_interval_s: float) -> BillAcceptor:
    """An acceptor on a serial port; the port itself is opened by `run`. Raises ValueError for an unknown protocol."""
    if protocol not in PROTOCOLS:
        raise ValueError(f"unknown acceptor protocol {protocol!r}; known: {', '.join(sorted(PROTOCOLS))}")
    line = PROTOCOLS[protocol]

    async def open_channel() -> ByteChannel:
        return open_serial(port, line.baud, line.parity, line.stop_bits, line.data_bits)

    return EngineDriver(line.make_engine(poll_interval_s), open_channel)
