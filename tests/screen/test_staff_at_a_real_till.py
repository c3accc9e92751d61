"""People with keys at a whole kiosk: real touches, link and till, and twins whose cash box goes and comes."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.receipts import Verdict
from kiosk.link import messages as m
from kiosk.link import staff as s
from kiosk.link.client import LinkClient
from kiosk.screen.app import KioskApp
from kiosk.screen.run import LateLink
from kiosk.screen.scenes.staff import SEAL_KEYS
from kiosk.screen.staff import knock as knocks
from kiosk.screen.staff.views import BoardView, HandsView, SheetView
from kiosk.screen.views import EntryView, TilesView, Tone, TypingView, WelcomeView
from kiosk.till.verify import verify
from tests.contract.test_people_at_a_real_till import facts_of, user
from tests.screen.harness import running, settle, turn
from tests.screen.test_staff_by_touch import HOLD_S, knock, tap
from tests.support.scene import Scene, scene
from tests.support.staff import PIN

WITHIN_S = 40.0
NUMBER = "11"  #: of the first person of a kiosk


class Elsewhere:
    """A loop in a thread of its own: Kivy has this one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def does(self, what: Coroutine[Any, Any, Any]) -> Any:
        """Wait for it; nothing is drawn meanwhile."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(WITHIN_S)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Kiosk:
    """`stage`: till and twins; `app`: the screen; `hand` does something inside the cabinet."""

    def __init__(self, stage: Scene, app: KioskApp, elsewhere: Elsewhere) -> None:
        self.stage, self.app, self._elsewhere = stage, app, elsewhere

    def hand(self, words: str) -> None:
        assert self._elsewhere.does(self.stage.acceptor(words)).startswith("ok"), words

    def until(self, holds: Callable[[], object], what: str) -> None:
        deadline_s = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < deadline_s, f"no {what}, but {self.app.current_view}"
            turn()
        settle()

    def shows(self, view: type, title: str = "") -> None:
        self.until(lambda: isinstance(self.app.current_view, view) and title in repr(self.app.current_view), title)

    def taps(self, *arguments: str) -> None:
        for argument in arguments:
            tap(self.app, argument)

    def signs_in(self) -> None:
        """By the hidden way, number and PIN."""
        knock(self.app, HOLD_S * 1.2)
        self.shows(EntryView)
        self.taps(*(f"key:{digit}" for digit in NUMBER), "enter", *(f"key:{digit}" for digit in PIN), "enter")

    @property
    def collection(self) -> s.CollectionView:
        snapshot = self.app.snapshot
        assert snapshot is not None
        assert snapshot.staff is not None
        assert snapshot.staff.collection is not None
        return snapshot.staff.collection

    def is_free(self) -> bool:
        """Buyers have it."""
        snapshot = self.app.snapshot
        return (
            snapshot is not None and snapshot.availability is m.Availability.OPEN and snapshot.phase is m.Phase.WELCOME
        )


async def _begun(stack: AsyncExitStack, folder: Path, role: str) -> tuple[Scene, Any]:
    """A kiosk at which somebody has paid, and which knows one person."""
    stage = await stack.enter_async_context(scene(folder))
    assert await user(stage, "add", "Maria", "--role", role, "--pin-stdin") == 0
    till = await stage.start_till()
    await stage.pay(await stage.new_order())
    return stage, till


@contextmanager
def kiosk(folder: Path, role: str) -> Iterator[Kiosk]:
    elsewhere, stack, link = Elsewhere(), AsyncExitStack(), LateLink()
    try:
        stage, till = elsewhere.does(_begun(stack, folder, role))
        with running(link) as app:
            link.client = LinkClient(folder / "buyer.sock", app.take_snapshot, app.take_away, app.take_catalogue)
            link.client.start()
            try:
                here = Kiosk(stage, app, elsewhere)
                here.until(here.is_free, "free kiosk")
                yield here
            finally:
                link.client.close()
        assert elsewhere.does(stage.end_till(till)) == 0
    finally:
        elsewhere.does(stack.aclose())
        elsewhere.close()


@pytest.fixture(autouse=True)
def _quick_fingers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knocks, "HOLD_S", HOLD_S)


def test_a_technician_finds_the_door_checks_everything_and_leaves_the_kiosk_to_buyers(tmp_path: Path) -> None:
    with kiosk(tmp_path / "kiosk", "technician") as here:
        here.signs_in()
        here.shows(BoardView)
        board = here.app.current_view
        assert isinstance(board, BoardView)
        here.taps("check:")
        here.until(lambda: all(part.at_us and not part.checking for part in _parts(here)), "checks")
        checked = here.app.current_view
        assert isinstance(checked, BoardView)
        verdicts = {part.device.value: part.verdict for part in _parts(here)}
        here.taps("sign_out")
        here.until(here.is_free, "free kiosk")
        assert isinstance(here.app.current_view, WelcomeView)
    assert {light.tone for light in board.lights if light.role.startswith("staff:part:")} >= {Tone.PLAIN}
    assert {verdicts[name] for name in ("acceptor", "printer", "network", "journal")} == {Verdict.GOOD}
    assert [light.tone for light in checked.lights[:2]] == [Tone.GOOD, Tone.GOOD]


def _parts(here: Kiosk) -> tuple[s.PartView, ...]:
    snapshot = here.app.snapshot
    assert snapshot is not None
    assert snapshot.staff is not None
    return snapshot.staff.parts


def test_a_collector_goes_from_the_hidden_door_to_two_slips_by_hands_alone(tmp_path: Path) -> None:
    with kiosk(tmp_path / "kiosk", "collector") as here:
        here.signs_in()
        here.shows(TilesView)
        here.taps("page:collection", "begin")
        here.shows(SheetView)
        frozen = here.collection.report
        here.taps("go_on")
        here.shows(HandsView)
        here.hand("cassette out")
        here.shows(TypingView)
        here.taps(*SEAL_KEYS, "enter", "key:8", "enter")
        here.shows(HandsView)
        here.hand("cassette in")
        here.until(lambda: here.collection.place is s.BoxPlace.IN, "new box")
        here.taps("put_in", "key:K", "key:7", "enter")
        here.until(lambda: here.collection.step is s.CollectionStep.DONE, "slips")
        sheets = here.collection.sheets
        assert isinstance(here.app.current_view, SheetView)
        here.taps("finish")
        here.shows(TilesView)
        here.taps("sign_out")
        here.until(here.is_free, "free kiosk")
    (slip,) = (fact.slip for fact in facts_of(here.stage, "PeriodClosed"))
    assert frozen is not None
    assert slip.boxes[0].stacked_minor == frozen.boxes[0].stacked_minor > 0
    assert (slip.bag, slip.box_id, slip.new_box_id) == ("BG-40017733", "8", "K7")
    assert [sheet.sheet for sheet in sheets] == [1, 2]
    assert {sheet.outcome for sheet in sheets} <= {"printed", "unknown"}, "not every model confirms"
    paper = (here.stage.folder / "printer" / "receipt.txt").read_text()
    assert paper.count("BG-40017733") == len(sheets), "each on paper of its own"
    assert verify(here.stage.journal).faults == []
