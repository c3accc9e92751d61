"""The service manager's own opinion of our units, and what the units promise each other."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[3] / "systemd"
ALL = sorted(path.name for path in UNITS.iterdir() if path.suffix in {".service", ".timer", ".target"})
SERVICES = [name for name in ALL if name.endswith(".service")]
#: Most exposure `systemd-analyze security` may find, in tenths.
EXPOSURE_TENTHS_MAX = {
    "kiosk-till.service": 13,
    "kiosk-screen.service": 5,
    "kiosk-aggregator.service": 15,
    "kiosk-backup.service": 10,
    "kiosk-aggregator-findings.service": 15,
    "kiosk-aggregator-backup.service": 15,
    "kiosk-display.service": 45,  # it drives the graphics card as root
}


class Directives(configparser.RawConfigParser):
    """A unit file; what is given several times is kept, a line each."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False, dict_type=dict)
        self.lines = (UNITS / name).read_text().splitlines()

    def all(self, directive: str) -> list[str]:
        start = f"{directive}="
        return [line.removeprefix(start) for line in self.lines if line.startswith(start)]

    def one(self, directive: str) -> str:
        (value,) = self.all(directive)
        return value


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], check=False, capture_output=True, text=True)


def test_every_service_has_a_limit_of_exposure() -> None:
    assert set(EXPOSURE_TENTHS_MAX) == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_no_unit_is_more_exposed_than_it_need_be(name: str) -> None:
    done = analyze("security", "--offline=true", f"--threshold={EXPOSURE_TENTHS_MAX[name]}", str(UNITS / name))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_service_manager_reads_every_unit_without_a_complaint(tmp_path: Path) -> None:
    """In a root where the programs and users they name are."""
    for name in ALL:
        text = re.sub(r"^(ExecStart\w*=)/\S+", r"\1/bin/true", (UNITS / name).read_text(), flags=re.MULTILINE)
        text = re.sub(r"^(User|Group|SupplementaryGroups|Documentation)=.*\n", "", text, flags=re.MULTILINE)
        (tmp_path / name).write_text(text)
    done = analyze("verify", "--man=no", *(str(tmp_path / name) for name in ALL))
    ours = [line for line in done.stderr.splitlines() if "kiosk" in line]
    assert ours == []


@pytest.mark.parametrize("name", ["kiosk-till.service", "kiosk-screen.service", "kiosk-aggregator.service"])
def test_what_must_stay_up_is_watched_and_started_again_for_ever(name: str) -> None:
    unit = Directives(name)
    assert (unit.one("Type"), unit.one("Restart"), unit.one("StartLimitIntervalSec")) == ("notify", "always", "0")
    assert int(unit.one("WatchdogSec")) <= 60


def test_an_ordered_restart_is_no_failure() -> None:
    till = Directives("kiosk-till.service")
    assert (till.one("SuccessExitStatus"), till.one("RestartForceExitStatus")) == ("75", "75")


def test_the_screen_has_no_network_and_may_enter_one_door_of_the_till() -> None:
    screen = Directives("kiosk-screen.service")
    assert screen.one("PrivateNetwork") == "yes"
    assert screen.one("RestrictAddressFamilies") == "AF_UNIX"
    assert screen.one("SupplementaryGroups") == "kiosk-buyer"
    assert screen.all("BindReadOnlyPaths") == ["/tmp/.X11-unix", "/run/kiosk/buyer"]
    (start,) = screen.all("ExecStart")
    assert "--socket /run/kiosk/buyer/link.sock" in start


def test_users_groups_and_folders_that_units_name_are_made() -> None:
    made = (UNITS / "sysusers.d" / "kiosk.conf").read_text()
    names = set(re.findall(r"^[ug] (\S+)", made, flags=re.MULTILINE))
    named = {
        name
        for service in SERVICES
        for directive in ("User", "Group", "SupplementaryGroups")
        for value in Directives(service).all(directive)
        for name in value.split()
    }
    assert named <= names
    folders = (UNITS / "tmpfiles.d" / "kiosk.conf").read_text()
    for service in SERVICES:
        for value in Directives(service).all("ReadWritePaths"):
            assert all(re.search(rf"^d {path}\s", folders, flags=re.MULTILINE) for path in value.split()), service


def test_the_timers_have_services_and_the_target_wants_what_there_is() -> None:
    for name in ALL:
        if name.endswith(".timer"):
            assert name.replace(".timer", ".service") in ALL
    for value in Directives("kiosk.target").all("Wants"):
        assert set(value.split()) <= set(ALL)


@pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="no systemd-sysusers here")
def test_users_can_be_made_from_our_list(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    command = ["systemd-sysusers", f"--root={tmp_path}", str(UNITS / "sysusers.d" / "kiosk.conf")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    passwd = (tmp_path / "etc" / "passwd").read_text()
    assert {line.split(":")[0] for line in passwd.splitlines()} >= {"kiosk-till", "kiosk-screen", "kiosk-aggregator"}
    assert all(line.endswith(("/nologin", "/false")) for line in passwd.splitlines() if line.startswith("kiosk"))
