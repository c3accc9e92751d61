"""`kiosk screens`: every screen and state as pictures and contact sheets, without a till, a display or a device."""

import argparse
import fnmatch
import importlib
import itertools
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kiosk.cli.screen import window_size
from kiosk.screen.contact_sheet import sheets
from kiosk.screen.environment import prepare
from kiosk.screen.mode import MODES
from kiosk.screen.scenes import SCENES, in_language, in_mode
from kiosk.screen.words import OWN_NAMES

NAME = "screens"
HELP = "every screen and state as pictures and contact sheets"

SIZES_PX = ((1280, 1024), (1024, 768), (1920, 1080), (1080, 1920))  #: those the layouts are made for
SHEET_WIDE, SHEET_TALL = (400, 5, 4), (240, 8, 3)  #: width of a picture in pixels, columns, rows
SHEET_COLOURS = 128

EPILOG = """\
  kiosk screens --out sheets                                        all of them: every language, size and mode; some minutes
  kiosk screens --out sheets --language bg --size 1024x768 --mode accessible
  kiosk screens --out sheets --scene 'cash-*' --scene offer         some, by name
  kiosk screens --list                                              the names there are

Each picture is DIR/LANGUAGE-WxH-MODE/SCENE.png, each sheet DIR/LANGUAGE-WxH-MODE-N.png. Nothing of it is staged: a scene is a
snapshot as the till sends it, shown by the screen's own code.

exit codes: 0 done · 1 could not be written · 2 wrong options
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk screens`."""
    parser.epilog = EPILOG
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, metavar="DIR", help="where pictures go; made if it is not there")
    what.add_argument("--list", action="store_true", help="names of the scenes, one a line")
    parser.add_argument("--language", action="append", choices=tuple(OWN_NAMES), help="default: every one")
    parser.add_argument("--size", action="append", type=window_size, metavar="WxH", help="default: every supported one")
    parser.add_argument("--mode", action="append", choices=tuple(MODES), help="default: every one")
    parser.add_argument("--scene", action="append", type=_pattern, metavar="NAME", help="default: all; * is anything")


def run(args: argparse.Namespace) -> int:
    """0 when every picture and sheet is there."""
    names = [name for name in SCENES if any(fnmatch.fnmatchcase(name, wanted) for wanted in args.scene or ["*"])]
    if args.list:
        print("\n".join(names))
        return 0
    with tempfile.TemporaryDirectory(prefix="kiosk-screens-") as home:
        prepare(os.environ, Path(home))
        # Kivy reads the environment while it is imported, so it may be imported no earlier than here.
        easel: Any = importlib.import_module("kiosk.screen.easel")
        for width_px, height_px in args.size or SIZES_PX:
            stand = easel.Easel(width_px, height_px)
            for language, mode in itertools.product(args.language or OWN_NAMES, args.mode or MODES):
                _draw(stand, names, language, mode, args.out / f"{language}-{width_px}x{height_px}-{mode}")
            stand.close()
    return 0


def _draw(stand: Any, names: Sequence[str], language: str, mode: str, folder: Path) -> None:
    """The pictures of one language, size and mode, and their sheets beside the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [(name, folder / f"{name}.png") for name in names]
    for name, file in pictures:
        stand.draw(in_mode(in_language(SCENES[name], language), MODES[mode]), file)
    width, height = stand.size
    shape = SHEET_TALL if height > width else SHEET_WIDE
    for number, sheet in enumerate(sheets(pictures, *shape), 1):
        sheet.quantize(SHEET_COLOURS).save(folder.with_name(f"{folder.name}-{number}.png"), optimize=True)
    print(f"{folder}: {len(pictures)} screens")


def _pattern(text: str) -> str:
    if not re.fullmatch(r"[\w*?-]+", text) or not fnmatch.filter(SCENES, text):
        raise argparse.ArgumentTypeError(f"{text!r}: no scene has such a name; `kiosk screens --list` names all")
    return text
