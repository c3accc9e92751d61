"""The merchant's side, Robokassa-compatible: signed starts, the buyer's pages, notifications, XML and JWT services."""
