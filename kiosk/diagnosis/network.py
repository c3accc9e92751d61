"""The way to the aggregator as a ladder: link, way, name, port, our certificate, theirs, our credentials. The first broken rung
is the cause; what is above it cannot be known.

Answers for: cause and facts. Does not answer for: what the aggregator thinks of payments (the outbox), the clock (`clock`).
No rung but the last says anything to the far end beyond a handshake, and the last asks how it is.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.diagnosis import certificates
from kiosk.diagnosis.network_eyes import LOOPBACK, REAL_EYES, Eyes, is_loopback
from kiosk.diagnosis.threads import in_thread
from kiosk.domain.findings import FactCode, Finding, FindingCode, finding
from kiosk.gateways.port import HealthAnswer, Healthy
from kiosk.gateways.tls import CredentialsError, client_ssl_context

RUNG_S = 5.0
ALERT_S = 0.3  #: in TLS 1.3 a certificate is refused after the handshake; it comes within a round trip
HUNG_UP = "it hung up after the handshake"  #: some refuse a certificate without the alert that says so
SLOW_MS = 3000  #: two such answers and a buyer has waited long
HTTPS_PORT = 443
REFUSED = frozenset({401, 403})
ELSEWHERE = ("192.0.2.1", "2001:db8::1")  #: RFC 5737, RFC 3849: nobody's; a way there is a way to anywhere

C = FindingCode


@dataclass(frozen=True, slots=True)
class FarEnd:
    """What is configured. `number`: of this terminal, where the dialect knows terminals by certificate; else empty."""

    url: str
    ca_file: Path
    certificate_file: Path | None
    key_file: Path | None
    pins: tuple[str, ...]
    tls: ssl.TLSVersion
    number: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or HTTPS_PORT


@dataclass
class Climb:
    """What the rungs so far have found. `skew_s`: our clock minus the far end's, once it has answered."""

    findings: list[Finding] = field(default_factory=list)
    facts: dict[FactCode, str] = field(default_factory=dict)
    skew_s: float | None = None
    address: str = ""

    @property
    def place(self) -> str:
        return self.facts.get(FactCode.ADDRESS, "")


class BrokenRungError(Exception):
    """It goes no higher; `finding` says why."""

    def __init__(self, cause: Finding) -> None:
        super().__init__(cause.code)
        self.finding = cause


def broken(code: FindingCode, **values: str | int) -> BrokenRungError:
    """The rung that broke."""
    return BrokenRungError(finding(code, **values))


class Ladder:
    """One climb to one far end. `health` asks the aggregator by the dialect's own call."""

    def __init__(
        self,
        far: FarEnd,
        health: Callable[[], Awaitable[HealthAnswer]],
        now: datetime,
        eyes: Eyes = REAL_EYES,
        rung_s: float = RUNG_S,
    ) -> None:
        self._far = far
        self._health = health
        self._now = now
        self._eyes = eyes
        self._rung_s = rung_s
        self._climb = Climb()
        self._hung_up = False

    async def climb(self) -> Climb:
        """As high as it goes."""
        rungs = (self._link, self._way_and_name, self._port, self._our_certificate, self._tls, self._answer)
        try:
            for rung in rungs:
                await rung()
        except BrokenRungError as error:
            self._climb.findings.append(error.finding)
        return self._climb

    def _found(self, code: FindingCode, **values: str | int) -> None:
        self._climb.findings.append(finding(code, **values))

    async def _link(self) -> None:
        if is_loopback(self._far.host):
            self._found(C.LINK_UP, interface=LOOPBACK)
            return
        up = [name for name, has_link in self._eyes.links().items() if has_link]
        if not up:
            raise broken(C.LINK_DOWN)
        self._found(C.LINK_UP, interface=", ".join(up))

    async def _way_and_name(self) -> None:
        """A name cannot be asked for where there is no way to anywhere; one in the house needs no way out of it."""
        far, eyes = self._far, self._eyes
        try:
            async with asyncio.timeout(self._rung_s):
                address = (await in_thread(lambda: eyes.resolve(far.host, far.port)))[0]
        except (OSError, IndexError, UnicodeError) as error:  # TimeoutError is an OSError
            if not any(eyes.way_to(place, far.port) for place in ELSEWHERE):
                raise broken(C.ROUTE_MISSING) from error
            raise _no_name(far.host, error) from error
        interface = eyes.way_to(address, far.port)
        if not interface:
            raise broken(C.ROUTE_MISSING)
        self._climb.address = address
        self._climb.facts |= {FactCode.ADDRESS: f"{address}:{far.port}", FactCode.INTERFACE: interface}
        self._found(C.ROUTE_THERE, interface=interface)
        if address != far.host:
            self._found(C.NAME_RESOLVED, host=far.host, address=address)

    async def _port(self) -> None:
        loop, climb = asyncio.get_running_loop(), self._climb
        begun_s = loop.time()
        try:
            async with asyncio.timeout(self._rung_s):
                _, writer = await asyncio.open_connection(climb.address, self._far.port)
        except OSError as error:
            raise _no_port(climb.place, error) from error
        ms = round((loop.time() - begun_s) * 1000)
        await _hang_up(writer)
        self._found(C.TCP_CONNECTED, address=climb.place, ms=ms)

    async def _our_certificate(self) -> None:
        """Its dates are looked at first, for a far end would only say that it is wrong."""
        far = self._far
        if far.certificate_file is None:
            return
        try:
            client_ssl_context(far.ca_file, far.certificate_file, far.key_file, far.pins, far.tls)
            ours = certificates.read(far.certificate_file.read_bytes())
        except (CredentialsError, OSError, ValueError) as error:
            raise broken(C.OUR_CERTIFICATE_UNUSABLE, cause=str(error)) from error
        self._climb.facts[FactCode.OUR_CERTIFICATE_UNTIL] = certificates.day(ours.ends)
        found = certificates.ours(ours, far.number, self._now)
        if found.verdict is found.verdict.BAD:
            raise BrokenRungError(found)
        self._climb.findings.append(found)

    async def _tls(self) -> None:
        far, climb = self._far, self._climb
        try:
            context = client_ssl_context(far.ca_file, far.certificate_file, far.key_file, far.pins, far.tls)
        except CredentialsError as error:
            raise broken(C.OUR_CERTIFICATE_UNUSABLE, cause=str(error)) from error
        try:
            shown, version = await self._shake_hands(context)
        except ssl.SSLCertVerificationError as error:
            raise BrokenRungError(certificates.refused(error, await self._unproved(), far.host)) from error
        except (OSError, asyncio.IncompleteReadError) as error:
            raise BrokenRungError(certificates.no_line(error)) from error
        theirs = certificates.parse(shown)
        until = climb.facts[FactCode.SERVER_CERTIFICATE_UNTIL] = certificates.day(theirs.ends)
        self._found(C.TLS_STANDS, version=version, until=until)
        climb.findings += certificates.ends_soon(theirs, self._now)

    async def _shake_hands(self, context: ssl.SSLContext) -> tuple[bytes, str]:
        """The far end's certificate and the version, once it has not refused ours. Raises OSError."""
        reader, writer = await asyncio.open_connection(
            self._climb.address,
            self._far.port,
            ssl=context,
            server_hostname=self._far.host,
            ssl_handshake_timeout=self._rung_s,
        )
        try:
            line = writer.get_extra_info("ssl_object")
            try:
                async with asyncio.timeout(ALERT_S):
                    self._hung_up = not await reader.read(1)
            except TimeoutError:
                pass  # nothing to say against us
            return line.getpeercert(binary_form=True) or b"", str(line.version())
        finally:
            await _hang_up(writer)

    async def _unproved(self) -> bytes:
        """The certificate that was not believed, to say what is wrong with it: nothing of ours is shown or said."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            shown, _ = await self._shake_hands(context)
        except OSError:
            return b""
        return shown

    async def _answer(self) -> None:
        loop, climb = asyncio.get_running_loop(), self._climb
        begun_s = loop.time()
        health = await self._health()
        ms = round((loop.time() - begun_s) * 1000)
        if not isinstance(health, Healthy):
            if health.status in REFUSED:
                raise broken(C.CREDENTIALS_REFUSED, status=health.status)
            if self._hung_up:
                raise broken(C.OUR_CERTIFICATE_REFUSED, cause=HUNG_UP)
            raise broken(C.SERVER_ODD, cause=health.cause)
        climb.skew_s = health.skew_s
        climb.facts[FactCode.ROUND_TRIP_MS] = str(ms)
        self._found(C.SERVER_SLOW if ms > SLOW_MS else C.SERVER_ANSWERS, ms=ms)


def _no_name(host: str, error: Exception) -> BrokenRungError:
    if isinstance(error, TimeoutError) or getattr(error, "errno", 0) == socket.EAI_AGAIN:
        return broken(C.NAME_LATE, host=host)
    return broken(C.NAME_UNKNOWN, host=host, cause=getattr(error, "strerror", "") or str(error))


#: What a connection that did not come about means; silence is the rest.
NO_PORT: Mapping[int, FindingCode] = {
    errno.ECONNREFUSED: C.TCP_REFUSED,
    errno.ENETUNREACH: C.TCP_UNREACHABLE,
    errno.EHOSTUNREACH: C.TCP_UNREACHABLE,
    errno.EADDRNOTAVAIL: C.TCP_UNREACHABLE,
    errno.EACCES: C.TCP_UNREACHABLE,
    errno.EPERM: C.TCP_UNREACHABLE,
}


def _no_port(place: str, error: OSError) -> BrokenRungError:
    code = NO_PORT.get(error.errno or 0, C.TCP_SILENT)
    return broken(code, address=place, cause=error.strerror or str(error))


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):  # it has hung up itself
        await writer.wait_closed()
