"""What every printer promises alike: a twin in this process, a twin behind its socket, and real hardware.

pytest tests/contract/test_printer_contract.py --printer-usb 04b8:0202 --printer-profile generic     prints some slips
"""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.receipt_printer.advice import advice
from drivers.receipt_printer.interface import Outcome, PaperState, PrinterFault, PrintResult, SlipFault
from drivers.receipt_printer.profile import Raster
from tests.support.printers import (
    EVERYTHING,
    LONG,
    PROFILES,
    SHORT,
    SLIP,
    BehindASocket,
    InProcess,
    OnHardware,
    came_out_whole,
    read,
)

F = PrinterFault
GOOD = {Outcome.PRINTED, Outcome.TAKEN, Outcome.RETRACTED}


@pytest.fixture(params=["in_process", "socket", "hardware"])
def any_printer(request):
    if request.param == "hardware":
        usb = request.config.getoption("--printer-usb")
        if usb is None:
            pytest.skip("no --printer-usb")
        return OnHardware(usb, request.config.getoption("--printer-profile"))
    return InProcess() if request.param == "in_process" else BehindASocket()


def run(rig, story):
    async def whole():
        async with rig.meet():
            await story(rig)

    asyncio.run(whole())


# --- a printer that is well -------------------------------------------------------------------------------------------


def test_a_ready_printer_says_so(any_printer):
    async def story(rig):
        status = await rig.printer.status()
        assert status.can_print, advice(status.cause)
        assert status.paper in {PaperState.OK, PaperState.NEAR_END}

    run(any_printer, story)


def test_a_slip_is_printed_confirmed_and_reads_as_it_was_written(any_printer):
    async def story(rig):
        assert await rig.printer.print(SLIP) == PrintResult(Outcome.PRINTED)
        assert read(rig) in {None, "Платено 70,00\n"}

    run(any_printer, story)


def test_every_kind_of_element_is_printed(any_printer):
    async def story(rig):
        assert (await rig.printer.print(EVERYTHING)).outcome in GOOD
        assert rig.twin is None or rig.twin.unknown == []

    run(any_printer, story)


def test_slips_asked_for_at_once_come_one_after_the_other(any_printer):
    async def story(rig):
        results = await asyncio.gather(*(rig.printer.print(SLIP) for _ in range(3)), rig.printer.status())
        assert [result.outcome for result in results[:3]] == [Outcome.PRINTED] * 3
        assert rig.twin is None or len(rig.twin.slips) == 3

    run(any_printer, story)


def test_a_printer_says_who_it_is(any_printer):
    async def story(rig):
        identity = await rig.printer.identity()
        assert identity.fault is None
        assert identity.model or rig.twin is None

    run(any_printer, story)


def test_a_printer_that_was_given_back_prints_nothing_more(any_printer):
    async def story(rig):
        await rig.printer.status()
        await rig.printer.close()
        await rig.printer.close()
        assert await rig.printer.print(SLIP) == PrintResult(Outcome.FAILED, SlipFault.CLOSED)
        assert (await rig.printer.status()).faults == {F.MISSING}
        assert (await rig.printer.identity()).fault is F.MISSING

    run(any_printer, story)


# --- faults before a slip: told apart, nothing sent, healed -----------------------------------------------------------

BEFORE = [
    ("paper out", "paper in", F.PAPER_END),
    ("cover open", "cover close", F.COVER_OPEN),
    ("cutter stuck", "cutter free", F.CUTTER),
    ("hot", "cool", F.RECOVERABLE),
    ("break", "mend", F.UNRECOVERABLE),
    ("feed press", "feed release", F.OFFLINE),
    ("mute", "unmute", F.SILENT),
    ("garbage on", "garbage off", F.GARBLED),
    ("babble on", "babble off", F.GARBLED),
    ("stuff on", "stuff off", F.STALLED),
    ("busy on", "busy off", F.BUSY),
    ("denied on", "denied off", F.DENIED),
    ("unplug", "plug", F.MISSING),
]


@pytest.mark.parametrize(("fault", "mend", "told"), BEFORE)
def test_a_fault_is_named_nothing_is_sent_and_it_prints_again_when_mended(any_printer, fault, mend, told):
    async def story(rig):
        rig.do(fault)
        status = await rig.printer.status()
        assert (status.faults, status.can_print) == ({told}, False)
        assert await rig.printer.print(SLIP) == PrintResult(Outcome.FAILED, told)
        assert advice(told)
        rig.do(mend)
        assert (await rig.printer.print(SLIP)).outcome is Outcome.PRINTED
        assert read(rig) == "Платено 70,00\n"

    run(any_printer, story)


USUAL = {words: told for words, _, told in BEFORE}
EPSON = {**USUAL, "jam": F.UNRECOVERABLE, "voltage bad": F.UNRECOVERABLE, "presenter stuck": F.OFFLINE}
CITIZEN = {**USUAL, "hot": F.HEAD_HOT, "voltage bad": F.POWER, "presenter stuck": F.PRESENTER, "jam": F.UNRECOVERABLE}
CUSTOM = {**CITIZEN, "jam": F.JAM, "feed press": None}
#: The USB port tells little, and a printer that is asked nothing else cannot give a wrong answer.
PORT = {
    **dict.fromkeys(["paper out"], F.PAPER_END),
    **{words: told for words, told in USUAL.items() if told in {F.BUSY, F.DENIED, F.MISSING}},
    **dict.fromkeys(["mute", "garbage on", "babble on", "stuff on"], None),
}
DIALECTS = {
    "citizen_ppu700": CITIZEN,
    **dict.fromkeys(["custom_vkp80ii", "custom_vkp80iii"], CUSTOM),
    **dict.fromkeys(["nippon_np2511", "nippon_np3511"], PORT),
}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("fault", sorted(EPSON))
def test_every_dialect_names_every_fault_it_has_a_word_for(profile, fault):
    told = DIALECTS.get(profile, EPSON).get(fault, F.OFFLINE)

    async def story(rig):
        rig.do(fault)
        status = await rig.printer.status()
        assert status.faults == ({told} if told else set())

    run(InProcess(profile), story)


def test_paper_near_its_end_still_prints(any_printer):
    async def story(rig):
        rig.do("paper near")
        assert (await rig.printer.status()).paper is PaperState.NEAR_END
        assert (await rig.printer.print(SLIP)).outcome is Outcome.PRINTED

    run(any_printer, story)


def test_a_short_count_is_gone_on_with(any_printer):
    async def story(rig):
        await rig.printer.status()
        rig.do("stale 00")  # something to drain first: the short transfer must be the slip's
        rig.usb.answer = shorten_the_slip(rig)
        assert (await rig.printer.print(LONG)).outcome is Outcome.PRINTED
        assert came_out_whole(rig.twin, LONG)

    if isinstance(any_printer, OnHardware):
        pytest.skip("nobody can be asked to shorten a transfer")
    run(any_printer, story)


def shorten_the_slip(rig):
    """The first transfer that is no question is cut short by 200 bytes."""
    answer, shortened = rig.usb.answer, []

    def short_once(question):
        if question["op"] == "write" and len(question["data"]) > 200 and not shortened:
            shortened.append(question)
            rig.do("short 200")
        return answer(question)

    if isinstance(rig, InProcess):
        rig.backend._twin = short_once
    return short_once


@pytest.mark.parametrize("noise", ["12121212", "121212", "3722414141410012", "10000000", "7e", "1072"])
def test_stale_bytes_do_not_pass_for_an_answer(any_printer, noise):
    async def story(rig):
        await rig.printer.status()
        rig.do("paper out")
        rig.do(f"stale {noise}")
        assert (await rig.printer.status()).paper is PaperState.END

    run(any_printer, story)


# --- faults in mid-slip -----------------------------------------------------------------------------------------------

#: What happens after so many bytes of the slip → outcome, cause, and words that mend it.
AMIDST = [
    ("paper left 0", F.PAPER_END, "paper in"),
    ("cover open", F.COVER_OPEN, "cover close"),
    ("cutter stuck", F.CUTTER, "cutter free"),
    ("break", F.UNRECOVERABLE, "mend"),
    ("hot", F.RECOVERABLE, "cool"),
    ("feed press", F.OFFLINE, "feed release"),
    ("mute", F.SILENT, "unmute"),
    ("garbage on", F.GARBLED, "garbage off"),
    ("forget completion", SlipFault.NOT_CONFIRMED, "unmute"),
    ("restart", SlipFault.NOT_CONFIRMED, "unmute"),
    ("unplug", F.MISSING, "plug"),
    ("power cycle", F.MISSING, "unmute"),
]


@pytest.mark.parametrize(("fault", "cause", "mend"), AMIDST)
def test_a_fault_in_mid_slip_leaves_the_outcome_unknown_and_nothing_is_sent_twice(fault, cause, mend):
    async def story(rig):
        await rig.printer.status()
        rig.do(f"after 300 {fault}")
        assert await rig.printer.print(LONG) == PrintResult(Outcome.UNKNOWN, cause)
        rig.do(mend)
        rig.twin.forgets_completion = False
        rig.let_time_pass()
        assert len([slip for slip in rig.twin.slips if came_out_whole(rig.twin, LONG)]) <= 1
        assert (await rig.printer.print(SLIP)).outcome is Outcome.PRINTED
        assert "Платено 70,00" in read(rig)

    run(InProcess(), story)


def test_paper_put_in_lets_the_printer_go_on_so_the_slip_was_rightly_not_called_failed():
    async def story(rig):
        rig.do("paper left 20")
        assert await rig.printer.print(LONG) == PrintResult(Outcome.UNKNOWN, F.PAPER_END)
        rig.do("paper in")
        rig.let_time_pass()
        assert came_out_whole(rig.twin, LONG)

    run(InProcess(), story)


def test_a_slip_the_printer_did_not_take_whole_has_failed_and_what_it_held_is_flushed():
    async def story(rig):
        rig.do("after 200 cover open")  # in the first band of dots: the buffer fills and no more is taken
        result = await rig.printer.print(LONG)
        assert (result.outcome, result.cause) == (Outcome.FAILED, F.COVER_OPEN)
        rig.do("cover close")
        rig.let_time_pass()
        assert not came_out_whole(rig.twin, LONG)
        assert rig.twin.told()["buffered_bytes"] == 0
        assert (await rig.printer.print(SLIP)).outcome is Outcome.PRINTED

    run(InProcess(raster=Raster.ALWAYS), story)


def test_a_stuffed_printer_is_explained_by_its_usb_port():
    async def story(rig):
        rig.do("after 200 stuff on")
        rig.do("after 200 paper out")
        result = await rig.printer.print(LONG)
        assert (result.outcome, result.cause) == (Outcome.FAILED, F.PAPER_END)

    run(InProcess(raster=Raster.ALWAYS), story)


def test_a_cable_pulled_before_the_end_was_on_its_way_is_a_failure():
    async def story(rig):
        rig.do("after 200 unplug")
        result = await rig.printer.print(LONG)
        assert (result.outcome, result.cause) == (Outcome.FAILED, F.MISSING)

    run(InProcess(raster=Raster.ALWAYS), story)


def test_the_code_page_is_forced_again_after_a_power_cycle():
    async def story(rig):
        assert (await rig.printer.print(SLIP)).outcome is Outcome.PRINTED
        rig.do("power cycle")
        assert (await rig.printer.print(SLIP)).outcome is Outcome.PRINTED
        assert [slip[0].text for slip in rig.twin.slips] == ["Платено 70,00"] * 2

    run(InProcess(), story)


def test_a_printer_that_is_just_coming_back_is_waited_for():
    async def story(rig):
        rig.do("unplug")
        sleep = rig.pace.sleep

        def plugged_meanwhile(seconds):
            sleep(seconds)
            if rig.pace.now > 1000.5:
                rig.do("plug")

        rig.pace.sleep = plugged_meanwhile
        assert (await rig.printer.print(SLIP)).outcome is Outcome.PRINTED

    run(InProcess(), story)


def test_the_kernels_driver_is_asked_to_let_go():
    async def story(rig):
        assert rig.usb._kernel_driver
        await rig.printer.status()
        assert not rig.usb._kernel_driver
        rig.do("power cycle")
        assert rig.usb._kernel_driver
        assert (await rig.printer.print(SLIP)).outcome is Outcome.PRINTED

    run(InProcess(), story)


# --- never a lie, never late ------------------------------------------------------------------------------------------

#: Without a restart that keeps the bus: nothing on the wire tells of it (see the driver).
FAULTS = sorted(
    ({row[0] for row in AMIDST} - {"restart"})
    | {"stuff on", "jam", "voltage bad", "busy on", "babble on", "presenter stuck"}
)
MEND = (
    *("paper in", "cover close", "cutter free", "mend", "cool", "feed release", "unmute", "garbage off", "plug"),
    *("stuff off", "unjam", "voltage good", "busy off", "babble off", "presenter free"),
)


@given(
    profile=st.sampled_from(sorted(PROFILES)),
    fault=st.sampled_from(FAULTS),
    after=st.integers(1, 600),
    slip=st.sampled_from([(LONG, Raster.FALLBACK), (SHORT, Raster.ALWAYS)]),
    speed_mm_s=st.sampled_from([0.0, 60.0, 150.0]),
    paper_left=st.sampled_from([None, 5, 20, 40, 100]),
    retract_after_s=st.sampled_from([0, 10]),
)
@settings(derandomize=True, deadline=None, max_examples=120)
def test_whatever_happens_whenever_the_outcome_is_true_and_in_time(
    profile, fault, after, slip, speed_mm_s, paper_left, retract_after_s
):
    document, raster = slip

    async def story(rig):
        await rig.printer.status()
        if paper_left:
            rig.do(f"paper left {paper_left}")
        rig.do(f"after {after} {fault}")
        began_s = rig.pace.now
        result = await rig.printer.print(document)
        assert rig.pace.now - began_s <= rig.printer.longest_s
        if result.outcome in GOOD:
            assert came_out_whole(rig.twin, document), result
        if result.outcome is Outcome.TAKEN:
            assert rig.twin.body.taken, result
        if result.outcome is Outcome.RETRACTED:
            assert rig.twin.body.retracted, result
        assert not result.cause or advice(result.cause), result
        for words in MEND:
            rig.do(words)
        rig.let_time_pass()
        if result.outcome is Outcome.FAILED:
            assert not came_out_whole(rig.twin, document), result
        assert sum(slip[-1:] != () and "КРАЙ" in str(slip[-1]) for slip in rig.twin.slips) <= 1

    run(InProcess(profile, speed_mm_s=speed_mm_s, raster=raster, retract_after_s=retract_after_s), story)
