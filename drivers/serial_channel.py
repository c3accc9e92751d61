"""A ByteChannel over a serial port: the only importer of pyserial.

Answers for: opening a port exclusively and turning every foreign error into ours. Does not answer for: protocols.
Reading waits in the event loop for the descriptor, so there is no thread and cancelling is immediate.
"""

import asyncio
import errno
import os
import termios
from collections.abc import Callable, Mapping
from pathlib import Path

import serial

from drivers.errors import (
    CallTechnicianError,
    ChannelTimeoutError,
    DriverError,
    LinkLostError,
    PortBusyError,
    PortDeniedError,
    PortMissingError,
)

PSEUDO_TERMINALS = "/dev/pts"

#: What an errno at opening means, and what to do about it.
OPEN_ERRORS: Mapping[int, tuple[type[DriverError], str]] = {
    errno.ENOENT: (PortMissingError, "no such port; is the device plugged in? Prefer a name in /dev/serial/by-id"),
    errno.ENXIO: (PortMissingError, "the port leads nowhere; is the device plugged in?"),
    errno.EACCES: (PortDeniedError, "no permission; add the user to the port's group (ls -l shows it)"),
    errno.EPERM: (PortDeniedError, "no permission; add the user to the port's group (ls -l shows it)"),
    errno.EBUSY: (PortBusyError, "another process uses the port"),
    errno.EAGAIN: (PortBusyError, "another process uses the port"),
    errno.EWOULDBLOCK: (PortBusyError, "another process uses the port"),
    errno.ENOTTY: (CallTechnicianError, "not a serial port"),
}


def open_serial(port: str, baud: int, parity: str = "N", stop_bits: int = 1, data_bits: int = 8) -> "SerialChannel":
    """Open `port` for us alone. Raises the CallTechnicianError that says what to do.

    A pseudo-terminal carries bytes without parity or speed, and refuses any other setting than 8N1 (EINVAL).
    """
    if Path(port).resolve().is_relative_to(PSEUDO_TERMINALS):
        parity, stop_bits, data_bits = "N", 1, 8
    try:
        line = serial.Serial(
            port,
            baud,
            bytesize=data_bits,
            parity=parity,
            stopbits=stop_bits,
            timeout=0,
            write_timeout=0,
            exclusive=True,
        )
    except (OSError, ValueError) as error:
        raise opening_error(port, error) from error
    return SerialChannel(line, port)


def opening_error(port: str, error: Exception) -> DriverError:
    """Our error for a foreign one met while opening."""
    kind, advice = OPEN_ERRORS.get(_error_number(error), (CallTechnicianError, str(error)))
    return kind(f"{port}: {advice}")


def _error_number(error: BaseException | None) -> int:
    """The errno behind a pyserial error, which wraps some and drops the number of others; 0 if there is none."""
    while error is not None:
        if isinstance(error, OSError) and error.errno:
            return error.errno
        if isinstance(error, termios.error):
            return int(error.args[0])
        error = error.__cause__ or error.__context__
    return 0


class SerialChannel:
    """An open port. One owner."""

    def __init__(self, line: serial.Serial, port: str) -> None:
        self._line = line
        self._port = port
        self._closed = False

    def __repr__(self) -> str:
        return f"<serial {self._port} {'closed' if self._closed else 'open'}>"

    async def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """At least one byte, or ChannelTimeoutError, or LinkLostError when the adapter was pulled."""
        data = self._take(max_bytes)
        if data:
            return data
        if timeout_s <= 0:
            raise ChannelTimeoutError(f"{self._port}: nothing to read")
        loop = asyncio.get_running_loop()
        await self._ready(loop.add_reader, loop.remove_reader, timeout_s, "nothing to read")
        data = self._take(max_bytes)
        if not data:
            raise LinkLostError(f"{self._port}: the line ended")
        return data

    def _take(self, max_bytes: int) -> bytes:
        """What is there now. A terminal with VMIN=0 gives no bytes, another descriptor EAGAIN, when there is nothing."""
        try:
            return os.read(self._descriptor(), max_bytes)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise LinkLostError(f"{self._port}: the line ended ({error.strerror}); unplugged?") from error

    async def write(self, data: bytes, timeout_s: float) -> None:
        """Hand all of `data` to the port within `timeout_s`."""
        loop = asyncio.get_running_loop()
        rest = memoryview(data)
        while rest:
            await self._ready(loop.add_writer, loop.remove_writer, timeout_s, "the port takes no bytes")
            try:
                rest = rest[os.write(self._descriptor(), rest) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise LinkLostError(f"{self._port}: {error.strerror}") from error

    async def close(self) -> None:
        """Give the port back. Idempotent."""
        if not self._closed:
            self._closed = True
            self._line.close()

    def _descriptor(self) -> int:
        if self._closed:
            raise LinkLostError(f"{self._port}: closed")
        return int(self._line.fileno())

    async def _ready(
        self, watch: Callable[..., None], unwatch: Callable[[int], bool], timeout_s: float, complaint: str
    ) -> None:
        descriptor = self._descriptor()
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        watch(descriptor, lambda: None if ready.done() else ready.set_result(None))
        try:
            async with asyncio.timeout(timeout_s):
                await ready
        except TimeoutError:
            raise ChannelTimeoutError(f"{self._port}: {complaint} within {timeout_s} s") from None
        finally:
            unwatch(descriptor)
