"""What the aggregator refuses, by name."""

from kiosk.terminal_api import FieldFault, ProblemCode


class RefusedError(Exception):
    """A request that is understood and refused. `status` is the HTTP status of the terminal API's answer."""

    def __init__(self, status: int, code: ProblemCode, message: str, faults: tuple[FieldFault, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.faults = faults


class MerchantError(Exception):
    """A merchant's request that cannot be taken; the text says what to fix. `code`: Robokassa's result code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class AdminError(Exception):
    """What an administrator asked for cannot be done; the text says why, and what to do first. Nothing was changed."""
