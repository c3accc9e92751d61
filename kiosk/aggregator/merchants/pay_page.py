"""The page a buyer pays by: number, QR code, amount, payee, until when, three steps; and what became of it.

Answers for: which of its faces the page shows. Does not answer for: looks (`page_frame`), words (`page_words`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

import qrcode
import sqlalchemy as sa
from fastapi.responses import HTMLResponse
from qrcode.constants import ERROR_CORRECT_M

from kiosk.aggregator.merchants.page_frame import button, line, link, page, section
from kiosk.aggregator.merchants.page_words import WORDS, Words
from kiosk.aggregator.merchants.ways_back import WayBack
from kiosk.aggregator.moments import MICROSECONDS
from kiosk.aggregator.money import order_states
from kiosk.aggregator.money.order_states import PAID, State
from kiosk.domain import order_number
from kiosk.domain.codes import in_groups
from kiosk.domain.money import format_major

QR_MARGIN_MODULES = 4  #: ISO/IEC 18004: quiet zone


@dataclass(frozen=True, slots=True)
class Returned:
    """Money the shop gave back, under a code."""

    code: str
    amount_minor: int
    currency: str
    is_paid_out: bool


@dataclass(frozen=True, slots=True)
class View:
    """Everything the page shows. `action`: address of the page itself."""

    order: sa.Row[tuple[object, ...]]
    action: str
    at_us: int
    success: WayBack
    fail: WayBack
    returned: Sequence[Returned] = ()


def show(view: View, language: str) -> HTMLResponse:
    """The page in its present face."""
    words, order = WORDS[language], view.order
    state = State(order.state)
    if state in PAID:
        return _paid(view, words)
    if state is State.REFUSED:
        return _ended(view, words, words.refused, words.refused_hint)
    if state is State.SUSPENDED:
        return _ended(view, words, words.held, words.held_hint)
    if order_states.no_cash(state, order.expires_us, view.at_us):
        return _ended(view, words, words.over, words.over_hint)
    return _open(view, words)


def _bill(view: View, words: Words) -> str:
    order = view.order
    amount = f"{escape(_amount(order.amount_minor, order.currency))} <small>{escape(words.no_fee)}</small>"
    return section(
        line(order.payee, "who"),
        line(order.description, "what") if order.description else "",
        f'<p class="sum">{amount}</p>',
    )


def _amount(amount_minor: int, currency: str) -> str:
    whole, _, rest = format_major(amount_minor, currency).partition(".")
    return f"{int(whole):,}".replace(",", "\u00a0") + f".{rest}\u00a0{currency}"


def _open(view: View, words: Words) -> HTMLResponse:
    body = [line(words.title, tag="h1"), _bill(view, words)]
    if view.order.is_test:
        body.append(_test(view, words))
    else:
        body += [
            _number(view, words),
            _steps(words),
            section(link(words.look_again, view.action), _give_up(view, words)),
        ]
    return page(words, words.title, body, posts_to=(view.fail.url,))


def _number(view: View, words: Words) -> str:
    number = view.order.number
    spelled = " ".join(number)  # a screen reader says digits, not a thousand million
    shown = order_number.in_groups(number).replace(" ", "\u00a0")
    return section(
        line(words.number, tag="h2"),
        f'<p class="number" role="img" aria-label="{spelled}">{shown}</p>',
        line(words.number_hint, "what"),
        _qr(order_number.qr_text(number), words.qr),
        line(words.valid.format(until=_until(view.order.expires_us, words))),
    )


def _until(at_us: int, words: Words) -> str:
    return f"{datetime.fromtimestamp(at_us // MICROSECONDS, UTC):%Y-%m-%d %H:%M} {words.utc}"


def _steps(words: Words) -> str:
    return section(line(words.how, tag="h2"), "<ol>", *(line(step, tag="li") for step in words.steps), "</ol>")


def _give_up(view: View, words: Words) -> str:
    return _back(view.fail, words.give_up, plain=True)


def _back(way: WayBack, text: str, *, plain: bool = False) -> str:
    if not way.url:
        return ""
    return button(text, way.url, way.form, plain=plain) if way.form else link(text, way.url, plain=plain)


def _test(view: View, words: Words) -> str:
    return section(
        line(words.test, tag="h2"),
        line(words.test_hint),
        button(words.test_pay, view.action, {"outcome": "paid"}),
        button(words.test_fail, view.action, {"outcome": "failed"}, plain=True),
        kind="state",
    )


def _paid(view: View, words: Words) -> HTMLResponse:
    """A browser goes on by itself only where no form is needed for it."""
    by_itself = view.success.url if not view.success.form else ""
    state = section(
        line(words.paid, tag="h1"),
        line(words.paid_hint),
        _back(view.success, words.to_shop),
        line(words.goes_by_itself, "what") if by_itself else "",
        kind="state good",
    )
    returned = [_returned(one, words) for one in view.returned]
    onward = "" if returned else by_itself
    body = [state, *returned, _bill(view, words)]
    return page(words, words.paid, body, onward=onward, posts_to=(view.success.url,))


def _returned(one: Returned, words: Words) -> str:
    heading = line(words.refund.format(amount=_amount(one.amount_minor, one.currency)), tag="h2")
    if one.is_paid_out:
        return section(heading, line(words.refund_done))
    return section(heading, line(in_groups(one.code), "code"), line(words.refund_hint))


def _ended(view: View, words: Words, heading: str, hint: str) -> HTMLResponse:
    state = section(line(heading, tag="h1"), line(hint), _back(view.fail, words.to_shop), kind="state bad")
    return page(words, heading, [state, _bill(view, words)], posts_to=(view.fail.url,))


def show_invoice(row: sa.Row[tuple[object, ...]], language: str, *, is_open: bool) -> HTMLResponse:
    """A link for any number of buyers: each gets an order of their own."""
    words = WORDS[language]
    amount = (
        f'<p class="sum">{escape(_amount(row.amount_minor, row.currency))} <small>{escape(words.no_fee)}</small></p>'
    )
    bill = section(line(row.payee, "who"), line(row.description, "what") if row.description else "", amount)
    onward = (
        [line(words.invoice_hint), button(words.invoice_start, "", {})] if is_open else [line(words.invoice_closed)]
    )
    body = [line(words.invoice, tag="h1"), bill, section(*onward)]
    return page(words, words.invoice, body, status=200 if is_open else 410)


def show_fault(message: str, language: str) -> HTMLResponse:
    """Why a payment cannot be started: words for the buyer, and those for whoever mends it."""
    words = WORDS[language]
    return page(
        words,
        words.wrong,
        [section(line(words.wrong, tag="h1"), line(words.wrong_hint), line(message, "what"), kind="state bad")],
        status=400,
    )


def show_nothing(language: str) -> HTMLResponse:
    """An address nobody was given."""
    words = WORDS[language]
    return page(words, words.unknown, [section(line(words.unknown), kind="state bad")], status=404)


def _qr(text: str, name: str) -> str:
    """An inline drawing: one path, a square for every dark module."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QR_MARGIN_MODULES)
    code.add_data(text)
    matrix = code.get_matrix()
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    size = len(matrix)
    return (
        f'<svg class="qr" role="img" aria-label="{escape(name)}" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{squares}"/></svg>'
    )
