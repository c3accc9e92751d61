"""Every check has an end, and the trouble of one part hides no other's."""

import asyncio

import pytest

from kiosk.diagnosis.rounds import DEADLINES_S, examine, examine_all
from kiosk.diagnosis.threads import in_thread
from kiosk.domain.findings import FindingCode, finding
from kiosk.domain.receipts import Device, Verdict
from tests.support.virtual_time import run

C = FindingCode


async def well():
    return (finding(C.DISK_WRITES, ms=1),), ()


async def never():
    await asyncio.Event().wait()


def test_a_check_that_never_ends_is_given_up_and_said_to_be_late():
    async def story():
        report = await examine(Device.PRINTER, never, lambda: 7)
        return report, asyncio.get_running_loop().time()

    report, took_s = run(story())
    assert [f.code for f in report.findings] == [C.CHECK_LATE]
    assert report.verdict is Verdict.WARNING
    assert took_s == DEADLINES_S[Device.PRINTER]
    assert report.at_us == 7


def test_every_part_has_a_deadline():
    assert set(DEADLINES_S) == set(Device)


def test_parts_are_looked_at_at_once_and_told_as_they_are_known():
    async def story():
        told = []

        async def heard(report):
            told.append((report.device, asyncio.get_running_loop().time()))

        await examine_all({Device.ACCEPTOR: never, Device.DISK: well}, [Device.ACCEPTOR, Device.DISK], lambda: 1, heard)
        return told

    assert run(story()) == [(Device.DISK, 0.0), (Device.ACCEPTOR, DEADLINES_S[Device.ACCEPTOR])]


def test_a_check_that_fails_in_an_unforeseen_way_is_not_passed_over():
    async def broken():
        raise ZeroDivisionError

    async def heard(report):
        pass

    with pytest.raises(ExceptionGroup):
        run(examine_all({Device.DISK: broken}, [Device.DISK], lambda: 1, heard))


def test_what_a_thread_returns_or_raises_comes_back():
    def fails():
        raise KeyError("x")

    assert asyncio.run(in_thread(lambda: 3)) == 3
    with pytest.raises(KeyError):
        asyncio.run(in_thread(fails))
