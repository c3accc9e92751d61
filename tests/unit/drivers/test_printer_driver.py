"""What the driver promises beyond the contract: whose completion it was, presenters, hanging calls, twins' firmware."""

import asyncio
import threading

import pytest

from drivers.receipt_printer.document import Cut, Document, Qr, Text
from drivers.receipt_printer.driver import UsbReceiptPrinter
from drivers.receipt_printer.interface import Outcome, PrinterFault, PrinterIdentity, PrintResult, SlipFault
from drivers.receipt_printer.worker import GivenUpError, OwnerThread
from tests.support.printers import LONG, SLIP, InProcess, came_out_whole, profile_of, read

PRINTED, TAKEN, RETRACTED, UNKNOWN = Outcome.PRINTED, Outcome.TAKEN, Outcome.RETRACTED, Outcome.UNKNOWN


def run(rig, story):
    async def whole():
        async with rig.meet():
            await story(rig)

    asyncio.run(whole())


# --- one transfer -----------------------------------------------------------------------------------------------------


def test_a_slip_is_one_transfer():
    async def story(rig):
        await rig.printer.print(LONG)
        assert len([size for size in rig.usb.writes if size > 3]) == 1

    run(InProcess(), story)


# --- whose completion -------------------------------------------------------------------------------------------------


def test_the_completion_of_an_earlier_job_is_not_taken_for_this_ones():
    async def story(rig):
        await rig.printer.print(SLIP)
        asked = bytes(rig.printer._ending._id)
        rig.twin.forgets_completion = True
        rig.do("stale " + (b"\x37\x22" + asked + b"\x00").hex())
        rig.do(f"after 20 stale {(bytes([0x37, 0x22]) + asked + bytes(1)).hex()}")
        assert await rig.printer.print(SLIP) == PrintResult(UNKNOWN, SlipFault.NOT_CONFIRMED)

    run(InProcess(), story)


def test_two_printers_of_one_house_number_their_jobs_apart():
    first, second = InProcess(), InProcess()
    ids = {
        rig.printer._ending.begin(ticket_waiting=False, length_mm=0)[-4:] for rig in (first, second) for _ in range(3)
    }
    assert len(ids) == 6
    assert all(0x20 <= byte <= 0x7E for one in ids for byte in one)


def test_the_fence_an_earlier_slip_still_owes_is_counted_first():
    """The first slip is so slow that its deadline passes; its answer comes while the second one is under way."""

    async def story(rig):
        assert (await rig.printer.print(LONG)).outcome is UNKNOWN
        began = len(rig.twin.slips)
        assert (await rig.printer.print(SLIP)).outcome is PRINTED
        assert [len(rig.twin.slips), began] == [2, 0]
        assert came_out_whole(rig.twin, SLIP)

    run(InProcess("generic_58", speed_mm_s=80, deadline_s=1.0), story)


def test_a_fence_that_never_comes_is_given_up_and_the_next_slip_is_confirmed():
    async def story(rig):
        rig.do("forget completion")
        assert (await rig.printer.print(SLIP)).outcome is UNKNOWN
        rig.twin.forgets_completion = False
        assert (await rig.printer.print(SLIP)).outcome is PRINTED

    run(InProcess("generic_58"), story)


def test_a_fence_among_noise_proves_nothing():
    async def story(rig):
        rig.do("after 20 stale ff00ff")  # in the slip: the four questions before it are twelve bytes
        rig.do("after 20 forget completion")
        assert (await rig.printer.print(SLIP)).outcome is UNKNOWN

    run(InProcess("generic_58"), story)


def test_without_any_confirmation_silence_is_believed_only_after_the_paper_has_had_time():
    async def story(rig):
        began_s = rig.pace.now
        assert (await rig.printer.print(LONG)).outcome is PRINTED
        assert rig.pace.now - began_s > 41 * 3.75 / 50
        assert came_out_whole(rig.twin, LONG)
        rig.do("after 30 cover open")
        assert await rig.printer.print(LONG) == PrintResult(UNKNOWN, PrinterFault.OFFLINE)

    run(InProcess("nippon_np3511", speed_mm_s=60), story)


def test_a_motor_that_never_ran_confirms_nothing():
    async def story(rig):
        rig.twin.tick = lambda: None  # takes bytes, moves no paper
        assert await rig.printer.print(SLIP) == PrintResult(UNKNOWN, SlipFault.NOT_CONFIRMED)

    run(InProcess("custom_vkp80ii"), story)


def test_a_slip_of_before_in_the_presenter_does_not_confirm_this_one():
    async def story(rig):
        assert (await rig.printer.print(SLIP)).outcome is PRINTED
        assert (await rig.printer.status()).ticket_waiting  # this model takes no order to clear it
        rig.do("after 12 restart")  # it loses the new slip and stands still, the old one in its mouth
        assert await rig.printer.print(SLIP) == PrintResult(UNKNOWN, SlipFault.NOT_CONFIRMED)

    run(InProcess("custom_vkp80iii"), story)


# --- the presenter ----------------------------------------------------------------------------------------------------

WITH_TICKETS = ["custom_vkp80ii", "custom_vkp80iii", "citizen_ppu700"]


def after(rig, seconds, words):
    """Somebody does it while the driver waits."""
    sleep, due_s = rig.pace.sleep, rig.pace.now + seconds

    def passing(slept):
        sleep(slept)
        if rig.pace.now >= due_s and rig.twin.body.offered:
            rig.do(words)

    rig.pace.sleep = passing


@pytest.mark.parametrize("profile", WITH_TICKETS)
def test_a_slip_that_is_taken_is_told_as_taken(profile):
    async def story(rig):
        after(rig, 6, "take")
        assert await rig.printer.print(SLIP) == PrintResult(TAKEN)
        assert (len(rig.twin.body.taken), len(rig.twin.body.retracted)) == (1, 0)

    run(InProcess(profile, retract_after_s=20), story)


@pytest.mark.parametrize("profile", WITH_TICKETS)
def test_a_slip_that_is_forgotten_is_drawn_back(profile):
    async def story(rig):
        began_s = rig.pace.now
        assert await rig.printer.print(SLIP) == PrintResult(RETRACTED)
        assert 19 <= rig.pace.now - began_s <= 27
        assert (len(rig.twin.body.taken), len(rig.twin.body.retracted)) == (0, 1)

    run(InProcess(profile, retract_after_s=20), story)


@pytest.mark.parametrize("profile", WITH_TICKETS)
def test_a_slip_is_left_where_it_is_when_the_house_says_so(profile):
    async def story(rig):
        assert await rig.printer.print(SLIP) == PrintResult(PRINTED)
        rig.let_time_pass(300)
        assert (await rig.printer.status()).ticket_waiting
        assert rig.twin.body.retracted == []

    run(InProcess(profile, retract_after_s=0), story)


def test_a_presenter_that_will_not_draw_back_is_told_and_the_slip_stays_printed():
    async def story(rig):
        retract = rig.twin.body.retract
        rig.twin.body.retract = lambda: None
        assert await rig.printer.print(SLIP) == PrintResult(PRINTED, SlipFault.LEFT_WAITING)
        rig.twin.body.retract = retract

    run(InProcess("custom_vkp80ii", retract_after_s=5), story)


def test_a_presenter_that_breaks_does_not_unprint_a_slip():
    async def story(rig):
        after(rig, 4, "presenter stuck")
        assert await rig.printer.print(SLIP) == PrintResult(PRINTED, PrinterFault.PRESENTER)
        rig.do("presenter free")
        rig.pace.sleep = type(rig.pace).sleep.__get__(rig.pace)
        after(rig, 4, "unplug")
        assert (await rig.printer.print(SLIP)).cause == PrinterFault.MISSING

    run(InProcess("custom_vkp80ii", retract_after_s=20), story)


def test_paper_that_ends_with_the_slip_does_not_stop_the_watching():
    async def story(rig):
        after(rig, 3, "paper out")  # this twin obeys no order then, as a printer may
        assert await rig.printer.print(SLIP) == PrintResult(PRINTED, SlipFault.LEFT_WAITING)

    run(InProcess("custom_vkp80ii", retract_after_s=10), story)


def test_what_an_earlier_buyer_left_is_out_of_the_way_before_the_next_slip():
    async def story(rig):
        await rig.printer.print(SLIP)
        rig.printer._presenter._after_s = 15
        after(rig, 8, "take")
        assert (await rig.printer.print(Document("s", (Text("next"), Cut())))).outcome is TAKEN
        assert [slip[0].text for slip in rig.twin.body.retracted] == ["Платено 70,00"]
        assert [slip[0].text for slip in rig.twin.body.taken] == ["next"]

    run(InProcess("custom_vkp80ii"), story)


# --- calls that hang --------------------------------------------------------------------------------------------------


def test_a_call_into_the_usb_library_that_never_returns_keeps_nobody_waiting():
    held = threading.Event()

    def find():
        held.wait(10)

    async def story():
        printer = UsbReceiptPrinter(find, profile_of("generic"), 0.01, grace_s=0.01)
        printer._thread = Hasty("printer")
        printing = asyncio.create_task(printer.print(SLIP))
        await asyncio.sleep(0)  # the slip is first in the queue
        status = await printer.status()
        assert status.faults == {PrinterFault.STUCK}
        assert await printing == PrintResult(UNKNOWN, PrinterFault.STUCK)
        assert await printer.print(SLIP) == PrintResult(Outcome.FAILED, SlipFault.NOT_STARTED)
        assert (await printer.identity()).fault is PrinterFault.STUCK
        await printer.close()
        held.set()

    asyncio.run(story())


class Hasty(OwnerThread):
    async def do(self, work, within_s):
        return await super().do(work, min(within_s, 0.05))


def test_work_given_up_on_is_never_begun():
    async def story():
        done, held = [], threading.Event()
        thread = OwnerThread("t")
        first = asyncio.create_task(thread.do(lambda: held.wait(10), 5))
        await asyncio.sleep(0)
        with pytest.raises(GivenUpError, match="never begun"):
            await thread.do(lambda: done.append("late"), 0.01)
        held.set()
        assert await first
        await thread.do(lambda: done.append("next"), 5)
        thread.close(lambda: done.append("last"))
        thread._thread.join(5)
        assert done == ["next", "last"]
        with pytest.raises(GivenUpError):
            await thread.do(lambda: None, 1)

    asyncio.run(story())


def test_what_the_work_raises_reaches_who_asked():
    async def story():
        thread = OwnerThread("t")
        with pytest.raises(ZeroDivisionError):
            await thread.do(lambda: 1 // 0, 5)
        thread.close(lambda: None)

    asyncio.run(story())


# --- words ------------------------------------------------------------------------------------------------------------


def test_a_model_is_named_by_its_device_id_or_else_by_its_string():
    told = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;"
    assert PrinterIdentity(1, 2, "generic", product="x", device_id=told).model == "TM-T20III"
    assert PrinterIdentity(1, 2, "generic", product="POS58").model == "POS58"


def test_a_slip_that_cannot_be_made_has_failed_before_anything_is_sent():
    async def story(rig):
        wide = Document("s", (*LONG.elements[:-1], Qr("x" * 4000), Cut()))
        assert await rig.printer.print(wide) == PrintResult(Outcome.FAILED, SlipFault.QR_TOO_LARGE)
        assert rig.usb.writes == []

    run(InProcess(), story)


def test_remarks_come_with_the_outcome():
    async def story(rig):
        result = await rig.printer.print(Document("s", (Text("漢"), Cut())))
        assert result == PrintResult(PRINTED, "", ("missing_glyph U+6F22",))
        assert read(rig).startswith("[dots")

    run(InProcess(), story)
