"""A write that fails or is cut anywhere leaves the old file whole under its name."""

import os
from pathlib import Path

import pytest

from kiosk.till.durable_file import write_whole


def test_what_was_written_is_there_and_nobody_else_may_read_it(tmp_path):
    path = tmp_path / "new" / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("broken", ["fsync", "open", "replace"])
def test_a_write_that_fails_leaves_the_old_one(tmp_path, monkeypatch, broken):
    path = tmp_path / "file"
    write_whole(path, b"one")

    def fails(*_args, **_kwargs):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(*((Path, broken) if broken == "replace" else (os, broken)), fails)
    with pytest.raises(OSError, match="Input/output"):
        write_whole(path, b"two")
    monkeypatch.undo()
    assert path.read_bytes() == b"one"
    write_whole(path, b"three")
    assert path.read_bytes() == b"three", "what was left over does not stand in the way"


def test_the_new_content_is_on_disk_before_it_takes_the_name(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(
        os, "fsync", lambda number: done.append("folder" if Path(f"/proc/self/fd/{number}").is_dir() else "file")
    )
    honest = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, target: (done.append("name"), honest(self, target))[1])
    write_whole(tmp_path / "file", b"one")
    assert done == ["file", "name", "folder"]
