"""The file of people and its pepper: whole, private, named when damaged, and worth nothing one without the other."""

import json

import pytest

from kiosk.domain.people import Role
from kiosk.till import durable_file
from kiosk.till.people_file import People, PeopleFileError, Person, load_people, save_people
from kiosk.till.pepper import PEPPER_BYTES, ensure_pepper, load_pepper
from tests.support.staff import OTHER_PIN, PIN, SECRET, access_settings, add_person


@pytest.fixture
def access(tmp_path):
    return access_settings(tmp_path)


def test_nobody_is_there_before_somebody_is_added(access):
    assert load_people(access.people_file) == People()
    assert not access.people_file.exists()


def test_people_are_read_back_as_they_were_written(access):
    add_person(access)
    add_person(access, Role.SUPERVISOR, totp=True)
    people = load_people(access.people_file)
    assert [(person.number, person.role, bool(person.totp)) for person in people.people] == [
        ("11", Role.TECHNICIAN, False),
        ("12", Role.SUPERVISOR, True),
    ]


def test_a_number_is_never_somebody_elses(access):
    given = [add_person(access), add_person(access)]
    for _ in range(2):
        save_people(access.people_file, load_people(access.people_file).without(given[-1]))
        given.append(add_person(access))
    assert given == ["11", "12", "13", "14"]


def test_only_the_owner_reads_them_and_nobody_writes_the_pepper(access):
    add_person(access)
    assert access.people_file.stat().st_mode & 0o777 == 0o600
    assert access.pepper_file.stat().st_mode & 0o777 == 0o400


@pytest.mark.parametrize("name", ["people_file", "pepper_file"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(access, name, mode):
    add_person(access)
    path = getattr(access, name)
    path.chmod(mode)
    with pytest.raises(PeopleFileError, match=path.name):
        (load_people if name == "people_file" else load_pepper)(path)


def test_neither_file_holds_a_pin_or_the_secret_of_codes(access):
    add_person(access, totp=True)
    for path in (access.people_file, access.pepper_file):
        assert PIN.encode() not in path.read_bytes()
        assert SECRET not in path.read_bytes()


def test_no_pin_is_right_under_another_pepper(access, tmp_path):
    add_person(access, totp=True)
    (person,) = load_people(access.people_file).people
    ours = load_pepper(access.pepper_file)
    other = ensure_pepper(tmp_path / "other.pepper", People())
    assert (ours.is_right(PIN, person.pin), ours.is_right(OTHER_PIN, person.pin)) == (True, False)
    assert not other.is_right(PIN, person.pin)
    with pytest.raises(PeopleFileError, match="pepper"):
        other.opened(person.totp)


def test_two_people_with_one_pin_do_not_look_alike(access):
    add_person(access)
    add_person(access)
    first, second = load_people(access.people_file).people
    assert first.pin != second.pin


def test_a_lost_pepper_is_not_replaced_by_a_new_one(access):
    add_person(access)
    access.pepper_file.unlink()
    with pytest.raises(PeopleFileError, match=r"pin\.pepper: is gone"):
        ensure_pepper(access.pepper_file, load_people(access.people_file))


def test_a_file_cut_anywhere_is_damaged_and_named(access):
    add_person(access)
    whole = access.people_file.read_bytes()
    for length in range(len(whole) - 2):
        access.people_file.write_bytes(whole[:length])
        with pytest.raises(PeopleFileError, match=r"people\.json"):
            load_people(access.people_file)


def test_a_pepper_cut_anywhere_is_damaged_and_named(access):
    add_person(access)
    access.pepper_file.chmod(0o600)
    whole = access.pepper_file.read_bytes()
    for length in range(2 * PEPPER_BYTES):
        access.pepper_file.write_bytes(whole[:length])
        with pytest.raises(PeopleFileError, match=r"pin\.pepper"):
            load_pepper(access.pepper_file)


def changed(**person):
    hashed = "$argon2id$v=19$m=65536,t=3,p=4$AAAA$AAAA"
    whole = {"number": "11", "name": "Ivan", "role": "technician", "pin": hashed, "totp": "", **person}
    return {"version": 1, "next_number": 13, "people": [whole, {**whole, "number": "12", "name": "Maria"}]}


@pytest.mark.parametrize(
    "content",
    [
        [],
        {**changed(), "version": 2},
        {**changed(), "colour": "red"},
        {**changed(), "next_number": 12},
        changed(role="king"),
        changed(rank=7),
        changed(number=11),
        changed(number="eleven"),
        changed(number="12"),
        changed(name="Maria"),
        changed(pin="482915"),
        changed(pin="$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"),
    ],
    ids=str,
)
def test_what_no_program_of_ours_wrote_is_refused(access, content):
    access.people_file.write_text(json.dumps(changed()))
    access.people_file.chmod(0o600)
    assert len(load_people(access.people_file).people) == 2
    access.people_file.write_text(json.dumps(content))
    with pytest.raises(PeopleFileError, match=r"people\.json"):
        load_people(access.people_file)


class PowerCutError(Exception):
    pass


@pytest.mark.parametrize("step", range(12))
def test_power_cut_at_any_step_of_adding_somebody_leaves_who_was_there_before(access, monkeypatch, step):
    """Each system call that changes the disk is a step."""
    add_person(access)
    steps = iter(range(step))

    def cut(real):
        def call(*args, **options):
            if next(steps, None) is None:
                raise PowerCutError
            return real(*args, **options)

        return call

    monkeypatch.setattr(durable_file.os, "fsync", cut(durable_file.os.fsync))
    monkeypatch.setattr(durable_file.os, "open", cut(durable_file.os.open))
    monkeypatch.setattr(durable_file.Path, "replace", cut(durable_file.Path.replace))
    try:
        add_person(access, Role.SUPERVISOR)
        done = True
    except PowerCutError:
        done = False
    monkeypatch.undo()
    numbers = [person.number for person in load_people(access.people_file).people]
    assert numbers == ["11", "12"] if done else numbers in (["11"], ["11", "12"])
    assert load_pepper(access.pepper_file).is_right(PIN, load_people(access.people_file).people[0].pin)
    assert add_person(access, Role.COLLECTOR) in {"12", "13"}


@pytest.mark.parametrize("step", range(8))
def test_power_cut_while_the_first_person_is_added_leaves_a_kiosk_that_takes_them_again(access, monkeypatch, step):
    steps = iter(range(step))
    real = durable_file.os.fsync

    def fsync(descriptor):
        if next(steps, None) is None:
            raise PowerCutError
        real(descriptor)

    monkeypatch.setattr(durable_file.os, "fsync", fsync)
    try:
        add_person(access)
    except PowerCutError:
        monkeypatch.undo()
        if not load_people(access.people_file).people:
            add_person(access)
    (person,) = load_people(access.people_file).people
    assert load_pepper(access.pepper_file).is_right(PIN, person.pin)


def test_a_person_shows_no_hash(access):
    add_person(access, totp=True)
    (person,) = load_people(access.people_file).people
    assert isinstance(person, Person)
    assert "argon2" not in repr(load_people(access.people_file))
    assert repr(load_pepper(access.pepper_file)) == "<pepper>"
