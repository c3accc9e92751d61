import re
from pathlib import Path

import pytest

from kiosk import settings
from kiosk.settings import READERS, SettingsError, dump, load

SHIPPED = Path(__file__).parents[3] / "config" / "kiosk.toml"


def faults_of(*files: Path) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(files)
    return caught.value.faults


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = SHIPPED.read_text()
    assert old in text
    file = tmp_path / "kiosk.toml"
    file.write_text(text.replace(old, new))
    return file


def test_the_shipped_configuration_is_complete_and_every_key_says_what_it_is() -> None:
    loaded = load([SHIPPED])
    assert set(loaded.cash) == {"EUR", "RUB"}
    for key in READERS:
        assert re.search(rf"^{key.rpartition('.')[2]} = ", SHIPPED.read_text(), re.MULTILINE), key


def test_settings_written_out_are_read_back_as_they_were(tmp_path: Path) -> None:
    loaded = load([SHIPPED])
    file = tmp_path / "copy.toml"
    file.write_text(dump(loaded))
    assert load([file]) == loaded


def test_all_faults_are_reported_at_once_with_file_key_and_reason(tmp_path: Path) -> None:
    text = SHIPPED.read_text()
    for old, new in (
        ("poll_interval_s = 0.15", "poll_interval_s = 7"),
        ('number = "0001"', "number = 1"),
        ("twin = false", 'twyn = "no"'),
        ("idle_s = 60.0", "idle_s = true"),
        ('"https://aggregator.example:8443"', '"http://aggregator.example"'),
        ('languages = ["bg", "ru", "en"]', 'languages = ["bg", "bg"]'),
        ('"Europe/Sofia"', '"Europe/Nowhere"'),
    ):
        text = text.replace(old, new, 1)
    file = tmp_path / "kiosk.toml"
    file.write_text(text)
    assert set(faults_of(file)) == {
        f"{file}: acceptor.poll_interval_s: must be between 0.05 and 1, got 7",
        f"{file}: terminal.number: must be four digits in quotes, got 1",
        f"{file}: acceptor.twyn: unknown key; did you mean twin?",
        f"{file}: acceptor.twin: is missing",
        f"{file}: times.idle_s: must be between 5 and 3600, got true",
        (
            f"{file}: aggregator.url: must be an https:// address of host, port and path only, "
            'got "http://aggregator.example"'
        ),
        (
            f"{file}: terminal.languages: must be a list of languages (bg, ru, en), at least one and none twice, "
            'got ["bg", "bg"]'
        ),
        f'{file}: terminal.time_zone: must be a time zone such as Europe/Sofia, got "Europe/Nowhere"',
    }


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('currency = "EUR"', 'currency = "USD"', "cash.USD: is missing, and terminal.currency is USD"),
        ("session_limit_minor = 100000 ", "session_limit_minor = 9 ", "is smaller than the largest"),
        ("cap_s = 300.0", "cap_s = 1", "outbox.cap_s: must not be less than outbox.base_s"),
        ('dialect = "terminal_api"', 'dialect = "smtp"', "must be one of terminal_api, osmp, epay"),
        ('dialect = "terminal_api"', 'dialect = "osmp"', "aggregator.profile: must be a path: this dialect needs"),
        (
            'certificate_file = "/etc/kiosk/tls/terminal.pem"',
            'certificate_file = ""',
            "certificate_file: must be a path",
        ),
        ('key_file = "/etc/kiosk/tls/terminal.key"', 'key_file = ""', "aggregator.key_file: must be there if"),
        ("live = false", "live = true", "aggregator.live: must be false: over the terminal API the aggregator says so"),
        ('user = ""', 'user = "kiosk"', "aggregator.secret_file: must be a path: user is not empty"),
        ('user = ""', 'user = "a:b"', "aggregator.user: must be at most 100 characters without a colon"),
        ("pins = []", 'pins = ["abc"]', "aggregator.pins: must be 64 hex digits in quotes"),
        ("pins = []", 'pins = "abc"', "aggregator.pins: must be a list of SHA-256 sums in hex, none twice"),
        ("[cash.RUB]", "[cash.XXX]", "cash.XXX: unknown currency XXX"),
        ("denominations_minor = [500,", 'denominations_minor = ["5",', 'whole number from 1 to 1000000000000, got "5"'),
        ('profile = "printers/generic.toml"', 'profile = ""', "printer.profile: must be a path"),
        ('name = "Kiosk 1"', 'name = "two\\nlines"', "terminal.name: must be one line"),
        ("[times]", "[[times]]", "times: unknown key"),
        ('second_currency = ""', 'second_currency = "EUR"', "slips.second_currency: is terminal.currency itself"),
        ('second_rate = "1.95583"', "second_rate = 1.95583", "slips.second_rate: must be a decimal above 0 in quotes"),
        ('second_rate = "1.95583"', 'second_rate = "0.00"', "slips.second_rate: must be a decimal above 0 in quotes"),
        ('footer = {bg = "', 'footer = {fr = "', "slips.footer: must be a table of bg, ru, en"),
        ('footer = {bg = "', 'footer = {bg = "\\n', "slips.footer: must be one line"),
        ('issuer = ["', 'issuer = [7, "', "slips.issuer: must be one line"),
        ('logo = ""', "logo = 3", "slips.logo: must be a path"),
    ],
)
def test_a_value_that_contradicts_is_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert any(reason in fault for fault in faults_of(changed(tmp_path, old, new)))


def test_a_later_file_overrides_single_keys_and_is_the_one_named(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[terminal]\nname = "Station"\n[cash.EUR]\nleftover_limit_minor = 0\n')
    loaded = load([SHIPPED, site])
    assert loaded.terminal.name == "Station"
    assert loaded.terminal.number == "0001"
    assert loaded.cash["EUR"].leftover_limit_minor == 0
    site.write_text("[times]\nidle_s = 1\n")
    assert faults_of(SHIPPED, site) == (f"{site}: times.idle_s: must be between 5 and 3600, got 1",)


def test_relative_paths_are_relative_to_the_file_they_stand_in(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[till]\njournal_file = "money/journal.sqlite"\n[printer]\ntwin_socket = "p.sock"\n')
    loaded = load([SHIPPED, site])
    assert loaded.till.journal_file == tmp_path / "money" / "journal.sqlite"
    assert loaded.printer.twin_socket == str(tmp_path / "p.sock")
    assert loaded.printer.profile == SHIPPED.parent / "printers" / "generic.toml"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"[terminal\n", "is not TOML"), (b"\xff\xfe", "is not TOML"), (None, "cannot be read: No such file")],
)
def test_a_file_that_is_no_configuration_is_named(tmp_path: Path, content: bytes | None, reason: str) -> None:
    file = tmp_path / "kiosk.toml"
    if content is not None:
        file.write_bytes(content)
    (fault,) = faults_of(file)
    assert fault.startswith(f"{file}: {reason}")


def test_every_setting_has_a_reader_and_every_reader_a_setting() -> None:
    sections = {
        "terminal": settings.TerminalSettings,
        "acceptor": settings.AcceptorSettings,
        "printer": settings.PrinterSettings,
        "scanner": settings.ScannerSettings,
        "aggregator": settings.AggregatorSettings,
        "cash.*": settings.CashSettings,
        "times": settings.TimeSettings,
        "outbox": settings.OutboxSettings,
        "till": settings.TillSettings,
        "slips": settings.SlipSettings,
        "collection": settings.CollectionSettings,
        "access": settings.AccessSettings,
    }
    keys = {f"{name}.{field}" for name, kind in sections.items() for field in kind.__dataclass_fields__}
    assert keys == set(READERS)
