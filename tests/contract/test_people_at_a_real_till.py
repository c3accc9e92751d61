"""People with keys at a real till: `kiosk user` makes them, the till's socket lets them in, the journal tells what they did."""

import asyncio
import io
import sys
from contextlib import asynccontextmanager, suppress

from kiosk.cli.main import main
from kiosk.domain.people import SignInState, StaffNotice
from kiosk.link import codec
from kiosk.link import messages as m
from kiosk.link import staff as k
from kiosk.till import journal
from kiosk.till.journal_file import closed_journal
from tests.support.scene import scene
from tests.support.staff import OTHER_PIN, PIN

PATIENCE_S = 30.0


class Screen:
    """A screen's end of the link."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.seen = None
        self.heard = []

    async def until(self, shows):
        """The first snapshot of which `shows` is true."""
        async with asyncio.timeout(PATIENCE_S):
            while self.seen is None or not shows(self.seen):
                await self._read()
        return self.seen

    async def _read(self):
        length = int.from_bytes(await self.reader.readexactly(4), "big")
        message = codec.decode_to_screen(await self.reader.readexactly(length))
        self.heard.append(message)
        if isinstance(message, m.Snapshot):
            self.seen = message

    async def says(self, command, shows):
        self.writer.write(codec.encode_command(m.CommandFrame(command, self.seen.revision)))
        return await self.until(shows)

    async def until_hung_up(self):
        async with asyncio.timeout(PATIENCE_S):
            with suppress(asyncio.IncompleteReadError, OSError):
                while True:
                    await self._read()


@asynccontextmanager
async def screen(stage):
    reader, writer = await asyncio.open_unix_connection(str(stage.folder / "buyer.sock"))
    here = Screen(reader, writer)
    try:
        await here.until(lambda seen: seen.availability is not m.Availability.STARTING)
        yield here
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def user(stage, *words, pin=PIN):
    """`kiosk user` in this process, with its PIN on stdin."""

    def run():
        before, sys.stdin = sys.stdin, io.StringIO(f"{pin}\n")
        try:
            return main(["user", *words, "--config", str(stage.config)])
        finally:
            sys.stdin = before

    return await asyncio.to_thread(run)


def facts_of(stage, *names):
    with closed_journal(stage.journal) as connection:
        return [row.fact for row in journal.rows(connection, 0, journal.GENESIS) if row.name in names]


def told(notice):
    return lambda seen: seen.staff is not None and seen.staff.told is not None and seen.staff.told.notice is notice


def is_told_at_the_door(state):
    return lambda seen: seen.sign_in is not None and seen.sign_in.state is state


def test_a_technician_who_is_added_signs_in_looks_around_and_a_buyer_pays_afterwards(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            number = await stage.new_order()
            till = await stage.start_till()
            async with screen(stage) as here:
                nobody = await here.says(k.SignIn("11", PIN), lambda seen: seen.sign_in)
                assert await user(stage, "add", "Ivan", "--role", "technician", "--pin-stdin") == 0
                wrong = await here.says(k.SignIn("11", OTHER_PIN), is_told_at_the_door(SignInState.REFUSED))
                await here.says(k.SignIn("11", PIN), lambda seen: seen.phase is m.Phase.SERVICE)
                await here.says(k.PrintTestSlip(), told(StaffNotice.PRINTED))
                log = (await here.says(k.AskLog(), lambda seen: seen.staff.log)).staff.log
                await here.says(k.BeginNoteTest(), lambda seen: seen.staff.note_test)
                while not (await stage.acceptor("state")).count('"idle"'):
                    await asyncio.sleep(0.02)
                await stage.acceptor("note 20")
                tried = (await here.until(lambda seen: seen.staff.note_test.notes)).staff.note_test
                await here.says(k.EndNoteTest(), lambda seen: seen.staff and seen.staff.note_test is None)
                await here.says(k.SignOut(), lambda seen: seen.phase is m.Phase.WELCOME)
            await stage.pay(number)
            ended = await stage.end_till(till)
            everything = b"".join(path.read_bytes() for path in stage.folder.rglob("*") if path.is_file())
            return nobody, wrong, log, tried, ended, stage.violations(), everything, facts_of(stage, "StaffActed")

    nobody, wrong, log, tried, ended, violations, everything, acts = asyncio.run(story())
    assert nobody.sign_in.state is SignInState.NOBODY
    assert wrong.staff is None
    assert any("Ivan" in line for line in log)
    assert tried == k.NoteTestView(keep=False, notes=((2000, "EUR", "returned"),))
    assert (ended, violations) == (0, [])
    assert [(act.person, act.what) for act in acts] == [("Ivan", "a test page"), ("Ivan", "a look at the log")]
    assert PIN.encode() not in everything
    assert OTHER_PIN.encode() not in everything


def test_waits_outlive_a_killed_till(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            assert await user(stage, "add", "Ivan", "--role", "technician", "--pin-stdin") == 0
            till = await stage.start_till()
            async with screen(stage) as here:
                for _ in range(3):
                    await here.says(k.SignIn("11", OTHER_PIN), is_told_at_the_door(SignInState.CHECKING))
                    await here.until(lambda seen: seen.sign_in.state is not SignInState.CHECKING)
            till.signal(9)
            await till.wait()
            till = await stage.start_till()
            async with screen(stage) as here:
                waits = await here.says(k.SignIn("11", PIN), lambda seen: seen.sign_in)
            await stage.end_till(till)
            return waits

    waits = asyncio.run(story())
    assert waits.sign_in.state is SignInState.WAIT
    assert 0 < waits.sign_in.wait_s <= 30


def test_the_till_and_the_screen_are_started_anew_when_somebody_wants_it(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            assert await user(stage, "add", "Ivan", "--role", "technician", "--pin-stdin") == 0
            till = await stage.start_till()
            async with screen(stage) as here:
                await here.says(k.SignIn("11", PIN), lambda seen: seen.phase is m.Phase.SERVICE)
                await here.says(k.RestartPart("screen"), lambda seen: seen.phase is m.Phase.WELCOME)
                screens = [message for message in here.heard if isinstance(message, m.StartAgain)]
                await here.says(k.SignIn("11", PIN), lambda seen: seen.phase is m.Phase.SERVICE)
                here.writer.write(codec.encode_command(m.CommandFrame(k.RestartPart("till"), here.seen.revision)))
                await here.until_hung_up()
            async with asyncio.timeout(PATIENCE_S):
                code = await till.wait()
            said = (stage.folder / "till.log").read_text()
            return screens, code, said, facts_of(stage, "SignedOut")

    screens, code, said, left = asyncio.run(story())
    assert len(screens) == 1
    assert code == 75
    assert "as Ivan wants" in said
    assert [(fact.person, fact.cause) for fact in left] == [("Ivan", "restarted")] * 2


def test_acceptance_is_resumed_beside_a_running_till_and_without_one(tmp_path, capsys):
    async def resume(stage):
        words = ["acceptance", "resume", "--person", "Ivan", "--reason", "looked", "--config", str(stage.config)]
        return await asyncio.to_thread(main, words)

    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            till = await stage.start_till()
            async with screen(stage) as here:
                codes = [await resume(stage)]
                await stage.acceptor("cheat")
                await here.until(lambda seen: seen.availability is m.Availability.LATCHED)
                codes.append(await resume(stage))
                await here.until(lambda seen: seen.availability is m.Availability.OPEN)
            await stage.end_till(till)
            codes.append(await resume(stage))
            return codes, facts_of(stage, "StaffActed", "AcceptanceResumed")

    codes, recorded = asyncio.run(story())
    assert codes == [0, 0, 0]
    assert capsys.readouterr().out.count("nothing to do") == 2
    assert [getattr(fact, "person", "") or fact.reason for fact in recorded] == ["Ivan", "looked"]
