"""`kiosk twin printer`: a receipt printer behind a simulated USB; what came out is in a folder, as bytes, text and picture."""

import argparse
import asyncio
import signal
from pathlib import Path

from drivers.receipt_printer.twin import HELP
from drivers.receipt_printer.twin_models import MODELS
from drivers.receipt_printer.twin_server import PrinterOptions, PrinterServer

FONT = Path(__file__).parents[1] / "screen" / "fonts" / "Inter-SemiBold.otf"  #: squeezed into cells, as on a printer


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
        "--model", choices=sorted(MODELS), default="generic", help="which printer it is (default: %(default)s)"
    )
    parser.add_argument(
        "--speed", type=float, default=0.0, metavar="MM_S", help="millimetres a second; 0 prints at once (default)"
    )
    parser.add_argument(
        "--usb", default="0416:5011", metavar="VID:PID", help="the ids it would have on a bus (shown only)"
    )


def run(args: argparse.Namespace) -> int:
    """Be the printer until `quit` or SIGTERM."""
    asyncio.run(_live(PrinterOptions(args.socket, args.control, args.state, _font(), args.model, args.speed)))
    return 0


def _font() -> Path | None:
    return FONT if FONT.exists() else None


async def _live(options: PrinterOptions) -> None:
    living = asyncio.ensure_future(PrinterServer(options).run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, living.cancel)
    try:
        await living
    except asyncio.CancelledError:
        return
