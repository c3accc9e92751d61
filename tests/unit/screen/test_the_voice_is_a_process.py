"""Real speech programs: one at a time, cut short by what is newer, none left behind, and silence where there is none."""

import logging
import os
import subprocess
import time
import wave
from pathlib import Path

import pytest

from kiosk.screen.aloud import Utterance, amount_aloud
from kiosk.screen.voice import ESPEAK, TEXT_BYTES_MAX, Voice

PATIENCE_S = 20.0
ENDLESS = ("sh", "-c", "cat >/dev/null; exec sleep 600")


def until(holds) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline_s, "it did not happen in time"
        os.sched_yield()


def finished(voice: Voice) -> bool:
    voice.look()
    return voice._speaking is None


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def phonemes(text: str, language: str) -> str:
    """What espeak-ng would say, in its own signs (no sound device needed)."""
    argv = ["espeak-ng", "-q", "-x", "-b", "1", "-v", language, "--stdin"]
    return subprocess.run(argv, input=text.encode(), capture_output=True, check=True).stdout.decode().strip()


@pytest.mark.parametrize(("language", "text"), [("bg", "Поставете банкноти"), ("ru", "Внесите купюры"), ("en", "Cash")])
def test_espeak_says_every_language_of_the_screen(tmp_path: Path, language: str, text: str) -> None:
    spoken = tmp_path / "said.wav"
    voice = Voice([*ESPEAK, "-w", str(spoken)])
    voice.say(Utterance(text, language))
    until(lambda: finished(voice))
    voice.close()
    with wave.open(str(spoken)) as sound:
        assert sound.getnframes() / sound.getframerate() > 0.3


@pytest.mark.parametrize(
    ("minor", "currency", "language", "words"),
    [
        (1550, "EUR", "en", ["fifteen euro", "fifty cents"]),
        (2101, "RUB", "ru", ["рубль", "одна копейка"]),
        (2202, "RUB", "ru", ["два рубля", "две копейки"]),
        (2202, "BGN", "bg", ["два лева", "две стотинки"]),
        (101, "BGN", "bg", ["един", "една стотинка"]),
        (1552, "EUR", "bg", ["евро", "два цента"]),
    ],
)
def test_espeak_reads_an_amount_as_a_person_would(minor, currency, language, words) -> None:
    def bare(text: str) -> str:
        return "".join(sign for sign in phonemes(text, language) if sign.isalpha())

    said = bare(amount_aloud(minor, currency, language))
    assert [word for word in words if bare(word) not in said] == []


def test_what_is_said_can_be_no_option_and_no_markup(tmp_path: Path) -> None:
    spoken, stolen = tmp_path / "said.wav", tmp_path / "stolen.wav"
    voice = Voice([*ESPEAK, "-w", str(spoken)])
    voice.say(Utterance(f"-w {stolen} <break time='1h'/>", "en"))
    until(lambda: finished(voice))
    voice.close()
    assert spoken.exists()
    assert not stolen.exists()


def test_what_is_newer_cuts_short_what_is_being_said() -> None:
    voice = Voice(ENDLESS)
    voice.say(Utterance("one", "en"))
    first = voice._speaking
    voice.say(Utterance("two", "en"))
    assert first is not None
    assert first.wait(PATIENCE_S) < 0
    assert voice._speaking is not None
    assert voice._speaking.poll() is None
    voice.close()


def test_what_waits_is_said_when_its_turn_comes(tmp_path: Path) -> None:
    said = tmp_path / "said"
    voice = Voice(["sh", "-c", f"cat >>{said}"])
    voice.say(Utterance("one ", "en"))
    for word in ("two ", "three "):
        voice.say(Utterance(word, "en", waits=True))
    until(lambda: finished(voice) and not voice._waiting)
    voice.close()
    assert said.read_text() == "one two three "


def test_closing_leaves_no_process_behind() -> None:
    voice = Voice(ENDLESS)
    pids = []
    for word in ("one", "two", "three"):
        voice.say(Utterance(word, "en"))
        assert voice._speaking is not None
        pids.append(voice._speaking.pid)
    voice.close()
    voice.say(Utterance("four", "en"))
    assert [pid for pid in pids if is_there(pid)] == []
    assert voice._speaking is None


def test_saying_much_and_quickly_keeps_no_processes() -> None:
    voice = Voice(ENDLESS)
    for number in range(30):
        voice.say(Utterance(str(number), "en"))
    until(lambda: voice.look() or not voice._ending)
    voice.close()


def test_a_program_that_does_not_listen_stops_nobody() -> None:
    voice = Voice(("sleep", "600"))
    began_s = time.process_time()
    voice.say(Utterance("ш" * 10 * TEXT_BYTES_MAX, "en"))
    assert time.process_time() - began_s < PATIENCE_S
    voice.close()


@pytest.mark.parametrize("command", [("no-such-program-anywhere",), ("false",), ("/",)])
def test_no_voice_is_silence_that_is_logged_once(command: tuple[str, ...], caplog: pytest.LogCaptureFixture) -> None:
    voice = Voice(command)
    with caplog.at_level(logging.WARNING):
        for word in ("one", "two", "three"):
            voice.say(Utterance(word, "en"))
            until(lambda: finished(voice))
    voice.close()
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["voice"]


def test_the_service_managers_socket_is_not_handed_on(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    voice = Voice(["sh", "-c", f"env >{seen}"], {"PATH": os.environ["PATH"], "NOTIFY_SOCKET": "/run/notify"})
    voice.say(Utterance("one", "en"))
    until(lambda: finished(voice))
    voice.close()
    assert "NOTIFY_SOCKET" not in seen.read_text()
