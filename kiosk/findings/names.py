"""What parts, lights and facts are called. English; the catalogues say it in other languages."""

from collections.abc import Mapping

from kiosk.domain.findings import FactCode
from kiosk.domain.receipts import Device, Verdict

FACT_NAMES: Mapping[FactCode, str] = {
    FactCode.MODEL: "Model",
    FactCode.SERIAL: "Serial number",
    FactCode.FIRMWARE: "Firmware",
    FactCode.PROTOCOL: "Protocol",
    FactCode.PORT: "Port",
    FactCode.DENOMINATIONS: "Banknotes it knows",
    FactCode.STATE: "State",
    FactCode.REJECT_REASONS: "Why notes were refused",
    FactCode.PROFILE: "Profile",
    FactCode.PAPER: "Paper",
    FactCode.USB: "USB ids",
    FactCode.ADDRESS: "Address",
    FactCode.INTERFACE: "Network interface",
    FactCode.ROUND_TRIP_MS: "Answer after, ms",
    FactCode.SERVER_CERTIFICATE_UNTIL: "Aggregator's certificate until",
    FactCode.OUR_CERTIFICATE_UNTIL: "Kiosk's certificate until",
    FactCode.ROWS: "Journal rows",
    FactCode.JOURNAL_HEAD: "Last row's hash",
    FactCode.FREE_MB: "Free, MB",
    FactCode.RESERVE_MB: "Reserve, MB",
    FactCode.WRITE_MS: "Write, ms",
    FactCode.SKEW_S: "Difference from the aggregator, s",
}

DEVICES: Mapping[Device, str] = {
    Device.ACCEPTOR: "Bill acceptor",
    Device.PRINTER: "Printer",
    Device.NETWORK: "Network",
    Device.JOURNAL: "Journal",
    Device.DISK: "Disk",
    Device.CLOCK: "Clock",
    Device.SCREEN: "Screen",
}

LIGHTS: Mapping[Verdict, str] = {
    Verdict.GOOD: "in order",
    Verdict.WARNING: "attention",
    Verdict.BAD: "fault",
    Verdict.UNKNOWN: "not known",
}
