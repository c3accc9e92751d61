"""`kiosk screen`: the touch screen. Owns a window and one socket to the till; no money, no device, no secret."""

import argparse
import importlib
import json
import logging
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from kiosk.screen.environment import prepare
from kiosk.screen.staff.service_key import KEY_CODES

NAME = "screen"
HELP = "the touch screen, in a process of its own"

EXIT_RESTART = 75  #: EX_TEMPFAIL of sysexits.h, as of the till: start me again
SIZE_PX = (1280, 1024)
SIDE_PX_MIN, SIDE_PX_MAX = 480, 8192


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk screen`."""
    parser.add_argument("--socket", type=Path, required=True, metavar="PATH", help="the till's socket")
    parser.add_argument(
        "--size", type=window_size, default=SIZE_PX, metavar="WxH", help="window in pixels (default 1280x1024)"
    )
    parser.add_argument(
        "--fullscreen", action="store_true", help="the kiosk in its cabinet: no border, no pointer, cannot be closed"
    )
    parser.add_argument(
        "--shots", type=Path, metavar="DIR", help="a picture of every screen passed (a robot takes its own)"
    )
    parser.add_argument(
        "--service-key",
        choices=tuple(KEY_CODES),
        metavar="KEY",
        help="types a key switch or a door contact: opens the staff's sign-in (f1 … f15, pause, insert, home, end)",
    )
    parser.add_argument("--robot", type=_robot, metavar="MODULE:CLASS", help="uses the screen by itself")
    parser.add_argument(
        "--robot-args", type=_json, default={}, metavar="JSON", help="an object: what the robot is given"
    )


def run(args: argparse.Namespace) -> int:
    """0 after SIGTERM or when the window was closed; 75 somebody wanted a restart."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("kivy").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="kiosk-screen-") as home:
        prepare(os.environ, Path(home))
        # Kivy reads the environment while it is imported, so it may be imported no earlier than here.
        module: Any = importlib.import_module("kiosk.screen.run")
        width_px, height_px = args.size
        wish = module.WindowWish(width_px, height_px, args.fullscreen)
        shots, service_key = args.shots, args.service_key or ""
        options = module.ScreenOptions(args.socket, wish, args.robot or "", args.robot_args, shots, service_key)
        return EXIT_RESTART if module.run_screen(options) else 0


def window_size(text: str) -> tuple[int, int]:
    """`1024x768` as a pair. Raises argparse.ArgumentTypeError."""
    found = re.fullmatch(r"(\d{3,4})x(\d{3,4})", text)
    sides = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(SIDE_PX_MIN <= side <= SIDE_PX_MAX for side in sides):
        raise argparse.ArgumentTypeError(f"{text!r}: write WIDTHxHEIGHT, each {SIDE_PX_MIN} to {SIDE_PX_MAX} pixels")
    return sides


def _robot(text: str) -> str:
    if not re.fullmatch(r"[\w.]+:\w+", text):
        raise argparse.ArgumentTypeError(f"{text!r}: write MODULE:CLASS")
    return text


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
    return value
