"""The kiosk's sounds, made of sines: as WAV files in memory. No Kivy.

Answers for: how each sound sounds; nobody else's recording is in it. Does not answer for: when it is played (`sounds`).
"""

import io
import math
import struct
import wave
from collections.abc import Mapping

from kiosk.screen.sounds import Sound

RATE_HZ = 22_050
LOUDNESS = 0.5  #: of full scale; the operator's volume comes on top
FADE_S = 0.008  #: in and out of every tone, so that none clicks

#: Hertz (0: a pause) and seconds, one after another. Rising is good, falling is not; a warning repeats one tone.
MELODIES: Mapping[Sound, tuple[tuple[float, float], ...]] = {
    Sound.CLICK: ((1400, 0.03),),
    Sound.WARNING: ((880, 0.16), (0, 0.09), (880, 0.16), (0, 0.09), (880, 0.16)),
    Sound.NOTE_IN: ((660, 0.09), (990, 0.14)),
    Sound.NOTE_BACK: ((520, 0.12), (390, 0.2)),
    Sound.DONE: ((523, 0.12), (659, 0.12), (784, 0.26)),
    Sound.ERROR: ((311, 0.18), (0, 0.05), (233, 0.28)),
}


def wav_of(sound: Sound) -> bytes:
    """The sound as a WAV file: one channel, 16 bit."""
    samples = [sample for hertz, seconds in MELODIES[sound] for sample in _tone(hertz, seconds)]
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE_HZ)
        wav.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file.getvalue()


def _tone(hertz: float, seconds: float) -> list[int]:
    count = round(seconds * RATE_HZ)
    loudest = LOUDNESS * 32_767
    return [
        round(loudest * _envelope(number, count) * math.sin(2 * math.pi * hertz * number / RATE_HZ))
        for number in range(count)
    ]


def _envelope(number: int, count: int) -> float:
    fade = FADE_S * RATE_HZ
    return min(1.0, number / fade, (count - 1 - number) / fade)
