"""What the aggregator refuses, by name."""

from collections.abc import Mapping
from enum import StrEnum

from kiosk.terminal_api import FieldFault, ProblemCode


class RefusedError(Exception):
    """A request that is understood and refused. `status` is the HTTP status of the terminal API's answer."""

    def __init__(self, status: int, code: ProblemCode, message: str, faults: tuple[FieldFault, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.faults = faults


class MerchantFault(StrEnum):
    """What is wrong with a merchant's request, each by its own name."""

    SIGNATURE_WRONG = "signature_wrong"
    SIGNATURE_MISSING = "signature_missing"
    HASH_MISSING = "hash_missing"
    SHOP_UNKNOWN = "shop_unknown"
    SHOP_INACTIVE = "shop_inactive"
    OPERATION_UNKNOWN = "operation_unknown"
    NUMBER_TAKEN = "number_taken"
    NUMBER_INVALID = "number_invalid"
    AMOUNT_INVALID = "amount_invalid"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    CURRENCY_UNKNOWN = "currency_unknown"
    CURRENCY_MISMATCH = "currency_mismatch"
    DATE_INVALID = "date_invalid"
    DATE_TOO_FAR = "date_too_far"
    DESCRIPTION_TOO_LONG = "description_too_long"
    EMAIL_TOO_LONG = "email_too_long"
    ENCODING_UNKNOWN = "encoding_unknown"
    ENCODING_WRONG = "encoding_wrong"
    PARAMETER_TWICE = "parameter_twice"
    PARAMETERS_TOO_MANY = "parameters_too_many"
    EXTRA_AMBIGUOUS = "extra_ambiguous"
    EXTRAS_TOO_LONG = "extras_too_long"
    ADDRESS_INVALID = "address_invalid"
    URL_INVALID = "url_invalid"
    METHOD_INVALID = "method_invalid"
    RECEIPT_INVALID = "receipt_invalid"
    HOLD_NOT_OFFERED = "hold_not_offered"
    RECURRING_NOT_OFFERED = "recurring_not_offered"
    TEST_NOT_SET_UP = "test_not_set_up"
    METHOD_UNKNOWN = "method_unknown"
    ENVELOPE_INVALID = "envelope_invalid"
    TOKEN_INVALID = "token_invalid"  # noqa: S105 - a word, not a secret
    FIELD_INVALID = "field_invalid"
    INVOICE_UNKNOWN = "invoice_unknown"
    INVOICE_CLOSED = "invoice_closed"
    NOT_REFUNDABLE = "not_refundable"
    FUNDS_SHORT = "funds_short"
    REQUEST_UNKNOWN = "request_unknown"


#: Result codes of Robokassa's web service (aggregator protocols 1.5); what is not listed is 1000.
RESULT_CODES: Mapping[MerchantFault, int] = {
    MerchantFault.SIGNATURE_WRONG: 1,
    MerchantFault.SIGNATURE_MISSING: 1,
    MerchantFault.SHOP_UNKNOWN: 2,
    MerchantFault.SHOP_INACTIVE: 2,
    MerchantFault.OPERATION_UNKNOWN: 3,
    MerchantFault.NUMBER_TAKEN: 4,
}
OTHER_RESULT_CODE = 1000


class MerchantError(Exception):
    """A merchant's request that cannot be taken; the text says what to fix."""

    def __init__(self, fault: MerchantFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault

    @property
    def code(self) -> int:
        """Robokassa's result code."""
        return RESULT_CODES.get(self.fault, OTHER_RESULT_CODE)


class AdminError(Exception):
    """What an administrator asked for cannot be done; the text says why, and what to do first. Nothing was changed."""
