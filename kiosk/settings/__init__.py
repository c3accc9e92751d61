"""Configuration: config/*.toml → frozen `Settings` (`shapes`), read and refused by `files`."""

from kiosk.settings.files import READERS, SettingsError, dump, load
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

__all__ = [
    "LANGUAGES",
    "READERS",
    "ROLES",
    "AcceptorSettings",
    "AccessSettings",
    "AggregatorSettings",
    "CashSettings",
    "CollectionSettings",
    "OutboxSettings",
    "PrinterSettings",
    "ScannerSettings",
    "Settings",
    "SettingsError",
    "SlipSettings",
    "TerminalSettings",
    "TillSettings",
    "TimeSettings",
    "dump",
    "load",
]
