"""One tree of driver errors, named by what must happen next.

    DriverError
    ├── RetryableError         the same call may be made again (line noise, a busy device)
    ├── DeviceStateError       the device refused; ask it for its state before anything else
    ├── CallTechnicianError    nothing the program does will help (no port, no permission, broken unit)
    │   ├── PortMissingError   the device node does not exist (unplugged, wrong path)
    │   ├── PortDeniedError    the process may not open it (group, udev rule)
    │   └── PortBusyError      another process owns it
    ├── LinkLostError          the channel ended under us (unplugged, peer closed)
    ├── ChannelTimeoutError    a read or write did not finish within its deadline
    └── OutcomeUnknownError    something was asked for and no answer tells whether it happened

Foreign exceptions (pyserial, pyusb, OS) are mapped onto this tree once, at the seam that meets them.
"""


class DriverError(Exception):
    """Root of everything a driver raises on purpose."""


class RetryableError(DriverError):
    """The same call may be made again."""


class DeviceStateError(DriverError):
    """The device refused; read its state before the next command."""


class CallTechnicianError(DriverError):
    """A person has to mend something; the message says what."""


class PortMissingError(CallTechnicianError):
    """The device node does not exist."""


class PortDeniedError(CallTechnicianError):
    """The process has no right to open the device node."""


class PortBusyError(CallTechnicianError):
    """Another process holds the device node."""


class LinkLostError(DriverError):
    """The channel ended: unplugged or closed by the peer."""


class ChannelTimeoutError(DriverError):
    """A read or a write missed its deadline."""


class OutcomeUnknownError(DriverError):
    """The device was asked to act and has not said whether it did."""
