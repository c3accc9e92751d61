"""The screen's process inside Kivy: snapshots in, pictures out; touches in, commands out.

Answers for: threads (news arrive from the link's, everything else happens in Kivy's), frame rate, robots, pictures.
Does not answer for: what is shown (`presenter`) or what a touch means (`glass`): both are pure.
"""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock

from kiosk.domain.catalogue import Catalogue
from kiosk.link.messages import Command, Snapshot
from kiosk.screen import glass as glasses
from kiosk.screen.board import AppBoard
from kiosk.screen.finger import tap
from kiosk.screen.glass import Glass
from kiosk.screen.headset import Jack
from kiosk.screen.keyboard import Keyboard
from kiosk.screen.keys import KeyChoices
from kiosk.screen.linger import Linger
from kiosk.screen.presenter import present
from kiosk.screen.pulse import Pulse
from kiosk.screen.senses import Senses
from kiosk.screen.staff import desk as desks
from kiosk.screen.staff.service_key import KEY_CODES
from kiosk.screen.stage import Stage
from kiosk.screen.theme import DAY
from kiosk.screen.views import View
from kiosk.screen.widgets.button import KioskButton
from kiosk.screen.window import lock_down

log = logging.getLogger(__name__)

AWAY_AFTER_S = 2.0  #: a till that is back sooner was never missed
BUSY_FPS = 60
IDLE_FPS = 13  #: a touch is seen within 77 ms, and its frame of about 20 ms is shown within a tenth of a second
BUSY_S = 2.0
HEARTBEAT_S = 0.25
PICTURE_AFTER_S = 0.35  #: a screen is laid out and drawn


class Link(Protocol):
    """The way to the till."""

    def send(self, command: Command, revision: int) -> bool:
        """Tell the till what a finger meant on the screen of `revision`; False when it is away. Never blocks."""

    @property
    def lives(self) -> bool:
        """Whether somebody looks after the link, be the till there or away."""


class Robot(Protocol):
    """Somebody who uses the screen by itself, in its process."""

    def start(self, app: "KioskApp") -> None:
        """Begin; the window is open."""


class KioskApp(App):
    """`typed`, `snapshot`, `glass`, `current_view`, `find_button`, `tap` and `shot` are for robots and tests."""

    use_kivy_settings = False

    def __init__(
        self,
        link: Link,
        *,
        robot: Robot | None = None,
        shots: Path | None = None,
        should_stop: Callable[[], bool] = lambda: False,
        may_close: bool = True,
        senses: Senses | None = None,
        keys: KeyChoices | None = None,
        jack: Jack | None = None,
        environment: Mapping[str, str] | None = None,
        service_key: str = "",
    ) -> None:
        super().__init__()
        self._link = link
        self._robot = robot
        self._shots = shots
        self._should_stop = should_stop
        self._may_close = may_close
        self._senses = senses or Senses()
        self._jack = jack
        self._keyboard = Keyboard(AppBoard(self), keys or KeyChoices())
        self._pulse = Pulse(environment or {}, self._ask_frame, lambda: link.lives)
        self._linger = Linger()
        self._service_key = KEY_CODES.get(service_key)
        self._glass = Glass()
        self._away: Any = None
        self._busy_until_s = 0.0
        self.current_view: View = present(self._glass)

    @property
    def snapshot(self) -> Snapshot | None:
        """The last one the till sent; None when it is away."""
        return self._glass.snapshot if self._glass.linked else None

    @property
    def glass(self) -> Glass:
        """What the screen itself knows: where the buyer browses, and what they have typed."""
        return self._glass

    @property
    def typed(self) -> str:
        """The digits on the glass."""
        return self._glass.typed

    # --- Kivy's own calls ---------------------------------------------------------------------------------------------

    def build(self) -> Stage:
        """The root widget."""
        self.title = "Kiosk"
        EventLoop.ensure_window()
        window = EventLoop.window
        window.clearcolor = DAY.paper
        lock_down(window, may_close=self._may_close, heard=self.key_struck, lifted=self._keyboard.lifted)
        window.bind(on_motion=self._kick, on_flip=self._flipped, on_key_down=self._key_down)
        Clock.clock_resolution = 0.001  # or 60 frames a second become 80
        return Stage(size=window.size)

    def on_start(self) -> None:
        """The window is open."""
        self._show()
        Clock.schedule_interval(self._beat, HEARTBEAT_S)
        if self._robot is not None:
            self._robot.start(self)

    def on_stop(self) -> None:
        """The window is about to go."""
        EventLoop.window.unbind(on_motion=self._kick, on_flip=self._flipped, on_key_down=self._key_down)
        Clock.unschedule(self._beat)
        self._senses.close()
        self._pulse.close()
        if self._away is not None:
            self._away.cancel()

    def open_settings(self, *_arguments: object) -> bool:
        """There is no settings panel."""
        return False

    # --- from the link's thread ---------------------------------------------------------------------------------------

    def take_snapshot(self, snapshot: Snapshot) -> None:
        """Show what the till says. From any thread."""
        Clock.schedule_once(lambda _elapsed_s: self._seen(snapshot))

    def take_catalogue(self, catalogue: Catalogue) -> None:
        """Offer what the till offers. From any thread."""
        Clock.schedule_once(lambda _elapsed_s: self._learnt(catalogue))

    def take_away(self, reason: str) -> None:
        """The till is away. From any thread."""
        log.info("link: %s", reason)
        Clock.schedule_once(lambda _elapsed_s: self._missed())

    # --- in Kivy's thread ---------------------------------------------------------------------------------------------

    def pressed(self, role: str) -> None:
        """A control was chosen, by a finger or by a key."""
        self._senses.touched()
        self._act(*glasses.touched(self._glass, role))

    def key_struck(self, code: int, text: str) -> None:
        """A key of a keyboard."""
        self._kick()
        self._keyboard.struck(code, text, Clock.get_time())

    def scanned(self, text: str) -> None:
        """A scanner that poses as a keyboard read something."""
        self._act(*glasses.scanned(self._glass, text))

    def put_back(self, before: Glass) -> None:
        """What was typed since was a scanner's."""
        self._glass = glasses.put_back(self._glass, before)
        self._show()

    def focus_moved(self) -> None:
        """Another control has the focus."""
        self._show()

    def _act(self, after: Glass, command: Command | None) -> None:
        """The glass is as it is `after` something was done on the screen that is shown now, and the till is told."""
        self._glass = after
        self._tell(command)
        self._show()

    def _tell(self, command: Command | None) -> None:
        revision = self._glass.snapshot.revision if self._glass.snapshot else 0
        if command is not None and not self._link.send(command, revision):
            log.warning("the till is away; lost: %s", command)

    def open_door(self) -> bool:
        """Somebody knows the hidden way in, or turned the key: whether that has opened it."""
        was_shut = self._glass.desk.form is None
        self.pressed("staff:open")
        return was_shut and self._glass.desk.form is not None

    def find_button(self, role: str) -> KioskButton | None:
        """The button of that role on the screen now; a question's buttons come before those under it."""
        return self.root.find(role) if self.root else None

    def tap(self, widget: Any) -> None:
        """Touch the middle of `widget` as a finger would: what lies over it gets the touch."""
        tap(widget)

    def shot(self, path: str) -> None:
        """Save a picture (PNG) of the whole window."""
        self.root.export_to_png(path)

    def _seen(self, snapshot: Snapshot) -> None:
        if self._away is not None:
            self._away.cancel()
            self._away = None
        shown, again_s = self._linger.pass_on(snapshot, Clock.get_time())
        before, self._glass = self._glass, glasses.seen(self._glass, shown)
        if again_s:
            Clock.schedule_once(lambda _elapsed_s: self._see_again(shown, snapshot), again_s)
        if glasses.is_over(before, self._glass):
            self._keyboard.forget()
        self._tell(glasses.reminds(before, self._glass))
        self._show()

    def _see_again(self, shown: Snapshot, snapshot: Snapshot) -> None:
        """A message has been there long enough, unless the till has said something since."""
        if self._glass.snapshot is shown:
            self._seen(snapshot)

    def _learnt(self, catalogue: Catalogue) -> None:
        self._glass = glasses.learnt(self._glass, catalogue)
        self._show()

    def _missed(self) -> None:
        if self._glass.linked and self._away is None:
            self._away = Clock.schedule_once(self._give_up, AWAY_AFTER_S)

    def _give_up(self, _elapsed_s: float) -> None:
        self._away = None
        self._glass = glasses.lost(self._glass)
        self._show()

    def _scene(self) -> tuple[object, ...]:
        return (type(self.current_view), glasses.scene(self._glass))

    def _show(self) -> None:
        view, before = present(self._glass), self._scene()
        is_new = view != self.current_view
        self.current_view = view
        if self.root is None:
            return
        self.root.show(view, self._scene(), self._glass.mode)
        focus = self._keyboard.focus
        self.root.focus(focus)
        self._senses.shown(self._glass, focus)
        if is_new:
            self._kick()
        if self._shots is not None and self._robot is None and self._scene() != before:
            Clock.schedule_once(self._picture, PICTURE_AFTER_S)

    def _picture(self, _elapsed_s: float) -> None:
        assert self._shots is not None
        if desks.is_secret(self._glass.desk):
            return
        snapshot = self.snapshot
        name = snapshot.phase if snapshot else "connecting"
        number = len(list(self._shots.glob("*.png"))) + 1
        self.shot(str(self._shots / f"{number:02d}-{name}.png"))

    # --- frame rate ---------------------------------------------------------------------------------------------------

    def _kick(self, *_event: object) -> None:
        """Something moves: draw smoothly for a while. `_max_fps` is private, and what Kivy's own tests set (2.3.1)."""
        self._busy_until_s = Clock.get_time() + BUSY_S
        Clock._max_fps = BUSY_FPS  # noqa: SLF001 - there is no public way

    def _beat(self, elapsed_s: float) -> None:
        if Clock.get_time() > self._busy_until_s:
            Clock._max_fps = IDLE_FPS  # noqa: SLF001 - there is no public way
        self._pulse.beat(Clock.get_time())
        self._senses.look()
        if self._jack is not None and (plugged := self._jack.look()) is not None:
            self.pressed("headset:in" if plugged else "headset:out")
        self._wait(elapsed_s)
        if self._should_stop():
            self.stop()

    def _ask_frame(self) -> None:
        EventLoop.window.canvas.ask_update()

    def _flipped(self, *_event: object) -> None:
        """A frame is being shown; that it has been is only known when the loop comes round."""
        Clock.schedule_once(self._drawn)

    def _drawn(self, _elapsed_s: float) -> None:
        self._pulse.drawn(Clock.get_time())

    def _wait(self, elapsed_s: float) -> None:
        after = glasses.waited(self._glass, elapsed_s)
        if after is not self._glass:
            self._glass = after
            self._show()

    def _key_down(self, _window: object, code: int, *_details: object) -> bool:
        """A key switch or a door contact; every other key goes on to be swallowed."""
        if code == self._service_key:
            self.open_door()
        return False
