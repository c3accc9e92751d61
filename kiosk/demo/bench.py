"""The bench panel beside the demo's window: `python -m kiosk.demo.bench …`, a process of its own (two Kivy windows in one
process crash). This file reads options and prepares the environment; `bench_panel` draws.
"""

import argparse
import importlib
import os
import tempfile
from pathlib import Path
from typing import Any

from kiosk.screen.environment import prepare


def main() -> None:
    """Show the panel until it is closed."""
    parser = argparse.ArgumentParser(description="Faults and notes for the demo, one touch each.")
    parser.add_argument("--acceptor", default="", metavar="PATH", help="the acceptor twin's control socket")
    parser.add_argument("--printer", required=True, metavar="PATH", help="the printer twin's control socket")
    parser.add_argument("--demo", required=True, metavar="PATH", help="the demo's control socket")
    parser.add_argument("--notes", required=True, metavar="5,10,20", help="values of notes, in major units")
    parser.add_argument("--currency", required=True)
    parser.add_argument("--order", required=True, help="the order number to type")
    parser.add_argument("--customer", default="", help="a customer of the electricity payee, where there are services")
    parser.add_argument("--shot", default="", metavar="FILE", help="draw once into a picture and end")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
        prepare(os.environ, Path(home))
        panel: Any = importlib.import_module("kiosk.demo.bench_panel")
        panel.show(args)


if __name__ == "__main__":
    main()
