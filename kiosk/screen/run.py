"""Puts the screen's process together: window, link, robot. Import `environment` and call it before importing this.

Answers for: the order in which they start and end. Does not answer for: options (`kiosk.cli.screen`).
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from kiosk.link.client import LinkClient
from kiosk.link.messages import Command
from kiosk.screen.app import KioskApp, Robot
from kiosk.screen.window import StopFlag, WindowWish, configure


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """`robot`: MODULE:CLASS, made with `robot_args` as keywords and started in the screen's process; or empty.
    `service_key`: what a key switch or door contact types, one of `staff.service_key`; or empty.
    """

    socket: Path
    window: WindowWish
    robot: str
    robot_args: Mapping[str, Any]
    shots: Path | None
    service_key: str = ""


class LateLink:
    """The link needs the app to tell, the app needs the link to send: this one is given its client later."""

    def __init__(self) -> None:
        self.client: LinkClient | None = None

    def send(self, command: Command, revision: int) -> bool:
        """As LinkClient.send."""
        return self.client is not None and self.client.send(command, revision)


def run_screen(options: ScreenOptions) -> bool:
    """Show the screen until SIGTERM, SIGINT, or the window is closed. The link is closed in any case. True: it is to be started
    anew.
    """
    configure(options.window)
    stop = StopFlag()
    stop.install()
    link = LateLink()
    if options.shots is not None:
        options.shots.mkdir(parents=True, exist_ok=True)
    app = KioskApp(
        link,
        robot=_robot(options),
        shots=options.shots,
        should_stop=lambda: stop.is_set,
        may_close=not options.window.fullscreen,
        service_key=options.service_key,
    )
    link.client = LinkClient(options.socket, app.take_snapshot, app.take_away, app.take_catalogue, stop.start_again)
    link.client.start()
    try:
        app.run()
    finally:
        link.client.close()
    return stop.again


def _robot(options: ScreenOptions) -> Robot | None:
    if not options.robot:
        return None
    module, _, name = options.robot.partition(":")
    make = cast("Callable[..., Robot]", getattr(importlib.import_module(module), name))
    return make(**options.robot_args)
