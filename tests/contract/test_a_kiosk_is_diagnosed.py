"""`kiosk diagnose` at a whole kiosk: real till, real aggregator over TLS, twins on a pty and a socket; healthy, then broken."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager

from kiosk.domain.findings import FindingCode
from kiosk.domain.people import StaffNotice
from kiosk.domain.receipts import Device, Verdict
from kiosk.link import messages as m
from kiosk.link import service as s
from kiosk.link import staff as k
from kiosk.link.service_client import ask
from kiosk.settings import dump, load
from tests.contract.test_people_at_a_real_till import facts_of, screen, told, user
from tests.support.scene import scene
from tests.support.staff import PIN

C = FindingCode
WITHIN_S = 30.0
OF_THIS_MACHINE = {C.CLOCK_FREE, C.CLOCK_UNTOLD}  #: whether the machine that runs the tests keeps its clock is not ours


async def command(stage, *words):
    """Exit code, output, complaints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kiosk", "diagnose", *words, "--config", str(stage.config)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, complaints = await process.communicate()
    return process.returncode, out.decode(), complaints.decode()


async def told_by_till(stage, *devices):
    """Codes by part, as the running till tells them."""
    answers = await asyncio.to_thread(lambda: list(ask(stage.folder / "service.sock", s.Diagnose(devices))))
    assert isinstance(answers[-1], s.Diagnosed)
    assert answers[-1].parts == len(answers) - 1
    return {a.part.device: {check.finding.code for check in a.part.checks} for a in answers[:-1]}


async def until_told(stage, device, code):
    """A driver needs a moment to see what a hand did."""
    found = {}
    try:
        async with asyncio.timeout(WITHIN_S):
            while code not in found.get(device, ()):
                found = await told_by_till(stage, device)
    except TimeoutError:
        raise AssertionError(f"{code} was never told, but {found}") from None


def grave(found):
    """What is neither well nor unknown, but for this machine's own clock."""
    return {
        check["code"]
        for part in found["parts"]
        for check in part["checks"]
        if check["verdict"] in {"warning", "bad"} and check["code"] not in OF_THIS_MACHINE
    }


@asynccontextmanager
async def kiosk(folder):
    """A kiosk with a till and a screen, at rest."""
    async with scene(folder) as stage:
        till = await stage.start_till()
        async with screen(stage) as here:
            await here.until(lambda seen: seen.availability is m.Availability.OPEN)
            await until_told(stage, Device.ACCEPTOR, C.ACCEPTOR_READY)
            yield stage, here
        assert await stage.end_till(till) == 0


# --- healthy ------------------------------------------------------------------------------------------------------


def test_a_healthy_kiosk_is_green_and_goes_on_selling(tmp_path):
    async def story():
        async with kiosk(tmp_path / "kiosk") as (stage, _):
            before = await stage.acceptor("state"), await stage.printer("state")
            code, out, _ = await command(stage, "all", "--json")
            after = await stage.acceptor("state"), await stage.printer("state")
            number = await stage.new_order()
            await stage.pay(number)
        return code, json.loads(out), before, after, stage.violations()

    code, found, before, after, violations = asyncio.run(story())
    assert found["by"] == "till"
    assert [part["device"] for part in found["parts"]] == [device.value for device in Device]
    assert grave(found) == set()
    lights = {part["light"] for part in found["parts"] if part["device"] != "clock"}
    assert lights == {"good"}
    assert code == (0 if found["light"] == "good" else 1)
    assert before == after
    assert violations == []


def test_without_a_till_the_devices_are_opened_for_a_moment_and_left_as_they_were(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            await stage.end_till(await _rested(stage))
            files = {path: path.read_bytes() for path in stage.folder.glob("journal*")}
            before = await stage.acceptor("state"), await stage.printer("state")
            code, out, _ = await command(stage, "--json")
            after = await stage.acceptor("state"), await stage.printer("state")
            now = {path: path.read_bytes() for path in stage.folder.glob("journal*")}
            text = (await command(stage, "--language", "en", "--verbose"))[1]
        return code, json.loads(out), before, after, files, now, text

    code, found, before, after, files, now, text = asyncio.run(story())
    assert code == 1, "nobody knows of a screen"
    assert found["by"] == "tool"
    assert found["light"] in {"unknown", "warning"}
    assert grave(found) == set()
    assert {p["device"] for p in found["parts"] if p["light"] == "good"} >= {
        "acceptor",
        "printer",
        "network",
        "journal",
    }
    assert (before, files) == (after, now)
    assert "{" not in text
    assert "TWIN-SM" in text


async def _rested(stage):
    till = await stage.start_till()
    await until_told(stage, Device.ACCEPTOR, C.ACCEPTOR_READY)
    return till


def test_while_a_buyer_pays_the_printer_is_not_asked_and_no_note_is_disturbed(tmp_path):
    async def story():
        async with kiosk(tmp_path / "kiosk") as (stage, here):
            number = await stage.new_order()
            await here.says(m.ChooseLanguage("en"), lambda seen: seen.phase is m.Phase.ENTRY)
            await here.says(m.LookUpOrder(number), lambda seen: seen.phase is m.Phase.OFFER)
            await here.says(m.ConfirmOffer(), lambda seen: seen.phase is m.Phase.CASH)
            while not (await stage.acceptor("state")).count('"idle"'):
                await asyncio.sleep(0.02)
            await stage.acceptor("note 50")
            found = await told_by_till(stage)
            await here.until(lambda seen: seen.cash and seen.cash.inserted_minor == 5000)
            await stage.pay(number)
        return found, stage.violations()

    found, violations = asyncio.run(story())
    assert found[Device.PRINTER] == {C.VISIT_UNDER_WAY}
    assert C.ACCEPTOR_ANSWERS in found[Device.ACCEPTOR]
    assert violations == []


# --- faults -------------------------------------------------------------------------------------------------------

#: What a hand does to the acceptor → what the till must call it → what a hand does about it.
ACCEPTOR_FAULTS = (
    ("jam", C.ACCEPTOR_JAM, "unjam"),
    ("cassette jam", C.ACCEPTOR_BOX_JAM, "unjam"),
    ("cassette out", C.ACCEPTOR_BOX_OUT, "cassette in"),
    ("full", C.ACCEPTOR_BOX_FULL, "empty"),
    ("failure 50", C.ACCEPTOR_FAILED, "unjam"),
    ("pause", C.ACCEPTOR_PAUSED, "resume"),
    ("dead", C.ACCEPTOR_SILENT, "alive"),
    ("unplug", C.ACCEPTOR_UNPLUGGED, "plug"),
)
PRINTER_FAULTS = (
    ("paper out", C.PRINTER_PAPER_END, "paper in"),
    ("paper near", C.PAPER_NEAR_END, "paper in"),
    ("cover open", C.PRINTER_COVER_OPEN, "cover close"),
    ("cutter stuck", C.PRINTER_CUTTER, "cutter free"),
    ("hot", C.PRINTER_RECOVERABLE, "cool"),
    ("break", C.PRINTER_UNRECOVERABLE, "mend"),
    ("mute", C.PRINTER_SILENT, "unmute"),
    ("garbage on", C.PRINTER_GARBLED, "garbage off"),
    ("unplug", C.PRINTER_MISSING, "plug"),
)


def test_every_fault_names_the_right_part_and_cause_and_is_gone_when_it_is_mended(tmp_path):
    async def story():
        async with kiosk(tmp_path / "kiosk") as (stage, _):
            for hand, code, mend in ACCEPTOR_FAULTS:
                assert (await stage.acceptor(hand)).startswith("ok"), hand
                await until_told(stage, Device.ACCEPTOR, code)
                assert (await stage.acceptor(mend)).startswith("ok"), mend
                await until_told(stage, Device.ACCEPTOR, C.ACCEPTOR_READY)
            for hand, code, mend in PRINTER_FAULTS:
                assert (await stage.printer(hand)).startswith("ok"), hand
                found = await told_by_till(stage, Device.PRINTER, Device.ACCEPTOR)
                assert code in found[Device.PRINTER], (hand, found)
                assert C.ACCEPTOR_READY in found[Device.ACCEPTOR]
                assert (await stage.printer(mend)).startswith("ok"), mend
                await until_told(stage, Device.PRINTER, C.PRINTER_READY)

    asyncio.run(story())


def test_a_fault_is_told_in_words_with_what_to_do_and_an_exit_code(tmp_path):
    async def story():
        async with kiosk(tmp_path / "kiosk") as (stage, _):
            await stage.printer("paper out")
            code, text, _ = await command(stage, "printer", "--language", "en")
            good = await command(stage, "network")
            usage = await command(stage, "boiler")
        return code, text, good, usage

    code, text, good, usage = asyncio.run(story())
    assert code == 1
    assert text.splitlines()[:2] == [
        "BAD  Printer  The printer has no paper.",
        "              → Put in a new roll, the printed side towards the head, and close the cover.",
    ]
    assert (good[0], usage[0]) == (0, 2)


def test_a_screen_that_is_gone_and_a_latch_are_told(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            till = await _rested(stage)
            gone = await told_by_till(stage, Device.SCREEN)
            await stage.acceptor("cheat")
            await until_told(stage, Device.JOURNAL, C.ACCEPTANCE_LATCHED)
            await stage.end_till(till)
            return gone

    assert asyncio.run(story())[Device.SCREEN] == {C.SCREEN_AWAY, C.TOUCH_UNTESTED}


def test_a_unit_of_another_protocol_is_found_out_on_its_port(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            changed = load([stage.config])
            stage.config.write_text(dump(changed).replace('protocol = "ccnet"', 'protocol = "id003"'))
            return await command(stage, "acceptor", "--json")

    code, out, _ = asyncio.run(story())
    assert code == 1
    first = json.loads(out)["parts"][0]["checks"][0]
    assert (first["code"], first["values"]) == ("acceptor_other_protocol", {"found": "ccnet", "configured": "id003"})


def test_a_port_held_by_another_program_is_named_and_an_aggregator_that_is_gone_is_too(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            till = await _rested(stage)
            (stage.folder / "service.sock").unlink()  # as of another user's till: it cannot be asked
            held = await command(stage, "acceptor", "--json")
            await stage.end_till(till)
            changed = dump(load([stage.config])).replace(stage.here.url, "https://127.0.0.1:9")
            stage.config.write_text(changed)
            gone = await command(stage, "network", "--json")
        return json.loads(held[1]), json.loads(gone[1])

    held, gone = asyncio.run(story())
    assert held["parts"][0]["checks"][0]["code"] == "acceptor_port_busy"
    assert gone["parts"][0]["checks"][-1]["code"] == "tcp_refused"


# --- at the service menu ------------------------------------------------------------------------------------------


def test_a_technician_checks_tests_the_touch_and_leaves_a_signed_report(tmp_path):
    async def story():
        async with kiosk(tmp_path / "kiosk") as (stage, here):
            assert await user(stage, "add", "Ivan", "--role", "technician", "--pin-stdin") == 0
            await here.says(m.ChooseLanguage("bg"), lambda seen: seen.phase is m.Phase.ENTRY)
            await here.says(m.Cancel(), lambda seen: seen.phase is m.Phase.WELCOME)
            empty = (await here.says(k.SignIn("11", PIN), lambda seen: seen.phase is m.Phase.SERVICE)).staff
            early = (await here.says(k.PrintServiceReport(), lambda seen: seen.staff.told)).staff
            await here.says(k.ScreenTested(12, 1), lambda seen: seen.staff)
            checked = (await here.says(k.RunChecks(), told(StaffNotice.DONE))).staff
            await here.says(k.PrintServiceReport(), told(StaffNotice.PRINTED))
            await here.says(k.PrintTestSlip(), lambda seen: seen.staff.told is None)
            await here.until(told(StaffNotice.PRINTED))
            await here.says(k.PrintServiceReport(), lambda seen: seen.staff.told is None)
            await here.until(told(StaffNotice.PRINTED))
            live = await command(stage, "--check", "0001-r000001")
            await here.says(k.SignOut(), lambda seen: seen.phase is m.Phase.WELCOME)
        closed = await command(stage, "--check", "0001-r000001")
        forged = await command(stage, "--check", "0001-r000001", "--signature", "00 ff")
        missing = await command(stage, "--check", "0001-r000009")
        paper = (stage.folder / "printer" / "receipt.txt").read_text()
        return empty, early, checked, live, closed, forged, missing, paper, stage

    empty, early, checked, live, closed, forged, missing, paper, stage = asyncio.run(story())
    assert [part.device for part in empty.parts] == list(Device)
    assert {part.verdict for part in empty.parts if not part.at_us} == {Verdict.UNKNOWN}
    assert early.told.notice is StaffNotice.NOT_NOW, "nothing has been checked yet"
    lights = {part.device: part.verdict for part in checked.parts}
    assert lights[Device.SCREEN] is Verdict.BAD
    assert lights[Device.ACCEPTOR] is Verdict.GOOD
    assert all(part.at_us and not part.checking for part in checked.parts)
    report, first, again = facts_of(stage, "ServiceReported", "ServiceReportPrinted")
    assert (report.person, len(report.parts)) == ("Ivan", len(Device))
    assert [(first.copy, first.outcome), (again.copy, again.outcome)] == [(False, "printed"), (True, "printed")]
    assert [(fact.fields, fact.missed) for fact in facts_of(stage, "TouchTested")] == [(12, 1)]
    assert (live[0], closed[0], forged[0], missing[0]) == (0, 0, 1, 1)
    assert "genuine" in live[1]
    assert "NOT GENUINE" in forged[1]
    assert "0001-r000001" in paper


def test_a_part_can_be_asked_alone(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            parts = ("printer", "disk", "clock", "screen")
            return parts, await asyncio.gather(*(command(stage, part, "--json") for part in parts))

    parts, ended = asyncio.run(story())
    assert [[part["device"] for part in json.loads(out)["parts"]] for _, out, _ in ended] == [[part] for part in parts]
    assert [complaints for _, _, complaints in ended] == [""] * len(parts)
