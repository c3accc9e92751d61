"""A blocking call on a thread of its own, which nothing waits for at the end.

Answers for: a name server or a disk that never answers holding up neither the loop nor the end of the process. Does not answer
for: ending the call; it is given up, and its thread goes when the call comes back or the process ends.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

_Answer = TypeVar("_Answer")


async def in_thread(call: Callable[[], _Answer]) -> _Answer:
    """What `call` returns or raises. It must be stateless: it may outlive whoever asked."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_Answer] = loop.create_future()

    def told(outcome: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended: nobody is left to tell
            loop.call_soon_threadsafe(outcome)

    def run() -> None:
        try:
            value = call()
        except BaseException as error:  # noqa: BLE001 - handed over to whoever waits
            failure = error
            told(lambda: None if answer.done() else answer.set_exception(failure))
        else:
            told(lambda: None if answer.done() else answer.set_result(value))

    threading.Thread(target=run, name="diagnosis", daemon=True).start()
    return await answer
