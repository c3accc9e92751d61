"""Parameters as merchants send them: query and form together, in the encoding they say, under every name libraries use.

Answers for: bytes to text just once, names, parameters that come twice. Does not answer for: what parameters mean.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from kiosk.aggregator.errors import MerchantError, MerchantFault

FIELDS_MAX = 100
EXTRAS_CHARACTERS_MAX = 2048  #: documented for Shp_ parameters together; unverified

ENCODINGS: Mapping[str, str] = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "windows-1251": "cp1251",
    "windows1251": "cp1251",
    "cp1251": "cp1251",
}

NAMES = (
    "MerchantLogin", "OutSum", "InvId", "Description", "SignatureValue", "IncCurrLabel", "Email", "Culture", "Encoding",
    "ExpirationDate", "OutSumCurrency", "UserIp", "Receipt", "StepByStep", "ResultUrl2", "SuccessUrl2", "SuccessUrl2Method",
    "FailUrl2", "FailUrl2Method", "Recurring", "PreviousInvoiceID", "IsTest", "Language", "IncSum", "Signature",
)  # fmt: skip
#: Names are read in any letter case, as Robokassa's server does; these are older ones (aggregator protocols 1.1).
ALIASES: Mapping[str, str] = {name.lower(): name for name in NAMES} | {
    "mrchlogin": "MerchantLogin",
    "desc": "Description",
    "invdesc": "Description",
    "invoiceid": "InvId",
}


@dataclass(frozen=True, slots=True)
class Fields:
    """`values` by today's names, `extras` (Shp_) by the names they came under. `encoding`: of the bytes that were signed."""

    values: Mapping[str, str]
    extras: Mapping[str, str]
    encoding: str = "utf-8"

    def get(self, name: str) -> str:
        """A parameter, or an empty text."""
        return self.values.get(name, "")


def is_extra(name: str) -> bool:
    """Shp_, shp_, SHP_, and the older form without the underscore."""
    return name.lower().startswith("shp")


def read_urlencoded(query: bytes, form: bytes) -> Fields:
    """Query and form as they came over the wire. Raises MerchantError."""
    try:
        raw = [
            pair
            for part in (query, form)
            for pair in parse_qsl(
                part.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=FIELDS_MAX
            )
        ]
    except ValueError:
        message = f"send at most {FIELDS_MAX} parameters"
        raise MerchantError(MerchantFault.PARAMETERS_TOO_MANY, message) from None
    encoding = _encoding(raw)
    return read_pairs(((_text(name, encoding), _text(value, encoding)) for name, value in raw), encoding)


def _encoding(raw: list[tuple[str, str]]) -> str:
    """What the request says, else UTF-8 if all of it is that, else windows-1251, which is the documented default."""
    said = next((value for name, value in raw if name.lower() == "encoding" and value), "")
    if said:
        if said.lower() not in ENCODINGS:
            message = f"Encoding: {said[:20]!r} is not offered; send utf-8 or windows-1251"
            raise MerchantError(MerchantFault.ENCODING_UNKNOWN, message)
        return ENCODINGS[said.lower()]
    try:
        for pair in raw:
            for text in pair:
                text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8"


def _text(raw: str, encoding: str) -> str:
    try:
        return raw.encode("latin-1").decode(encoding)
    except UnicodeDecodeError:
        message = f"Encoding: a parameter is not {encoding}; send Encoding with the one you use"
        raise MerchantError(MerchantFault.ENCODING_WRONG, message) from None


def read_pairs(pairs: Iterable[tuple[str, str]], encoding: str = "utf-8") -> Fields:
    """Pairs that are text already. A parameter with two values is refused: nobody knows which one was signed."""
    values: dict[str, str] = {}
    extras: dict[str, str] = {}
    for name, value in pairs:
        into, key = (extras, name) if is_extra(name) else (values, ALIASES.get(name.lower(), name))
        if into.setdefault(key, value) != value:
            message = f"{key[:40]}: came twice with two values; send it once"
            raise MerchantError(MerchantFault.PARAMETER_TWICE, message)
    _ensure_extras_are_clear(extras)
    return Fields(values, extras, encoding)


def _ensure_extras_are_clear(extras: Mapping[str, str]) -> None:
    """The signed text `shp_a=1:shp_b=2` may be read in one way only: as two parameters, never as one."""
    for name, value in extras.items():
        if "=" in name or ":" in name:
            message = f"{name[:40]}: the name of a parameter has no ':' and no '='"
            raise MerchantError(MerchantFault.EXTRA_AMBIGUOUS, message)
        if ":shp" in f"{name}={value}".lower():
            message = f"{name[:40]}: a value may not contain ':shp'; encode its colon as %3A before you sign"
            raise MerchantError(MerchantFault.EXTRA_AMBIGUOUS, message)
    if sum(len(name) + len(value) + 2 for name, value in extras.items()) > EXTRAS_CHARACTERS_MAX:
        message = f"Shp_: names and values have at most {EXTRAS_CHARACTERS_MAX} characters together"
        raise MerchantError(MerchantFault.EXTRAS_TOO_LONG, message)
