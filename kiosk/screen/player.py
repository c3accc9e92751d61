"""Plays the kiosk's sounds through Kivy, which plays them through SDL.

Answers for: loading each once, playing it at the operator's volume, silence where there is no sound device. Does not answer for:
which sound and when (`sounds`, `senses`).
"""

import logging
from pathlib import Path
from typing import Any

from kivy.core.audio import SoundLoader

from kiosk.screen.sounds import Sound
from kiosk.screen.tones import wav_of

log = logging.getLogger(__name__)


class TonePlayer:
    """`folder`: where the sounds may be written to, since SDL reads files. `volume`: 0 to 1."""

    def __init__(self, folder: Path, volume: float) -> None:
        self._sounds: dict[Sound, Any] = {}
        for sound in Sound:
            path = folder / f"{sound}.wav"
            path.write_bytes(wav_of(sound))
            loaded = SoundLoader.load(str(path))
            if loaded is not None and loaded.length > 0:
                loaded.volume = volume
                self._sounds[sound] = loaded
        if not self._sounds:
            log.warning("sounds: there is no sound device; the screen stays silent")

    def play(self, sound: Sound) -> None:
        """From its beginning, also while it is playing."""
        found = self._sounds.get(sound)
        if found is not None:
            found.stop()
            found.play()
