"""How each part of the kiosk is, at a glance: a light and, when it is not green, the reason.

Answers for: which part, which light, which words, from what the till knows. Does not answer for: asking devices (their drivers
do), who is told (`heartbeat`), proof that a part works (a technician's tests).
"""

from collections.abc import Mapping

from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.receipts import Doubt
from kiosk.domain.register_book import day_of, shifted
from kiosk.domain.state import State
from kiosk.terminal_api import Light

REGISTER_DAYS_LATE = 3  #: a day's register that is not had for so long wants looking after

Shown = tuple[Light, str]
GREEN: Shown = (Light.GREEN, "")

ACCEPTOR: Mapping[AcceptorCondition, Shown] = {
    AcceptorCondition.UNKNOWN: (Light.AMBER, "not seen yet"),
    AcceptorCondition.LOST: (Light.RED, "does not answer"),
    AcceptorCondition.STARTING: (Light.AMBER, "starting"),
    AcceptorCondition.DISABLED: GREEN,
    AcceptorCondition.IDLE: GREEN,
    AcceptorCondition.MOVING: GREEN,
    AcceptorCondition.FAULT: (Light.RED, "fault"),
}
DISK: Mapping[bool | None, Shown] = {
    None: (Light.AMBER, "not looked at yet"),
    True: GREEN,
    False: (Light.RED, "nearly full"),
}
CLOCK: Mapping[bool | None, Shown] = {
    None: (Light.AMBER, "not compared with the aggregator's yet"),
    True: GREEN,
    False: (Light.AMBER, "differs from the aggregator's by more than five minutes"),
}
NETWORK: Mapping[bool | None, Shown] = {
    None: (Light.AMBER, "nothing heard yet"),
    True: GREEN,
    False: (Light.AMBER, "the aggregator was out of reach until now"),
}


def parts(state: State, utc_us: int) -> dict[str, Shown]:
    """Every part by its name. `utc_us`: now."""
    devices = state.devices
    light, words = ACCEPTOR[devices.acceptor]
    return {
        "acceptor": (light, devices.acceptor_fault or words),
        "printer": _printer(state),
        "network": NETWORK[devices.network_up],
        "disk": DISK[devices.has_room],
        "clock": CLOCK[devices.clock_trusted],
        "acceptance": _acceptance(state),
        "cash_box": _cash_box(state),
        "registers": _registers(state, utc_us),
    }


def _printer(state: State) -> Shown:
    if state.devices.can_print is False:
        return Light.RED, state.printer_trouble or "cannot print"
    if state.printer_trouble:
        return Light.AMBER, state.printer_trouble
    return GREEN if state.devices.can_print else (Light.AMBER, "not asked yet")


def _acceptance(state: State) -> Shown:
    """Whether anything but a device keeps notes from being taken."""
    if state.latched:
        return Light.RED, f"latched off: {state.latched}"
    if state.remote.is_closing:
        return Light.AMBER, "locked by a remote order"
    return GREEN


def _cash_box(state: State) -> Shown:
    """Whether it is where it should be, and nobody had it alone."""
    book = state.box
    if book.collection is not None:
        return Light.AMBER, f"a collection is under way: {book.collection.step}"
    if book.is_out:
        return Light.RED, "it is out of the kiosk"
    alone = Doubt.BOX_AWAY in book.doubts
    return (Light.AMBER, "it was out with nobody signed in, and has to be counted") if alone else GREEN


def _registers(state: State, utc_us: int) -> Shown:
    """Whether the journal agrees with what the aggregator says."""
    book = state.registers
    if not book.begun_at_us:
        return GREEN
    if book.differences:
        return Light.AMBER, f"the register of {book.through} differs in {book.differences}; see the journal"
    if book.through < shifted(day_of(utc_us), -REGISTER_DAYS_LATE):
        return Light.AMBER, f"compared up to {book.through} only"
    return GREEN
