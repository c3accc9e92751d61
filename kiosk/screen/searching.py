"""Finding a service by what somebody types of its name, in any script. Pure.

Answers for: what counts as the same word, which services are meant, the best first. Does not answer for: keyboards, tiles.
Case, accents and script make no difference: every word is written down as it would sound in plain Latin letters, the same way
for what is typed and for what is searched, so "voda", "Вода" and "вода" are one word. Letters that people write in different
ways (ж as zh or j, ц as ts or c, й as y or i) become one.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kiosk.domain.catalogue import Catalogue, Service

SOUNDS_MAX = 4096  #: words of a catalogue come again and again
INSIDE_LETTERS_MIN = 3  #: fewer are sought at the beginning of words only

#: Bulgarian and Russian letters as the streamlined system writes them (Transliteration Act of Bulgaria, 2009), and Russian's own.
_LATIN: Mapping[str, str] = {
    **dict(zip("абвгдезийклмнопрстуфх", "abvgdeziiklmnoprstufh", strict=True)),
    "ё": "e",
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sht",
    "ъ": "a",
    "ы": "i",
    "ь": "",
    "э": "e",
    "ю": "yu",
    "я": "ya",
}
_LATIN_TABLE = str.maketrans(dict(_LATIN))

#: What is written in several ways, in this order: each becomes one.
_SAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(written), one)
    for written, one in (
        ("shch", "sht"),
        ("zh", "j"),
        ("ts|tz", "c"),
        ("x", "ks"),
        ("w", "v"),
        ("q", "k"),
        ("c(?![hei])", "k"),
        ("ph", "f"),
        ("y", "i"),
        (r"([a-z])\1", r"\1"),
    )
)
_WORDS = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A service with the words it can be found by: `by_language` its own name's, `others` its payee's and its groups'."""

    service: Service
    by_language: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...]


Index = tuple[Entry, ...]


def words_of(text: str) -> tuple[str, ...]:
    """The words of `text` as they sound."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", _composed(text)) if not unicodedata.combining(letter)
    )
    return tuple(_sound(word) for word in _WORDS.findall(bare))


def _composed(text: str) -> str:
    """Cyrillic letters are turned while they still have their marks: й is no и with an accent."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_LATIN_TABLE)


@lru_cache(maxsize=SOUNDS_MAX)
def _sound(word: str) -> str:
    for written, one in _SAME:
        word = written.sub(one, word)
    return word


def index_of(catalogue: Catalogue) -> Index:
    """Every service with its words. Made once for a catalogue: a large one has thousands."""
    groups = {group.group_id: group for group in catalogue.groups}
    return tuple(
        Entry(
            service,
            {language: words_of(label) for language, label in service.labels.items()},
            _all_words((service.payee, *groups[service.group_id].labels.values())),
        )
        for service in catalogue.services
    )


def _all_words(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for text in texts for word in words_of(text))


def search(index: Index, text: str, language: str) -> tuple[Service, ...]:
    """Services that have every word of `text`, those named so in the buyer's `language` first; none for no words."""
    wanted = words_of(text)
    if not wanted:
        return ()
    ranked = [
        (rank, place) for place, entry in enumerate(index) if (rank := _rank(entry, wanted, language)) is not None
    ]
    return tuple(index[place].service for _, place in sorted(ranked))


def _rank(entry: Entry, wanted: tuple[str, ...], language: str) -> int | None:
    """0 is best; None: it is not meant."""
    own = entry.by_language.get(language, ())
    named = tuple(word for words in entry.by_language.values() for word in words)
    every = (*named, *entry.others)
    for rank, words in enumerate((own, named, every)):
        if all(any(word.startswith(part) for word in words) for part in wanted):
            return rank
    inside = all(len(part) >= INSIDE_LETTERS_MIN and any(part in word for word in every) for part in wanted)
    return 3 if inside else None
