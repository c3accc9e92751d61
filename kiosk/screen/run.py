"""Puts the screen's process together: window, link, robot. Import `environment` and call it before importing this.

Answers for: the order in which they start and end. Does not answer for: options (`kiosk.cli.screen`).
"""

import importlib
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from kiosk.link.client import LinkClient
from kiosk.link.messages import Command
from kiosk.screen.app import KioskApp, Robot
from kiosk.screen.headset import Jack
from kiosk.screen.keys import KeyChoices
from kiosk.screen.look import look
from kiosk.screen.player import TonePlayer
from kiosk.screen.senses import Senses
from kiosk.screen.theme import OURS, Theme
from kiosk.screen.voice import Voice
from kiosk.screen.window import StopFlag, WindowWish, configure

log = logging.getLogger(__name__)


class ScreenFaultError(RuntimeError):
    """A part of the screen has died. The process ends, to be started again: never a screen that is half alive."""


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """`robot`: MODULE:CLASS, made with `robot_args` as keywords and started in the screen's process; or empty. `voice`: argument
    list of a speech program, empty for none; `volume` of the sounds, 0 (none) to 1; `headset`: a file that tells of one, if any.
    `service_key`: what a key switch or door contact types, one of `staff.service_key`; or empty.
    """

    socket: Path
    window: WindowWish
    robot: str
    robot_args: Mapping[str, Any]
    shots: Path | None
    voice: tuple[str, ...]
    volume: float
    keys: KeyChoices
    headset: Path | None
    theme: Theme = OURS
    service_key: str = ""


class LateLink:
    """The link needs the app to tell, the app needs the link to send: this one is given its client later."""

    def __init__(self) -> None:
        self.client: LinkClient | None = None

    def send(self, command: Command, revision: int) -> bool:
        """As LinkClient.send."""
        return self.client is not None and self.client.send(command, revision)

    @property
    def lives(self) -> bool:
        """As LinkClient.lives."""
        return self.client is not None and self.client.lives


def run_screen(options: ScreenOptions) -> bool:
    """Show the screen until SIGTERM, SIGINT, or the window is closed. Link and voice are closed in any case. True: it is to be
    started anew.

    Raises ScreenFaultError when a thread died, and whatever was raised in Kivy's own.
    """
    configure(options.window)
    look.use(options.theme)
    stop = StopFlag()
    stop.install()
    fault = ThreadFault()
    threading.excepthook = fault.struck
    link = LateLink()
    if options.shots is not None:
        options.shots.mkdir(parents=True, exist_ok=True)
    senses = _senses(options)
    app = KioskApp(
        link,
        robot=_robot(options),
        shots=options.shots,
        should_stop=lambda: stop.is_set or bool(fault.what),
        may_close=not options.window.fullscreen,
        senses=senses,
        keys=options.keys,
        jack=Jack(options.headset) if options.headset else None,
        environment=os.environ,
        service_key=options.service_key,
    )
    link.client = LinkClient(options.socket, app.take_snapshot, app.take_away, app.take_catalogue, stop.start_again)
    link.client.start()
    try:
        app.run()
    finally:
        link.client.close()
        senses.close()
    if fault.what:
        raise ScreenFaultError(fault.what)
    return stop.again


class ThreadFault:
    """What a thread died of; looked at by the app's heartbeat."""

    def __init__(self) -> None:
        self.what = ""

    def struck(self, of: threading.ExceptHookArgs) -> None:
        """As threading.excepthook."""
        name = of.thread.name if of.thread else "a thread"
        self.what = f"{name} died of {of.exc_type.__name__}: {of.exc_value}"
        trace = (of.exc_type, of.exc_value or of.exc_type(), of.exc_traceback)
        log.critical("%s", self.what, exc_info=trace)


def _senses(options: ScreenOptions) -> Senses:
    voice = Voice(options.voice) if options.voice else None
    player = TonePlayer(Path(os.environ["KIVY_HOME"]), options.volume) if options.volume else None
    return Senses(voice, player)


def _robot(options: ScreenOptions) -> Robot | None:
    if not options.robot:
        return None
    module, _, name = options.robot.partition(":")
    make = cast("Callable[..., Robot]", getattr(importlib.import_module(module), name))
    return make(**options.robot_args)
