"""Every fault of the printer twin's menu, by the dialect that can tell it, is named by its cause; nothing is printed."""

import asyncio

import pytest

from drivers.receipt_printer.interface import PaperState, PrinterFault
from drivers.receipt_printer.profile import Dialect
from kiosk.diagnosis.printer import FAULTS, PAPER, look
from kiosk.domain.findings import FactCode, FindingCode, worst
from kiosk.domain.receipts import Verdict
from tests.support.printers import IDS, InProcess, profile_of

C = FindingCode


def codes_after(profile, *hands, ids=IDS, usb=(IDS,)):
    async def story():
        async with InProcess(profile).meet() as rig:
            for words in hands:
                assert rig.do(words) == "ok", words
            before = _body(rig)
            found, facts = await look(rig.printer, profile_of(profile, usb=usb), ids)
            return [f.code for f in found], dict(facts), before, _body(rig), len(rig.twin.slips)

    return asyncio.run(story())


def _body(rig):
    """All there is to see of it; bytes of a question that a stopped printer has not read yet are none of it."""
    return {name: value for name, value in rig.usb.told().items() if name != "buffered_bytes"}


MODELS = ("generic", "custom_vkp80iii", "citizen_ppu700")


@pytest.mark.parametrize("profile", MODELS)
def test_a_healthy_printer_is_green_and_known_and_prints_nothing(profile):
    codes, facts, before, after, slips = codes_after(profile)
    assert codes == [C.PRINTER_READY, C.PAPER_ENOUGH, C.PROFILE_FITS]
    assert facts[FactCode.MODEL]
    assert facts[FactCode.USB] == "0416:5011"
    assert slips == 0
    assert before == after


#: A word of the menu → its code, for a dialect with a bit of its own for everything.
FAULT_MENU = {
    "unplug": C.PRINTER_MISSING,
    "denied on": C.PRINTER_DENIED,
    "busy on": C.PRINTER_BUSY,
    "mute": C.PRINTER_SILENT,
    "garbage on": C.PRINTER_GARBLED,
    "stuff on": C.PRINTER_STALLED,
    "paper out": C.PRINTER_PAPER_END,
    "paper near": C.PAPER_NEAR_END,
    "cover open": C.PRINTER_COVER_OPEN,
    "cutter stuck": C.PRINTER_CUTTER,
    "jam": C.PRINTER_JAM,
    "hot": C.PRINTER_HEAD_HOT,
    "voltage bad": C.PRINTER_POWER,
    "break": C.PRINTER_UNRECOVERABLE,
    "presenter stuck": C.PRINTER_PRESENTER,
}


@pytest.mark.parametrize("fault", FAULT_MENU)
def test_every_fault_of_the_menu_is_named_by_its_cause(fault):
    codes, _, before, after, slips = codes_after("custom_vkp80iii", fault)
    assert FAULT_MENU[fault] in codes
    assert slips == 0
    assert before == after


#: What the widespread dialect cannot tell apart, and says instead.
COARSE = {
    "cover open": C.PRINTER_COVER_OPEN,
    "cutter stuck": C.PRINTER_CUTTER,
    "paper out": C.PRINTER_PAPER_END,
    "hot": C.PRINTER_RECOVERABLE,
    "jam": C.PRINTER_UNRECOVERABLE,
    "voltage bad": C.PRINTER_UNRECOVERABLE,
    "break": C.PRINTER_UNRECOVERABLE,
    "feed press": C.PRINTER_OFFLINE,
}


@pytest.mark.parametrize("fault", COARSE)
def test_a_dialect_that_knows_less_says_less_and_nothing_wrong(fault):
    assert COARSE[fault] in codes_after("generic", fault)[0]


def test_several_faults_at_once_are_all_named():
    codes, *_ = codes_after("custom_vkp80iii", "cover open", "hot")
    assert {C.PRINTER_COVER_OPEN, C.PRINTER_HEAD_HOT} <= set(codes)


def test_a_profile_of_another_model_is_named_and_one_without_ids_is_not_called_right():
    assert C.PROFILE_DIFFERS in codes_after("generic", usb=((0x0DD4, 0x0205),))[0]
    assert C.PROFILE_UNPROVEN in codes_after("generic", usb=())[0]


def test_a_printer_that_tells_only_the_papers_end_is_not_said_to_have_enough():
    async def story():
        async with InProcess("generic").meet() as rig:
            found, _ = await look(rig.printer, profile_of("generic", status=Dialect.PORT), IDS)
            return [f.code for f in found]

    codes = asyncio.run(story())
    assert C.PAPER_UNTOLD in codes
    assert C.PAPER_ENOUGH not in codes


def test_every_word_of_the_driver_has_its_code():
    assert set(FAULTS) == set(PrinterFault)
    assert set(PAPER) == set(PaperState)
    assert worst([]) is Verdict.UNKNOWN
