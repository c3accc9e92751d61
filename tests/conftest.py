"""Guards over every test: none leaves a thread or a child process behind, none reaches past this machine.

Unclosed files, sockets and event loops are warnings, and warnings are errors (pyproject.toml).
"""

import ipaddress
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ("tests.support.databases", "tests.support.gateway_stories")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Real devices for the contract suites; a person then feeds notes, looks at the paper, holds codes before the scanner."""
    parser.addoption("--acceptor-port", metavar="PORT", help="run the acceptor contract on this port too")
    parser.addoption("--acceptor-protocol", metavar="P", help="what that acceptor speaks (default: found out)")
    parser.addoption("--scanner-port", metavar="PORT", help="run the scanner contract on this port too")
    parser.addoption("--printer-usb", metavar="VID:PID", help="run the printer contract on this printer too")
    parser.addoption("--printer-profile", metavar="NAME", default="generic", help="its profile in config/printers")


GRACE_S = 3.0  #: for a thread or child that is already on its way out
HOST_EVENTS = {"socket.connect", "socket.bind", "socket.sendto"}


def _is_of_this_machine(host: object) -> bool:
    if host in {"", "localhost", None}:
        return host != ""  # "" binds every interface
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_the_outside(event: str, arguments: tuple[Any, ...]) -> None:
    if event in HOST_EVENTS:
        address = arguments[1]
        if isinstance(address, tuple) and not _is_of_this_machine(address[0]):
            raise RuntimeError(f"a test may only use loopback, not {address!r} ({event})")
    elif event == "socket.getaddrinfo" and not _is_of_this_machine(_text(arguments[0])):
        raise RuntimeError(f"a test may not look up {arguments[0]!r}")


def _text(host: object) -> object:
    return host.decode() if isinstance(host, bytes) else host


sys.addaudithook(_refuse_the_outside)


def _children() -> set[int]:
    """Of every thread. One that ends while we look takes its list with it: its children are the main thread's by then."""
    found: set[int] = set()
    for children in Path("/proc/self/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found.update(int(pid) for pid in children.read_text().split())
    return found


@pytest.fixture(autouse=True)
def _logging_is_as_it_was() -> Iterator[None]:
    """A command that was run sets up logging for its process; the next test is another one."""
    root = logging.getLogger()
    level, handlers, httpx = root.level, root.handlers[:], logging.getLogger("httpx").level
    yield
    root.setLevel(level)
    root.handlers[:] = handlers
    logging.getLogger("httpx").setLevel(httpx)


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    threads, children = set(threading.enumerate()), _children()
    yield
    deadline_s = time.monotonic() + GRACE_S
    left_threads = [thread for thread in threading.enumerate() if thread not in threads]
    for thread in left_threads:
        thread.join(max(0.0, deadline_s - time.monotonic()))
    left_children = _children() - children
    for pid in left_children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    alive = [thread.name for thread in left_threads if thread.is_alive()]
    assert not alive, f"threads left behind: {alive}"
    assert not left_children, f"child processes left behind: {sorted(left_children)}"
