"""What a provider's answer to a payment means. Pure: final only if it names this very id, and success only with this very sum."""

from collections.abc import Mapping

from kiosk.domain.money import MoneyError, parse_major
from kiosk.gateways import port
from kiosk.gateways.osmp.answers import OsmpAnswer
from kiosk.gateways.osmp.codes import Code, Verdict
from kiosk.gateways.osmp.frozen import Sent, is_same_id

STRANGE = Code("a code nobody has told us of", fatal=False, verdict=Verdict.UNKNOWN)


def outcome(told: OsmpAnswer, sent: Sent, codes: Mapping[int, Code], *, whole: bool) -> port.Outcome:
    """`whole`: HTTP agrees that all is well; without that, success is not believed and a refusal must name the id.

    Some providers leave the id blank when they say no; a blank one is never read as success.
    """
    code = codes.get(told.result, STRANGE)
    about = f"result {told.result}: {told.comment or code.meaning}"
    is_ours = is_same_id(told.txn_id, sent.txn_id)
    may_be_blank = whole and code.verdict is not Verdict.DONE
    if not is_ours and (told.txn_id or not may_be_blank):
        return port.Unknown(f"{about}; the answer is about transaction {told.txn_id!r}")
    match code.verdict:
        case Verdict.LATER:
            return port.Retry(0.0, about)
        case Verdict.REFUSED:
            return port.Refused(str(told.result), told.comment or code.meaning)
        case Verdict.DONE if whole:
            return _done(told, sent, about)
        case _:
            return port.Unknown(about)


def _done(told: OsmpAnswer, sent: Sent, about: str) -> port.Outcome:
    if _minor(told.sum, sent.currency) != sent.amount_minor:
        return port.Unknown(f"{about}; the answer echoes the sum {told.sum!r}, sent was another")
    return port.Accepted(told.prv_txn)


def _minor(text: str, currency: str) -> int | None:
    try:
        return parse_major(text, currency)
    except MoneyError:
        return None
