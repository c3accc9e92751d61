"""The OSMP dialect: what provider protocols of payment terminals in eastern Europe have in common."""

from kiosk.gateways.osmp.frozen import freeze
from kiosk.gateways.osmp.gateway import CAPABILITIES, OsmpGateway, OsmpSettings
from kiosk.gateways.osmp.profile import OsmpProfile

__all__ = ["CAPABILITIES", "OsmpGateway", "OsmpProfile", "OsmpSettings", "freeze"]
