"""What the bench panel shows: a button for every note and fault, and what the twin answered to the last one."""

import argparse
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kivy.config import Config

for _key, _value in {"width": "420", "height": "920", "multisamples": "0", "resizable": "1"}.items():
    Config.set("graphics", _key, _value)

from kivy.app import App  # noqa: E402 - the window takes its size from the settings above
from kivy.clock import Clock  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.uix.boxlayout import BoxLayout  # noqa: E402
from kivy.uix.button import Button  # noqa: E402
from kivy.uix.gridlayout import GridLayout  # noqa: E402
from kivy.uix.label import Label  # noqa: E402
from kivy.uix.widget import Widget  # noqa: E402

from kiosk.demo.control_line import NoAnswerError, ask  # noqa: E402

PAPER = (0.953, 0.961, 0.969, 1)
INK = (0.067, 0.129, 0.176, 1)
NIGHT = (0.063, 0.161, 0.227, 1)
FONT = str(Path(__file__).parents[1] / "screen" / "fonts" / "Inter-Regular.otf")
ROW_PX = 48
NOTE_COLUMNS = 4  #: eight notes and everything below fit into the window
BOLD = str(Path(__file__).parents[1] / "screen" / "fonts" / "Inter-SemiBold.otf")

ACCEPTOR_FAULTS = ("jam", "unjam", "cassette out", "cassette in", "reject optic", "lose ack 3", "noise", "cheat")
PRINTER_FAULTS = ("paper out", "paper in", "cover open", "cover close", "unplug", "plug", "mute", "unmute")
POWER = ("power cut", "power on", "network down", "network up")


class BenchApp(App):
    """One column of groups; the last line says what came of the last touch."""

    def __init__(self, args: argparse.Namespace) -> None:
        super().__init__(title="Kiosk bench")
        self._args = args
        self._answer = Label(size_hint_y=None, height=56, color=INK, font_name=FONT, font_size=15, halign="left")

    def build(self) -> BoxLayout:
        """The whole panel."""
        Window.clearcolor = PAPER
        root = BoxLayout(orientation="vertical", padding=16, spacing=10)
        customer = f"   ·   customer {self._args.customer}" if self._args.customer else ""
        root.add_widget(_heading(f"Order {self._args.order}{customer}"))
        notes = {f"{value}": f"note {value} {self._args.currency}" for value in self._args.notes.split(",")}
        if self._args.acceptor:
            self._group(root, f"Put in a note, {self._args.currency}", notes, self._args.acceptor, NOTE_COLUMNS)
            self._group(root, "Acceptor", _as_told(ACCEPTOR_FAULTS), self._args.acceptor)
        self._group(root, "Printer", _as_told(PRINTER_FAULTS), self._args.printer)
        self._group(root, "Power and network", _as_told(POWER), self._args.demo)
        root.add_widget(Widget())
        self._answer.bind(size=self._answer.setter("text_size"))
        root.add_widget(self._answer)
        return root

    def on_start(self) -> None:
        """Take the picture that was asked for, if one was."""
        if self._args.shot:
            Clock.schedule_once(self._shoot, 0.5)

    def _shoot(self, _elapsed_s: float) -> None:
        self.root.export_to_png(self._args.shot)
        self.stop()

    def _group(self, root: BoxLayout, title: str, lines: Mapping[str, str], socket: str, columns: int = 2) -> None:
        """`lines`: what stands on a button, and what its touch tells."""
        root.add_widget(_heading(title))
        rows = -(-len(lines) // columns)
        grid = GridLayout(cols=columns, spacing=8, size_hint_y=None, height=rows * ROW_PX)
        for text, line in lines.items():
            grid.add_widget(_button(text, self._touch(line, socket)))
        root.add_widget(grid)

    def _touch(self, line: str, socket: str) -> Callable[..., None]:
        def touched(*_button: object) -> None:
            try:
                answer = ask(socket, line, deadline_s=20.0)
            except NoAnswerError as error:
                answer = str(error)
            self._answer.text = f"{line}: {answer}"

        return touched


def _as_told(lines: Sequence[str]) -> Mapping[str, str]:
    return {line: line for line in lines}


def _heading(text: str) -> Label:
    label = Label(text=text, size_hint_y=None, height=26, color=INK, font_name=BOLD, font_size=17, halign="left")
    label.bind(size=label.setter("text_size"))
    return label


def _button(text: str, touched: Callable[..., None]) -> Button:
    button = Button(text=text, background_normal="", background_color=NIGHT, font_name=FONT, font_size=15)
    button.bind(on_release=touched)
    return button


def show(args: argparse.Namespace) -> None:
    """Until closed, or until SIGTERM."""
    app = BenchApp(args)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: Clock.schedule_once(lambda _s: app.stop()))
    app.run()
