"""Elements as lines of a given number of columns. Nothing is ever cut off: what is too long goes on in the next line."""

from collections.abc import Callable, Iterator

from drivers.receipt_printer.characters import printable
from drivers.receipt_printer.document import Pair, Rule, Text

Words = Text | Pair | Rule


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most `columns` characters, broken at blanks; a longer word goes on in the next line. Never empty."""
    lines: list[str] = []
    pieces = [word[at : at + columns] for word in text.split() for at in range(0, len(word), columns)]
    for piece in pieces:
        if lines and len(lines[-1]) + 1 + len(piece) <= columns:
            lines[-1] += " " + piece
        else:
            lines.append(piece)
    return lines or [""]


def pair_lines(label: str, value: str, columns: int) -> list[str]:
    """Label left, value right on one line if both fit with a blank between; else the value on lines of its own."""
    if len(label) + 1 + len(value) <= columns:
        return [label + value.rjust(columns - len(label))]
    return [*wrap(label, columns), *(line.rjust(columns) for line in wrap(value, columns))]


def laid_out(element: Words, columns: int, fitting: Callable[[str], str]) -> Iterator[str]:
    """The lines an element takes. `fitting` makes text printable; it may change its length."""
    match element:
        case Text(text=text, double=double):
            yield from wrap(fitting(text), columns // 2 if double else columns)
        case Pair(label=label, value=value):
            yield from pair_lines(fitting(label).rstrip(), fitting(value).strip(), columns)
        case Rule():
            yield "-" * columns


def lines_of(element: Words, columns: int, codec: str) -> Iterator[str]:
    """The lines an element takes on a printer that has the one page `codec` and draws nothing."""
    return laid_out(element, columns, lambda text: printable(text, codec))
