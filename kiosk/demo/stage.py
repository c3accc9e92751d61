"""The demo's processes as a company: who takes part, when each is ready, who may end and who may not.

Answers for: starting, adopting after a cut, noticing an end nobody asked for, leaving nothing behind. Does not answer
for: what is played (`play`), how each is called (`cast`).
"""

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kiosk.demo.cast import ROLES, Role
from kiosk.demo.processes import Process
from kiosk.demo.run_state import Folder, RunState

READY_S = 30.0  #: for one process, on a slow machine
LOOK_INTERVAL_S = 0.05
LOG_LINES = 15  #: of a process that did not come up


class StageError(Exception):
    """A process did not come up or ended by itself; the message names it and its log."""


class KilledError(StageError):
    """A process was killed before it was ready: what a power cut looks like. `name` says which."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class Stage:
    """Processes by name. `run` is kept on disk with every change, so a later resume finds them."""

    def __init__(self, folder: Folder, run: RunState) -> None:
        self.folder = folder
        self.run = run
        self._here: dict[str, Process] = {}
        self._watches: set[asyncio.Task[None]] = set()
        self._leaving: set[str] = set()
        self._ended: asyncio.Queue[str] = asyncio.Queue()

    def remember(self, **changes: Any) -> None:
        """Change run.json."""
        self.run = replace(self.run, **changes)
        self.folder.save(self.run)

    def is_here(self, name: str) -> bool:
        return name in self._here

    async def adopt_all(self) -> None:
        """Find what an earlier demo left running. Those that belong to one demo only are stopped and started anew."""
        for name, identity in self.run.processes.items():
            process = Process.adopt(name, identity)
            if process is None:
                continue
            if ROLES[name].outlives_demo:
                self._enter(process)
            else:
                await process.stop()
        self._save()

    async def ensure(self, name: str, **facts: Any) -> None:
        """Be sure `name` runs and is ready. Raises StageError."""
        if name not in self._here:
            await self.start(name, **facts)

    async def start(self, name: str, **facts: Any) -> None:
        """Start `name` and wait until it is ready. Raises StageError."""
        role = ROLES[name]
        ready_file = self.folder.ready_file(name)
        ready_file.unlink(missing_ok=True)
        self._leaving.discard(name)
        environment = role.environment(os.environ, self.run.options)
        process = Process.start(name, role.argv(self.folder, self.run, **facts), self.folder.log(name), environment)
        self._enter(process)
        self._save()
        await self._until_ready(process, role)

    async def _until_ready(self, process: Process, role: Role) -> None:
        try:
            async with asyncio.timeout(READY_S):
                while not await asyncio.to_thread(role.is_ready, self.folder, self.run):
                    if process.ended:
                        raise self._stillborn(process)
                    await asyncio.sleep(LOOK_INTERVAL_S)
        except TimeoutError:
            raise StageError(self._obituary(process.name, f"was not ready within {READY_S:.0f} s")) from None

    def _stillborn(self, process: Process) -> StageError:
        message = self._obituary(process.name, "did not come up")
        killed = process.exit_code is not None and process.exit_code < 0
        return KilledError(process.name, message) if killed else StageError(message)

    def port_of(self, name: str) -> int:
        """The port a server wrote into its ready file."""
        return int(json.loads(self.folder.ready_file(name).read_text())["port"])

    async def stop(self, *names: str) -> None:
        """Ask these to end, all at once, and wait until they have."""
        await self._end(names, kill=False)

    async def kill(self, name: str) -> None:
        """End `name` as a power cut would, on purpose."""
        await self._end([name], kill=True)

    async def _end(self, names: Sequence[str], *, kill: bool) -> None:
        self._leaving.update(names)
        leaving = [self._here[name] for name in names if name in self._here]
        await asyncio.gather(*(process.kill() if kill else process.stop() for process in leaving))
        for process in leaving:
            self._here.pop(process.name, None)
        self._save()

    async def next_death(self) -> str:
        """Name of the next process that ended without being asked."""
        return await self._ended.get()

    def obituary(self, name: str) -> str:
        """What to say of a process that ended by itself."""
        return self._obituary(name, "ended by itself")

    def let_go(self) -> None:
        """Leave whoever is still here running."""
        self._save()
        for process in self._here.values():
            process.let_go()
        self._here.clear()

    async def end_all(self) -> None:
        """Stop everybody, those first that talk to others. Idempotent."""
        for names in (("screen", "bench"), ("till",), tuple(self._here)):
            await self.stop(*names)
        await asyncio.gather(*self._watches)

    def _enter(self, process: Process) -> None:
        self._here[process.name] = process
        watch = asyncio.create_task(self._watch(process))
        self._watches.add(watch)
        watch.add_done_callback(self._watches.discard)

    async def _watch(self, process: Process) -> None:
        await process.wait()
        if self._here.get(process.name) is process and process.name not in self._leaving:
            del self._here[process.name]
            self._save()
            self._ended.put_nowait(process.name)

    def _save(self) -> None:
        self.remember(processes={name: process.identity for name, process in self._here.items()})

    def _obituary(self, name: str, what: str) -> str:
        log = self.folder.log(name)
        tail = log.read_text(errors="replace").splitlines()[-LOG_LINES:] if log.exists() else []
        return "\n".join([f"{name} {what}; its log is {log}", *(f"    {line}" for line in tail)])
