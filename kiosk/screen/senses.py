"""What a buyer is told beside the picture: sounds for everybody, speech for who listens.

Answers for: when something is said or sounded. Does not answer for: what (`sounds`, `spoken`), by whom (`player`, `voice`).
"""

from kiosk.screen.glass import Glass
from kiosk.screen.hearing import heard
from kiosk.screen.sounds import NoPlayer, Player, Sound, sound_of
from kiosk.screen.spoken import Heard, utterances
from kiosk.screen.voice import Silence, Speaker


class Senses:
    """Told of every glass that is shown, and of every touch."""

    def __init__(self, voice: Speaker | None = None, player: Player | None = None) -> None:
        self._voice = voice or Silence()
        self._player = player or NoPlayer()
        self._glass = Glass()
        self._heard: Heard | None = None

    def shown(self, glass: Glass, focus: str) -> None:
        """This is on the screen now. `focus`: role of the control that has it, or empty."""
        before, self._glass = self._glass, glass
        if before.linked and glass.linked:
            sound = sound_of(before.snapshot, glass.snapshot)
            if sound is not None:
                self._player.play(sound)
        if glass.mode.spoken:
            self._tell(heard(glass, focus))
        elif self._heard is not None:
            self._heard = None
            self._voice.hush()

    def touched(self) -> None:
        """A touch or a key was taken."""
        self._player.play(Sound.CLICK)

    def look(self) -> None:
        """Now and then: what waits to be said is said."""
        self._voice.look()

    def close(self) -> None:
        """Nothing more is said. Idempotent."""
        self._voice.close()

    def _tell(self, now: Heard) -> None:
        before, self._heard = self._heard, now
        for utterance in utterances(before, now):
            self._voice.say(utterance)
