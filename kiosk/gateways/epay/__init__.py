"""The ePay.bg Billing dialect, from the side that takes the money."""

from kiosk.gateways.epay.frozen import freeze
from kiosk.gateways.epay.gateway import CAPABILITIES, EpayGateway, EpayProfile, EpaySettings

__all__ = ["CAPABILITIES", "EpayGateway", "EpayProfile", "EpaySettings", "freeze"]
