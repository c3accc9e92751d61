"""Screens about a code from a slip: typing it, what it stands for, and paying with it."""

from collections.abc import Mapping
from dataclasses import replace as with_glass

from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.glass import Glass
from kiosk.screen.scenes.letters import WITH_CODES, strokes
from kiosk.screen.scenes.parts import CODE, ENTRY, OFFER, ORDER, WELCOME, done, glass
from kiosk.screen.scenes.services import BILL, TOP_UP_KEYS, choosing, paying_for
from kiosk.screen.scenes.stock import MANY

WRONG_CODE = CODE[:-1] + "R"
MONEY = m.CodeView(CODE, 10_000, "EUR")
KEPT = m.FoundView(
    code=CODE,
    whereabouts=m.Whereabouts.KEPT,
    payee="Demo Shop",
    paid_minor=7350,
    open_minor=1500,
    under_review_minor=0,
    currency="EUR",
    at_us=1_795_521_600_000_000,
    reference="000121745893100042",
    usable=True,
)

FOUND = replace(WITH_CODES, phase=m.Phase.FOUND, found=KEPT)
PAYING_WITH = replace(WITH_CODES, code=MONEY)
OFFER_WITH = replace(OFFER, code=MONEY)


def typing_code(*roles: str, snapshot: m.Snapshot = WITH_CODES) -> Glass:
    """At the entry of a code, after these touches."""
    return choosing("code", *roles, snapshot=snapshot)


def found(**changes: object) -> Glass:
    """What a code stands for."""
    return with_glass(glass(replace(FOUND, found=replace(KEPT, **changes))), catalogue=MANY)


def _told(code: m.NoticeCode) -> Glass:
    """The code was looked up, and the till said this."""
    return glasses.seen(typing_code(*strokes(CODE), "next"), replace(WITH_CODES, notice=code))


def _paid(kind: m.ResultKind, left_minor: int) -> Glass:
    snapshot = done(kind, m.ReceiptView.PRINTED, leftover_minor=0).snapshot
    assert snapshot is not None
    assert snapshot.result is not None
    result = replace(snapshot.result, claim_code="")
    return glass(replace(snapshot, code=replace(MONEY, open_minor=left_minor), result=result))


def _kept(kind: m.ResultKind) -> Glass:
    """Money stays behind where codes can be paid with."""
    snapshot = done(kind, m.ReceiptView.PRINTED, leftover_minor=5500).snapshot
    assert snapshot is not None
    return glass(replace(snapshot, codes=True))


CODES: Mapping[str, Glass] = {
    "code-empty": typing_code(),
    "code-half": typing_code(*strokes(CODE[:7])),
    "code-whole": typing_code(*strokes(CODE)),
    "code-mistyped": typing_code(*strokes(WRONG_CODE)),
    "code-without-services": typing_code(snapshot=replace(ENTRY, codes=True)),
    **{f"code-{code}": _told(code) for code in m.NoticeCode if code.startswith("code_")},
    "code-network": _told(m.NoticeCode.NETWORK_DOWN),
    "code-still-there": typing_code(snapshot=replace(WITH_CODES, seconds_left=9)),
    "checking-code": with_glass(
        typing_code(*strokes(CODE)), snapshot=replace(WITH_CODES, phase=m.Phase.CHECKING, seconds_left=-1)
    ),
    "found-kept": found(),
    "found-kept-only": found(payee="", paid_minor=0, at_us=0, reference=""),
    "found-not-usable": found(usable=False),
    "found-paid": found(whereabouts=m.Whereabouts.PAID, open_minor=0, usable=False),
    "found-on-its-way": found(whereabouts=m.Whereabouts.ON_ITS_WAY, usable=True),
    "found-paid-out": found(whereabouts=m.Whereabouts.PAID_OUT, open_minor=0, usable=False),
    "found-review": found(
        whereabouts=m.Whereabouts.UNDER_REVIEW, paid_minor=0, open_minor=0, under_review_minor=2000, usable=False
    ),
    "found-all": found(under_review_minor=2000, payee="Международен търговски дом „Светлина и синове“ ООД"),
    "found-closed": with_glass(
        found(), snapshot=replace(FOUND, availability=m.Availability.NETWORK_DOWN, seconds_left=60)
    ),
    "home-with-code": choosing(snapshot=replace(PAYING_WITH, popular=("water",)), catalogue=MANY),
    "shelf-with-code": choosing("services", snapshot=PAYING_WITH, catalogue=MANY),
    "field-with-code": choosing(*TOP_UP_KEYS, "key:8", snapshot=PAYING_WITH),
    "order-with-code": choosing("order", "key:8", snapshot=PAYING_WITH),
    "offer-with-code": glass(OFFER_WITH),
    "offer-with-code-no-receipt": glass(replace(OFFER_WITH, printer=m.PrinterView.NO_RECEIPT)),
    "offer-with-code-exact": glass(replace(OFFER_WITH, code=replace(MONEY, open_minor=ORDER.due_minor))),
    "offer-bill-with-code": paying_for(replace(OFFER_WITH, catalogue_version=7, order=BILL)),
    "offer-code-too-small": glass(
        replace(OFFER_WITH, code=replace(MONEY, open_minor=1500), notice=m.NoticeCode.CODE_TOO_SMALL)
    ),
    "welcome-scanner": glass(replace(WELCOME, catalogue_version=7, codes=True, scanner=True)),
    "done-refused-codes": _kept(m.ResultKind.REFUSED),
    "done-not-enough-codes": _kept(m.ResultKind.NOT_ENOUGH),
    "done-later-codes": _kept(m.ResultKind.ACCEPTED_FOR_LATER),
    "done-with-code": _paid(m.ResultKind.ACCEPTED, 2650),
    "done-with-code-spent": _paid(m.ResultKind.ACCEPTED, 0),
    "done-with-code-later": _paid(m.ResultKind.ACCEPTED_FOR_LATER, 2650),
    "done-with-code-refused": _paid(m.ResultKind.REFUSED, 10_000),
}
