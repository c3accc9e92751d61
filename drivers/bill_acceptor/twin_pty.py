"""The acceptor twin that `kiosk twin acceptor` runs: which unit, and what of it outlives the process.

Answers for: that the physical truth is on disk before the host can know. Does not answer for: what the unit does (the protocol's
twin), the pseudo-terminal (`drivers.twin_pty`).
"""

import json
import os
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivers.bill_acceptor.ccnet.twin import Physical, Times
from drivers.bill_acceptor.registry import PROTOCOLS
from drivers.twin_pty import Twin as Twin  # noqa: PLC0414 - what every one of them is


@dataclass(frozen=True, slots=True)
class TwinOptions:
    """`state_file`: where the physical truth is kept; without it, it ends with the process."""

    protocol: str
    currency: str
    link: Path | None
    control: Path | None
    state_file: Path | None
    seed: int


MakeTwin = Callable[[str, int, Times | None, Physical | None, Callable[[Physical], None]], Twin]

CURRENCIES = ("EUR", "RUB")  #: every twin has a set of notes of each


def make_twin(options: TwinOptions) -> Twin:
    """The unit that was on the bench before, if its state file says so."""
    keep = _keeper(options.state_file) if options.state_file else lambda _: None
    make: MakeTwin = pkgutil.resolve_name(PROTOCOLS[options.protocol].twin)
    return make(options.currency, options.seed, None, _kept(options.state_file), keep)


def _keeper(path: Path) -> Callable[[Physical], None]:
    """Write the truth atomically: a cut leaves the old or the new one."""

    def keep(physical: Physical) -> None:
        fields = {name: getattr(physical, name) for name in physical.__slots__}
        fresh = path.with_suffix(".new")
        with fresh.open("w") as file:
            json.dump(fields, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    return keep


def _kept(path: Path | None) -> Physical | None:
    if path is None or not path.exists():
        return None
    fields = json.loads(path.read_text())
    event = fields.pop("event")
    return Physical(**fields, event=tuple(event) if event else None)
