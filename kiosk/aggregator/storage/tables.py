"""Every table at once: whoever needs the whole `metadata` imports it from here. A new subject adds one line."""

from kiosk.aggregator.storage import (
    accounts,
    catalogue,
    claims,
    collections,
    fleet,
    merchants,
    notifications,
    orders,
    payments,
    redemptions,
    terminals,
)
from kiosk.aggregator.storage.base import metadata

SUBJECTS = (
    accounts,
    catalogue,
    claims,
    collections,
    fleet,
    merchants,
    notifications,
    orders,
    payments,
    redemptions,
    terminals,
)

__all__ = ["SUBJECTS", "metadata"]
