"""Which protocols there are: name → engine, line settings, probe, twin. Adding one is its folder and a line here."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from drivers.bill_acceptor.ccnet import codes as ccnet_codes
from drivers.bill_acceptor.ccnet import probe as ccnet_probe
from drivers.bill_acceptor.ccnet.engine import CcnetEngine
from drivers.bill_acceptor.driver import EngineDriver
from drivers.bill_acceptor.ebds import codes as ebds_codes
from drivers.bill_acceptor.ebds import probe as ebds_probe
from drivers.bill_acceptor.ebds.engine import EbdsEngine
from drivers.bill_acceptor.engine import ProtocolEngine
from drivers.bill_acceptor.id003 import codes as id003_codes
from drivers.bill_acceptor.id003 import probe as id003_probe
from drivers.bill_acceptor.id003.engine import Id003Engine
from drivers.bill_acceptor.interface import BillAcceptor
from drivers.bill_acceptor.probe import Candidate, Probe, detect
from drivers.bill_acceptor.ssp import codes as ssp_codes
from drivers.bill_acceptor.ssp import probe as ssp_probe
from drivers.bill_acceptor.ssp.engine import SspEngine
from drivers.channel import ByteChannel
from drivers.serial_channel import SerialChannel, open_serial


@dataclass(frozen=True, slots=True)
class ProtocolLine:
    """How to talk: `make_engine(poll_interval_s)` on a line with these settings.

    `other_bauds`: speeds a switch on the unit may set instead. Without a `probe` the protocol is never found by itself.
    `twin`: "module:class" of the simulated unit, loaded only when one is wanted.
    """

    make_engine: Callable[[float], ProtocolEngine]
    twin: str
    baud: int
    parity: str = "N"
    stop_bits: int = 1
    data_bits: int = 8
    other_bauds: tuple[int, ...] = ()
    probe: Probe | None = None

    def open(self, port: str, baud: int) -> SerialChannel:
        """The port at this speed, for us alone. Raises CallTechnicianError."""
        return open_serial(port, baud, self.parity, self.stop_bits, self.data_bits)


_ROOM = "drivers.bill_acceptor"

PROTOCOLS: Mapping[str, ProtocolLine] = {
    "ccnet": ProtocolLine(
        CcnetEngine,
        f"{_ROOM}.ccnet.twin:CcnetTwin",
        ccnet_codes.BAUD,
        other_bauds=ccnet_codes.OTHER_BAUDS,
        probe=ccnet_probe.PROBE,
    ),
    "id003": ProtocolLine(
        Id003Engine,
        f"{_ROOM}.id003.twin:Id003Twin",
        id003_codes.BAUD,
        parity=id003_codes.PARITY,
        other_bauds=id003_codes.OTHER_BAUDS,
        probe=id003_probe.PROBE,
    ),
    "ssp": ProtocolLine(
        SspEngine,
        f"{_ROOM}.ssp.twin:SspTwin",
        ssp_codes.BAUD,
        stop_bits=ssp_codes.STOP_BITS,
        probe=ssp_probe.PROBE,
    ),
    "ebds": ProtocolLine(
        EbdsEngine,
        f"{_ROOM}.ebds.twin:EbdsTwin",
        ebds_codes.BAUD,
        ebds_codes.PARITY,
        data_bits=ebds_codes.DATA_BITS,
        probe=ebds_probe.PROBE,
    ),
}


def open_acceptor(protocol: str, port: str, poll_interval_s: float) -> BillAcceptor:
    """An acceptor on a serial port; the port itself is opened by `run`, at the next speed when nobody answers at this one.

    Raises ValueError for an unknown protocol.
    """
    if protocol not in PROTOCOLS:
        raise ValueError(f"unknown acceptor protocol {protocol!r}; known: {', '.join(sorted(PROTOCOLS))}")
    line = PROTOCOLS[protocol]
    bauds = deque((line.baud, *line.other_bauds))

    async def open_channel() -> ByteChannel:
        return line.open(port, bauds[0])

    return EngineDriver(line.make_engine(poll_interval_s), open_channel, nobody_answers=partial(bauds.rotate, -1))


async def detect_protocol(port: str) -> str:
    """The protocol that answers on `port`. Raises CallTechnicianError saying what was tried or why the port cannot be had."""
    candidates = (
        Candidate(name, baud, line.probe, partial(line.open, port, baud))
        for name, line in PROTOCOLS.items()
        for baud in (line.baud, *line.other_bauds)
        if line.probe is not None
    )
    return (await detect(candidates)).protocol
