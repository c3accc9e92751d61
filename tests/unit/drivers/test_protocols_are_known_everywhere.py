"""One line in the registry makes a protocol known: to settings, to the twins, to the technician's tools, to the diagrams."""

import pkgutil
from pathlib import Path

import pytest

import drivers.bill_acceptor
from drivers.bill_acceptor.registry import PROTOCOLS
from drivers.bill_acceptor.twin_pty import TwinOptions, make_twin

ROOM = Path(drivers.bill_acceptor.__file__).parent


def test_every_folder_with_an_engine_is_registered():
    assert {engine.parent.name for engine in ROOM.glob("*/engine.py")} == set(PROTOCOLS)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_protocol_has_the_same_files_and_a_twin_and_a_probe(name):
    files = {path.name for path in (ROOM / name).glob("*.py")}
    assert {"codes.py", "frames.py", "phases.py", "engine.py", "probe.py", "twin.py"} <= files
    assert PROTOCOLS[name].probe is not None
    assert pkgutil.resolve_name(PROTOCOLS[name].twin)
    assert make_twin(TwinOptions(name, "EUR", None, None, None, 0)).told()["state"]
