"""The journal in words: what happened, line by line, and which lines belong to one visit.

Answers for: a sentence for every fact, and the bill-by-bill story of a payment for disputes. Does not answer for: whether the
journal holds (`verify`), layout or files (the command).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from kiosk.domain import collection_facts as c
from kiosk.domain import diagnosis_facts as d
from kiosk.domain import facts as f
from kiosk.domain import operation_facts as o
from kiosk.domain import redemption_facts as r
from kiosk.domain import staff_facts as sf
from kiosk.domain.case_facts import CaseResolved
from kiosk.domain.facts import Fact
from kiosk.domain.money import format_major
from kiosk.domain.receipts import Person
from kiosk.till.journal import Row


def _sum(minor: int, currency: str) -> str:
    return f"{format_major(minor, currency)} {currency}"


def _opened(fact: f.SessionOpened) -> str:
    order = fact.order
    paper = ", without a receipt" if fact.without_receipt else ""
    over = "the buyer decides how much" if order.open_amount else f"over the amount: {order.overpay}"
    return f"cash opened for {_what(order)}, {over}{paper}"


def _what(order: f.Order) -> str:
    what = f"service {order.service_id}, {order.account or '-'}" if order.service_id else f"order {order.order_number}"
    return f"{what}: {_sum(order.amount_minor, order.currency)} to {order.payee}"


def _redemption(fact: r.RedemptionCaptured) -> str:
    paper = ", without a receipt" if fact.without_receipt else ""
    return f"payment {fact.redemption_id} with a code captured for {_what(fact.order)}{paper}"


def _slip(fact: f.SlipIntended) -> str:
    asked = f" for {fact.asked_by or 'nobody'}: {fact.reason}" if fact.reason else ""
    return f"{'copy of slip' if fact.copy else 'slip'} {fact.number} goes to the printer{asked}"


def _by(person: Person | None) -> str:
    return f"by {person.name}, {person.role}" if person else "with nobody signed in"


def _closed(fact: c.PeriodClosed) -> str:
    slip = fact.slip
    held = ", ".join(_sum(box.stacked_minor, box.currency) for box in slip.boxes)
    how = "" if slip.attended else ", its box gone with nobody signed in"
    counted = (f"; counted {_sum(b.counted_minor, b.currency)}" for b in slip.boxes if b.counted_minor is not None)
    return f"period {slip.period} closed{how}: {held}{''.join(counted)}; slip {slip.serial}, bag {slip.bag or '-'}"


def _counted(fact: c.BoxCountedBlind) -> str:
    total = sum(value_minor * count for value_minor, count in fact.notes)
    return f"the box was counted {_by(fact.person)}: {_sum(total, fact.currency)}"


def _resolved(fact: CaseResolved) -> str:
    code = ", under a code" if fact.session_id else ""
    what = f"{fact.kind} {fact.case_id} of {_sum(fact.amount_minor, fact.currency)}"
    return f"{what} settled {_by(fact.person)}: {fact.resolution}{code}; {fact.reason}"


#: What a register and a journal differ in, after the name of a payment or a claim.
DIFFERS: Mapping[o.DifferenceKind, str] = {
    o.DifferenceKind.MISSING_THERE: "accepted, and in no register",
    o.DifferenceKind.UNKNOWN_HERE: "in the register, and not awaited here",
    o.DifferenceKind.AMOUNT_DIFFERS: "in the register with another amount",
    o.DifferenceKind.STILL_WAITING: "in the register, and still without an answer here",
    o.DifferenceKind.REFUSED_HERE: "in the register, and refused here",
    o.DifferenceKind.LISTED_TWICE: "in the register twice",
    o.DifferenceKind.NOT_COMPARED: "accepted, and the register of its day was never had",
    o.DifferenceKind.CLAIM_NOT_OPEN: "paid out by the aggregator, and nothing is open under it here",
    o.DifferenceKind.CLAIM_DIFFERS: "paid out by the aggregator in another amount than is kept here",
}


def _difference(difference: o.Difference) -> str:
    ours = _sum(difference.ours_minor, difference.our_currency) if difference.our_currency else "nothing"
    theirs = f"{difference.theirs_minor} minor units {difference.their_currency}".rstrip()
    return f"{difference.name} {DIFFERS[difference.kind]} (here {ours}, there {theirs})"


def _differences(fact: o.RegisterCompared | o.RegistersMissed) -> str:
    told = "".join(f"; {_difference(difference)}" for difference in fact.differences)
    return told + (f"; and {fact.untold} more" if fact.untold else "")


def _lights(fact: d.ServiceReported) -> str:
    return ", ".join(f"{part.device} {part.verdict}" for part in fact.parts)


#: One sentence for each fact.
TELL: Mapping[type, Callable[..., str]] = {
    f.TillStarted: lambda e: f"till started, software {e.software}",
    f.KeyChosen: lambda e: f"signing key {e.public_key[:16]} from here on",
    f.SessionOpened: _opened,
    f.NoteIntended: lambda e: f"note {_sum(e.value_minor, e.currency)} in escrow, to be stacked",
    f.NoteStacked: lambda _: "note is in the box, credited",
    f.NoteReturned: lambda _: "note went back to the buyer, not credited",
    f.NoteUnresolved: lambda e: f"nobody can say where the note is ({e.cause}): suspense",
    f.SuspenseSettled: lambda e: f"the note in doubt was {'stacked' if e.stacked else 'returned'} after all",
    f.NoteHandedBack: lambda e: f"note {_sum(e.value_minor, e.currency)} given back from escrow: {e.reason}",
    f.OrphanExpected: lambda e: f"a note without an owner is on its way: {e.cause}",
    f.OrphanStacked: lambda e: f"note {_sum(e.value_minor, e.currency)} in the box without an owner: {e.cause}",
    f.StackedRepeated: lambda e: (
        f"note {_sum(e.value_minor, e.currency)} told once more by the acceptor, booked before"
    ),
    f.AcceptorRested: lambda _: "the acceptor is at rest again",
    f.CashClosed: lambda e: f"no more notes, {e.inserted_minor} minor units are in",
    f.PaymentCaptured: lambda e: f"payment {e.payment_id} of {_sum(e.amount_minor, e.currency)} captured",
    f.CreditUnallocated: lambda e: f"{_sum(e.amount_minor, e.currency)} kept for the buyer: {e.reason}",
    f.PaymentDeferred: lambda e: f"payment {e.payment_id}, attempt {e.attempt} without a final answer: {e.cause}",
    f.PaymentAccepted: lambda e: f"payment {e.payment_id} accepted by the aggregator as {e.reference}",
    f.PaymentRefused: lambda e: f"payment {e.payment_id} refused by the aggregator: {e.code} {e.reason}".rstrip(),
    f.ReportQueued: lambda e: f"{e.kind} {e.report_id} to be told to the aggregator",
    f.ReportDeferred: lambda e: f"{e.report_id}, attempt {e.attempt} without a final answer: {e.cause}",
    f.ReportDelivered: lambda e: f"{e.report_id} known to the aggregator as {e.reference}",
    f.ReportRefused: lambda e: f"{e.report_id} refused by the aggregator: {e.code} {e.reason}".rstrip(),
    f.ClaimRedeemed: lambda e: f"{e.claim_id}: {_sum(e.amount_minor, e.currency)} paid out by the aggregator",
    f.PersonalErased: lambda e: f"personal data erased, {len(e.kept)} still open kept",
    c.CollectionBegun: lambda e: f"collection of period {e.period} begun {_by(e.person)}: no note is taken",
    c.CollectionAbandoned: lambda e: f"collection given up {_by(e.person)}, the box stays",
    c.BoxReleased: lambda e: f"the box may be taken, {_by(e.person)}",
    c.BoxRemoved: lambda e: f"the cash box is out, {_by(e.person)}",
    c.BoxReturned: lambda _: "a cash box is in its place again",
    c.BoxSealed: lambda e: f"box {e.box_id or '-'} sealed in {e.bag or '-'} {_by(e.person)}",
    c.BoxPutIn: lambda e: f"box {e.box_id or '-'} put in {_by(e.person)}",
    c.BoxCountedBlind: _counted,
    c.CountDoubted: lambda e: f"the box of period {e.period} has to be counted: {e.doubt}",
    c.PeriodClosed: _closed,
    f.BoxTaken: lambda e: f"cash box of period {e.period} taken by {e.person}, bag {e.bag or '-'}",
    f.BoxCounted: lambda e: (
        f"box of period {e.period} counted by {e.person}: {_sum(e.counted_minor, e.currency)}; {e.reason}"
    ),
    f.Corrected: lambda e: f"{e.amount_minor} minor units from {e.credit} to {e.debit} by {e.person}: {e.reason}",
    CaseResolved: _resolved,
    f.ResultKnown: lambda e: f"the buyer is told: {e.kind}",
    f.SlipIntended: _slip,
    f.SlipSettled: lambda e: f"slip {e.outcome} {e.cause}".rstrip(),
    f.ReceiptShown: lambda e: f"receipt {e.number} is shown on the screen, the buyer agreed to no paper",
    f.PrinterChanged: lambda e: (
        f"printer: {e.trouble or 'all is well again'}{'' if e.can_print else '; it cannot print'}"
    ),
    f.PrinterTested: lambda e: f"test page for {e.person}: {e.outcome} {e.cause}".rstrip(),
    f.SessionEnded: lambda _: "visit ended",
    f.AcceptanceLatched: lambda e: f"acceptance latched off: {e.reason}",
    f.AcceptanceResumed: lambda e: f"acceptance resumed: {e.reason}",
    r.RedemptionCaptured: _redemption,
    r.RedemptionDeferred: lambda e: (
        f"payment {e.redemption_id} with a code, attempt {e.attempt} without a final answer: {e.cause}"
    ),
    r.RedemptionAccepted: lambda e: (
        f"payment {e.redemption_id} with a code accepted as {e.reference}, {e.left_minor} minor units are left"
    ),
    r.RedemptionRefused: lambda e: (
        f"payment {e.redemption_id} with a code refused: {e.code} {e.reason}".rstrip() + "; nothing was taken"
    ),
    o.RegistersBegun: lambda e: f"daily registers are compared from {e.first_day} on",
    o.PaymentsRegistered: lambda e: f"the register of {e.day} lists {', '.join(e.payment_ids)} already",
    o.RegisterCompared: lambda e: f"register of {e.day} compared: {e.agreed} payments agree{_differences(e)}",
    o.RegistersMissed: lambda e: f"registers up to {e.day} were never had{_differences(e)}",
    o.RemoteOrderReceived: lambda e: f"remote order {e.order_id}: {e.kind}",
    o.RemoteOrderEnded: lambda e: f"remote order {e.order_id} {e.progress}{': ' if e.words else ''}{e.words}",
    sf.SignInTried: lambda e: f"somebody tries to sign in as number {e.number or '?'}",
    sf.SignInRefused: lambda e: f"sign-in of number {e.number or '?'} refused: {e.fault}",
    sf.SignedIn: lambda e: (
        f"{e.person} (number {e.number}, {e.role}) signed in{', with a one-time code' if e.code_step else ''}"
    ),
    sf.SignedOut: lambda e: f"{e.person} (number {e.number}) signed out: {e.cause}",
    sf.StaffActed: lambda e: f"{e.person} (number {e.number}): {e.act}, {e.what}",
    sf.NoteTestOpened: lambda e: f"note test by {e.person}, notes {'are kept' if e.keep else 'come back'}",
    sf.NoteTestClosed: lambda _: "note test ended",
    sf.NoteTestLeft: lambda _: "note test ended",
    o.RemoteOrderTold: lambda e: f"the aggregator knows how remote order {e.order_id} ended",
    d.NoteRejected: lambda e: f"the acceptor itself refused a note: {e.reason}",
    d.TouchTested: lambda e: f"touch test by {e.person}: {e.missed} of {e.fields} fields were missed",
    d.ServiceReported: lambda e: f"service report {e.report_id} by {e.person}: {_lights(e)}",
    d.ServiceReportPrinted: lambda e: (
        f"{'copy of ' if e.copy else ''}service report {e.report_id}: {e.outcome} {e.cause}".rstrip()
    ),
}

#: Fields that name what a fact belongs to, nearest first.
_NAMES = ("session_id", "test_id", "note_id", "payment_id", "redemption_id", "slip_id", "report_id", "claim_id")


def sentence(fact: Fact) -> str:
    """What happened, for people."""
    return TELL[type(fact)](fact)


def visits(rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
    """Every row with the session id of the visit it belongs to, or "" when it belongs to none."""
    owners: dict[str, str] = {}
    for row in rows:
        names = [getattr(row.fact, name) for name in _NAMES if getattr(row.fact, name, "")]
        visit = next((owners[name] for name in names if name in owners), "")
        if not visit and names:
            visit = getattr(row.fact, "session_id", "") or _of_claim(names[0])
        owners.update(dict.fromkeys(names, visit))
        yield row, visit


def _of_claim(name: str) -> str:
    """`0001-000012-leftover` → `0001-000012`."""
    parts = name.split("-")
    return "-".join(parts[:2]) if len(parts) > 2 else name


def visit_of(rows: Iterable[Row], name: str) -> str:
    """The visit a payment id, note id, slip id or session id belongs to; "" when the journal does not know it."""
    for row, visit in visits(rows):
        if name == visit or name in {getattr(row.fact, field, None) for field in _NAMES}:
            return visit
    return ""
