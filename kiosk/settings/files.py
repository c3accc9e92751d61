"""config/*.toml → frozen Settings. Unknown keys and bad values are all reported at once, with file, key and what is wrong.

Answers for: which keys there are, their limits, and what contradicts what. Does not answer for: secrets (they are files named
here, never values), payees (the aggregator alone names them), opening anything.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from math import gcd
from pathlib import Path
from typing import Any, TypeVar, cast

from kiosk.domain.money import EXPONENTS
from kiosk.settings import readers as r
from kiosk.settings.shapes import (
    LANGUAGES,
    ROLES,
    AcceptorSettings,
    AccessSettings,
    AggregatorSettings,
    CashSettings,
    CollectionSettings,
    OutboxSettings,
    PrinterSettings,
    ScannerSettings,
    Settings,
    SlipSettings,
    TerminalSettings,
    TillSettings,
    TimeSettings,
)

NOTE_UNITS_MAX = 1_000_000  #: bounds the search for what a set of notes can pay

_Section = TypeVar("_Section")


class SettingsError(Exception):
    """The configuration cannot be used. `faults` holds every one found, each as `file: key: what is wrong`."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


#: Every key there is. `cash.*` stands for each currency's table.
READERS: Mapping[str, r.Reader] = {
    "terminal.number": r.text(r"[0-9]{4}", "four digits in quotes"),
    "terminal.name": r.line,
    "terminal.address": r.line,
    "terminal.support_phone": r.line,
    "terminal.languages": r.list_of(r.choice(LANGUAGES), f"languages ({', '.join(LANGUAGES)})"),
    "terminal.currency": r.choice(tuple(EXPONENTS)),
    "terminal.time_zone": r.time_zone,
    "acceptor.port": r.device,
    "acceptor.protocol": r.protocol,
    "acceptor.twin": r.switch,
    "acceptor.poll_interval_s": r.number(0.05, 1.0),
    "printer.vendor_id": r.integer(0, 0xFFFF),
    "printer.product_id": r.integer(0, 0xFFFF),
    "printer.profile": r.path,
    "printer.twin_socket": r.path_or_nothing,
    "printer.deadline_s": r.number(1, 120),
    "printer.retract_after_s": r.integer(0, 120),
    "scanner.port": r.path_or_nothing,
    "scanner.baud": r.integer(1200, 115_200),
    "scanner.keyboard": r.switch,
    "aggregator.dialect": r.dialect,
    "aggregator.url": r.https,
    "aggregator.ca_file": r.path,
    "aggregator.certificate_file": r.path_or_nothing,
    "aggregator.key_file": r.path_or_nothing,
    "aggregator.pins": r.list_of(r.text(r"[0-9a-fA-F]{64}", "64 hex digits in quotes"), "SHA-256 sums in hex", least=0),
    "aggregator.catalogue_key_file": r.path_or_nothing,
    "aggregator.deadline_s": r.number(1, 120),
    "aggregator.profile": r.path_or_nothing,
    "aggregator.live": r.switch,
    "aggregator.user": r.text(r"[^\x00-\x1f:]{0,100}", "at most 100 characters without a colon"),
    "aggregator.secret_file": r.path_or_nothing,
    "cash.*.denominations_minor": r.amounts,
    "cash.*.leftover_limit_minor": r.integer(0, r.AMOUNT_MINOR_MAX),
    "cash.*.session_limit_minor": r.integer(1, r.AMOUNT_MINOR_MAX),
    "times.idle_s": r.number(5, 3600),
    "times.cash_idle_s": r.number(10, 3600),
    "times.pay_wait_s": r.number(1, 300),
    "times.result_s": r.number(3, 600),
    "outbox.base_s": r.number(0.1, 600),
    "outbox.cap_s": r.number(1, 86_400),
    "till.journal_file": r.path,
    "till.key_file": r.path,
    "till.link_socket": r.path,
    "till.service_socket": r.path,
    "till.personal_keep_days": r.number(1, 3650),
    "till.disk_reserve_mb": r.integer(1, 10_000),
    "collection.blind": r.switch,
    "collection.sheets": r.integer(1, 5),
    "collection.bag_wanted": r.switch,
    "collection.box_id_wanted": r.switch,
    "collection.sensor": r.switch,
    "access.people_file": r.path,
    "access.pepper_file": r.path,
    "access.pin_digits_min": r.integer(6, 12),
    "access.totp_roles": r.list_of(r.choice(ROLES), f"roles ({', '.join(ROLES)})", least=0),
    "access.sign_out_idle_s": r.number(30, 1800),
    "access.note_test_idle_s": r.number(30, 1800),
    "slips.templates": r.device,
    "slips.own_templates": r.path_or_nothing,
    "slips.issuer": r.list_of(r.line, "lines"),
    "slips.footer": r.by_language,
    "slips.logo": r.path_or_nothing,
    "slips.second_currency": r.choice(("", *EXPONENTS)),
    "slips.second_rate": r.text(r"(?=.*[1-9])\d{1,9}(\.\d{1,9})?", 'a decimal above 0 in quotes, as in "1.95583"'),
}


def load(files: Sequence[Path]) -> Settings:
    """Read `files`, later ones overriding earlier ones key by key. Raises SettingsError naming every fault at once."""
    faults: list[str] = []
    raw: dict[str, r.Raw] = {}
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
        return f"{{{', '.join(f'{key} = {r.got(item)}' for key, item in value.items())}}}"
    return r.got(value)


def _parse(file: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"{file}: cannot be read: {error.strerror or error}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{file}: is not TOML: {error}")
    return {}


def _flatten(table: Mapping[str, Any], file: Path, prefix: str = "") -> dict[str, r.Raw]:
    flat: dict[str, r.Raw] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        is_section = isinstance(value, dict) and value and name not in READERS
        flat |= _flatten(value, file, f"{name}.") if is_section else {name: r.Raw(value, file)}
    return flat


def _pattern(key: str) -> str:
    """`cash.EUR.session_limit_minor` → `cash.*.session_limit_minor`, as in READERS."""
    return re.sub(r"^cash\.[^.]+\.", "cash.*.", key)


def _read_all(raw: Mapping[str, r.Raw], last: Path, faults: list[str]) -> dict[str, Any]:
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


def _contradictions(values: Mapping[str, Any], raw: Mapping[str, r.Raw], last: Path) -> list[str]:
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
    if (people := values.get("access.people_file")) and people == values.get("access.pepper_file"):
        faults.append(
            f"{raw['access.pepper_file'].file}: access.pepper_file: must be another file than access.people_file"
        )
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
        scanner=_section(ScannerSettings, "scanner", values),
        aggregator=_section(AggregatorSettings, "aggregator", values),
        cash={currency: _section(CashSettings, f"cash.{currency}", values) for currency in currencies},
        times=_section(TimeSettings, "times", values),
        collection=_section(CollectionSettings, "collection", values),
        outbox=_section(OutboxSettings, "outbox", values),
        till=_section(TillSettings, "till", values),
        slips=_section(SlipSettings, "slips", values),
        access=_section(AccessSettings, "access", values),
    )
