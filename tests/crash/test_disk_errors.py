"""The disk fails at its nth operation, for every n: the till stops taking cash, ends, and the next life puts it right."""

import pytest

from kiosk.till.journal import JournalError
from tests.support.cuts import finish, shown_in
from tests.support.faulty_disk import FaultyDisk
from tests.support.play import Player
from tests.support.world import VirtualClock, World

NOTES = (5000, 5000)


class Life:
    """One till on one disk, until it is over."""

    def __init__(self, folder, disk) -> None:
        folder.mkdir()
        self.path = folder / "journal.sqlite"
        self.world = World()
        self.died = False
        try:
            self._live(disk)
        except JournalError:
            self.died = True

    def _live(self, disk):
        player = Player(self.path, self.world, VirtualClock(), vfs=disk.name)
        try:
            player.boot()
            player.pay(NOTES)
        finally:
            player.close()


def operations(tmp_path):
    disk = FaultyDisk()
    assert not Life(tmp_path / "counting", disk).died
    return disk.count


# An error while the engine gives up is told to nobody but Python's hook for such: that is what is being tested.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("done", [False, True], ids=["not done", "done all the same"])
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_any_operation_may_fail(tmp_path, error, done):
    wrong, deaths = [], 0
    in_all = operations(tmp_path)
    for number in range(1, in_all + 1):
        life = Life(tmp_path / f"{number}", FaultyDisk(number, error, done=done))
        deaths += life.died
        if life.died and life.world.accepting:
            wrong.append(f"operation {number}: it still takes notes after {error}")
        if not life.died and life.world.physical.paid == ():
            wrong.append(f"operation {number}: neither dead nor paid")
        faults = finish(life.path, life.world.physical, shown_in(life.world.log), power_cut=False, notes=NOTES)
        wrong += [f"operation {number} of {in_all}, {error}: {fault}" for fault in faults]
    assert wrong == []
    assert deaths > in_all // 2
