"""Every table at once: whoever needs the whole `metadata` imports it from here. A new subject adds one line."""

from kiosk.aggregator.storage import (
    accounts,
    catalogue,
    claims,
    collections,
    findings,
    fleet,
    identification,
    invoices,
    merchants,
    notifications,
    orders,
    payments,
    redemptions,
    refunds,
    support,
    tariffs,
    terminals,
    withdrawals,
)
from kiosk.aggregator.storage.base import metadata

SUBJECTS = (
    accounts,
    catalogue,
    claims,
    collections,
    fleet,
    findings,
    identification,
    invoices,
    merchants,
    notifications,
    orders,
    payments,
    redemptions,
    refunds,
    support,
    tariffs,
    terminals,
    withdrawals,
)

__all__ = ["SUBJECTS", "metadata"]
