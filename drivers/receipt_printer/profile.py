"""What a printer model is, as data: config/printers/*.toml → PrinterProfile. Every fault of a file is told at once.

Answers for: which keys there are, their limits, and that they do not contradict each other. Does not answer for: whether the
facts in a file are true of a machine; the file's comments say what nobody has tried.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from escpos.codepages import CodePages

CELL_DOTS_MIN = 8  #: a letter narrower than this cannot be read
USB_ID = re.compile(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}")
SECONDS_MARK = "SS"  #: in presenter.present: the byte that says after how many seconds the slip is drawn back


class ProfileError(Exception):
    """A profile that cannot be used: file, key, what is wrong."""


class Raster(StrEnum):
    """When text is drawn as dots instead of sent as characters."""

    NEVER = "never"
    FALLBACK = "fallback"  #: lines with a character no page of the printer has
    ALWAYS = "always"


class Dialect(StrEnum):
    """How a model tells its state."""

    EPSON = "epson"  #: DLE EOT 1 to 4
    CITIZEN = "citizen"  #: DLE EOT 1 to 6, other bits
    CUSTOM = "custom"  #: FULL STATUS
    PORT = "port"  #: the USB printer class's port status only


class Completion(StrEnum):
    """How a model tells that it has printed."""

    GS_H = "gs_h"  #: answers GS ( H function 48 with the job's id
    GS_R_FENCE = "gs_r_fence"  #: answers GS r in its turn
    MOTOR = "motor"  #: its drag motor was seen to run and to stop
    NONE = "none"  #: nothing but the absence of complaints


@dataclass(frozen=True, slots=True)
class PresenterCodes:
    """`present` follows every cut; `eject` and `retract` are the host's orders; empty where the model has none.

    With `retracts_itself` the seconds stand in `present` and the model draws a forgotten slip back without being told.
    """

    present: str
    eject: bytes
    retract: bytes

    @property
    def retracts_itself(self) -> bool:
        return SECONDS_MARK in self.present

    def presenting(self, seconds: int) -> bytes:
        """The bytes after a cut; 0 seconds: hold the slip until somebody takes it."""
        return bytes.fromhex(self.present.replace(SECONDS_MARK, f"{seconds:02X}"))


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """`code_page` is the printer's own number for `codec`, `further_pages` (codec, number) what else it surely has.

    `dots`: printable width. `qr_ecc`: the model's number for the error correction level M; `qr_size`: dots a module.
    `usb`: vendor and product ids the model is known under. `buffer_bytes`: most that is sent in one transfer.
    """

    name: str
    columns: int
    dots: int
    codec: str
    code_page: int
    further_pages: tuple[tuple[str, int], ...]
    raster: Raster
    qr_native: bool
    qr_size: int
    qr_ecc: int
    init: bytes
    cut: bytes
    presenter: PresenterCodes | None
    status: Dialect
    completion: Completion
    usb: tuple[tuple[int, int], ...]
    buffer_bytes: int

    @property
    def cell_dots(self) -> int:
        """Width of one character of font A; its height is twice that."""
        return self.dots // self.columns


Reader = Callable[[Any], Any]


def _integer(least: int, most: int) -> Reader:
    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"must be between {least} and {most}, got {value!r}")
        return value

    return read


def _choice(words: Sequence[str]) -> Reader:
    def read(value: Any) -> str:
        if value not in words:
            close = difflib.get_close_matches(str(value), [str(word) for word in words], 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise ValueError(f"must be one of {', '.join(words)}, got {value!r}{hint}")
        return str(value)

    return read


def _line(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError(f"must be one line of text, got {value!r}")
    return value


def _bytes(value: Any) -> bytes:
    try:
        return bytes.fromhex(value)
    except (TypeError, ValueError):
        raise ValueError(f'must be bytes in hex such as "1B 69", got {value!r}') from None


def _some_bytes(value: Any) -> bytes:
    data = _bytes(value)
    if not data:
        raise ValueError("must not be empty")
    return data


def _present(value: Any) -> str:
    _bytes(value.replace(SECONDS_MARK, "00", 1) if isinstance(value, str) else value)
    return str(value)


def _codec(value: Any) -> str:
    known = {name.lower() for name, page in CodePages.data.items() if "python_encode" in page}
    if not isinstance(value, str) or value.lower() not in known:
        close = difflib.get_close_matches(str(value).lower(), sorted(known), 1)
        raise ValueError(f"no table for the codec {value!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
    return value.lower()


def _usb_ids(value: Any) -> tuple[tuple[int, int], ...]:
    ids = [str(one) for one in value] if isinstance(value, list) else [""]
    if not all(USB_ID.fullmatch(one) for one in ids):
        raise ValueError(f'must be a list such as ["0416:5011"], got {value!r}')
    return tuple((int(one[:4], 16), int(one[5:], 16)) for one in ids)


#: Every key there is. `further_pages.*` stands for each codec.
READERS: Mapping[str, Reader] = {
    "name": _line,
    "columns": _integer(32, 48),
    "dots": _integer(256, 1024),
    "codec": _codec,
    "code_page": _integer(0, 255),
    "raster": _choice([*Raster]),
    "status": _choice([*Dialect]),
    "completion": _choice([*Completion]),
    "usb": _usb_ids,
    "buffer_bytes": _integer(256, 1_048_576),
    "init": _some_bytes,
    "further_pages.*": _integer(0, 255),
    "qr.by": _choice(("native", "raster")),
    "qr.size": _integer(1, 16),
    "qr.ecc": _integer(0x30, 0x33),
    "cut.full": _bytes,
    "cut.partial": _bytes,
    "cut.use": _choice(("full", "partial")),
    "presenter.present": _present,
    "presenter.eject": _bytes,
    "presenter.retract": _bytes,
}
OPTIONAL = ("further_pages", "presenter")


def load_profile(path: Path) -> PrinterProfile:
    """Read a profile. Raises ProfileError naming every fault."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{path}: {error}") from error
    faults: list[str] = []
    values = _read(_flat(data), faults)
    faults += _missing(data, values, faults) or ([] if faults else list(_contradictions(values)))
    if faults:
        raise ProfileError("\n".join(f"{path}: {fault}" for fault in faults))
    return _profile(values)


def _flat(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{inner}", one) for inner, one in value.items())
        else:
            yield key, value


def _read(pairs: Iterator[tuple[str, Any]], faults: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        try:
            if key.startswith("further_pages."):
                _codec(key.partition(".")[2])
                values[key] = READERS["further_pages.*"](value)
            elif key in READERS:
                values[key] = READERS[key](value)
            else:
                faults.append(_unknown(key))
        except ValueError as error:
            faults.append(f"{key}: {error}")
    return values


def _unknown(key: str) -> str:
    close = difflib.get_close_matches(key, READERS, 1)
    return f"{key}: unknown key" + (f"; did you mean {close[0]}?" if close else "")


def _missing(data: Mapping[str, Any], values: Mapping[str, Any], faults: Sequence[str]) -> list[str]:
    bad = {fault.partition(":")[0] for fault in faults}
    wanted = (key for key in READERS if "*" not in key and (key.partition(".")[0] not in OPTIONAL or _begun(data, key)))
    return [f"{key}: missing" for key in wanted if key not in values and key not in bad]


def _begun(data: Mapping[str, Any], key: str) -> bool:
    return key.partition(".")[0] in data


def _contradictions(values: Mapping[str, Any]) -> Iterator[str]:
    if values["dots"] // values["columns"] < CELL_DOTS_MIN:
        yield f"columns: {values['columns']} characters in {values['dots']} dots are too narrow to read"
    if values["dots"] % 8:
        yield f"dots: must be a multiple of 8, got {values['dots']}"
    if not values[f"cut.{values['cut.use']}"] and not values.get("presenter.present"):
        yield f"cut.use: cut.{values['cut.use']} is empty"
    if values["completion"] == Completion.MOTOR and values["status"] != Dialect.CUSTOM:
        yield 'completion: "motor" needs status = "custom": no other dialect tells of the motor'
    if (
        "presenter.retract" in values
        and values["status"] not in {Dialect.CUSTOM, Dialect.CITIZEN}
        and _draws_back(values)
    ):
        yield f'presenter.retract: status = "{values["status"]}" cannot tell whether a slip waits in the presenter'


def _draws_back(values: Mapping[str, Any]) -> bool:
    return bool(values["presenter.retract"]) or SECONDS_MARK in values["presenter.present"]


def _profile(values: Mapping[str, Any]) -> PrinterProfile:
    pages = (
        (key.partition(".")[2].lower(), number) for key, number in values.items() if key.startswith("further_pages.")
    )
    presenter = None
    if "presenter.present" in values:
        presenter = PresenterCodes(values["presenter.present"], values["presenter.eject"], values["presenter.retract"])
    return PrinterProfile(
        name=values["name"],
        columns=values["columns"],
        dots=values["dots"],
        codec=values["codec"],
        code_page=values["code_page"],
        further_pages=tuple(pages),
        raster=Raster(values["raster"]),
        qr_native=values["qr.by"] == "native",
        qr_size=values["qr.size"],
        qr_ecc=values["qr.ecc"],
        init=values["init"],
        cut=values[f"cut.{values['cut.use']}"],
        presenter=presenter,
        status=Dialect(values["status"]),
        completion=Completion(values["completion"]),
        usb=values["usb"],
        buffer_bytes=values["buffer_bytes"],
    )
