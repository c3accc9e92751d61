"""What a technician reads when a port cannot be had, and what becomes of a line that is pulled out. Real pseudo-terminals."""

import asyncio
import errno
import os
import tty
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from drivers.errors import (
    CallTechnicianError,
    ChannelTimeoutError,
    LinkLostError,
    PortBusyError,
    PortDeniedError,
    PortMissingError,
)
from drivers.serial_channel import OPEN_ERRORS, open_serial, opening_error


@contextmanager
def pty():
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        yield master, os.ttyname(slave)
    finally:
        os.close(slave)
        os.close(master)


def test_a_missing_port_asks_whether_it_is_plugged_in(tmp_path):
    with pytest.raises(PortMissingError, match="plugged in"):
        open_serial(str(tmp_path / "ttyUSB0"), 9600)


def test_a_port_in_use_is_named_as_such():
    async def story():
        with pty() as (_, port):
            first = open_serial(port, 9600)
            with pytest.raises(PortBusyError, match="another process uses the port"):
                open_serial(port, 9600)
            await first.close()
            await open_serial(port, 9600).close()

    asyncio.run(story())


def test_a_file_is_no_port(tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(CallTechnicianError, match="not a serial port"):
        open_serial(str(file), 9600)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_port_without_permission_says_whose_it_is(tmp_path):
    with pty() as (_, port):
        Path(port).chmod(0)
        with pytest.raises(PortDeniedError, match="add the user to the port's group"):
            open_serial(port, 9600)


@pytest.mark.parametrize("number", OPEN_ERRORS)
@pytest.mark.parametrize("kind", [OSError, serial.SerialException])
def test_every_foreign_error_at_opening_has_one_of_ours(number, kind):
    ours = opening_error("/dev/x", kind(number, os.strerror(number)))
    assert type(ours) is OPEN_ERRORS[number][0]
    assert str(ours) == f"/dev/x: {OPEN_ERRORS[number][1]}"


def test_an_error_nobody_foresaw_keeps_its_own_words():
    ours = opening_error("/dev/x", OSError(errno.EIO, "Input/output error"))
    assert type(ours) is CallTechnicianError
    assert "Input/output error" in str(ours)


def test_what_is_there_already_is_read_without_time():
    async def story():
        with pty() as (master, port):
            channel = open_serial(port, 9600)
            with pytest.raises(ChannelTimeoutError):
                await channel.read(10, 0.0)
            os.write(master, b"abc")
            assert await channel.read(10, 1.0) == b"abc"
            await channel.close()

    asyncio.run(story())


def test_a_line_pulled_out_ends_a_read_that_waits():
    async def story():
        master, slave = os.openpty()
        tty.setraw(slave)
        channel = open_serial(os.ttyname(slave), 9600)
        os.close(slave)
        asyncio.get_running_loop().call_soon(os.close, master)
        with pytest.raises(LinkLostError):
            await channel.read(10, 5.0)
        await channel.close()

    asyncio.run(story())


def test_a_closed_channel_says_so():
    async def story():
        with pty() as (_, port):
            channel = open_serial(port, 9600)
            await channel.close()
            await channel.close()
            with pytest.raises(LinkLostError, match="closed"):
                await channel.read(1, 0.0)

    asyncio.run(story())
