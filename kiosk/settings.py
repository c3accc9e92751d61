"""config/*.toml → frozen Settings. Unknown keys and bad values are all reported at once, with file, key and what is wrong.

Answers for: shapes, units, limits and defaults of configuration. Does not answer for: secrets (they are files named here,
never values), payees (the aggregator alone names them), opening anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """`number`: four digits, first part of every payment id. `languages`: first is the default."""

    number: str
    name: str
    address: str
    support_phone: str
    languages: tuple[str, ...]
    currency: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class AcceptorSettings:
    """`twin`: the port leads to a simulated device; refused together with an aggregator in live mode."""

    port: str
    protocol: str
    twin: bool
    poll_interval_s: float


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """`twin_socket`: path of a printer twin's socket, or empty for real USB. `profile`: path of a printers/*.toml."""

    vendor_id: int
    product_id: int
    profile: Path
    twin_socket: str
    deadline_s: float


@dataclass(frozen=True, slots=True)
class AggregatorSettings:
    """`url`: https only. The three files are PEM; the certificate's common name is the terminal number."""

    url: str
    ca_file: Path
    certificate_file: Path
    key_file: Path
    deadline_s: float


@dataclass(frozen=True, slots=True)
class CashSettings:
    """Limits for one currency, minor units. A note that would leave more than `leftover_limit_minor` over comes back."""

    denominations_minor: tuple[int, ...]
    leftover_limit_minor: int
    session_limit_minor: int


@dataclass(frozen=True, slots=True)
class TimeSettings:
    """Seconds. `cash_idle_s`: silence with money in means "settle with what is in"."""

    idle_s: float
    cash_idle_s: float
    pay_wait_s: float
    result_s: float


@dataclass(frozen=True, slots=True)
class OutboxSettings:
    """Full jitter between 0 and min(cap, base·2ⁿ); retried for ever."""

    base_s: float
    cap_s: float


@dataclass(frozen=True, slots=True)
class Settings:
    terminal: TerminalSettings
    acceptor: AcceptorSettings
    printer: PrinterSettings
    aggregator: AggregatorSettings
    cash: Mapping[str, CashSettings]
    times: TimeSettings
    outbox: OutboxSettings
    journal_file: Path
    link_socket: Path
