"""Which words belong to which code of `kiosk.link.staff`: one table for each of its enums, and the reasons to choose from.

Answers for: a phrase for every member (a test counts them). Does not answer for: translations, findings (`kiosk.findings`).
"""

from collections.abc import Mapping

from kiosk.domain.receipts import Doubt, Role, Verdict
from kiosk.link.messages import ReceiptView
from kiosk.link.service import ReceiptBy
from kiosk.link.staff import BoxPlace, CaseKind, CollectionStep, Resolution, SignInState, StaffNotice
from kiosk.screen.staff.signing import Wanted
from kiosk.screen.views import Tone
from kiosk.screen.words import mark

# --- signing in ---------------------------------------------------------------------------------------------------

#: Title, what it is, and what stands in the field while it is empty.
WANTED: Mapping[Wanted, tuple[str, str, str]] = {
    Wanted.NUMBER: (
        mark("Staff: type your number"),
        mark("Only for people who look after this kiosk."),
        mark("number"),
    ),
    Wanted.PIN: (mark("Type your PIN"), mark("It is not shown."), mark("PIN")),
    Wanted.CODE: (mark("Type your one-time code"), mark("It is in the app on your phone."), mark("code")),
}

#: CHECKING has a screen of its own. `{seconds}` and `{command}` are filled in.
SIGN_IN: Mapping[SignInState, tuple[Tone, str]] = {
    SignInState.CHECKING: (Tone.BUSY, mark("Checking…")),
    SignInState.REFUSED: (Tone.BAD, mark("Number, PIN or code is wrong.")),
    SignInState.WAIT: (Tone.BAD, mark("Too many wrong tries. The next one is possible in {seconds} s.")),
    SignInState.CODE_WANTED: (Tone.PLAIN, mark("One more step: the code from your app.")),
    SignInState.NOT_NOW: (Tone.WARN, mark("Somebody is paying. Try again when they have finished.")),
    SignInState.NOBODY: (Tone.WARN, mark("This kiosk knows nobody yet. Add the first person by {command}.")),
}

ROLES: Mapping[Role, str] = {
    Role.TECHNICIAN: mark("technician"),
    Role.COLLECTOR: mark("collector"),
    Role.SUPERVISOR: mark("supervisor"),
}

# --- the board ----------------------------------------------------------------------------------------------------

#: How a light is shown; its word is `kiosk.findings`'.
TONES: Mapping[Verdict, Tone] = {
    Verdict.GOOD: Tone.GOOD,
    Verdict.WARNING: Tone.WARN,
    Verdict.BAD: Tone.BAD,
    Verdict.UNKNOWN: Tone.PLAIN,
}

#: What became of the last act. `{cause}` is filled in where the till names one.
TOLD: Mapping[StaffNotice, tuple[Tone, str]] = {
    StaffNotice.DONE: (Tone.GOOD, mark("Done.")),
    StaffNotice.NOT_ALLOWED: (Tone.BAD, mark("Your role does not allow this.")),
    StaffNotice.NOT_NOW: (Tone.WARN, mark("Not now: something else is under way. Try again in a moment.")),
    StaffNotice.PRINTED: (Tone.GOOD, mark("Printed.")),
    StaffNotice.NOT_PRINTED: (Tone.BAD, mark("It could not be printed. {cause}")),
    StaffNotice.NO_SUCH_RECEIPT: (Tone.WARN, mark("There is no such receipt. Check the number.")),
    StaffNotice.REASON_WANTED: (Tone.WARN, mark("A reason is needed.")),
    StaffNotice.INCOMPLETE: (Tone.WARN, mark("A number or a count is missing, or cannot be right. Check it.")),
    StaffNotice.FAILED: (Tone.BAD, mark("It did not work. {cause}")),
}

RESTARTS: Mapping[str, tuple[str, str]] = {
    "till": (
        mark("Restart the till program"),
        mark("It reads the journal again. The kiosk is closed for about a minute."),
    ),
    "screen": (mark("Restart the screen program"), mark("The screen is dark for a few seconds.")),
}

RESUME_REASONS: tuple[str, ...] = (
    mark("The fault has been mended"),
    mark("The note path was looked through and is clear"),
    mark("The cash box was checked and is in place"),
    mark("A false alarm: nothing was found"),
    mark("On the operator's instruction"),
)

# --- copies of receipts -------------------------------------------------------------------------------------------

#: What it is named by, and what helps to find that.
COPY_BY: Mapping[ReceiptBy, tuple[str, str]] = {
    ReceiptBy.LAST: (mark("The latest receipt"), mark("of this kiosk")),
    ReceiptBy.SLIP: (mark("By receipt number"), mark("it stands on the receipt")),
    ReceiptBy.PAYMENT: (mark("By payment number"), mark("18 digits")),
    ReceiptBy.CODE: (mark("By the buyer's code"), mark("16 letters and digits")),
}

COPY_REASONS: tuple[str, ...] = (
    mark("The buyer got no receipt"),
    mark("The receipt is damaged or cannot be read"),
    mark("The buyer lost the receipt"),
    mark("For the accounts"),
)

# --- the box ------------------------------------------------------------------------------------------------------

DOUBTS: Mapping[Doubt, str] = {
    Doubt.NOTE_IN_DOUBT: mark("a note may or may not be in the box"),
    Doubt.JAM: mark("a note was jammed"),
    Doubt.POWER_CUT: mark("the power was cut"),
    Doubt.LINE_LOST: mark("the acceptor was out of touch"),
    Doubt.BOX_AWAY: mark("the box was out with nobody signed in"),
}

#: Short words for the way of a collection. PRINTING and DONE are its last step together.
COLLECTION_STEPS: Mapping[CollectionStep, str] = {
    CollectionStep.FROZEN: mark("Sum"),
    CollectionStep.TAKE: mark("Take out"),
    CollectionStep.SEAL: mark("Seal"),
    CollectionStep.NEW_BOX: mark("New box"),
    CollectionStep.COUNT: mark("Count"),
    CollectionStep.PRINTING: mark("Slip"),
    CollectionStep.DONE: mark("Slip"),
}

BOX_TAKEN: Mapping[BoxPlace, tuple[Tone, str]] = {
    BoxPlace.IN: (Tone.BUSY, mark("The box is still in the acceptor.")),
    BoxPlace.OUT: (Tone.GOOD, mark("The kiosk sees that the box is out.")),
    BoxPlace.UNTOLD: (Tone.WARN, mark("This acceptor cannot tell. Go on when you hold the box in your hands.")),
}
BOX_PUT_IN: Mapping[BoxPlace, tuple[Tone, str]] = {
    BoxPlace.IN: (Tone.GOOD, mark("The kiosk sees the new box.")),
    BoxPlace.OUT: (Tone.BUSY, mark("The kiosk does not see a box yet.")),
    BoxPlace.UNTOLD: (Tone.WARN, mark("This acceptor cannot tell. Go on when the box is in and the door is locked.")),
}

SHEETS: Mapping[ReceiptView, tuple[Tone, str]] = {
    ReceiptView.NONE: (Tone.PLAIN, mark("not printed yet")),
    ReceiptView.PRINTING: (Tone.BUSY, mark("being printed")),
    ReceiptView.PRINTED: (Tone.GOOD, mark("printed")),
    ReceiptView.FAILED: (Tone.BAD, mark("not printed")),
    ReceiptView.UNKNOWN: (Tone.WARN, mark("look whether it came out")),
    ReceiptView.RETRACTED: (Tone.WARN, mark("drawn back by the printer")),
}

# --- cases --------------------------------------------------------------------------------------------------------

#: What it is, and where its money stands in the books now.
CASES: Mapping[CaseKind, tuple[str, str]] = {
    CaseKind.SUSPENSE: (mark("A note in doubt"), mark("in doubt: it may or may not be in the box")),
    CaseKind.ORPHAN: (mark("A note without a visitor"), mark("in the box, belonging to nobody yet")),
    CaseKind.REFUSED: (mark("A payment refused after cash"), mark("kept for the buyer under their code")),
    CaseKind.OVER_SHORT: (
        mark("A difference found in counting"),
        mark("over or short: a difference not explained yet"),
    ),
}

#: What is decided, and where its money stands in the books after that.
RESOLUTIONS: Mapping[Resolution, tuple[str, str]] = {
    Resolution.IN_BOX: (
        mark("The note was found"),
        mark("in the box: the visitor's under their code, else the operator's"),
    ),
    Resolution.NOT_IN_BOX: (mark("The note never came in"), mark("out of the books: it never came in")),
    Resolution.TO_BUYER: (mark("Keep it for a buyer"), mark("kept for a buyer under a new code, printed on the slip")),
    Resolution.PAID_OUT: (mark("Paid out over the desk"), mark("paid out to the buyer")),
    Resolution.TO_OPERATOR: (mark("To the operator"), mark("the operator's: nobody will come for it")),
}

_COUNTED = (
    mark("Found when the box was counted"),
    mark("Seen on the video"),
    mark("Found in the acceptor"),
    mark("By the acceptor's own record"),
)
_MISSING = (
    mark("Not there when the box was counted"),
    mark("Seen on the video"),
    mark("The note was given back to the buyer"),
    mark("By the acceptor's own record"),
)
_BUYER = (
    mark("The buyer proved it with a receipt"),
    mark("Agreed with the buyer by telephone"),
    mark("Agreed with the payee"),
    mark("Seen on the video"),
)
_OPERATOR = (
    mark("Nobody has come for it in time"),
    mark("A mistake in counting"),
    mark("Agreed with the accounts"),
    mark("The owner cannot be found"),
)
CASE_REASONS: Mapping[Resolution, tuple[str, ...]] = {
    Resolution.IN_BOX: _COUNTED,
    Resolution.NOT_IN_BOX: _MISSING,
    Resolution.TO_BUYER: _BUYER,
    Resolution.PAID_OUT: _BUYER,
    Resolution.TO_OPERATOR: _OPERATOR,
}
