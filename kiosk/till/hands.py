"""What carries the till's orders out: acceptor, printer, gateway. Every order becomes a task whose end is an event.

Answers for: that an order is carried out once and its answer reaches the mailbox. Does not answer for: retrying (the rules of
the outbox do), what goes on a slip (`slip_data`, `kiosk.slips`), what an answer means.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from drivers.receipt_printer.document import Document
from drivers.receipt_printer.interface import PaperState, PrinterStatus, ReceiptPrinter
from kiosk.domain import events, facts, orders
from kiosk.domain.events import Event, PostResult
from kiosk.domain.fields import COVER
from kiosk.domain.register_book import Listed, PaidOut, Register
from kiosk.domain.state import Payment, Redemption, State
from kiosk.gateways import port
from kiosk.gateways.port import Gateway
from kiosk.till.acceptor_seam import AcceptorSeam
from kiosk.till.code_desk import CodeDesk
from kiosk.till.loop import RefusedToRunError, RestartAskedError

log = logging.getLogger(__name__)

PRINTER_LOOK_S = 10.0  #: a buyer at the offer learns in this time that there will be no paper


class DeviceHands:
    """The real thing: one acceptor, one printer, one gateway. `render` turns a slip's body into a document; `fetch_catalogue`
    lets its keeper know that there is a newer one, `restart_screens` tells every screen to end.
    """

    def __init__(
        self,
        acceptor: AcceptorSeam,
        printer: ReceiptPrinter,
        gateway: Gateway,
        currency: str,
        render: Callable[[bytes], Document],
        fetch_catalogue: Callable[[], None],
        restart_screens: Callable[[], None],
        codes: CodeDesk,
        post: Callable[[Event], None],
    ) -> None:
        self._acceptor = acceptor
        self._printer = printer
        self._gateway = gateway
        self._currency = currency
        self._render = render
        self._fetch_catalogue = fetch_catalogue
        self._restart_screens = restart_screens
        self._codes = codes
        self._post = post
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def watch(self) -> None:
        """Ask after the printer for ever, and raise what any order's task raised."""
        asking = asyncio.create_task(self._look_at_printer())
        try:
            await asyncio.wait({asking, self._failed}, return_when=asyncio.FIRST_COMPLETED)
            for ended in (asking, self._failed):
                if ended.done():
                    ended.result()
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def close(self) -> None:
        """Stop what is under way; what was sent and not answered goes again after the next start, under its id."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._printer.close()
        await self._gateway.close()
        if self._failed.done():
            self._failed.exception()

    def accept(self, values_minor: frozenset[int]) -> None:
        """Take notes of just these values."""
        self._acceptor.accept(values_minor)

    def perform(self, order: orders.TillOrder, state: State) -> None:
        """Carry out one order. Raises RefusedToRunError and RestartAskedError."""
        match order:
            case orders.StackNote():
                self._acceptor.stack()
            case orders.ReturnNote():
                self._acceptor.return_note()
            case orders.AskPrinter():
                self._start(self._ask_printer())
            case orders.PrintSlip(slip_id=slip_id):
                self._start(self._print(slip_id, self._render(state.slips[slip_id].body)))
            case orders.Restart(order_id=order_id, person=person):
                raise RestartAskedError(person or f"remote order {order_id}")
            case orders.RestartScreen():
                self._restart_screens()
            case orders.RefuseToRun(reason=reason):
                raise RefusedToRunError(reason)
            case _:
                self._perform_far_away(order, state)

    def _perform_far_away(self, order: orders.FarOrder, state: State) -> None:
        match order:
            case orders.AskQuote(order_number=number, service_id=service_id, fields=fields):
                self._start(self._quote(port.QuoteWanted(number, self._currency, service_id, fields)))
            case orders.PostPayment(payment_id=payment_id):
                self._start(self._send(state.payments[payment_id]))
            case orders.PostReport(report_id=report_id):
                report = state.reports[report_id]
                self._start(self._report(report.kind, report_id, report.body))
            case orders.LookUpCode(code=code, ours=ours):
                self._start(self._codes.look_up(code, ours=ours))
            case orders.PostRedemption(redemption_id=redemption_id):
                self._start(self._redeem(state.redemptions[redemption_id]))
            case orders.FetchCatalogue():
                self._fetch_catalogue()
            case orders.FetchRegister(day=day):
                self._start(self._fetch_register(day))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._failed.done():
            self._failed.set_exception(error)

    async def _quote(self, wanted: port.QuoteWanted) -> None:
        match await self._gateway.quote(wanted):
            case port.Quoted() as q:
                order = facts.Order(
                    q.quote_id,
                    q.order_number,
                    q.payee,
                    q.description,
                    q.amount_minor,
                    q.currency,
                    q.expires_at_us,
                    facts.OverpayPolicy(q.overpay),
                    q.service_id,
                    q.account,
                    q.open_amount,
                    q.max_minor,
                )
                self._post(events.OrderQuoted(order, wanted.fields, q.details))
            case port.QuoteRefused(code=code):
                self._post(events.OrderRefused(wanted.order_number, code, wanted.service_id, wanted.fields))
            case port.QuoteUnavailable(cause=cause):
                log.warning("no quote for %s: %s", wanted.order_number or wanted.service_id, _without(cause, wanted))
                self._post(events.OrderUnavailable(wanted.order_number, wanted.service_id, wanted.fields))

    async def _ask_printer(self) -> None:
        self._post(printer_answered(await self._printer.status()))

    async def _look_at_printer(self) -> None:
        while True:
            await self._ask_printer()
            await asyncio.sleep(PRINTER_LOOK_S)

    async def _send(self, payment: Payment) -> None:
        """By the dialect the body was frozen for, or not at all."""
        held = self._held(payment.payment_id, payment.gateway)
        outcome = held or await self._gateway.post(payment.payment_id, payment.body)
        self._post(events.PostAnswered(payment.payment_id, *in_domain_words(outcome)))

    async def _redeem(self, redemption: Redemption) -> None:
        """As `_send`."""
        name = redemption.redemption_id
        held = self._held(name, redemption.gateway)
        outcome = held or await self._gateway.redeem(
            name, redemption.body, redemption.amount_minor, redemption.currency
        )
        left_minor = outcome.left_minor if isinstance(outcome, port.Redeemed) else 0
        self._post(events.RedemptionAnswered(name, *in_domain_words(outcome), left_minor))

    def _held(self, name: str, dialect: str) -> port.Unknown | None:
        """No other dialect can read a body, and none may guess."""
        ours = self._gateway.capabilities.dialect
        if dialect == ours:
            return None
        cause = f"frozen for {dialect}, and this till speaks {ours}: held"
        log.error("payment %s: %s; run the till with that dialect to send it", name, cause)
        return port.Unknown(cause)

    async def _report(self, kind: facts.ReportKind, report_id: str, body: bytes) -> None:
        outcome = await self._gateway.report(kind, report_id, body)
        self._post(events.ReportAnswered(report_id, *in_domain_words(outcome)))

    async def _print(self, slip_id: str, document: Document) -> None:
        result = await self._printer.print(document)
        self._post(events.SlipFinished(slip_id, facts.SlipOutcome(result.outcome.value), result.cause))

    async def _fetch_register(self, day: str) -> None:
        match await self._gateway.register(day):
            case port.RegisterRead() as read:
                self._post(events.RegisterHeard(register_in_domain_words(read)))
            case port.RegisterUnavailable(cause=cause):
                log.warning("register of %s: %s", day, cause)
                self._post(events.RegisterUnheard(day))


def _without(cause: str, wanted: port.QuoteWanted) -> str:
    """The far end's words without what the buyer typed, which it may repeat."""
    for _, typed in wanted.fields:
        cause = cause.replace(typed, COVER) if typed else cause
    return cause


def register_in_domain_words(read: port.RegisterRead) -> Register:
    """A day's register without what only its comparison there needs."""
    payments = (Listed(p.payment_id, p.amount_minor, p.currency, p.captured_at_us) for p in read.payments)
    claims = (PaidOut(c.claim_id, c.reference, c.amount_minor, c.currency) for c in read.claims)
    return Register(read.day, read.closed, tuple(payments), tuple(claims))


def printer_answered(status: PrinterStatus) -> events.PrinterAnswered:
    """The domain's words for a printer's status."""
    low = [status.paper.value] if status.paper is PaperState.NEAR_END else []
    return events.PrinterAnswered(status.can_print, ",".join(low + sorted(fault.value for fault in status.faults)))


def in_domain_words(outcome: port.Outcome | port.RedemptionOutcome) -> tuple[PostResult, str, str, float]:
    """The domain's words for a gateway's: result, detail, reason, seconds to wait. Final: Accepted, Redeemed, Refused."""
    match outcome:
        case port.Accepted(reference=reference) | port.Redeemed(reference=reference):
            return PostResult.ACCEPTED, reference, "", 0.0
        case port.Refused(code=code, reason=reason):
            return PostResult.REFUSED, code, reason, 0.0
        case port.Retry(not_before_s=wait_s, cause=cause):
            return PostResult.NOT_FINAL, cause, "", wait_s
        case port.NotSent(cause=cause):
            return PostResult.NOT_SENT, cause, "", 0.0
        case port.Unknown(cause=cause):
            return PostResult.NOT_FINAL, cause, "", 0.0
