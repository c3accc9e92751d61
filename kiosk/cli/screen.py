"""`kiosk screen`: the touch screen. Owns a window and one socket to the till; no money, no device, no secret."""

import argparse
import importlib
import json
import logging
import os
import re
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

from kiosk.screen.environment import prepare
from kiosk.screen.keys import FUNCTION_KEYS, KeyChoices
from kiosk.screen.staff.service_key import KEY_CODES
from kiosk.screen.theme import OURS
from kiosk.screen.theme_file import load_theme
from kiosk.screen.voice import ESPEAK, LANGUAGE_MARK

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
    _add_senses(parser)
    parser.add_argument(
        "--shots", type=Path, metavar="DIR", help="a picture of every screen passed (a robot takes its own)"
    )
    parser.add_argument(
        "--theme", type=Path, metavar="FILE", help="the operator's look, as config/theme.toml (default: ours)"
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


def _add_senses(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--voice",
        type=_command,
        default=ESPEAK,
        metavar="COMMAND",
        help=f"speech program, text on its standard input, {LANGUAGE_MARK} replaced; '' for none "
        f"(default: {shlex.join(ESPEAK)})",
    )
    parser.add_argument(
        "--volume", type=_percent, default=60, metavar="PERCENT", help="of the sounds, 0 to 100 (default 60)"
    )
    parser.add_argument("--silent", action="store_true", help="no sounds; speech is still given to who asks for it")
    parser.add_argument(
        "--mode-key", type=_key, default="f8", metavar="KEY", help="turns the accessible, spoken mode on and off (f8)"
    )
    parser.add_argument(
        "--headset-keys",
        type=_two_keys,
        default=(0, 0),
        metavar="IN,OUT",
        help="keys that a keypad with a headset jack sends: f1 to f15, or codes of SDL",
    )
    parser.add_argument(
        "--headset", type=Path, metavar="FILE", help="says whether a headset is in: a GPIO's value or an extcon's state"
    )


def run(args: argparse.Namespace) -> int:
    """0 after SIGTERM or when the window was closed; 75 somebody wanted a restart. Raises SettingsError for a theme that cannot
    be used.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("kivy").setLevel(logging.WARNING)
    theme = load_theme(args.theme) if args.theme else OURS
    with tempfile.TemporaryDirectory(prefix="kiosk-screen-") as home:
        prepare(os.environ, Path(home))
        # Kivy reads the environment while it is imported, so it may be imported no earlier than here.
        module: Any = importlib.import_module("kiosk.screen.run")
        width_px, height_px = args.size
        wish = module.WindowWish(width_px, height_px, args.fullscreen)
        options = module.ScreenOptions(
            args.socket,
            wish,
            args.robot or "",
            args.robot_args,
            args.shots,
            voice=args.voice,
            volume=0.0 if args.silent else args.volume / 100,
            keys=KeyChoices(args.mode_key, *args.headset_keys),
            headset=args.headset,
            theme=theme,
            service_key=args.service_key or "",
        )
        return EXIT_RESTART if module.run_screen(options) else 0


def _command(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


def _percent(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from 0 to 100")
    return int(text)


def _key(text: str) -> int:
    code = FUNCTION_KEYS.get(text.lower()) or (int(text) if text.isdecimal() else 0)
    if not code:
        raise argparse.ArgumentTypeError(f"{text!r}: f1 to f15, or a code of SDL")
    return code


def _two_keys(text: str) -> tuple[int, int]:
    plugged, comma, unplugged = text.partition(",")
    if not comma:
        raise argparse.ArgumentTypeError(f"{text!r}: two keys with a comma between them")
    return _key(plugged), _key(unplugged)


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
