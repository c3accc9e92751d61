"""The phases of a host's life with a CCNET unit, and what leads from one to the next. Data only.

Answers for: the transition table (docs/diagrams shows it). Does not answer for: what is sent or told in a phase (`engine`).

    CONTACT      nothing known; the first POLL tells
    MOVING       a note was on its way when we came: let it settle, give back what waits in escrow
    QUIETING     the unit takes notes for a host that is gone: switch it off before asking it anything
    LEARNING     at rest: ask who it is and which notes it knows
    MEETING      just powered up: ask the same, then wake it
    WAKING       RESET is owed, and sent once the listener has recorded why
    INITIALIZING RESET was taken; a note found at power-up may still be told (81, 82)
    RUNNING      ready or taking notes
    FAULTY       jam, cassette, failure
"""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto

from drivers.bill_acceptor.interface import AcceptorState


class Phase(StrEnum):
    CONTACT = "contact"
    MOVING = "moving"
    QUIETING = "quieting"
    LEARNING = "learning"
    MEETING = "meeting"
    WAKING = "waking"
    INITIALIZING = "initializing"
    RUNNING = "running"
    FAULTY = "faulty"


class Sign(Enum):
    """What a reply means for the phase."""

    POWER_UP = auto()  #: 10, 11, 12
    INITIALIZE = auto()  #: 13
    REST = auto()  #: 19
    IDLE = auto()  #: 14
    MOTION = auto()  #: a note is somewhere on its way
    FAULT = auto()
    LEARNT = auto()  #: identification and bill table are in
    RESET_TAKEN = auto()
    LINE_UP = auto()


_SEEN: Mapping[Sign, Phase] = {
    Sign.POWER_UP: Phase.MEETING,
    Sign.INITIALIZE: Phase.INITIALIZING,
    Sign.REST: Phase.LEARNING,
    Sign.IDLE: Phase.QUIETING,
    Sign.FAULT: Phase.FAULTY,
    Sign.LINE_UP: Phase.CONTACT,
}

#: An absent entry is illegal: the sign changes nothing.
TRANSITIONS: Mapping[Phase, Mapping[Sign, Phase]] = {
    Phase.CONTACT: {**_SEEN, Sign.MOTION: Phase.MOVING},
    Phase.MOVING: {**_SEEN, Sign.MOTION: Phase.MOVING},
    Phase.QUIETING: {**_SEEN, Sign.MOTION: Phase.MOVING},
    Phase.LEARNING: {Sign.LEARNT: Phase.RUNNING, Sign.POWER_UP: Phase.MEETING, Sign.LINE_UP: Phase.CONTACT},
    Phase.MEETING: {Sign.LEARNT: Phase.WAKING, Sign.LINE_UP: Phase.CONTACT},
    Phase.WAKING: {
        **_SEEN,
        Sign.POWER_UP: Phase.WAKING,
        Sign.MOTION: Phase.INITIALIZING,
        Sign.RESET_TAKEN: Phase.INITIALIZING,
    },
    Phase.INITIALIZING: {**_SEEN, Sign.MOTION: Phase.INITIALIZING},
    Phase.RUNNING: {
        Sign.POWER_UP: Phase.MEETING,
        Sign.INITIALIZE: Phase.INITIALIZING,
        Sign.REST: Phase.RUNNING,
        Sign.IDLE: Phase.RUNNING,
        Sign.MOTION: Phase.RUNNING,
        Sign.FAULT: Phase.FAULTY,
        Sign.LINE_UP: Phase.CONTACT,
    },
    Phase.FAULTY: {**_SEEN, Sign.MOTION: Phase.MOVING, Sign.RESET_TAKEN: Phase.INITIALIZING},
}

SIGNS: Mapping[AcceptorState, Sign] = {
    AcceptorState.INITIALIZING: Sign.INITIALIZE,
    AcceptorState.DISABLED: Sign.REST,
    AcceptorState.IDLE: Sign.IDLE,
    AcceptorState.FAULT: Sign.FAULT,
}
