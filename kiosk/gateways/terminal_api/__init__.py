"""The gateway for our own terminal API: JSON over HTTPS with mutual TLS and an idempotency key."""

from kiosk.gateways.terminal_api.answers import OUTCOMES, QUOTE_REFUSALS
from kiosk.gateways.terminal_api.freeze import freeze, freeze_claim, freeze_collection, freeze_redemption
from kiosk.gateways.terminal_api.gateway import CAPABILITIES, TerminalApiGateway

__all__ = [
    "CAPABILITIES",
    "OUTCOMES",
    "QUOTE_REFUSALS",
    "TerminalApiGateway",
    "freeze",
    "freeze_claim",
    "freeze_collection",
    "freeze_redemption",
]
