"""A round through the parts: each check on its own, all at once, none for ever.

Answers for: deadlines, and that one part's trouble hides no other's. Does not answer for: what a check looks at.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping

from kiosk.domain.findings import FactCode, Finding, FindingCode, PartReport, finding
from kiosk.domain.receipts import Device

Looked = tuple[tuple[Finding, ...], tuple[tuple[FactCode, str], ...]]
Check = Callable[[], Awaitable[Looked]]

#: Longer than the check's own deadlines together: it ends in this time whatever the part does.
DEADLINES_S: Mapping[Device, float] = {
    Device.ACCEPTOR: 60.0,  #: a silent line is asked in every protocol at every speed
    Device.PRINTER: 30.0,
    Device.NETWORK: 40.0,
    Device.JOURNAL: 60.0,  #: without a checkpoint every row is read
    Device.DISK: 15.0,
    Device.CLOCK: 15.0,
    Device.SCREEN: 5.0,
}


async def examine(device: Device, check: Check, utc_us: Callable[[], int]) -> PartReport:
    """What one check found, in time or not at all."""
    deadline_s = DEADLINES_S[device]
    facts: tuple[tuple[FactCode, str], ...] = ()
    try:
        async with asyncio.timeout(deadline_s):
            findings, facts = await check()
    except TimeoutError:
        findings = (finding(FindingCode.CHECK_LATE, seconds=f"{deadline_s:g}"),)
    return PartReport(device, findings, facts, utc_us())


async def examine_all(
    checks: Mapping[Device, Check],
    devices: Collection[Device],
    utc_us: Callable[[], int],
    told: Callable[[PartReport], Awaitable[None]],
) -> None:
    """Every part of `devices` at once; `told` of each as it is known."""

    async def one(device: Device) -> None:
        await told(await examine(device, checks[device], utc_us))

    async with asyncio.TaskGroup() as round_:
        for device in devices:
            round_.create_task(one(device))
