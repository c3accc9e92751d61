"""The scripted buyer, loaded into the screen's process: real touches on the real window, notes into the acceptor's twin.

Answers for: looking, touching, taking pictures, telling the demo what it does. Does not answer for: what to do
(`buyer_mind`), or what the glass shows (`sight`). It tells by appending lines to a file, so that its story survives a cut.
"""

import json
import random
import time
from pathlib import Path
from typing import Any

from kivy.clock import Clock

from kiosk.demo import buyer_mind as mind
from kiosk.demo.control_line import NoAnswerError, ask
from kiosk.demo.money_words import major
from kiosk.demo.sight import is_filled_in, sight_of, what_of
from kiosk.link.messages import Phase, ReceiptView, Snapshot
from kiosk.screen import glass as glasses

LOOK_INTERVAL_S = 0.05
PICTURE_AFTER_S = 0.35  #: a screen is drawn and its transition over
HURRY_S = (0.08, 0.25)  #: between two taps
NOTE_PAUSE_S = 0.4  #: a hand takes the next note
RETRY_PAUSE_S = 0.5


class ScriptedBuyer:
    """`arguments`: plan, paths and seed as the demo gave them (JSON)."""

    def __init__(self, **arguments: Any) -> None:
        self._plan = mind.Plan(
            language=arguments["language"],
            order_number=arguments["order_number"],
            notes_minor=tuple(arguments["notes_minor"]),
            resumed=arguments["resumed"],
            purchase=mind.Purchase(**arguments["purchase"]) if arguments["purchase"] else None,
        )
        self._currency: str = arguments["currency"]
        self._acceptor: str = arguments["acceptor_control"]
        self._events = Path(arguments["events"])
        self._shots = Path(arguments["shots"])
        self._random = random.Random(arguments["seed"])  # noqa: S311 - human hesitation, not a secret
        self._memory = mind.Memory(progress_s=time.monotonic())
        self._scene: tuple[object, ...] = ()
        self._picture_at_s: float | None = None
        self._not_before_s = 0.0
        self._timer: Any = None
        self._app: Any = None

    def start(self, app: Any) -> None:
        """Begin to look and act. Called by the screen once its window is there."""
        self._app = app
        self._timer = Clock.schedule_interval(self._look, LOOK_INTERVAL_S)

    def _look(self, _elapsed_s: float) -> None:
        snapshot, now_s = self._app.snapshot, time.monotonic()
        if snapshot is None:
            return
        self._notice(snapshot, now_s)
        if self._picture_at_s is not None and now_s >= self._picture_at_s:
            self._take_picture(snapshot)
        if self._picture_at_s is None and now_s >= self._not_before_s:
            self._act(snapshot, now_s)

    def _act(self, snapshot: Snapshot, now_s: float) -> None:
        sight = sight_of(self._app.glass, snapshot, self._app.current_view, self._acceptor_sight(), now_s)
        action, self._memory = mind.think(self._plan, self._memory, sight)
        pause_s = self._random.uniform(*HURRY_S)
        match action:
            case mind.Tap():
                self._tap(action.role, snapshot)
            case mind.Insert():
                pause_s = self._insert(action.value_minor, now_s)
            case mind.Went():
                self._tell("left", fault=action.fault)
                self._timer.cancel()
            case mind.Wait():
                pause_s = LOOK_INTERVAL_S
        self._not_before_s = now_s + pause_s

    def _tap(self, role: str, snapshot: Snapshot) -> None:
        widget = self._app.find_button(role)
        if widget is None or widget.disabled:
            return  # not there yet; looked for again
        if not role.startswith("key:"):
            self._tell("tap", role=role, what=what_of(role, self._app.glass, snapshot))
        self._app.tap(widget)

    def _insert(self, value_minor: int, now_s: float) -> float:
        amount = major(value_minor, self._currency)
        answer = ask(self._acceptor, f"note {value_minor // 100} {self._currency}")
        if answer == "ok":
            self._tell("note", amount=amount)
            return NOTE_PAUSE_S
        if self._memory.refused_since_s is None:
            self._tell("note_refused", amount=amount, why=answer.removeprefix("refused: "))
        self._memory = mind.refused(self._memory, now_s)
        return RETRY_PAUSE_S

    def _acceptor_sight(self) -> mind.AcceptorSight | None:
        if not self._acceptor:
            return None
        try:
            state = json.loads(ask(self._acceptor, "state"))
        except NoAnswerError:
            return None
        return mind.AcceptorSight(
            free=state["position"] == "none",
            box={int(value): count for value, count in state["box"].items()},
            returned=sum(state["returned"].values()),
        )

    def _notice(self, snapshot: Snapshot, now_s: float) -> None:
        """A screen that says something new: tell it, and picture it once it is drawn."""
        cash, result = snapshot.cash, snapshot.result
        receipt = result.receipt if result else None
        scene = (
            glasses.scene(self._app.glass),
            snapshot.availability if snapshot.phase is Phase.WELCOME else None,
            snapshot.notice,
            is_filled_in(self._app.glass, self._plan.order_number),
            (cash.inserted_minor, cash.message) if cash else None,
            receipt not in {None, ReceiptView.PRINTING},
        )
        if scene == self._scene:
            return
        self._scene = scene
        self._picture_at_s = now_s + PICTURE_AFTER_S
        self._tell("screen", phase=snapshot.phase, **self._told(snapshot))

    def _told(self, snapshot: Snapshot) -> dict[str, Any]:
        cash, result = snapshot.cash, snapshot.result
        if cash is not None:
            inserted, left = major(cash.inserted_minor, self._currency), major(cash.left_minor, self._currency)
            return {"inserted": inserted, "left": left, "message": cash.message}
        if result is not None:
            return {"kind": result.kind, "reference": result.reference, "receipt": result.receipt}
        return {"notice": snapshot.notice} if snapshot.notice else {}

    def _take_picture(self, snapshot: Snapshot) -> None:
        self._picture_at_s = None
        number = len(list(self._shots.glob("*.png"))) + 1
        name = glasses.place(self._app.glass) if snapshot.phase is Phase.ENTRY else snapshot.phase
        self._app.shot(str(self._shots / f"{number:02d}-{name}.png"))

    def _tell(self, event: str, **details: Any) -> None:
        with self._events.open("a", encoding="utf-8") as events:
            events.write(json.dumps({"event": event, **details}, ensure_ascii=False) + "\n")
