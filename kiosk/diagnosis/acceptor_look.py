"""The acceptor without a till: long enough on its line to know it, and never long enough to move a note.

Answers for: that no RESET, STACK or RETURN is sent and nothing is acknowledged that a till must hear. Does not answer for: the
till's own acceptor, which is never opened twice (its driver's word is taken).

A unit that takes notes for a till that is gone is told to take none, as every till's first look does; nothing else is changed.
"""

import asyncio
from collections.abc import Awaitable, Callable

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.interface import AcceptorEvent, AcceptorState, BillAcceptor, LineTrouble
from drivers.errors import CallTechnicianError
from kiosk.diagnosis.acceptor import UnitSeen, UnitWanted, findings_of
from kiosk.domain.findings import Finding, FindingCode, finding

PATIENCE_S = 12.0  #: a unit that initialises is mostly at rest by then; a silent line is called so after 6 s
LOOK_ON_S = 1.0  #: a unit's first words may be those it had for a host that is gone; some more polls tell the truth
AT_REST = frozenset({AcceptorState.DISABLED, AcceptorState.IDLE})
QUIET = AT_REST | {AcceptorState.INITIALIZING, AcceptorState.BUSY, AcceptorState.FAULT, AcceptorState.PAUSED}
#: What a till must record before the unit is acknowledged, or answer: heard by nobody, it is told again.
FOR_A_TILL = (unit.Escrowed, unit.Stacked, unit.Returned, unit.StackUnresolved, unit.PoweredUp, unit.Fault)
UNANSWERED = frozenset({LineTrouble.SILENT, LineTrouble.FOREIGN})


async def see(acceptor: BillAcceptor, patience_s: float = PATIENCE_S) -> UnitSeen:
    """What the unit tells until it is known, or needs something only a till may do, or the time is over."""
    seen, enough, known = UnitSeen(), asyncio.Event(), asyncio.Event()

    async def listen(event: AcceptorEvent) -> None:
        nonlocal seen
        seen = seen.after(event)
        if _needs_a_till(event):
            enough.set()
            await asyncio.Future()  # the driver waits here until it is cancelled: it sends nothing more
        if _is_known(seen):
            known.set()

    async def look_on() -> None:
        await known.wait()
        await asyncio.sleep(LOOK_ON_S)
        enough.set()

    tasks = [asyncio.create_task(acceptor.run(listen), name="acceptor"), asyncio.create_task(look_on())]
    try:
        async with asyncio.timeout(patience_s):
            await enough.wait()
    except TimeoutError:
        pass
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return seen


def _needs_a_till(event: AcceptorEvent) -> bool:
    """Nothing more may be sent after this, or there is nobody to send it to."""
    if isinstance(event, (*FOR_A_TILL, unit.Disconnected)):
        return True
    return isinstance(event, unit.Connected) and event.state not in QUIET


def _is_known(seen: UnitSeen) -> bool:
    return seen.identity is not None and seen.state in AT_REST and seen.box is not None


async def look(
    open_unit: Callable[[], BillAcceptor], detect: Callable[[], Awaitable[str]], wanted: UnitWanted
) -> tuple[UnitSeen, tuple[Finding, ...]]:
    """See the unit; where nobody answers as configured, ask in every other protocol and at every other speed."""
    seen = await see(open_unit())
    if seen.lost is None or seen.lost.trouble not in UNANSWERED:
        return seen, findings_of(seen, wanted)
    try:
        found = await detect()
    except CallTechnicianError:
        return seen, findings_of(seen, wanted)
    if found == wanted.protocol:
        seen = await see(open_unit(), 2 * PATIENCE_S)
        return seen, findings_of(seen, wanted)
    other = finding(FindingCode.ACCEPTOR_OTHER_PROTOCOL, found=found, configured=wanted.protocol)
    return seen, (other, finding(FindingCode.BOX_UNKNOWN))
