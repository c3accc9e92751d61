"""Printers for tests: a twin in this process in virtual time, a twin behind its socket, or a real one on USB and a person."""

import asyncio
import sys
import tempfile
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.receipt_printer.document import Align, Cut, Document, Feed, Pair, Picture, Qr, Rule, Text
from drivers.receipt_printer.driver import UsbReceiptPrinter
from drivers.receipt_printer.paper import as_text
from drivers.receipt_printer.profile import load_profile
from drivers.receipt_printer.registry import open_printer
from drivers.receipt_printer.twin import PrinterTwin
from drivers.receipt_printer.twin_backend_libusb1 import TwinBackend
from drivers.receipt_printer.twin_models import MODELS
from drivers.receipt_printer.twin_server import PrinterOptions, PrinterServer
from drivers.receipt_printer.twin_state import Dots, Line
from drivers.receipt_printer.twin_usb import UsbSide
from drivers.receipt_printer.usb_line import device_finder

ROOT = Path(__file__).parents[2]
PROFILES = {path.stem: path for path in sorted((ROOT / "config" / "printers").glob("*.toml"))}
FONT = ROOT / "kiosk" / "screen" / "fonts" / "Inter-SemiBold.otf"
IDS = (0x0416, 0x5011)
SPEED_MM_S = 150.0
ROWS_A_LINE = 30  #: of text drawn as dots, in cells of 12 by 24

SLIP = Document("s-1", (Text("Платено 70,00"), Cut()))
LONG = Document("s-2", (*[Text(f"Ред {n} от дълга разписка") for n in range(40)], Text("КРАЙ"), Cut()))
SHORT = Document("s-4", (*[Text(f"Ред {n}") for n in range(9)], Text("КРАЙ"), Cut()))
EVERYTHING = Document(
    "s-3",
    (
        Text("Разписка за плащане", Align.CENTER, bold=True, double=True),
        Picture(64, 16, b"\xf0\x0f" * 64),
        Rule(),
        Pair("Поръчка", "1000000016", bold=True),
        Pair("Получател", "Книжарница „Елена“ — клон № 2, София, бул. Витоша"),
        Text("Съёмщик: «Объект»; ѝ, €5"),
        Feed(2),
        Qr("KIOSK1*0001*000121760480900001*7000*EUR*11*9494949494949494"),
        Text("Край", Align.CENTER, bold=True),
        Feed(1),
        Cut(),
    ),
)


class VirtualPace:
    """Time passes when somebody waits for it."""

    def __init__(self):
        self.now = 1000.0

    def now_s(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds

    def end(self):
        self.now += 1e9


def profile_of(name, **changes):
    return replace(load_profile(PROFILES[name]), **changes)


class InProcess:
    """A printer and its driver on one virtual clock; `usb` is the hand, `twin` the truth."""

    virtual = True

    def __init__(self, profile="generic", *, speed_mm_s=SPEED_MM_S, deadline_s=15.0, retract_after_s=0, **changes):
        self.pace = VirtualPace()
        model = replace(MODELS[profile], speed_mm_s=speed_mm_s)
        self.twin = PrinterTwin(model, self.pace.now_s)
        self.usb = UsbSide(self.twin)
        self.do = self.usb.do
        self.backend = TwinBackend(self.usb.answer, self.pace, *IDS)
        self.printer = UsbReceiptPrinter(
            device_finder(*IDS, self.backend),
            profile_of(profile, **changes),
            deadline_s,
            ids=IDS,
            font=FONT,
            retract_after_s=retract_after_s,
            pace=self.pace,
        )

    @asynccontextmanager
    async def meet(self):
        try:
            yield self
        finally:
            await self.printer.close()

    def let_time_pass(self, seconds=60.0):
        for _ in range(int(seconds * 10)):
            self.pace.sleep(0.1)
            self.twin.tick()


class BehindASocket:
    """The demo's way: a server in this loop, the driver on its own thread and the real clock; the twin prints at once."""

    virtual = False

    def __init__(self, profile="generic", *, deadline_s=10.0, retract_after_s=0):
        self.profile, self.deadline_s, self.retract_after_s = profile, deadline_s, retract_after_s

    @asynccontextmanager
    async def meet(self):
        with tempfile.TemporaryDirectory() as folder:
            self.folder = Path(folder)
            options = PrinterOptions(self.folder / "usb", None, self.folder, FONT, self.profile)
            server = PrinterServer(options)
            self.twin, self.usb = server.twin, server.usb
            self.do = self.usb.do
            running = asyncio.create_task(server.run())
            async with asyncio.timeout(5):
                while not options.socket.exists():
                    await asyncio.sleep(0.01)
            profile = PROFILES[self.profile]
            self.printer = open_printer(*IDS, profile, self.deadline_s, str(options.socket), FONT, self.retract_after_s)
            try:
                yield self
            finally:
                await self.printer.close()
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running


class OnHardware:
    """A real printer; a person does what is asked on the terminal."""

    virtual = False
    twin = None

    def __init__(self, usb, profile):
        self.ids = tuple(int(part, 16) for part in usb.split(":"))
        self.profile = profile

    def do(self, words):
        pytest.skip(f"nobody can be asked to {words!r} at the right moment")

    @asynccontextmanager
    async def meet(self):
        sys.__stderr__.write("\n>>> slips come out of the printer now\n")
        self.printer = open_printer(*self.ids, PROFILES[self.profile], 15.0, "", FONT)
        try:
            yield self
        finally:
            await self.printer.close()


def read(rig):
    """The last slip as text; None where nobody but a person can read it."""
    if rig.twin is None:
        return None
    return as_text(rig.twin.slips[-1:], rig.twin.model.columns)


def came_out_whole(twin, document):
    """Whether one of the slips that were cut off holds everything: by its lines, or by how many dots it is high."""
    lines = [element.text for element in document.elements if isinstance(element, Text)]
    return any(_holds(slip, lines) for slip in twin.slips)


def _holds(slip, lines):
    printed = [item.text for item in slip if isinstance(item, Line)]
    rows = sum(item.height for item in slip if isinstance(item, Dots))
    return [line for line in printed if line] == lines or rows >= ROWS_A_LINE * len(lines)
