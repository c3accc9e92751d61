"""`kiosk twin printer`: a receipt printer behind a simulated USB; what came out is in a folder, as bytes, text and picture."""

import argparse
import asyncio
import importlib.util
import signal
from pathlib import Path

from drivers.receipt_printer.twin import HELP
from drivers.receipt_printer.twin_server import PrinterOptions, PrinterServer

FONT = "data/fonts/RobotoMono-Regular.ttf"  #: comes with Kivy, which is looked for and never imported


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk twin printer`."""
    parser.description = "A receipt printer: executes ESC/POS, answers status requests, keeps the paper."
    parser.epilog = f"Commands on the control socket, one a line: {HELP}"
    parser.add_argument("--socket", type=Path, required=True, metavar="PATH", help="the USB cable: where tills connect")
    parser.add_argument("--control", type=Path, metavar="PATH", help="take commands on this AF_UNIX socket")
    parser.add_argument(
        "--state", type=Path, required=True, metavar="DIR", help="receipt.bin, receipt.txt, receipt.png"
    )
    parser.add_argument(
        "--usb", default="0416:5011", metavar="VID:PID", help="the ids it would have on a bus (shown only)"
    )


def run(args: argparse.Namespace) -> int:
    """Be the printer until `quit` or SIGTERM."""
    asyncio.run(_live(PrinterOptions(args.socket, args.control, args.state, _font())))
    return 0


def _font() -> Path | None:
    kivy = importlib.util.find_spec("kivy")
    places = kivy.submodule_search_locations if kivy else None
    file = Path(places[0]) / FONT if places else None
    return file if file and file.exists() else None


async def _live(options: PrinterOptions) -> None:
    living = asyncio.ensure_future(PrinterServer(options).run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, living.cancel)
    try:
        await living
    except asyncio.CancelledError:
        return
