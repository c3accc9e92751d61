"""The phases of a host's life with an EBDS unit, and what leads from one to the next. Data only.

Answers for: the transition table. Does not answer for: what is sent or told in a phase (`engine`). Every message of ours is a
poll that says what the unit may take: nothing, until it is RUNNING.

    CONTACT  nothing known; the first poll tells
    SETTLING the unit starts, or a note moves that nobody here asked for: let it settle, give back what waits in escrow
    LEARNING at rest: ask who it is and which notes it knows
    RUNNING  ready or taking notes
    FAULTY   jam, cassette, failure
"""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto

from drivers.bill_acceptor.interface import AcceptorState


class Phase(StrEnum):
    CONTACT = "contact"
    SETTLING = "settling"
    LEARNING = "learning"
    RUNNING = "running"
    FAULTY = "faulty"


class Sign(Enum):
    """What a reply means for the phase."""

    POWER_UP = auto()  #: the bit has come up
    INITIALIZE = auto()  #: no state at all
    REST = auto()
    MOTION = auto()  #: a note is somewhere on its way
    FAULT = auto()
    LEARNT = auto()
    LINE_UP = auto()


_SEEN: Mapping[Sign, Phase] = {
    Sign.POWER_UP: Phase.SETTLING,
    Sign.INITIALIZE: Phase.SETTLING,
    Sign.REST: Phase.LEARNING,
    Sign.MOTION: Phase.SETTLING,
    Sign.FAULT: Phase.FAULTY,
    Sign.LINE_UP: Phase.CONTACT,
}

#: An absent entry is illegal: the sign changes nothing.
TRANSITIONS: Mapping[Phase, Mapping[Sign, Phase]] = {
    Phase.CONTACT: _SEEN,
    Phase.SETTLING: _SEEN,
    Phase.LEARNING: {**_SEEN, Sign.REST: Phase.LEARNING, Sign.LEARNT: Phase.RUNNING},
    Phase.RUNNING: {
        Sign.POWER_UP: Phase.SETTLING,
        Sign.REST: Phase.RUNNING,
        Sign.MOTION: Phase.RUNNING,
        Sign.FAULT: Phase.FAULTY,
        Sign.LINE_UP: Phase.CONTACT,
    },
    Phase.FAULTY: _SEEN,
}

SIGNS: Mapping[AcceptorState, Sign] = {
    AcceptorState.INITIALIZING: Sign.INITIALIZE,
    AcceptorState.DISABLED: Sign.REST,
    AcceptorState.IDLE: Sign.REST,
    AcceptorState.FAULT: Sign.FAULT,
}
