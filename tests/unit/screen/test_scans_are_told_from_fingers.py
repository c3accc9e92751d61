import pytest

from kiosk.domain.order_number import qr_text
from kiosk.screen.keys import ENTER, KEYPAD_ENTER, NO_CODE, RIGHT, TAB, KeyMeaning, meaning
from kiosk.screen.mode import NORMAL, Mode
from kiosk.screen.scanner_keys import CHARACTERS_MAX, NO_RUN, PAUSE_S, Run, scan_of, struck

ORDER = qr_text("1000000017")
ESCAPE, F1, F4 = 27, 282, 285


def typed(text: str, each_s: float, *, seen_every_s: float = 0.0) -> tuple[Run, float]:
    """`text` at one key in `each_s`, by a screen that looks every `seen_every_s`."""
    run, now_s = NO_RUN, 100.0
    for number, character in enumerate(text):
        struck_s = 100.0 + number * each_s
        now_s = struck_s if not seen_every_s else (struck_s // seen_every_s + 1) * seen_every_s
        run = struck(run, character, now_s)
    return run, now_s


def scanned(text: str, each_s: float, *, seen_every_s: float = 0.0) -> str:
    run, now_s = typed(text, each_s, seen_every_s=seen_every_s)
    return scan_of(run, now_s + each_s)


@pytest.mark.parametrize("each_s", [0.0, 0.001, 0.01, 0.03])
@pytest.mark.parametrize("seen_every_s", [0.0, 1 / 60, 0.1])
def test_what_a_scanner_types_is_a_scan_however_seldom_the_screen_looks(each_s: float, seen_every_s: float) -> None:
    assert scanned(ORDER, each_s, seen_every_s=seen_every_s) == ORDER


@pytest.mark.parametrize("each_s", [0.08, 0.12, 0.2, 0.5])
@pytest.mark.parametrize("seen_every_s", [0.0, 1 / 60, 0.1])
def test_what_fingers_type_is_none(each_s: float, seen_every_s: float) -> None:
    assert scanned("1000000017", each_s, seen_every_s=seen_every_s) == ""


def test_a_scan_begins_anew_after_a_pause() -> None:
    run, now_s = typed("12", 0.2)
    for number, character in enumerate(ORDER):
        run = struck(run, character, now_s + PAUSE_S * 1.1 + number * 0.01)
    assert scan_of(run, run.last_s) == ORDER


def test_an_enter_long_after_it_makes_no_scan() -> None:
    run, now_s = typed(ORDER, 0.001)
    assert scan_of(run, now_s + PAUSE_S * 1.1) == ""


def test_a_lone_enter_and_a_few_characters_are_no_scan() -> None:
    assert scan_of(NO_RUN, 100.0) == ""
    assert scanned("12345", 0.001) == ""


def test_a_flood_is_no_scan_and_takes_no_more_room() -> None:
    run, now_s = typed("7" * (CHARACTERS_MAX * 3), 0.001)
    assert (scan_of(run, now_s), len(run.text)) == ("", CHARACTERS_MAX)


def test_only_text_enter_and_the_keys_of_a_focus_mean_anything() -> None:
    assert meaning(NO_CODE, "K", NORMAL) is KeyMeaning.CHARACTER
    assert {meaning(key, "", NORMAL) for key in (ENTER, KEYPAD_ENTER)} == {KeyMeaning.END}
    for mode in (NORMAL, Mode(spoken=True)):
        assert {meaning(key, "", mode) for key in (ESCAPE, F1, F4)} == {KeyMeaning.NOTHING}
        assert {meaning(NO_CODE, text, mode) for text in ("", "\n", "ab", "\x1b")} == {KeyMeaning.NOTHING}


def test_keys_move_a_focus_only_where_the_screen_speaks() -> None:
    assert [meaning(key, "", NORMAL) for key in (TAB, RIGHT)] == [KeyMeaning.NOTHING] * 2
    assert [meaning(key, "", Mode(spoken=True)) for key in (TAB, RIGHT)] == [KeyMeaning.FORWARD] * 2
