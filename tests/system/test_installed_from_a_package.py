"""The package, built from this checkout and lived with in a clean Debian 12: installed, used, upgraded, removed, purged.

Needs root, debootstrap and Debian's mirror; where one of them is missing it says so and does not run.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.play import Player
from tests.support.world import VirtualClock, World

PROJECT = Path(__file__).parents[2]
RELEASE = "bookworm"
ROOM_BYTES = 2 * 1024**3

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a root"),
    pytest.mark.skipif(shutil.which("debootstrap") is None, reason="no debootstrap here"),
]


@dataclass
class Root:
    """A system of its own under `path`."""

    path: Path

    def do(self, command: str, *, fails: bool = False) -> str:
        """Run a shell line in it; what it wrote, both ways."""
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "DEBIAN_FRONTEND": "noninteractive",
            "LC_ALL": "C.UTF-8",
        }
        proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        done = subprocess.run(
            ["chroot", self.path, "sh", "-c", command],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment | proxies,
        )
        assert (done.returncode != 0) == fails, f"{command}\n{done.stdout}"
        return done.stdout

    def has(self, file: str) -> bool:
        return (self.path / file.lstrip("/")).exists()

    def read(self, file: str) -> str:
        return (self.path / file.lstrip("/")).read_text()

    def write(self, file: str, text: str) -> None:
        (self.path / file.lstrip("/")).write_text(text)


@pytest.fixture(scope="module")
def package() -> Path:
    done = subprocess.run(["scripts/package"], cwd=PROJECT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (found,) = re.findall(r"^== (.*\.deb): ", done.stderr, flags=re.MULTILINE)
    return Path(found)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Root]:
    """Debian as it comes, and nothing of Python's index anywhere near."""
    path = tmp_path_factory.mktemp("root")
    in_memory = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") > ROOM_BYTES * 3
    if in_memory:  # installing syncs every file, and nothing of this must outlive a power cut
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM_BYTES}", "root", path], check=True)
    subprocess.run(["debootstrap", "--variant=minbase", RELEASE, path], check=True, stdout=subprocess.DEVNULL)
    root = Root(path)
    subprocess.run(["mount", "-t", "proc", "proc", path / "proc"], check=True)
    try:
        for name in ("apt/apt.conf.d", "ssl/certs"):  # how this machine reaches the mirror
            if Path("/etc", name).is_dir():
                shutil.copytree(Path("/etc", name), path / "etc" / name, dirs_exist_ok=True)
        yield root
    finally:
        subprocess.run(["umount", path / "proc"], check=True)
        if in_memory:
            subprocess.run(["umount", path], check=True)
        shutil.rmtree(path)


def test_a_life_with_the_package(clean: Root, package: Path) -> None:
    shutil.copy(package, clean.path / "srv" / "kiosk.deb")

    # Installed: users, folders' rules, units, and a command that works without anything of this checkout.
    clean.do("apt-get -qq update && apt-get -qq install -y --no-install-recommends /srv/kiosk.deb")
    assert clean.do("kiosk --version").strip().endswith(package.name.split("_")[1])
    assert "kiosk-till" in clean.read("/etc/passwd")
    assert not clean.has("/usr/lib/kiosk/bin")
    for command in ("till", "screen", "aggregator serve"):
        assert "usage: kiosk" in clean.do(f"kiosk {command} --help"), command

    # The units are sound where the programs and users they name really are.
    complaints = clean.do("systemd-analyze verify --man=no /usr/lib/systemd/system/kiosk*.service 2>&1 || true")
    assert [line for line in complaints.splitlines() if "kiosk" in line and "Xorg" not in line] == []

    # Data files, fonts and pictures came along: the screen draws, a slip is printed into a picture.
    clean.do("kiosk screens --out /srv/sheets --scene offer --language bg --size 1024x768 --mode normal")
    assert clean.has("/srv/sheets/bg-1024x768-normal/offer.png")
    clean.do("kiosk receipt render payment_accepted --language ru --out /srv/slip.png")

    # Configuration is the operator's: an upgrade leaves it, and what is not ours too.
    clean.write("/etc/kiosk/kiosk.toml", clean.read("/etc/kiosk/kiosk.toml").replace('"Kiosk 1"', '"Station hall"'))
    clean.do("apt-get -qq install -y --reinstall --no-install-recommends /srv/kiosk.deb")
    assert '"Station hall"' in clean.read("/etc/kiosk/kiosk.toml")

    # Removed: the program goes, configuration and money stay.
    _leave_a_journal_with_money(clean)
    clean.do("apt-get -qq remove -y kiosk")
    assert not clean.has("/usr/bin/kiosk")
    assert clean.has("/etc/kiosk/kiosk.toml")
    assert clean.has("/var/lib/kiosk/journal.sqlite")

    # Purged: configuration goes; a journal that still owes money is moved aside, never deleted.
    told = clean.do("apt-get -qq purge -y kiosk")
    assert "money was not settled" in told
    assert not clean.has("/etc/kiosk")
    (kept,) = (clean.path / "var" / "lib").glob("kiosk-kept-*")
    assert (kept / "journal.sqlite").exists()

    # And with everything settled nothing is left.
    clean.do("apt-get -qq install -y --no-install-recommends /srv/kiosk.deb")
    clean.do(f"install -d -m 0700 /var/lib/kiosk && {_NEW_JOURNAL}")
    clean.do("apt-get -qq purge -y kiosk")
    assert not clean.has("/var/lib/kiosk")


_NEW_JOURNAL = """/usr/bin/python3 -c '
import sys; sys.path.insert(0, "/usr/lib/kiosk")
from pathlib import Path
from kiosk.till.journal import Journal
Journal(Path("/var/lib/kiosk/journal.sqlite")).close()
'"""


def _leave_a_journal_with_money(root: Root) -> None:
    folder = root.path / "var" / "lib" / "kiosk"
    folder.mkdir(mode=0o700, exist_ok=True)
    player = Player(folder / "journal.sqlite", World(), VirtualClock())
    player.boot()
    player.pay((5000, 5000))
    player.close()


def test_another_architecture_is_refused_before_anything_is_touched(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    subprocess.run(["dpkg-deb", "-R", package, folder], check=True)
    control = folder / "DEBIAN" / "control"
    control.write_text(re.sub(r"^Architecture: .*$", "Architecture: s390x", control.read_text(), flags=re.MULTILINE))
    shutil.rmtree(folder / "usr")
    other = tmp_path / "other.deb"
    subprocess.run(["dpkg-deb", "-Znone", "--build", folder, other], check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run(["dpkg", "--dry-run", "-i", other], check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "does not match system" in done.stderr
