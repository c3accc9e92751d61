#!/usr/bin/env python3
"""What a receipt costs, as ratios to plain python-escpos calls for the same slip. Exit code 1 when a limit is exceeded.

text, raster     the same receipt in characters, and every line of it as dots; each against plain calls that print characters
bytes            what goes over the cable                                   transfers   bulk transfers of the slip itself
questions        bulk transfers before it: the printer's state              cpu         to build the bytes

Plain calls: set, textln, qr, cut in their order, each as many transfers as python-escpos makes `_raw` calls (its Usb connector
sends every one by itself), code pages chosen by the library, no status, no confirmation.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from escpos.printer import Dummy

from drivers.receipt_printer.document import Align, Cut, Document, Feed, Pair, Qr, Rule, Text
from drivers.receipt_printer.escpos import encode
from drivers.receipt_printer.profile import PrinterProfile, Raster
from tests.support.printers import FONT, InProcess, profile_of

ROUNDS = {"text": 300, "raster": 12}
QR = "KIOSK1*0001*000121760480900001*7000*EUR*11*9494949494949494"
PAIRS = {
    "Терминал": "0001",
    "Разписка №": "7",
    "Дата": "2026-11-18 13:06:40 +02:00",
    "Поръчка": "1000000016",
    "Получател": "Книжарница „Елена“",
    "Основание": "Една книга — том 1",
    "Сума": "70,00 EUR",
    "20 EUR x 1": "20,00 EUR",
    "50 EUR x 2": "100,00 EUR",
    "Внесено": "120,00 EUR",
    "Зачислено": "70,00 EUR",
    "Запазено": "50,00 EUR",
    "Номер на плащане": "000121760480900001",
    "Справка": "KB08DE6AD9136",
    "Поддръжка": "+359 2 000 0000",
}
WORDS = ("Платено. Получателят е заверен.", "Пазете тази бележка. Тя не е фискален бон.", "11 9494949494949494")
SLIP = Document(
    "bench",
    (
        Text("Разписка за плащане", Align.CENTER, bold=True, double=True),
        Text("1 Example Street, Sofia", Align.CENTER),
        Rule(),
        *(Pair(label, value, bold=number % 5 == 0) for number, (label, value) in enumerate(PAIRS.items())),
        Rule(),
        *(Text(words) for words in WORDS),
        Feed(1),
        Qr(QR),
        Feed(1),
        Cut(),
    ),
)
LIMITS = {
    "text.bytes": 2048,
    "text.bytes_ratio": 1.0,
    "text.transfers": 1,
    "text.questions": 4,
    "text.cpu_ratio": 2.0,
    "raster.bytes_ratio": 50.0,
    "raster.transfers": 16,
    "raster.questions": 4,
    "raster.cpu_ratio": 30.0,
}


class Counting(Dummy):
    """Remembers how many transfers it would have made."""

    def __init__(self) -> None:
        super().__init__(profile="TM-T20II")
        self.transfers = 0

    def _raw(self, msg: bytes) -> None:
        self.transfers += 1
        super()._raw(msg)


def plainly() -> Counting:
    """The slip as a program written by the library's manual prints it."""
    printer = Counting()
    printer.hw("INIT")
    for element in SLIP.elements:
        match element:
            case Text(text=text, align=align, bold=bold, double=double):
                printer.set(
                    align=align.value, bold=bold, double_height=double, double_width=double, normal_textsize=not double
                )
                printer.textln(text)
            case Pair(label=label, value=value, bold=bold):
                printer.set(align="left", bold=bold, normal_textsize=True)
                printer.textln(label + value.rjust(42 - len(label)))
            case Rule():
                printer.textln("-" * 42)
            case Feed(lines=lines):
                printer.ln(lines)
            case Qr(data=data):
                printer.set(align="center")
                printer.qr(data, native=True, size=6)
            case Cut():
                printer.cut()
    return printer


def cpu_s(work: Callable[[], object], rounds: int) -> float:
    """Processor time of one round; the first one, which fills caches, is not counted."""
    work()
    began_s = time.process_time()
    for _ in range(rounds):
        work()
    return (time.process_time() - began_s) / rounds


def on_the_wire(profile: PrinterProfile) -> list[int]:
    """Bytes of every bulk transfer to the printer, by the real driver."""

    async def once() -> list[int]:
        rig = InProcess(raster=profile.raster)
        async with rig.meet():
            result = await rig.printer.print(SLIP)
            assert result.outcome == "printed", result
            return list(rig.usb.writes)

    return asyncio.run(once())


def measures() -> dict[str, float]:
    plain = plainly()
    plain_s = cpu_s(plainly, ROUNDS["text"])
    found: dict[str, float] = {"plain.bytes": len(plain.output), "plain.transfers": plain.transfers}
    for name, raster in {"text": Raster.FALLBACK, "raster": Raster.ALWAYS}.items():
        profile = profile_of("generic", raster=raster)
        writes = on_the_wire(profile)
        slip = [size for size in writes if size > 3]
        found |= {
            f"{name}.bytes": sum(slip),
            f"{name}.bytes_ratio": sum(slip) / len(plain.output),
            f"{name}.transfers": len(slip),
            f"{name}.questions": len(writes) - len(slip),
            f"{name}.cpu_ratio": cpu_s(lambda: encode(SLIP, profile, FONT), ROUNDS[name]) / plain_s,  # noqa: B023 - now
        }
    return found


def main() -> int:
    within = True
    for name, value in measures().items():
        limit = LIMITS.get(name)
        within = within and (limit is None or value <= limit)
        sys.stdout.write(f"printer.{name} {value:g}" + (f" (limit {limit:g})\n" if limit is not None else "\n"))
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
