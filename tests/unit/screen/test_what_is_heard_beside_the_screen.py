"""Sounds and speech follow what happens, and only who listens is spoken to."""

import io
import wave
from dataclasses import replace as with_glass

import pytest
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen.aloud import Utterance
from kiosk.screen.glass import Glass
from kiosk.screen.mode import ACCESSIBLE, Mode
from kiosk.screen.scenes.parts import CASH, DONE, ENTRY, OFFER, RESULT, WELCOME, glass, note
from kiosk.screen.senses import Senses
from kiosk.screen.sounds import Sound, sound_of
from kiosk.screen.tones import MELODIES, RATE_HZ, wav_of

SPOKEN = Mode(spoken=True)
PAYING = replace(OFFER, phase=m.Phase.PAYING)


def cash(*notes: m.NoteView, message: m.NoteMessage = m.NoteMessage.NONE) -> m.Snapshot:
    return replace(CASH, cash=replace(CASH.cash, notes=notes, message=message, can_cancel=not notes))


@pytest.mark.parametrize(
    ("before", "now", "sound"),
    [
        (cash(), cash(note(500)), Sound.NOTE_IN),
        (cash(*[note(500)] * 6), cash(*[note(500)] * 7), Sound.NOTE_IN),
        (cash(), cash(note(500, m.NoteFate.STACKING)), None),
        (cash(note(500, m.NoteFate.STACKING)), cash(note(500, m.NoteFate.RETURNED)), Sound.NOTE_BACK),
        (cash(), cash(message=m.NoteMessage.OVER_LIMIT), Sound.NOTE_BACK),
        (cash(message=m.NoteMessage.OVER_LIMIT), cash(message=m.NoteMessage.OVER_LIMIT), None),
        (PAYING, DONE, Sound.DONE),
        (PAYING, replace(DONE, result=replace(RESULT, kind=m.ResultKind.REFUSED)), Sound.ERROR),
        (ENTRY, replace(ENTRY, notice=m.NoticeCode.ORDER_NOT_FOUND), Sound.ERROR),
        (replace(ENTRY, seconds_left=21), replace(ENTRY, seconds_left=20), Sound.WARNING),
        (replace(CASH, seconds_left=11), replace(CASH, seconds_left=10), Sound.WARNING),
        (replace(CASH, seconds_left=6), replace(CASH, seconds_left=5), Sound.WARNING),
        (replace(CASH, seconds_left=9), replace(CASH, seconds_left=8), None),
        (replace(DONE, seconds_left=21), replace(DONE, seconds_left=20), Sound.WARNING),
        (replace(ENTRY, seconds_left=20), replace(ENTRY, seconds_left=60), None),
        (None, DONE, None),
        (ENTRY, None, None),
    ],
)
def test_a_change_has_its_sound(before: m.Snapshot | None, now: m.Snapshot | None, sound: Sound | None) -> None:
    assert sound_of(before, now) is sound


@pytest.mark.parametrize("sound", Sound)
def test_every_sound_is_short_whole_and_begins_and_ends_in_silence(sound: Sound) -> None:
    with wave.open(io.BytesIO(wav_of(sound))) as wav:
        frames = wav.readframes(wav.getnframes())
        assert wav.getnframes() / RATE_HZ <= 0.7
    assert frames[:2] == frames[-2:] == b"\0\0"
    assert max(frames[1::2]) > 0


def test_no_two_sounds_are_alike() -> None:
    assert set(MELODIES) == set(Sound)
    assert len(set(MELODIES.values())) == len(Sound)


class Recorder:
    """Speaker and player that remember."""

    def __init__(self) -> None:
        self.said: list[Utterance] = []
        self.played: list[Sound] = []
        self.hushed = 0

    def say(self, utterance: Utterance) -> None:
        self.said.append(utterance)

    def hush(self) -> None:
        self.hushed += 1

    def look(self) -> None: ...

    def close(self) -> None: ...

    def play(self, sound: Sound) -> None:
        self.played.append(sound)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def senses(recorder: Recorder) -> Senses:
    return Senses(recorder, recorder)


def in_mode(snapshot: m.Snapshot, mode: Mode) -> Glass:
    return with_glass(glass(snapshot), mode=mode)


def test_only_who_listens_is_spoken_to(senses: Senses, recorder: Recorder) -> None:
    for mode in (Mode(), ACCESSIBLE):
        senses.shown(in_mode(OFFER, mode), "")
    assert recorder.said == []
    senses.shown(in_mode(OFFER, SPOKEN), "")
    assert len(recorder.said) == 1


def test_who_stops_listening_is_not_spoken_to_any_more(senses: Senses, recorder: Recorder) -> None:
    senses.shown(in_mode(OFFER, SPOKEN), "")
    senses.shown(in_mode(WELCOME, Mode()), "")
    assert recorder.hushed == 1
    senses.shown(in_mode(OFFER, Mode()), "")
    assert len(recorder.said) == 1


def test_sounds_are_for_everybody(senses: Senses, recorder: Recorder) -> None:
    for snapshot in (cash(), cash(note(500))):
        senses.shown(glass(snapshot), "")
    senses.touched()
    assert recorder.played == [Sound.NOTE_IN, Sound.CLICK]


def test_a_till_that_is_back_makes_no_sound_by_itself(senses: Senses, recorder: Recorder) -> None:
    senses.shown(with_glass(glass(cash()), linked=False), "")
    senses.shown(glass(cash(note(500))), "")
    assert recorder.played == []
