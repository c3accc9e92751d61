"""Every table at once: whoever needs the whole `metadata` imports it from here. A new subject adds one line."""

from kiosk.aggregator.storage import (
    accounts,
    claims,
    invoices,
    merchants,
    notifications,
    orders,
    payments,
    refunds,
    terminals,
)
from kiosk.aggregator.storage.base import metadata

SUBJECTS = (
    accounts,
    claims,
    invoices,
    merchants,
    notifications,
    orders,
    payments,
    refunds,
    terminals,
)

__all__ = ["SUBJECTS", "metadata"]
