"""What the settings of a kiosk want of its parts, in the checks' words.

Answers for: one reading of the settings for the till and for a look without one. Does not answer for: opening anything.
"""

import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

from kiosk.diagnosis.acceptor import UnitWanted
from kiosk.diagnosis.network import FarEnd
from kiosk.gateways.port import HealthAnswer, Healthy
from kiosk.settings import Settings

OWN_DIALECT = "terminal_api"  #: knows terminals by the name in their certificate, and speaks TLS 1.3 only


def unit_wanted(settings: Settings) -> UnitWanted:
    """Of the bill acceptor."""
    currency = settings.terminal.currency
    notes = settings.cash[currency].denominations_minor
    return UnitWanted(settings.acceptor.port, settings.acceptor.protocol, currency, notes)


def far_end(settings: Settings) -> FarEnd:
    """Of the network."""
    aggregator = settings.aggregator
    own = aggregator.dialect == OWN_DIALECT
    return FarEnd(
        aggregator.url,
        aggregator.ca_file,
        Path(aggregator.certificate_file) if aggregator.certificate_file else None,
        Path(aggregator.key_file) if aggregator.key_file else None,
        aggregator.pins,
        ssl.TLSVersion.TLSv1_3 if own else ssl.TLSVersion.TLSv1_2,
        settings.terminal.number if own else "",
    )


def printer_ids(settings: Settings) -> tuple[int, int]:
    """USB vendor and product id of the printer."""
    return settings.printer.vendor_id, settings.printer.product_id


async def skew_of(health: Callable[[], Awaitable[HealthAnswer]]) -> float | None:
    """Our clock minus the aggregator's in seconds; None where it does not answer."""
    answer = await health()
    return answer.skew_s if isinstance(answer, Healthy) else None
