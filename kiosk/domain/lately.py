"""Which services are paid for here most lately: counted over a window of the last payments, so that it forgets by itself.

Answers for: the window and the order. Does not answer for: what is offered (`catalogue`), how it is shown.
"""

from collections import Counter
from dataclasses import replace

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.state import State

WINDOW = 100  #: payments for services that are remembered
POPULAR_MAX = 4


def paid_for(state: State, service_id: str) -> State:
    """One more payment was captured; one for an order by number is of no service."""
    if not service_id:
        return state
    window = (*state.lately, service_id)[-WINDOW:]
    return replace(state, lately=window, popular=most_paid(window, state.catalogue))


def most_paid(window: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    """Of what is offered, paid for most often first; of two as often, the one that was paid for last."""
    on_offer = {service.service_id for service in catalogue.services}
    counts = Counter(reversed(window))
    return tuple([service_id for service_id, _ in counts.most_common() if service_id in on_offer][:POPULAR_MAX])
