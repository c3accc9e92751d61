"""What the machine itself says of its network, without sending a byte to anyone but a name server.

Answers for: links, ways, names. Does not answer for: what follows (`network`).
"""

import fcntl
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

INTERFACES = Path("/sys/class/net")
LOOPBACK = "lo"
SIOCGIFADDR = 0x8915  #: netdevice(7): the address of an interface
NAME_BYTES = 16  #: IFNAMSIZ, <net/if.h>


@dataclass(frozen=True, slots=True)
class Eyes:
    """`links`: interface but for loopback → whether it has a link. `way_to`: the interface that leads to an address, empty
    when none does. `resolve`: addresses of a name and port; blocks, raises OSError.
    """

    links: Callable[[], Mapping[str, bool]]
    way_to: Callable[[str, int], str]
    resolve: Callable[[str, int], Sequence[str]]


def is_loopback(host: str) -> bool:
    """Whether the far end is this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _links() -> Mapping[str, bool]:
    if not INTERFACES.is_dir():
        return {}
    return {path.name: _has_link(path) for path in sorted(INTERFACES.iterdir()) if path.name != LOOPBACK}


def _has_link(interface: Path) -> bool:
    """An interface that is switched off has no carrier to read (EINVAL)."""
    try:
        return (interface / "carrier").read_text().strip() == "1"
    except OSError:
        return False


def _way_to(address: str, port: int) -> str:
    """The kernel looks its routes up when a datagram socket is connected; nothing is sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as line:
            line.connect((address, port))
            here = str(line.getsockname()[0])
    except OSError:
        return ""
    if is_loopback(address):
        return LOOPBACK
    return _interface_of(here) or here


def _interface_of(address: str) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        for _, name in socket.if_nameindex():
            with suppress(OSError):  # an interface without an IPv4 address
                asked = struct.pack("256s", name.encode()[: NAME_BYTES - 1])
                if socket.inet_ntoa(fcntl.ioctl(line.fileno(), SIOCGIFADDR, asked)[20:24]) == address:
                    return name
    return ""


def _resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


REAL_EYES = Eyes(_links, _way_to, _resolve)
