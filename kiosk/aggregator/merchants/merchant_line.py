"""One HTTP call to a merchant's server: bounded in time and size, to public addresses alone, never led elsewhere.

Answers for: deadlines, a bounded answer, no redirects, no proxies, no private addresses. Does not answer for: what is said
(`notify`), when (`deliveries`). The only importer of httpx in this room.

A call goes through a transport alone, without httpx's client: that one writes URLs to its log, and a URL may hold a signature.
A merchant names its URL, and a name may mean any address by the time it is called. So the address is looked up once, judged, and
that very address is called, with the name in TLS and in the Host header.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

DEADLINE_S = 10.0  #: for everything: looking up, connecting, sending, the whole answer
ANSWER_BYTES_MAX = 4096
ANSWER_CHARACTERS_MAX = 200  #: as it is kept
NAT64 = ipaddress.ip_network("64:ff9b::/96")  #: RFC 6052: an IPv4 address is in the last 32 bits
PORTS: Mapping[str, int] = {"http": 80, "https": 443}
PORT_MAX = 65_535


class ForbiddenAddressError(Exception):
    """A merchant's name means an address of a private network."""


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call. `text` is the beginning of the answer, or why there is none."""

    status: int
    text: str


def is_public(address: str) -> bool:
    """Whether an address is of the public internet, whatever it is written or embedded in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class MerchantLine:
    """Calls merchants. `private_allowed`: also on this machine and its network, as tests need."""

    def __init__(self, trusted: ssl.SSLContext | None, *, private_allowed: bool) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)  # a kept connection could serve another name on that address
        self._transport = httpx.AsyncHTTPTransport(verify=trusted or True, trust_env=False, limits=limits)
        self._private_allowed = private_allowed

    async def close(self) -> None:
        """Idempotent."""
        await self._transport.aclose()

    async def call(self, method: str, url: str, fields: Mapping[str, str]) -> Called:
        """Send `fields` as query or form. Never raises for what a merchant, a network or a URL may do."""
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await self._call(method, httpx.URL(url), fields)
        except TimeoutError:
            return Called(0, f"no whole answer within {DEADLINE_S:.0f} s")
        except (httpx.HTTPError, httpx.InvalidURL, ForbiddenAddressError, OSError, ValueError) as error:
            return Called(0, f"{type(error).__name__}: {error}"[:ANSWER_CHARACTERS_MAX])

    async def _call(self, method: str, url: httpx.URL, fields: Mapping[str, str]) -> Called:
        to, host = url.copy_with(host=await self._address(url)), url.netloc.decode("ascii")
        if method == "GET":
            to = to.copy_merge_params(dict(fields))
        form = dict(fields) if method == "POST" else None
        headers = {"Host": host, "Accept": "text/plain, */*", "User-Agent": "kiosk-aggregator"}
        request = httpx.Request(method, to, data=form, headers=headers, extensions={"sni_hostname": url.host})
        answer = await self._transport.handle_async_request(request)
        try:
            return Called(answer.status_code, await _beginning(answer))
        finally:
            await answer.aclose()

    async def _address(self, url: httpx.URL) -> str:
        """The address to call. Raises ForbiddenAddressError if any the name means is not public."""
        if url.scheme not in PORTS or not url.host:
            raise ForbiddenAddressError(f"{url.scheme or 'nothing'}: no http or https address of a server")
        port = url.port or PORTS[url.scheme]
        if port > PORT_MAX:
            raise ForbiddenAddressError(f"there is no port {port}")
        found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
        addresses = [str(where[0]) for *_, where in found]
        private = [address for address in addresses if not is_public(address)]
        if private and not self._private_allowed:
            raise ForbiddenAddressError(f"{url.host} means {private[0]}, which is no public address")
        return addresses[0]


async def _beginning(answer: httpx.Response) -> str:
    """As much as is needed to know an OK; the rest is not read."""
    body = bytearray()
    async for part in answer.aiter_bytes(ANSWER_BYTES_MAX):
        body += part
        if len(body) > ANSWER_BYTES_MAX:
            break
    return bytes(body[:ANSWER_BYTES_MAX]).decode("utf-8", "replace").strip()
