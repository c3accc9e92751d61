"""What a dialect that carries payments and nothing else answers to all other calls."""

from kiosk.domain.facts import ReportKind
from kiosk.gateways import port


class PaymentsOnly:
    """Base of such gateways; each overrides what its far end can do after all."""

    async def heartbeat(self, _body: bytes) -> port.HeartbeatAnswer:
        """Nobody hears it."""
        return port.Unhealthy("this dialect has no heartbeat")

    async def catalogue(self, _known_etag: str) -> port.CatalogueAnswer:
        """There is none."""
        return port.CatalogueUnavailable("this dialect has no catalogue")

    async def status(self, _payment_id: str) -> port.Outcome:
        """Told by a repeated post alone."""
        return port.Unknown("this dialect tells what became of a payment when it is posted again")

    async def report(self, kind: ReportKind, _report_id: str, _body: bytes) -> port.Outcome:
        """Kept until a gateway that takes it."""
        return port.Unknown(f"this dialect takes no {kind.value} reports")

    async def register(self, _day: str) -> port.RegisterAnswer:
        """There is none."""
        return port.RegisterUnavailable("this dialect has no register")

    async def look_up_code(self, _code: str) -> port.CodeAnswer:
        """Nobody there knows codes."""
        return port.CodeUnavailable("this dialect knows no codes", asked=False)

    async def redeem(
        self, _redemption_id: str, _body: bytes, _amount_minor: int, _currency: str
    ) -> port.RedemptionOutcome:
        """Kept until a gateway that takes it."""
        return port.Unknown("this dialect pays with no codes")
