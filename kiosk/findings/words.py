"""Findings in a person's language: gettext catalogues read as they stand.

Answers for: finding a translation and filling it in. Does not answer for: which sentences there are (`sentences`).
A code of another version of this program is shown as it is: a technician can still read it out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kiosk.domain.findings import FactCode, FindingCode
from kiosk.domain.receipts import Device, Verdict
from kiosk.findings.names import DEVICES, FACT_NAMES, LIGHTS
from kiosk.findings.sentences import SENTENCES, Said
from kiosk.po_files import read_po_file

FOLDER = Path(__file__).parent / "locale"
FALLBACK = "en"
LANGUAGES = ("bg", "ru", "en")
PLACE = re.compile(r"\{([a-z_]+)\}")  #: where a value goes in a sentence

_SENTENCES: Mapping[str, Said] = {code.value: said for code, said in SENTENCES.items()}
_FACTS: Mapping[str, str] = {code.value: name for code, name in FACT_NAMES.items()}


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Message id → translation."""
    return read_po_file(FOLDER / language / "LC_MESSAGES" / "findings.po", language).single


@dataclass(frozen=True, slots=True)
class FindingWords:
    """One language. Codes may come as text, as they cross the link."""

    language: str

    @classmethod
    def of(cls, language: str) -> "FindingWords":
        """Words in `language`, or in English where there is no such catalogue."""
        return cls(language if language in LANGUAGES else FALLBACK)

    def found(self, code: FindingCode | str, values: Iterable[tuple[str, str]] = ()) -> str:
        """What was done and seen."""
        said = _SENTENCES.get(str(code))
        return self._say(said.found, values) if said else str(code)

    def next_step(self, code: FindingCode | str, values: Iterable[tuple[str, str]] = ()) -> str:
        """What to do about it; empty where nothing is to be done."""
        said = _SENTENCES.get(str(code))
        return self._say(said.next_step, values) if said else ""

    def fact(self, code: FactCode | str) -> str:
        """The name of something told of a part."""
        return self._say(_FACTS.get(str(code), str(code)), ())

    def device(self, device: Device) -> str:
        """The name of a part."""
        return self._say(DEVICES[device], ())

    def light(self, verdict: Verdict) -> str:
        """A verdict in a word or two."""
        return self._say(LIGHTS[verdict], ())

    def _say(self, text: str, values: Iterable[tuple[str, str]]) -> str:
        """A value nobody gave leaves its place, so that nothing is made up."""
        given = dict(values)
        return PLACE.sub(lambda place: given.get(place[1], place[0]), catalogue(self.language).get(text, text))
