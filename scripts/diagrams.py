#!/usr/bin/env python3
"""Draw the transition tables of the acceptor engines into docs/: `scripts/diagrams.py` writes, `--check` only compares.

Run from the checkout's root with the project's Python: `.venv/bin/python scripts/diagrams.py`.
"""

import importlib
import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from drivers.bill_acceptor.registry import PROTOCOLS  # noqa: E402 - found only from here on

FOLDER = ROOT / "docs" / "acceptors"
Table = Mapping[Enum, Mapping[Enum, Enum]]


def name(member: Enum) -> str:
    """Lower case, one word: what a diagram's state may be called."""
    return member.name.lower()


def mermaid(table: Table) -> str:
    """One arrow for each pair of phases, labelled with every sign that leads along it."""
    lines = ["stateDiagram-v2", f"    [*] --> {name(next(iter(table)))}"]
    for source, row in table.items():
        signs: dict[Enum, list[str]] = {}
        for sign, target in row.items():
            if target is not source:
                signs.setdefault(target, []).append(name(sign))
        lines += [f"    {name(source)} --> {name(target)} : {', '.join(by)}" for target, by in signs.items()]
    return "\n".join(lines)


def page(protocol: str) -> str:
    """The whole file: the phases in the words of their module, then the diagram."""
    phases = importlib.import_module(f"drivers.bill_acceptor.{protocol}.phases")
    words = "\n".join(line for line in (phases.__doc__ or "").splitlines() if line.startswith("    "))
    return (
        f"# {protocol}: the phases of a host's life with a unit\n\n"
        f"Made by `scripts/diagrams.py` from `TRANSITIONS` in `drivers/bill_acceptor/{protocol}/phases.py`. "
        "A sign without an arrow changes nothing.\n\n"
        + (f"```\n{words}\n```\n\n" if words else "")
        + f"```mermaid\n{mermaid(phases.TRANSITIONS)}\n```\n"
    )


def stale() -> list[Path]:
    """Files that are not what the tables say, those of protocols that are gone included."""
    wanted = {FOLDER / f"{protocol}.md": page(protocol) for protocol in PROTOCOLS}
    wrong = [file for file, text in wanted.items() if not file.exists() or file.read_text() != text]
    return wrong + [file for file in FOLDER.glob("*.md") if file not in wanted]


def main() -> int:
    """0 all is current (or was made so); 1 with --check, something is not."""
    wrong = stale()
    for file in wrong:
        sys.stdout.write(f"{file.relative_to(ROOT)}\n")
    if "--check" in sys.argv[1:]:
        return 1 if wrong else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file in wrong:
        if file.stem in PROTOCOLS:
            file.write_text(page(file.stem))
        else:
            file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
