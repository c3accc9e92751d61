"""Every table at once: whoever needs the whole `metadata` imports it from here. A new subject adds one line."""

from kiosk.aggregator.storage import (
    accounts,
    claims,
    merchants,
    notifications,
    orders,
    payments,
    terminals,
)
from kiosk.aggregator.storage.base import metadata

SUBJECTS = (
    accounts,
    claims,
    merchants,
    notifications,
    orders,
    payments,
    terminals,
)

__all__ = ["SUBJECTS", "metadata"]
