"""A supervisor settles a case: who may when, the fact it becomes, its slip.

Answers for: that a case is settled once, by somebody who may and says why, with nobody paying; that its slip is on its way in
the same commit. Does not answer for: which cases there are, what settling one changes (`cases`), words of slips (`kiosk.slips`).
"""

from collections.abc import Mapping

from kiosk.domain import cases, codes, orders, paper
from kiosk.domain.case_book import Case
from kiosk.domain.case_events import CorrectionCopyAsked, ResolveAsked
from kiosk.domain.case_facts import CaseResolved
from kiosk.domain.case_words import CaseKind, Resolution
from kiosk.domain.collecting import printer_is_free
from kiosk.domain.decision import NOTHING, Context, Decision
from kiosk.domain.facts import SlipIntended
from kiosk.domain.moves import SlipStarted
from kiosk.domain.people import Act, StaffNotice
from kiosk.domain.receipts import CorrectionSlip, Person
from kiosk.domain.rules import MICROSECONDS, Now, Rules
from kiosk.domain.staff import REASON_CHARACTERS_MAX, Meaning, acted, signed_in, told
from kiosk.domain.state import State

CORRECTION = "correction"
NOT_OPEN = "the case is not open, or cannot be settled so"


def _resolve(c: Context, event: ResolveAsked) -> Decision:
    case = c.state.cases.open.get(event.case_id)
    if case is None or event.resolution not in cases.resolutions(c.state, case, c.rules):
        return told(StaffNotice.FAILED, ("cause", NOT_OPEN))
    reason = event.reason.strip()[:REASON_CHARACTERS_MAX]
    if not reason:
        return told(StaffNotice.REASON_WANTED)
    if c.state.box.collection is not None or not printer_is_free(c.state):
        return told(StaffNotice.NOT_NOW)
    resolved = _resolved(c, case, event.resolution, reason)
    act = acted(c, Act.RESOLVE, f"{resolved.resolution_id}: {case.case_id} {event.resolution}")
    intended = _original(c, resolved)
    happened = (act, resolved, intended, SlipStarted(intended.slip_id))
    return Decision(happened, (orders.PrintSlip(intended.slip_id),))


def _resolved(c: Context, case: Case, resolution: Resolution, reason: str) -> CaseResolved:
    state, staff = c.state, signed_in(c.state)
    session_id, claim_id = _kept_for(c, case, resolution)
    return CaseResolved(
        resolution_id=f"{c.rules.terminal_number}-k{state.counters.corrections + 1:05d}",
        case_id=case.case_id,
        kind=case.kind,
        resolution=resolution,
        transfers=cases.transfers(state, case, resolution),
        amount_minor=abs(case.amount_minor),
        currency=case.currency,
        period=case.period,
        session_id=session_id,
        claim_id=claim_id,
        person=Person(staff.person, staff.role),
        reason=reason,
        at_us=c.now.utc_us,
        slip_number=state.counters.slips + 1,
    )


def _kept_for(c: Context, case: Case, resolution: Resolution) -> tuple[str, str]:
    """The visit under whose code the money is kept, and the claim it becomes; empty where none."""
    if cases.needs_code(case, resolution):
        session_id = f"{c.rules.terminal_number}-{c.state.counters.sessions + 1:06d}"
        return session_id, f"{session_id}-found"
    if resolution is Resolution.IN_BOX and not case.test:
        return case.session_id, f"{case.session_id}-{case.case_id}"
    return (case.session_id, "") if resolution is Resolution.TO_BUYER else ("", "")


# --- its slip -----------------------------------------------------------------------------------------------------


def _original(c: Context, resolved: CaseResolved) -> SlipIntended:
    after = cases.resolved(c.state, resolved)
    return _intended(after, resolved, resolved.resolution_id, c.now, c.rules)


def _intended(
    state: State, resolved: CaseResolved, slip_id: str, now: Now, rules: Rules, by: str = "", reason: str = ""
) -> SlipIntended:
    slip = _slip(state, resolved, slip_id, now, rules)
    asked_by, why = by or resolved.person.name, reason or CORRECTION
    return SlipIntended(slip_id, "", slip.slip_number, slip.copy, now.utc_us, asked_by, why, rules.write_slip(slip))


def _slip(state: State, resolved: CaseResolved, slip_id: str, now: Now, rules: Rules) -> CorrectionSlip:
    """`state`: after it was settled. A copy tells when it was, and what its code claims now."""
    debit, credit = _accounts(resolved)
    code, statement = _claim(state, resolved, now, rules)
    return CorrectionSlip(
        slip_id=slip_id,
        copy=slip_id != resolved.resolution_id,
        language=state.session.language or rules.languages[0],
        terminal_number=rules.terminal_number,
        terminal_name=rules.place.name,
        terminal_address=rules.place.address,
        support_phone=rules.place.support_phone,
        slip_number=resolved.slip_number,
        at_us=resolved.at_us,
        time_zone=rules.place.time_zone,
        journal_seq=now.journal_seq,
        journal_head=now.journal_head,
        correction_id=resolved.resolution_id,
        case=resolved.kind,
        resolution=resolved.resolution,
        debit=debit,
        credit=credit,
        amount_minor=resolved.amount_minor,
        currency=resolved.currency,
        person=resolved.person,
        reason=resolved.reason,
        claim_code=code,
        claim_qr=statement,
    )


def _accounts(resolved: CaseResolved) -> tuple[str, str]:
    """From where to where, in all; money that stays under its code is named once on either side."""
    if not resolved.transfers:
        stays = cases.SOURCES[CaseKind.REFUSED](resolved.currency)
        return stays, stays
    last = resolved.transfers[-1]
    return last.debit, last.credit


def _claim(state: State, resolved: CaseResolved, now: Now, rules: Rules) -> tuple[str, str]:
    """Code and signed statement of all that it claims now; both empty when it is nothing."""
    kept = [claim for claim in state.claims.values() if resolved.session_id == claim.session_id]
    amount_minor = sum(claim.amount_minor for claim in kept if claim.currency == resolved.currency)
    if not amount_minor:
        return "", ""
    code = codes.of_visit(resolved.session_id, rules.sign)
    return code, codes.statement(code, amount_minor, resolved.currency, now.utc_us // MICROSECONDS, rules.sign)


def copy_asked(c: Context, event: CorrectionCopyAsked) -> Decision:
    """Of the last ones that were settled, whoever is at the kiosk, but never while a buyer is."""
    found = next((one for one in c.state.cases.settled if one.slip_number == event.number), None)
    if found is None or paper.why_printer_is_taken(c.state) or not (event.person and event.reason):
        return NOTHING
    slip_id = f"{found.resolution_id}-c{c.state.counters.copies + 1}"
    intended = _intended(c.state, found, slip_id, c.now, c.rules, event.person, event.reason)
    return Decision((intended, SlipStarted(slip_id)), (orders.PrintSlip(slip_id),))


#: What staff ask for → the act it is, and what it means.
ACTS: Mapping[type, tuple[Act, Meaning]] = {ResolveAsked: (Act.RESOLVE, _resolve)}
