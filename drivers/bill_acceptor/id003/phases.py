"""The phases of a host's life with an ID-003 unit, and what leads from one to the next. Data only.

Answers for: the transition table. Does not answer for: what is sent or told in a phase (`engine`).

    CONTACT      nothing known; VERSION REQUEST tells a unit from an echo, the first status tells the rest
    MOVING       a note was on its way when we came: let it settle, give back what waits in escrow
    QUIETING     the unit takes notes for a host that is gone: inhibit it before asking it anything
    LEARNING     at rest: ask who it is and which notes it knows
    WAKING       RESET is owed, and sent once the listener has recorded why
    INITIALIZING RESET was taken, or the unit restarts by itself
    SETTING      it shows INITIALIZE, the only state in which it takes settings
    SETTLING     settings are in; a note found at power-up may still be told (VEND VALID)
    RUNNING      ready or taking notes
    FAULTY       jam, stacker, failure, fraud
"""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto

from drivers.bill_acceptor.interface import AcceptorState


class Phase(StrEnum):
    CONTACT = "contact"
    MOVING = "moving"
    QUIETING = "quieting"
    LEARNING = "learning"
    WAKING = "waking"
    INITIALIZING = "initializing"
    SETTING = "setting"
    SETTLING = "settling"
    RUNNING = "running"
    FAULTY = "faulty"


class Sign(Enum):
    """What a reply means for the phase."""

    POWER_UP = auto()  #: 40, 41, 42
    INITIALIZE = auto()  #: 1B
    REST = auto()  #: 1A
    IDLE = auto()  #: 11
    MOTION = auto()  #: a note is somewhere on its way
    FAULT = auto()
    LEARNT = auto()  #: version and currency table are in
    SET = auto()  #: every setting was answered, or given up
    RESET_TAKEN = auto()
    LINE_UP = auto()


_SEEN: Mapping[Sign, Phase] = {
    Sign.POWER_UP: Phase.WAKING,
    Sign.INITIALIZE: Phase.SETTING,
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
    Phase.LEARNING: {Sign.LEARNT: Phase.RUNNING, Sign.LINE_UP: Phase.CONTACT},
    Phase.WAKING: {
        **_SEEN,
        Sign.MOTION: Phase.SETTLING,
        Sign.RESET_TAKEN: Phase.INITIALIZING,
    },
    Phase.INITIALIZING: {**_SEEN, Sign.MOTION: Phase.SETTLING},
    Phase.SETTING: {Sign.SET: Phase.SETTLING, Sign.LINE_UP: Phase.CONTACT},
    Phase.SETTLING: {**_SEEN, Sign.INITIALIZE: Phase.SETTLING, Sign.MOTION: Phase.SETTLING},
    Phase.RUNNING: {
        Sign.POWER_UP: Phase.WAKING,
        Sign.INITIALIZE: Phase.SETTING,
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
