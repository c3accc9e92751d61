"""Which dialects there are: name → how to open a gateway and how to freeze its payments. Adding one is its folder and a line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kiosk.domain.rules import ToFreeze
from kiosk.gateways import epay, osmp, port, terminal_api
from kiosk.gateways.profile import load_profile
from kiosk.gateways.tls import CredentialsError, client_ssl_context, terminal_ssl_context
from kiosk.gateways.wire import Credentials

Freeze = Callable[[ToFreeze], bytes]


@dataclass(frozen=True, slots=True)
class FarEnd:
    """What is configured of an aggregator. `profile`: the dialect's particulars; `secret_file`: of HTTP Basic or checksums."""

    url: str
    ca_file: Path
    certificate_file: Path | None
    key_file: Path | None
    pins: tuple[str, ...]
    deadline_s: float
    terminal: str
    currency: str
    live: bool = False
    profile: Path | None = None
    user: str = ""
    secret_file: Path | None = None

    def secret(self) -> str:
        """Read when it is wanted and kept nowhere else. Raises CredentialsError."""
        try:
            return self.secret_file.read_text(encoding="utf-8").strip() if self.secret_file else ""
        except (OSError, UnicodeDecodeError) as error:
            raise CredentialsError(f"{self.secret_file}: cannot be read as a secret: {error}") from error


@dataclass(frozen=True, slots=True)
class Dialect:
    """`open` raises CredentialsError and ProfileError, `freezer` ProfileError."""

    capabilities: port.Capabilities
    open: Callable[[FarEnd], port.Gateway]
    freezer: Callable[[FarEnd], Freeze]


def _open_terminal_api(far: FarEnd) -> port.Gateway:
    assert far.certificate_file is not None
    assert far.key_file is not None
    tls = terminal_ssl_context(far.ca_file, far.certificate_file, far.key_file, far.pins)
    return terminal_api.TerminalApiGateway(far.url, tls, far.deadline_s)


def _open_osmp(far: FarEnd) -> port.Gateway:
    tls = client_ssl_context(far.ca_file, far.certificate_file, far.key_file, far.pins)
    settings = osmp.OsmpSettings(_osmp_profile(far), far.terminal, far.currency, far.live)
    return osmp.OsmpGateway(far.url, tls, far.deadline_s, Credentials(far.user, far.secret()), settings)


def _osmp_profile(far: FarEnd) -> osmp.OsmpProfile:
    assert far.profile is not None
    return load_profile(far.profile, osmp.OsmpProfile)


def _open_epay(far: FarEnd) -> port.Gateway:
    tls = client_ssl_context(far.ca_file, far.certificate_file, far.key_file, far.pins)
    settings = epay.EpaySettings(_epay_profile(far), far.currency, far.live)
    return epay.EpayGateway(far.url, tls, far.deadline_s, far.secret(), settings)


def _epay_profile(far: FarEnd) -> epay.EpayProfile:
    assert far.profile is not None
    return load_profile(far.profile, epay.EpayProfile)


DIALECTS: Mapping[str, Dialect] = {
    "terminal_api": Dialect(terminal_api.CAPABILITIES, _open_terminal_api, lambda _far: terminal_api.freeze),
    "osmp": Dialect(osmp.CAPABILITIES, _open_osmp, lambda far: partial(osmp.freeze, _osmp_profile(far), far.terminal)),
    "epay": Dialect(epay.CAPABILITIES, _open_epay, lambda far: partial(epay.freeze, _epay_profile(far).merchant_id)),
}
