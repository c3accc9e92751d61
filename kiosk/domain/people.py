"""People with keys: their roles, what each role may do, and the words they are answered with.

Answers for: the words. Does not answer for: who they are (`till.access`), what an act means (`staff`).
"""

from enum import StrEnum


class Role(StrEnum):
    TECHNICIAN = "technician"
    COLLECTOR = "collector"
    SUPERVISOR = "supervisor"


class Act(StrEnum):
    """What a person may be allowed to do; which role may is `staff.MAY`."""

    DIAGNOSE = "diagnose"
    TRY_NOTES = "try_notes"
    RESTART = "restart"
    RESUME = "resume"
    COPY_RECEIPT = "copy_receipt"
    SEE_CASH = "see_cash"
    COLLECT = "collect"
    RESOLVE = "resolve"


class StaffNotice(StrEnum):
    """What came of the last act."""

    DONE = "done"
    NOT_ALLOWED = "not_allowed"  #: not in this role
    NOT_NOW = "not_now"  #: something else is under way
    PRINTED = "printed"
    NOT_PRINTED = "not_printed"  #: values: cause
    NO_SUCH_RECEIPT = "no_such_receipt"
    REASON_WANTED = "reason_wanted"
    INCOMPLETE = "incomplete"  #: a number or a count that is asked for is missing, or cannot be one
    FAILED = "failed"  #: values: cause


class SignInState(StrEnum):
    """What became of the last try to sign in."""

    CHECKING = "checking"  #: the PIN is being compared
    REFUSED = "refused"  #: number, PIN or one-time code is wrong; which of them is not said
    WAIT = "wait"  #: too many were wrong: no try before the wait is over
    CODE_WANTED = "code_wanted"  #: this person has a one-time code as well
    NOT_NOW = "not_now"  #: somebody is paying
    NOBODY = "nobody"  #: no person is known to this kiosk yet: `kiosk user add`
