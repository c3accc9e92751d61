"""`kiosk user`: who may open the service menu."""

import io
import re
import sys

import pytest

from kiosk.cli import user
from kiosk.cli.main import Exit, main
from kiosk.domain.people import Role
from kiosk.till.people_file import load_people
from kiosk.till.pepper import load_pepper
from tests.support.staff import OTHER_PIN, PIN
from tests.unit.settings.test_settings_are_read_and_refused import SHIPPED


class Desk:
    def __init__(self, folder, monkeypatch):
        self.folder, self._monkeypatch = folder, monkeypatch
        self.people_file, self.pepper_file = folder / "people.json", folder / "pin.pepper"
        self.site = folder / "site.toml"
        self.site.write_text('[access]\npeople_file = "people.json"\npepper_file = "pin.pepper"\n')

    def __call__(self, *words, stdin=PIN):
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(f"{stdin}\n"))
        return main(["user", *words, "--config", str(SHIPPED), "--config", str(self.site)])

    @property
    def people(self):
        return {person.name: person for person in load_people(self.people_file).people}

    def opens(self, name, pin):
        return load_pepper(self.pepper_file).is_right(pin, self.people[name].pin)


@pytest.fixture
def kiosk_user(tmp_path, monkeypatch):
    return Desk(tmp_path, monkeypatch)


def test_the_first_person_is_made_with_a_number_and_the_pin_they_chose(kiosk_user, capsys):
    assert kiosk_user("add", "Ivan  Petrov", "--role", "technician", "--pin-stdin") == Exit.OK
    assert capsys.readouterr().out == "Ivan Petrov is number 11, technician\n"
    assert kiosk_user.opens("Ivan Petrov", PIN)


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        (("add", "Ivan", "--role", "technician"), "123456", "first that anybody tries"),
        (("add", "Ivan", "--role", "technician"), "4829", "6 to 12 digits"),
        (("add", "Ivan", "--role", "technician"), "", "6 to 12 digits"),
        (("add", "Petar", "--role", "supervisor"), PIN, "--totp"),
        (("add", "12", "--role", "technician"), PIN, "is no number"),
        (("add", " ", "--role", "technician"), PIN, "1 to 40 characters"),
        (("add", "Iv\x1ban", "--role", "technician"), PIN, "1 to 40 characters"),
        (("set-pin", "Ivan"), PIN, "nobody has"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_changes_nothing(kiosk_user, capsys, words, stdin, says):
    assert kiosk_user(*words, "--pin-stdin", stdin=stdin) == Exit.FAILED
    assert says in capsys.readouterr().err
    assert not kiosk_user.people_file.exists()


def test_a_name_is_one_persons(kiosk_user, capsys):
    kiosk_user("add", "Ivan", "--role", "technician", "--pin-stdin")
    assert kiosk_user("add", "Ivan", "--role", "collector", "--pin-stdin") == Exit.FAILED
    assert "somebody already" in capsys.readouterr().err


def test_pin_role_and_access_change_by_number_or_name(kiosk_user):
    kiosk_user("add", "Ivan", "--role", "technician", "--pin-stdin")
    kiosk_user("add", "Maria", "--role", "collector", "--pin-stdin")
    assert kiosk_user("set-pin", "11", "--pin-stdin", stdin=OTHER_PIN) == Exit.OK
    assert (kiosk_user.opens("Ivan", OTHER_PIN), kiosk_user.opens("Ivan", PIN)) == (True, False)
    assert kiosk_user("set-role", "Maria", "technician") == Exit.OK
    assert kiosk_user.people["Maria"].role is Role.TECHNICIAN
    assert kiosk_user("remove", "Ivan") == Exit.OK
    assert kiosk_user.people.keys() == {"Maria"}


def test_nobody_becomes_what_needs_a_code_without_one_and_nobody_who_needs_it_loses_it(kiosk_user):
    kiosk_user("add", "Petar", "--role", "technician", "--pin-stdin")
    assert kiosk_user("set-role", "Petar", "supervisor") == Exit.FAILED
    assert kiosk_user("totp", "Petar") == Exit.OK
    assert kiosk_user("set-role", "Petar", "supervisor") == Exit.OK
    assert kiosk_user("totp", "Petar", "--off") == Exit.FAILED
    assert kiosk_user.people["Petar"].totp
    assert kiosk_user("set-role", "Petar", "technician") == Exit.OK
    assert kiosk_user("totp", "Petar", "--off") == Exit.OK
    assert not kiosk_user.people["Petar"].totp


def test_the_secret_of_codes_is_shown_once_as_a_picture_and_as_an_address(kiosk_user, capsys):
    assert kiosk_user("add", "Petar", "--role", "supervisor", "--totp", "--pin-stdin") == Exit.OK
    shown = capsys.readouterr().out
    assert "▀" in shown
    (uri,) = re.findall(r"otpauth://totp/\S+", shown)
    assert {"digits=6", "period=30", "algorithm=SHA1"} <= set(re.split("[?&]", uri))
    assert "Petar" in uri
    secret = re.search("secret=([A-Z2-7]+)", uri)[1]
    assert len(secret) == 32
    assert kiosk_user("list") == Exit.OK
    listed = capsys.readouterr().out
    assert "supervisor  code  Petar" in listed
    assert secret not in listed
    assert "argon2" not in listed


def test_a_pin_is_asked_for_twice_without_echo(kiosk_user, monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    typed = iter([PIN, OTHER_PIN, PIN, PIN])
    asked = []
    monkeypatch.setattr(user.getpass, "getpass", lambda prompt: asked.append(prompt) or next(typed))
    words = ["user", "add", "Ivan", "--role", "technician", "--config", str(SHIPPED), "--config", str(kiosk_user.site)]
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert main(words) == Exit.FAILED
    assert "two different PINs" in capsys.readouterr().err
    assert main(words) == Exit.OK
    assert asked == ["PIN: ", "the same PIN again: "] * 2
    assert kiosk_user.opens("Ivan", PIN)


def test_without_a_terminal_a_pin_comes_from_stdin_or_not_at_all(kiosk_user, capsys):
    assert kiosk_user("add", "Ivan", "--role", "technician") == Exit.FAILED
    assert "--pin-stdin" in capsys.readouterr().err


def test_a_damaged_file_is_named_and_left_alone(kiosk_user, capsys):
    kiosk_user.people_file.write_text("{")
    kiosk_user.people_file.chmod(0o600)
    assert kiosk_user("list") == Exit.FAILED
    assert str(kiosk_user.people_file) in capsys.readouterr().err
    assert kiosk_user.people_file.read_text() == "{"


def test_an_empty_kiosk_says_that_nobody_can_come_in(kiosk_user, capsys):
    assert kiosk_user("list") == Exit.OK
    assert "nobody" in capsys.readouterr().out
