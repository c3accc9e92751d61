"""Everything slips are made with, read and checked once at the start: templates, words, masks, logo.

Answers for: where files are looked for, and that nothing is printed from what is faulty. Does not answer for: settings' form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path

from kiosk.domain.receipts import SlipData
from kiosk.settings import SettingsError, SlipSettings
from kiosk.slips import checking
from kiosk.slips.logo import LogoError, read_logo
from kiosk.slips.masks import MASKS_FILE, Mask, read_masks
from kiosk.slips.templates import PARTS_FILE, Template, read_parts, read_template
from kiosk.slips.voice import Look, SecondCurrency, Voice
from kiosk.slips.words import LOCALE_FOLDER, SOURCE_LANGUAGE, Words, read_words


class SlipsError(SettingsError):
    """Slips cannot be printed as they are set up. `faults`: every one, with file, place and what is wrong."""


@dataclass(frozen=True, slots=True)
class Stationery:
    """What `render` needs beside the data. `templates` by name, `words` by language, the kiosk's first one first."""

    templates: Mapping[str, Template]
    words: Mapping[str, Words]
    masks: Sequence[Mask]
    look: Look

    def voice(self, data: SlipData, columns: int) -> Voice:
        """How the slip of `data` speaks: in the kiosk's first language if its own is not offered any more."""
        words = self.words.get(data.language) or next(iter(self.words.values()))
        return Voice(words, self.look, columns, data.time_zone)


def open_stationery(slips: SlipSettings, languages: Sequence[str], currency: str) -> Stationery:
    """Read and check everything. `currency`: of the kiosk's sums. Raises SlipsError."""
    folders = [Path(folder) for folder in (slips.templates, slips.own_templates) if folder]
    faults = [f"{folder}: is no folder" for folder in folders if not folder.is_dir()]
    words, unsaid = _words(languages, folders)
    templates, unread = _templates(folders)
    masks, unmasked = _masks(folders)
    look, unseen = _look(slips, currency)
    faults += [*unseen, *unsaid, *chain.from_iterable(unread.values()), *unmasked]
    sayable = [] if unsaid else list(words.values())
    if templates:
        faults += checking.faults(templates, sayable, unread)
    faults += checking.mask_faults(masks)
    if faults:
        raise SlipsError(faults)
    return Stationery(templates, words, masks, look)


def _words(languages: Sequence[str], folders: Sequence[Path]) -> tuple[dict[str, Words], list[str]]:
    """Ours, then what the folders say otherwise."""
    found: dict[str, Words] = {}
    faults: list[str] = []
    for language in languages:
        ours, *theirs = [folder / f"{language}.po" for folder in (LOCALE_FOLDER, *folders)]
        needed = [] if language == SOURCE_LANGUAGE else [ours]
        found[language], wrong = read_words(language, [*needed, *(file for file in theirs if file.exists())])
        faults += wrong
    return found, faults


def _templates(folders: Sequence[Path]) -> tuple[dict[str, Template], dict[str, list[str]]]:
    """Slips and parts by name, a later folder's instead of an earlier one's; and of each what is wrong with it."""
    templates: dict[str, Template] = {}
    faults: dict[str, list[str]] = {}
    for file in (file for folder in folders for file in sorted(folder.glob("*.toml")) if file.name != MASKS_FILE):
        if file.name == PARTS_FILE:
            found, wrong = read_parts(file)
        else:
            template, unread = read_template(file)
            found, wrong = {template.name: template}, {template.name: unread} if unread else {}
        templates |= found
        faults = {name: old for name, old in faults.items() if name not in found} | wrong
    return templates, faults


def _masks(folders: Sequence[Path]) -> tuple[Sequence[Mask], list[str]]:
    """The rules of the last folder that has some."""
    files = [folder / MASKS_FILE for folder in folders if (folder / MASKS_FILE).exists()]
    return read_masks(files[-1]) if files else ((), [f"{MASKS_FILE}: is missing in every folder of templates"])


def _look(slips: SlipSettings, currency: str) -> tuple[Look, list[str]]:
    second = None
    if slips.second_currency:
        second = SecondCurrency(currency, slips.second_currency, Decimal(slips.second_rate))
    try:
        logo = read_logo(Path(slips.logo)) if slips.logo else None
    except LogoError as error:
        return Look(slips.issuer, slips.footer, None, second), [str(error)]
    return Look(slips.issuer, slips.footer, logo, second), []
