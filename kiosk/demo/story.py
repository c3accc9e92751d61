"""What the demo tells while it plays: one line a happening, on the terminal and in story.txt.

Answers for: words for what the buyer did and what the screens said. Does not answer for: playing.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.demo.money_words import major


@dataclass
class Story:
    """`say` shows a line; story.txt keeps it with the seconds since the demo began."""

    file: Path
    say: Callable[[str], None]
    began_s: float = field(default_factory=time.monotonic)

    def tell(self, line: str) -> None:
        """One happening."""
        stamped = f"{time.monotonic() - self.began_s:5.1f} s  {line}"
        self.say(stamped)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(stamped + "\n")


@dataclass
class BuyerEvents:
    """The lines the scripted buyer appends, read as they come. `left` is set once it has gone."""

    file: Path
    read_bytes: int = 0
    left: bool = False
    fault: str = ""
    last: str = ""  #: a tap that did not take is made again, and told once

    def skip(self) -> None:
        """Forget what an earlier buyer told."""
        self.read_bytes = self.file.stat().st_size if self.file.exists() else 0

    def new_lines(self) -> list[str]:
        """What happened since the last call, in words."""
        if not self.file.exists():
            return []
        with self.file.open("rb") as file:
            file.seek(self.read_bytes)
            whole, _, _ = file.read().rpartition(b"\n")
        if whole:
            self.read_bytes += len(whole) + 1
        told = [self._words(json.loads(line)) for line in whole.splitlines() if line]
        fresh = [words for words, before in zip(told, [self.last, *told], strict=False) if words and words != before]
        self.last = told[-1] if told else self.last
        return fresh

    def _words(self, event: Mapping[str, Any]) -> str:
        match event["event"]:
            case "tap":
                return TAPS.get(event["role"].partition(":")[0], "touches {role}").format(**event)
            case "note":
                return f"puts in a note: {event['amount']}"
            case "note_refused":
                return f"offers {event['amount']}, the acceptor does not take it: {event['why']}"
            case "screen":
                return _screen(event)
            case "left":
                self.left, self.fault = True, event["fault"]
                return f"gives up: {event['fault']}" if event["fault"] else "leaves"
            case _:
                return ""


TAPS: Mapping[str, str] = {
    "language": "The buyer touches their language",
    "order": "chooses to pay for an order",
    "services": "chooses services",
    "group": "opens the shelf {what}",
    "service": "chooses the service {what}",
    "choice": "chooses {what}",
    "more": "turns the page",
    "back": "goes back",
    "next": "types {what}",
    "confirm": "reads the offer ({what}, no fee) and agrees",
    "confirm_without_receipt": "reads the offer ({what}, no fee) and agrees to get no receipt",
    "finish": "has no more notes: settles with what is in",
    "cancel": "cancels",
    "leave": "is done reading",
}


def paid_words(payment: Mapping[str, Any]) -> str:
    """One payment of result.json."""
    service = f"service {payment['service']}" + (f" for {payment['account']}" if payment["account"] else "")
    what = service if payment["service"] else f"order {payment['order_number']}"
    amount = major(payment["amount_minor"], payment["currency"])
    return f"Payment {payment['id']}: {amount} to {payment['payee']}, {what}: {payment['state']}"


def _screen(event: Mapping[str, Any]) -> str:
    if "kind" in event:
        return f"    the screen says: {event['kind']}, number {event['reference']}, receipt {event['receipt']}"
    if "inserted" in event:
        why = f" ({event['message']})" if event["message"] else ""
        return f"    the screen says: inserted {event['inserted']}, left {event['left']}{why}"
    if "notice" in event:
        return f"    the screen says: {event['notice']}"
    return ""
