"""Amounts and numbers as a voice reads them right. Pure.

Answers for: amounts as words of the buyer's language with the right plural ("15 euro 50 cents"), numbers digit by digit. Does not
answer for: what is said of a screen (`spoken`), who says it (`voice`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from babel import Locale

from kiosk.domain.money import exponent
from kiosk.screen.words import Words


@dataclass(frozen=True, slots=True)
class Utterance:
    """`language` as the speech program names its voices: bg, ru, en. `waits`: until what is being said is over."""

    text: str
    language: str
    waits: bool = False


class Forms(NamedTuple):
    """One of it, two of it, five of it. Where a language knows two forms the last two are alike. `first`, `second`: the words for
    one and two of its gender, where a voice would choose another; else empty.
    """

    one: str
    few: str
    many: str
    first: str = ""
    second: str = ""

    def of(self, count: int, language: str) -> str:
        """So many of it: "21 рубль", "20 и два лева"."""
        tag = Locale.parse(language).plural_form(count)
        form = {"one": self.one, "few": self.few}.get(tag, self.many)
        return f"{self._number(count, language)} {form}"

    def _number(self, count: int, language: str) -> str:
        last = {1: self.first, 2: self.second}.get(count % 10, "")
        if not last or count % 100 in {11, 12}:
            return str(count)
        hundreds, tens = count - count % 100, count % 100 - count % 10
        joined = AND.get(language, " ").join([*([str(tens)] if tens else []), last])
        return f"{hundreds} {joined}" if hundreds else joined


class Units(NamedTuple):
    whole: Forms
    part: Forms


AND: Mapping[str, str] = {
    "bg": " и "
}  #: between tens and ones, and between the whole and its part, where a language wants it

UNITS: Mapping[str, Mapping[str, Units]] = {
    "en": {
        "EUR": Units(Forms("euro", "euro", "euro"), Forms("cent", "cents", "cents")),
        "RUB": Units(Forms("rouble", "roubles", "roubles"), Forms("kopeck", "kopecks", "kopecks")),
        "BGN": Units(Forms("lev", "leva", "leva"), Forms("stotinka", "stotinki", "stotinki")),
        "USD": Units(Forms("dollar", "dollars", "dollars"), Forms("cent", "cents", "cents")),
        "KZT": Units(Forms("tenge", "tenge", "tenge"), Forms("tiyn", "tiyns", "tiyns")),
    },
    "bg": {
        "EUR": Units(Forms("евро", "евро", "евро"), Forms("цент", "цента", "цента", "един", "два")),
        "RUB": Units(
            Forms("рубла", "рубли", "рубли", "една", "две"), Forms("копейка", "копейки", "копейки", "една", "две")
        ),
        "BGN": Units(
            Forms("лев", "лева", "лева", "един", "два"), Forms("стотинка", "стотинки", "стотинки", "една", "две")
        ),
        "USD": Units(Forms("долар", "долара", "долара", "един", "два"), Forms("цент", "цента", "цента", "един", "два")),
        "KZT": Units(Forms("тенге", "тенге", "тенге"), Forms("тиин", "тиина", "тиина", "един", "два")),
    },
    "ru": {
        "EUR": Units(Forms("евро", "евро", "евро"), Forms("цент", "цента", "центов")),
        "RUB": Units(Forms("рубль", "рубля", "рублей"), Forms("копейка", "копейки", "копеек", "одна", "две")),
        "BGN": Units(Forms("лев", "лева", "левов"), Forms("стотинка", "стотинки", "стотинок", "одна", "две")),
        "USD": Units(Forms("доллар", "доллара", "долларов"), Forms("цент", "цента", "центов")),
        "KZT": Units(Forms("тенге", "тенге", "тенге"), Forms("тиын", "тиына", "тиынов")),
    },
}

NUMBER = re.compile(r"[\dA-Z+•\-\s]*\d[\dA-Z+•\-\s]*")
COVERED = re.compile(r"[•\s]*•[•\s]*")


def amount_aloud(minor: int, currency: str, language: str) -> str:
    """1550 EUR → "15 euro 50 cents". No digit is grouped: a voice would read each group by itself."""
    whole, part = divmod(minor, 10 ** exponent(currency))
    units = UNITS[language][currency]
    said = [units.whole.of(whole, language)] if whole or not part else []
    if part:
        said.append(units.part.of(part, language))
    return AND.get(language, " ").join(said)


def is_number(text: str) -> bool:
    """Whether `text` is a number or a code to be read sign by sign, and no word or amount."""
    return NUMBER.fullmatch(text) is not None


def spelt(text: str, say: Words) -> str:
    """Sign by sign; what is covered is named as such: "12 •••3" → "1, 2, covered, 3"."""
    told: list[str] = []
    for shown in re.split(f"({COVERED.pattern})", text):
        told += [say("covered")] if "•" in shown else [sign for sign in shown if not sign.isspace() and sign != "-"]
    return ", ".join(told)
