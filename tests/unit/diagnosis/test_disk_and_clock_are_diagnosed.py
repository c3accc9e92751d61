import errno
import os
from datetime import UTC, datetime

import pytest

from kiosk.diagnosis import clock, disk
from kiosk.domain.findings import FactCode, FindingCode
from kiosk.domain.remote_orders import CLOCK_SKEW_S_MAX
from kiosk.till.reserve import MEGABYTE

C = FindingCode
TODAY = datetime(2027, 3, 1, tzinfo=UTC)


def codes(looked):
    return [found.code for found in looked[0]]


# --- disk ---------------------------------------------------------------------------------------------------------


def test_a_healthy_disk_takes_a_write_and_is_left_as_it_was(tmp_path):
    (tmp_path / "journal.sqlite").write_text("money")
    looked = disk.look(tmp_path, 1)
    assert codes(looked) == [C.DISK_ROOMY, C.DISK_WRITES, C.DISK_WEAR_UNKNOWN]
    assert [path.name for path in tmp_path.iterdir()] == ["journal.sqlite"]
    assert set(dict(looked[1])) == {FactCode.FREE_MB, FactCode.RESERVE_MB, FactCode.WRITE_MS}


def broken(number):
    def write(folder):
        raise OSError(number, os.strerror(number))

    return write


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOENT, C.DISK_FOLDER_MISSING),
        (errno.EACCES, C.DISK_DENIED),
        (errno.EROFS, C.DISK_READ_ONLY),
        (errno.ENOSPC, C.DISK_FULL),
        (errno.EIO, C.DISK_FAILED),
    ],
)
def test_a_write_that_fails_is_named_by_its_cause(tmp_path, number, code):
    looked = disk.look(tmp_path, 1, disk.Disk(lambda folder: 1 << 40, broken(number)))
    assert code in codes(looked)
    assert C.DISK_WRITES not in codes(looked)


def test_a_folder_that_is_not_there_is_missing(tmp_path):
    assert codes(disk.look(tmp_path / "nowhere", 1))[0] is C.DISK_FOLDER_MISSING


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is denied to root")
def test_a_folder_that_may_not_be_written_is_denied(tmp_path):
    tmp_path.chmod(0o500)
    assert C.DISK_DENIED in codes(disk.look(tmp_path, 1))


@pytest.mark.parametrize(
    ("free_mb", "code"),
    [(15, C.DISK_FULL), (16, C.DISK_LOW), (127, C.DISK_LOW), (128, C.DISK_ROOMY)],
)
def test_room_is_measured_against_the_reserve(tmp_path, free_mb, code):
    looked = disk.look(tmp_path, 16, disk.Disk(lambda folder: free_mb * MEGABYTE, lambda folder: None))
    assert codes(looked)[0] is code


def test_a_disk_that_takes_long_is_a_warning(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "SLOW_MS", -1)
    assert C.DISK_SLOW in codes(disk.look(tmp_path, 1))


def test_a_probe_that_could_not_be_written_is_not_left_behind(tmp_path, monkeypatch):
    def fail(descriptor):
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(disk.os, "fsync", fail)
    assert C.DISK_FAILED in codes(disk.look(tmp_path, 1))
    assert list(tmp_path.iterdir()) == []


# --- clock --------------------------------------------------------------------------------------------------------


def test_a_clock_that_is_kept_and_agrees_is_green():
    looked = clock.look(TODAY, -1.6, lambda: True)
    assert codes(looked) == [C.CLOCK_PLAUSIBLE, C.CLOCK_SYNCHRONISED, C.CLOCK_AGREES]
    assert dict(looked[1]) == {FactCode.SKEW_S: "-2"}


def test_a_clock_before_this_program_was_made_cannot_be_right():
    past = clock.look(datetime(1970, 1, 1, 0, 3, tzinfo=UTC), None, lambda: False)
    assert codes(past) == [C.CLOCK_PAST, C.CLOCK_FREE, C.CLOCK_UNCOMPARED]
    assert ("now", "1970-01-01 00:03") in past[0][0].values


@pytest.mark.parametrize(("skew_s", "code"), [(300, C.CLOCK_AGREES), (-301, C.CLOCK_DIFFERS), (9e9, C.CLOCK_DIFFERS)])
def test_a_clock_far_from_the_aggregators_is_a_warning_where_the_till_distrusts_it(skew_s, code):
    assert codes(clock.look(TODAY, skew_s, lambda: True))[-1] is code
    assert clock.SKEW_S_MAX == CLOCK_SKEW_S_MAX


def test_a_kernel_that_will_not_say_is_not_taken_for_a_kept_clock():
    def refused():
        raise PermissionError(errno.EPERM, "Operation not permitted")

    assert C.CLOCK_UNTOLD in codes(clock.look(TODAY, None, refused))


def test_the_kernel_itself_is_asked():
    assert codes(clock.look(TODAY, None))[1] in {C.CLOCK_SYNCHRONISED, C.CLOCK_FREE, C.CLOCK_UNTOLD}
