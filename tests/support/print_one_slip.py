"""Run by test_printer_through_libusb under umockdev: one slip on the printer with the ids 0416:5011, told as JSON."""

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from drivers.receipt_printer.document import Cut, Document, Text
from drivers.receipt_printer.driver import UsbReceiptPrinter
from drivers.receipt_printer.usb_line import device_finder
from tests.support.printers import IDS, profile_of


async def main():
    printer = UsbReceiptPrinter(device_finder(*IDS), profile_of("generic"), 5.0, ids=IDS)
    printer._ending._number = 9  # the next id is 2A 20 20 20, as in the script
    result = await printer.print(Document("s", (Text("Привет"), Cut())))
    sys.stdout.write(json.dumps({"outcome": result.outcome, "cause": result.cause}))
    await printer.close()
    printer._thread._thread.join(5)


asyncio.run(main())
