"""Configuration: config/*.toml → frozen `Settings` (`shapes`), read and refused by `files`."""

from kiosk.settings.files import READERS, SettingsError, dump, load
from kiosk.settings.shapes import (
    LANGUAGES,
    ROLES,
    AcceptorSettings,
    AccessSettings,
    AggregatorSettings,
    CashSettings,
    OutboxSettings,
    PrinterSettings,
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
    "OutboxSettings",
    "PrinterSettings",
    "Settings",
    "SettingsError",
    "SlipSettings",
    "TerminalSettings",
    "TillSettings",
    "TimeSettings",
    "dump",
    "load",
]
