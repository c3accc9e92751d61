"""From facts to slips: what is printed, in the buyer's language. `render` is all there is."""

from kiosk.slips.payment import render

__all__ = ["render"]
