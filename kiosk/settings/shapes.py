"""The whole configuration as frozen data: shapes, units and what each value means."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("bg", "ru", "en")  #: what screen and slips are written in
ROLES = ("technician", "collector", "supervisor")  #: as domain.people.Role


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
    """`twin_socket`: path of a printer twin's socket, or empty for real USB. `profile`: path of a printers/*.toml.

    `retract_after_s`: when a slip forgotten in the presenter is drawn back; 0: it is left there.
    """

    vendor_id: int
    product_id: int
    profile: Path
    twin_socket: str
    deadline_s: float
    retract_after_s: int


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """`port`: of a scanner that sends lines over a serial one; empty: none. `keyboard`: there is one that poses as a keyboard."""

    port: str
    baud: int
    keyboard: bool


@dataclass(frozen=True, slots=True)
class AggregatorSettings:
    """`url`: https only. The files are PEM; the certificate's common name is the terminal number. `pins`: SHA-256 of keys the
    aggregator may have, none for any. `catalogue_key_file`: of the key that signs catalogues, none for orders by number only.
    What follows `deadline_s` is for dialects other than terminal_api: `profile`, path of a gateways/*.toml; `live`, whether real
    money moves; `user` and `secret_file`, HTTP Basic or the key of checksums.
    """

    dialect: str
    url: str
    ca_file: Path
    certificate_file: str
    key_file: str
    pins: tuple[str, ...]
    catalogue_key_file: str
    deadline_s: float
    profile: str
    live: bool
    user: str
    secret_file: str


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
class TillSettings:
    """Files of the money process. `key_file` is made at the first start; `personal_keep_days`: how long request bodies of
    finished payments stay readable; below `disk_reserve_mb` of free space no session begins.
    """

    journal_file: Path
    key_file: Path
    link_socket: Path
    service_socket: Path
    personal_keep_days: float
    disk_reserve_mb: int


@dataclass(frozen=True, slots=True)
class SlipSettings:
    """What the operator puts on every slip. `templates`: folder of ours, `own_templates`: of those that replace some, or empty.

    `issuer`: lines; `footer`: by language; `logo`: a PNG, or empty. `second_rate` units of `second_currency` (empty: none)
    are one unit of the terminal's currency, an exact decimal.
    """

    templates: str
    own_templates: str
    issuer: tuple[str, ...]
    footer: Mapping[str, str]
    logo: str
    second_currency: str
    second_rate: str


@dataclass(frozen=True, slots=True)
class CollectionSettings:
    """How a cash box is taken. `blind`: counted by hand before the sum is shown; `sheets`: originals of the slip; `sensor`: the
    acceptor tells whether its box is in place.
    """

    blind: bool
    sheets: int
    bag_wanted: bool
    box_id_wanted: bool
    sensor: bool


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """People with keys. `people_file`: who they are; `pepper_file`: what their PINs are also hashed with, made at first use.

    `totp_roles`: may not sign in without a one-time code; `sign_out_idle_s` and `note_test_idle_s`: seconds of silence.
    """

    people_file: Path
    pepper_file: Path
    pin_digits_min: int
    totp_roles: tuple[str, ...]
    sign_out_idle_s: float
    note_test_idle_s: float


@dataclass(frozen=True, slots=True)
class Settings:
    terminal: TerminalSettings
    acceptor: AcceptorSettings
    printer: PrinterSettings
    scanner: ScannerSettings
    aggregator: AggregatorSettings
    cash: Mapping[str, CashSettings]
    times: TimeSettings
    outbox: OutboxSettings
    till: TillSettings
    slips: SlipSettings
    collection: CollectionSettings
    access: AccessSettings
