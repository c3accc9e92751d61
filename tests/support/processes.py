"""Other processes, watched by looking: no thread and no signal handler of ours stands between a test and a death."""

import asyncio
import subprocess
from contextlib import suppress
from pathlib import Path

LOOK_S = 0.02


class Process:
    """A child with its output in a file. `returncode` is None while it lives."""

    def __init__(self, arguments, output: Path) -> None:
        with output.open("ab") as file:
            self._child = subprocess.Popen(
                [str(argument) for argument in arguments], stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
        self.pid = self._child.pid
        self.output = output

    @property
    def returncode(self):
        return self._child.poll()

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            self._child.send_signal(number)

    async def wait(self) -> int:
        while self._child.poll() is None:
            await asyncio.sleep(LOOK_S)
        return self._child.returncode

    async def until_it_says(self, words: str) -> None:
        """Until `words` stand in its output, or it is dead."""
        while words not in self.output.read_text(errors="replace") and self._child.poll() is None:
            await asyncio.sleep(LOOK_S)
