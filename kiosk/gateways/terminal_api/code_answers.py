"""What the aggregator's answers about codes mean, as `answers` says it of payments.

Answers for: that a redemption is over only by a word about this very id, sum and currency; that no code stands in what is handed
on, whatever the far end repeats. Does not answer for: the wire (`gateway`).
"""

from dataclasses import replace

from kiosk import terminal_api as api
from kiosk.gateways import port
from kiosk.gateways.terminal_api.answers import INTERNAL_SERVER_ERROR, problem_of, read
from kiosk.gateways.wire import Answer, AnswerError

COVER = "****"  #: in the place of a code

#: Refused for ever: nothing was paid, and another try under another id may come of it. A known id is answered with what was paid,
#: whatever has changed since, so none of these is said of one. Every other problem may be a fault that somebody mends.
FINAL = frozenset(
    {
        api.ProblemCode.ORDER_NOT_FOUND,
        api.ProblemCode.ORDER_EXPIRED,
        api.ProblemCode.ORDER_ALREADY_PAID,
        api.ProblemCode.ORDER_CANCELLED,
        api.ProblemCode.QUOTE_UNKNOWN,
        api.ProblemCode.CODE_UNKNOWN,
        api.ProblemCode.CODE_REDEEMED,
        api.ProblemCode.CODE_TOO_SMALL,
        api.ProblemCode.CURRENCY_MISMATCH,
        api.ProblemCode.SHOP_INACTIVE,
    }
)


def told(answer: Answer) -> port.CodeAnswer:
    """What is left under a code. Raises AnswerError for what is no answer."""
    problem = problem_of(answer)
    if problem is not None and problem.code is api.ProblemCode.CODE_UNKNOWN and answer.status < INTERNAL_SERVER_ERROR:
        return port.CodeNotKnown()
    state = read(answer, api.CodeState)
    return port.CodeOpen(state.amount_minor, state.currency)


def outcome(answer: Answer, redemption_id: str, amount_minor: int, currency: str) -> port.RedemptionOutcome:
    """Final only about this very id, sum and currency."""
    problem = problem_of(answer)
    if problem is not None and problem.code in FINAL and answer.status < INTERNAL_SERVER_ERROR:
        return port.Refused(problem.code.value, problem.message)
    try:
        state = read(answer, api.RedemptionState)
    except AnswerError as error:
        return port.Unknown(str(error))
    if state.redemption_id != redemption_id:
        return port.Unknown(f"the answer is about redemption {state.redemption_id}")
    if (state.paid_minor, state.currency) != (amount_minor, currency):
        return port.Unknown(f"the answer says {state.paid_minor} {state.currency} was paid, not {amount_minor}")
    return port.Redeemed(state.reference, state.left_minor)


def without(code: str, outcome: port.RedemptionOutcome) -> port.RedemptionOutcome:
    """The same, with whatever the far end repeats of the code covered."""
    match outcome:
        case port.Refused(reason=reason):
            return replace(outcome, reason=reason.replace(code, COVER))
        case port.Unknown(cause=cause):
            return replace(outcome, cause=cause.replace(code, COVER))
        case _:
            return outcome
