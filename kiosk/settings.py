"""config/*.toml → frozen Settings. Unknown keys and bad values are all reported at once, with file, key and what is wrong.

Answers for: shapes, units, limits and defaults of configuration. Does not answer for: secrets (they are files named here,
never values), payees (the aggregator alone names them), opening anything.
"""

import difflib
import importlib
import json
import re
import tomllib
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from math import gcd
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from kiosk.domain.money import EXPONENTS

LANGUAGES = ("bg", "ru", "en")  #: what screen and slips are written in
ACCEPTORS = "drivers.bill_acceptor.registry"  #: who knows the protocols; loaded only by those who read a configuration
GATEWAYS = "kiosk.gateways.registry"  #: who knows the dialects; as above
AMOUNT_MINOR_MAX = 10**12  #: as in terminal_api.Minor
NOTE_UNITS_MAX = 1_000_000  #: bounds the search for what a set of notes can pay


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
class Settings:
    terminal: TerminalSettings
    acceptor: AcceptorSettings
    printer: PrinterSettings
    aggregator: AggregatorSettings
    cash: Mapping[str, CashSettings]
    times: TimeSettings
    outbox: OutboxSettings
    till: TillSettings
    slips: SlipSettings


class SettingsError(Exception):
    """The configuration cannot be used. `faults` holds every one found, each as `file: key: what is wrong`."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class _Raw:
    """A value as written, and the file that says so (a relative path in it is relative to that file)."""

    value: Any
    file: Path


Reader = Callable[[_Raw], Any]
_Section = TypeVar("_Section")


# --- readers: one raw value → one setting, or ValueError saying what it must be ---------------------------------------


def _got(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _text(form: str, meaning: str) -> Reader:
    def read(raw: _Raw) -> str:
        if not isinstance(raw.value, str) or not re.fullmatch(form, raw.value):
            raise ValueError(f"must be {meaning}, got {_got(raw.value)}")
        return raw.value

    return read


def _choice(options: Sequence[str]) -> Reader:
    def read(raw: _Raw) -> str:
        if raw.value not in options:
            raise ValueError(f"must be one of {', '.join(options)}, got {_got(raw.value)}")
        return cast("str", raw.value)

    return read


def _protocol(raw: _Raw) -> str:
    return cast("str", _choice(tuple(importlib.import_module(ACCEPTORS).PROTOCOLS))(raw))


def _dialect(raw: _Raw) -> str:
    return cast("str", _choice(tuple(importlib.import_module(GATEWAYS).DIALECTS))(raw))


def _number(low: float, high: float) -> Reader:
    def read(raw: _Raw) -> float:
        if isinstance(raw.value, bool) or not isinstance(raw.value, int | float) or not low <= raw.value <= high:
            raise ValueError(f"must be between {low:g} and {high:g}, got {_got(raw.value)}")
        return float(raw.value)

    return read


def _integer(low: int, high: int) -> Reader:
    def read(raw: _Raw) -> int:
        if type(raw.value) is not int or not low <= raw.value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, got {_got(raw.value)}")
        return raw.value

    return read


def _switch(raw: _Raw) -> bool:
    if not isinstance(raw.value, bool):
        raise ValueError(f"must be true or false, got {_got(raw.value)}")  # noqa: TRY004 - readers have one error
    return raw.value


def _list(item: Reader, meaning: str, least: int = 1) -> Reader:
    def read(raw: _Raw) -> tuple[Any, ...]:
        values = raw.value if isinstance(raw.value, list) else None
        if values is None or len(values) < least or len({_got(value) for value in values}) != len(values):
            wanted = "at least one and none twice" if least else "none twice"
            raise ValueError(f"must be a list of {meaning}, {wanted}, got {_got(raw.value)}")
        return tuple(item(_Raw(value, raw.file)) for value in values)

    return read


def _path(raw: _Raw) -> Path:
    if not isinstance(raw.value, str) or not raw.value or "\0" in raw.value:
        raise ValueError(f"must be a path, got {_got(raw.value)}")
    return raw.file.absolute().parent / raw.value


def _device(raw: _Raw) -> str:
    return str(_path(raw))


def _path_or_nothing(raw: _Raw) -> str:
    return "" if raw.value == "" else str(_path(raw))


def _https(raw: _Raw) -> str:
    problem = ValueError(f"must be an https:// address of host, port and path only, got {_got(raw.value)}")
    if not isinstance(raw.value, str):
        raise problem
    try:
        parts = urlsplit(raw.value)
        port = parts.port
    except ValueError:
        raise problem from None
    foreign = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme != "https" or not parts.hostname or foreign or port == 0:
        raise problem
    return raw.value.rstrip("/")


def _by_language(raw: _Raw) -> Mapping[str, str]:
    if not isinstance(raw.value, dict) or not set(raw.value) <= set(LANGUAGES):
        raise ValueError(f"must be a table of {', '.join(LANGUAGES)}, or {{}}, got {_got(raw.value)}")
    return {language: _line(_Raw(value, raw.file)) for language, value in raw.value.items()}


def _time_zone(raw: _Raw) -> str:
    try:
        return zoneinfo.ZoneInfo(raw.value).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ValueError(f"must be a time zone such as Europe/Sofia, got {_got(raw.value)}") from None


_line = _text(r"[^\x00-\x1f]{1,100}", "one line of 1 to 100 characters")
_amounts = _list(_integer(1, AMOUNT_MINOR_MAX), "whole numbers of minor units")

#: Every key there is. `cash.*` stands for each currency's table.
READERS: Mapping[str, Reader] = {
    "terminal.number": _text(r"[0-9]{4}", "four digits in quotes"),
    "terminal.name": _line,
    "terminal.address": _line,
    "terminal.support_phone": _line,
    "terminal.languages": _list(_choice(LANGUAGES), f"languages ({', '.join(LANGUAGES)})"),
    "terminal.currency": _choice(tuple(EXPONENTS)),
    "terminal.time_zone": _time_zone,
    "acceptor.port": _device,
    "acceptor.protocol": _protocol,
    "acceptor.twin": _switch,
    "acceptor.poll_interval_s": _number(0.05, 1.0),
    "printer.vendor_id": _integer(0, 0xFFFF),
    "printer.product_id": _integer(0, 0xFFFF),
    "printer.profile": _path,
    "printer.twin_socket": _path_or_nothing,
    "printer.deadline_s": _number(1, 120),
    "printer.retract_after_s": _integer(0, 120),
    "aggregator.dialect": _dialect,
    "aggregator.url": _https,
    "aggregator.ca_file": _path,
    "aggregator.certificate_file": _path_or_nothing,
    "aggregator.key_file": _path_or_nothing,
    "aggregator.pins": _list(_text(r"[0-9a-fA-F]{64}", "64 hex digits in quotes"), "SHA-256 sums in hex", least=0),
    "aggregator.catalogue_key_file": _path_or_nothing,
    "aggregator.deadline_s": _number(1, 120),
    "aggregator.profile": _path_or_nothing,
    "aggregator.live": _switch,
    "aggregator.user": _text(r"[^\x00-\x1f:]{0,100}", "at most 100 characters without a colon"),
    "aggregator.secret_file": _path_or_nothing,
    "cash.*.denominations_minor": _amounts,
    "cash.*.leftover_limit_minor": _integer(0, AMOUNT_MINOR_MAX),
    "cash.*.session_limit_minor": _integer(1, AMOUNT_MINOR_MAX),
    "times.idle_s": _number(5, 3600),
    "times.cash_idle_s": _number(10, 3600),
    "times.pay_wait_s": _number(1, 300),
    "times.result_s": _number(3, 600),
    "outbox.base_s": _number(0.1, 600),
    "outbox.cap_s": _number(1, 86_400),
    "till.journal_file": _path,
    "till.key_file": _path,
    "till.link_socket": _path,
    "till.service_socket": _path,
    "till.personal_keep_days": _number(1, 3650),
    "till.disk_reserve_mb": _integer(1, 10_000),
    "slips.templates": _device,
    "slips.own_templates": _path_or_nothing,
    "slips.issuer": _list(_line, "lines"),
    "slips.footer": _by_language,
    "slips.logo": _path_or_nothing,
    "slips.second_currency": _choice(("", *EXPONENTS)),
    "slips.second_rate": _text(r"(?=.*[1-9])\d{1,9}(\.\d{1,9})?", 'a decimal above 0 in quotes, as in "1.95583"'),
}


def load(files: Sequence[Path]) -> Settings:
    """Read `files`, later ones overriding earlier ones key by key. Raises SettingsError naming every fault at once."""
    faults: list[str] = []
    raw: dict[str, _Raw] = {}
    for file in files:
        raw |= _flatten(_parse(file, faults), file)
    if faults:
        raise SettingsError(faults)
    last = files[-1] if files else Path("(no file)")
    values = _read_all(raw, last, faults)
    faults += _contradictions(values, raw, last)
    if faults:
        raise SettingsError(faults)
    return _build(values)


def dump(settings: Settings) -> str:
    """The same settings as TOML that `load` reads back as equal."""
    plain = asdict(settings)
    cash = {f"cash.{currency}": table for currency, table in plain.pop("cash").items()}
    lines: list[str] = []
    for section, table in (plain | cash).items():
        lines += ["", f"[{section}]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
    return "\n".join(lines[1:]) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key} = {_got(item)}' for key, item in value.items())}}}"
    return _got(value)


def _parse(file: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"{file}: cannot be read: {error.strerror or error}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{file}: is not TOML: {error}")
    return {}


def _flatten(table: Mapping[str, Any], file: Path, prefix: str = "") -> dict[str, _Raw]:
    flat: dict[str, _Raw] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        is_section = isinstance(value, dict) and value and name not in READERS
        flat |= _flatten(value, file, f"{name}.") if is_section else {name: _Raw(value, file)}
    return flat


def _pattern(key: str) -> str:
    """`cash.EUR.session_limit_minor` → `cash.*.session_limit_minor`, as in READERS."""
    return re.sub(r"^cash\.[^.]+\.", "cash.*.", key)


def _read_all(raw: Mapping[str, _Raw], last: Path, faults: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, entry in raw.items():
        reader = READERS.get(_pattern(key))
        if reader is None:
            faults.append(f"{entry.file}: {key}: unknown key{_meant(key)}")
            continue
        try:
            values[key] = reader(entry)
        except ValueError as error:
            faults.append(f"{entry.file}: {key}: {error}")
    currencies = sorted({key.split(".")[1] for key in raw if key.startswith("cash.") and key.count(".") > 1})
    wanted = [key for key in READERS if "*" not in key]
    wanted += [key.replace("*", currency) for key in READERS if "*" in key for currency in currencies]
    faults += [f"{last}: {key}: is missing" for key in wanted if key not in raw]
    return values


def _meant(key: str) -> str:
    near = difflib.get_close_matches(_pattern(key), READERS, n=1, cutoff=0.8)
    return f"; did you mean {near[0].rpartition('.')[2]}?" if near else ""


def _contradictions(values: Mapping[str, Any], raw: Mapping[str, _Raw], last: Path) -> list[str]:
    """What is wrong between keys that are each right."""
    faults: list[str] = []
    for key in (key for key in values if key.startswith("cash.") and key.endswith(".session_limit_minor")):
        prefix, limit = key.rpartition(".")[0], values[key]
        if (currency := prefix.partition(".")[2]) not in EXPONENTS:
            faults.append(f"{raw[key].file}: {prefix}: unknown currency {currency}, known: {', '.join(EXPONENTS)}")
        notes = values.get(f"{prefix}.denominations_minor", (1,))
        if limit < max(notes):
            faults.append(f"{raw[key].file}: {key}: is smaller than the largest of denominations_minor")
        if limit // gcd(*notes) > NOTE_UNITS_MAX:
            faults.append(f"{raw[key].file}: {key}: is more than {NOTE_UNITS_MAX} times what the notes have in common")
    chosen = values.get("terminal.currency")
    if chosen and f"cash.{chosen}.session_limit_minor" not in raw:
        faults.append(f"{last}: cash.{chosen}: is missing, and terminal.currency is {chosen}")
    if chosen and values.get("slips.second_currency") == chosen:
        faults.append(f"{raw['slips.second_currency'].file}: slips.second_currency: is terminal.currency itself")
    base_s, cap_s = values.get("outbox.base_s", 0), values.get("outbox.cap_s", 0)
    if base_s and cap_s and cap_s < base_s:
        faults.append(f"{raw['outbox.cap_s'].file}: outbox.cap_s: must not be less than outbox.base_s")
    return faults + [f"{raw[key].file}: {key}: {reason}" for key, reason in _dialect_faults(values) if key in raw]


def _dialect_faults(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Key and reason of what does not fit the chosen dialect."""
    own = values.get("aggregator.dialect", "terminal_api") == "terminal_api"
    given = {key.removeprefix("aggregator."): value for key, value in values.items() if key.startswith("aggregator.")}
    certificate, key, user = given.get("certificate_file"), given.get("key_file"), given.get("user")
    rules = (
        (
            "certificate_file",
            own and not certificate,
            "must be a path: the terminal API knows terminals by certificate",
        ),
        ("key_file", bool(certificate) != bool(key), "must be there if certificate_file is, and only then"),
        ("profile", not own and not given.get("profile"), "must be a path: this dialect needs its particulars"),
        ("live", own and given.get("live"), "must be false: over the terminal API the aggregator says so itself"),
        ("secret_file", bool(user) and not given.get("secret_file"), "must be a path: user is not empty"),
    )
    return [(f"aggregator.{name}", reason) for name, wrong, reason in rules if wrong]


def _section(kind: type[_Section], prefix: str, values: Mapping[str, Any]) -> _Section:
    return kind(**{field.name: values[f"{prefix}.{field.name}"] for field in fields(cast("Any", kind))})


def _build(values: Mapping[str, Any]) -> Settings:
    currencies = sorted({key.split(".")[1] for key in values if key.startswith("cash.")})
    return Settings(
        terminal=_section(TerminalSettings, "terminal", values),
        acceptor=_section(AcceptorSettings, "acceptor", values),
        printer=_section(PrinterSettings, "printer", values),
        aggregator=_section(AggregatorSettings, "aggregator", values),
        cash={currency: _section(CashSettings, f"cash.{currency}", values) for currency in currencies},
        times=_section(TimeSettings, "times", values),
        outbox=_section(OutboxSettings, "outbox", values),
        till=_section(TillSettings, "till", values),
        slips=_section(SlipSettings, "slips", values),
    )
