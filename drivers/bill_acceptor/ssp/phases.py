"""The phases of a host's life with an SSP unit, and what leads from one to the next. Data only.

Answers for: the transition table. Does not answer for: what is sent or told in a phase (`engine`).

    CONTACT  nothing known: SYNC until something answers
    MEETING  version, channels, serial number, and by HOLD whether a note waits in escrow: nothing of this moves a note
    LOOKING  the first POLL tells what the unit is doing; a note found at power-up may still be told
    MOVING   a note is on its way and nobody here asked for it: let it settle, reject what waits in escrow
    QUIETING the unit takes notes for a host that is gone: disable it
    RUNNING  ready or taking notes
    FAULTY   jam, cash box, open path
"""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto

from drivers.bill_acceptor.interface import AcceptorState


class Phase(StrEnum):
    CONTACT = "contact"
    MEETING = "meeting"
    LOOKING = "looking"
    MOVING = "moving"
    QUIETING = "quieting"
    RUNNING = "running"
    FAULTY = "faulty"


class Sign(Enum):
    """What a reply means for the phase."""

    SYNCED = auto()
    MET = auto()  #: every question was answered or refused
    RESTARTED = auto()  #: slave reset, told after power-up and RESET: what we set is forgotten
    INITIALIZE = auto()
    REST = auto()  #: disabled
    IDLE = auto()
    MOTION = auto()  #: a note is somewhere on its way
    FAULT = auto()
    RESET_TAKEN = auto()
    LINE_UP = auto()


_SEEN: Mapping[Sign, Phase] = {
    Sign.RESTARTED: Phase.MEETING,
    Sign.INITIALIZE: Phase.LOOKING,
    Sign.REST: Phase.RUNNING,
    Sign.IDLE: Phase.QUIETING,
    Sign.MOTION: Phase.MOVING,
    Sign.FAULT: Phase.FAULTY,
    Sign.LINE_UP: Phase.CONTACT,
}

#: An absent entry is illegal: the sign changes nothing.
TRANSITIONS: Mapping[Phase, Mapping[Sign, Phase]] = {
    Phase.CONTACT: {Sign.SYNCED: Phase.MEETING},
    Phase.MEETING: {Sign.MET: Phase.LOOKING, Sign.LINE_UP: Phase.CONTACT},
    Phase.LOOKING: _SEEN,
    Phase.MOVING: _SEEN,
    Phase.QUIETING: _SEEN,
    Phase.RUNNING: {
        Sign.RESTARTED: Phase.MEETING,
        Sign.INITIALIZE: Phase.LOOKING,
        Sign.REST: Phase.RUNNING,
        Sign.IDLE: Phase.RUNNING,
        Sign.MOTION: Phase.RUNNING,
        Sign.FAULT: Phase.FAULTY,
        Sign.LINE_UP: Phase.CONTACT,
    },
    Phase.FAULTY: {**_SEEN, Sign.RESET_TAKEN: Phase.CONTACT},
}

SIGNS: Mapping[AcceptorState, Sign] = {
    AcceptorState.INITIALIZING: Sign.INITIALIZE,
    AcceptorState.DISABLED: Sign.REST,
    AcceptorState.IDLE: Sign.IDLE,
    AcceptorState.FAULT: Sign.FAULT,
}
