"""A message stays long enough to be read, though its reason is over. Pure: the moment comes in.

Answers for: what became of the buyer's last note, and how long it is told. Does not answer for: what else a snapshot says, which
is shown at once; notices, which stay until something is done about them.
"""

from msgspec.structs import replace

from kiosk.link.messages import NoteMessage, Snapshot


class Linger:
    """Remembers the message that is shown, and since when."""

    def __init__(self) -> None:
        self._shown: Snapshot | None = None
        self._since_s = 0.0

    def pass_on(self, snapshot: Snapshot, now_s: float) -> tuple[Snapshot, float]:
        """The snapshot to show now, and after how many seconds to ask again with the same one; 0: it is as the till sent it."""
        left_s = self._since_s + snapshot.message_min_s - now_s
        if self._is_over(snapshot) and left_s > 0:
            return self._with_message(snapshot), left_s
        if _message(snapshot) is not _message(self._shown):
            self._since_s = now_s
        self._shown = snapshot
        return snapshot, 0.0

    def _is_over(self, snapshot: Snapshot) -> bool:
        """The till has nothing more to say, and it is still about the same cash."""
        told = _message(self._shown) is not NoteMessage.NONE
        return told and snapshot.cash is not None and _message(snapshot) is NoteMessage.NONE

    def _with_message(self, snapshot: Snapshot) -> Snapshot:
        assert snapshot.cash is not None, "only a message about cash lingers"
        return replace(snapshot, cash=replace(snapshot.cash, message=_message(self._shown)))


def _message(snapshot: Snapshot | None) -> NoteMessage:
    return snapshot.cash.message if snapshot and snapshot.cash else NoteMessage.NONE
