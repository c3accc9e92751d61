"""The published types of the terminal API: what a terminal and the aggregator say to each other, as JSON over HTTPS.

Answers for: shapes, units and limits of every message. Does not answer for: how either side carries them out.
Plain dataclasses, so that the aggregator's OpenAPI and the gateway's decoder (pydantic reads the constraints) share one truth.
Amounts are integer minor units with an ISO 4217 currency. Times are RFC 3339 with an offset.

    POST /terminal/v1/pairings     PairingRequest    -> 200 Paired          | Problem   (without a certificate, by token)
    POST /terminal/v1/certificates RenewalRequest    -> 200 Paired          | Problem
    GET  /terminal/v1/health                         -> 200 Health          | Problem
    POST /terminal/v1/heartbeats   Heartbeat         -> 200 HeartbeatAnswer | Problem
    GET  /terminal/v1/catalogue                      -> 200 Catalogue, signed | 304     (If-None-Match = its ETag)
    POST /terminal/v1/quotes       QuoteRequest      -> 200 Quote           | Problem
    POST /terminal/v1/payments     PaymentRequest    -> 200 PaymentState    | Problem   (Idempotency-Key = payment_id)
    GET  /terminal/v1/payments/{payment_id}          -> 200 PaymentState    | Problem
    POST /terminal/v1/claims       ClaimRequest      -> 200 ClaimState      | Problem   (Idempotency-Key = claim_id)
    POST /terminal/v1/codes        CodeRequest       -> 200 CodeState       | Problem
    POST /terminal/v1/redemptions  RedemptionRequest -> 200 RedemptionState | Problem   (Idempotency-Key = redemption_id)
    POST /terminal/v1/collections  CollectionReport  -> 200 CollectionState | Problem   (Idempotency-Key = collection_id)
    GET  /terminal/v1/registers/{day}                -> 200 Register        | Problem   (day: YYYY-MM-DD, UTC)

Authentication is mutual TLS: the terminal's number is the common name of its client certificate.
"""

from kiosk.terminal_api.catalogue import (
    SIGNATURE_HEADER,
    AmountKind,
    Catalogue,
    Choice,
    Field,
    FieldKind,
    Group,
    Service,
)
from kiosk.terminal_api.common import (
    CashCount,
    FieldFault,
    Health,
    Labels,
    Mode,
    Problem,
    ProblemCode,
)
from kiosk.terminal_api.operations import (
    CollectionReport,
    CollectionState,
    Heartbeat,
    HeartbeatAnswer,
    Light,
    OrderAcknowledged,
    OrderKind,
    OrderProgress,
    Paired,
    PairingRequest,
    PartState,
    RemoteOrder,
    RenewalRequest,
)
from kiosk.terminal_api.payments import (
    ClaimRequest,
    ClaimState,
    ClaimStatus,
    CodeRequest,
    CodeState,
    FieldValue,
    Overpay,
    PaymentRequest,
    PaymentState,
    PaymentStatus,
    Quote,
    QuoteDetail,
    QuoteRequest,
    RedemptionRequest,
    RedemptionState,
    Register,
    RegisterClaim,
    RegisterPayment,
)

__all__ = [
    "SIGNATURE_HEADER",
    "AmountKind",
    "CashCount",
    "Catalogue",
    "Choice",
    "ClaimRequest",
    "ClaimState",
    "ClaimStatus",
    "CodeRequest",
    "CodeState",
    "CollectionReport",
    "CollectionState",
    "Field",
    "FieldFault",
    "FieldKind",
    "FieldValue",
    "Group",
    "Health",
    "Heartbeat",
    "HeartbeatAnswer",
    "Labels",
    "Light",
    "Mode",
    "OrderAcknowledged",
    "OrderKind",
    "OrderProgress",
    "Overpay",
    "Paired",
    "PairingRequest",
    "PartState",
    "PaymentRequest",
    "PaymentState",
    "PaymentStatus",
    "Problem",
    "ProblemCode",
    "Quote",
    "QuoteDetail",
    "QuoteRequest",
    "RedemptionRequest",
    "RedemptionState",
    "Register",
    "RegisterClaim",
    "RegisterPayment",
    "RemoteOrder",
    "RenewalRequest",
    "Service",
]
