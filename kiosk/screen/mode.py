"""How the screen is shown to this buyer: as it is for most, or large, high in contrast, within low reach, spoken. No Kivy.

Answers for: the shape, and that it is the screen's own business and one buyer's. Does not answer for: what it looks like
(`theme`, `look`), who turns it on (`glass`), the voice.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mode:
    """`large`: letters half as large again. `contrast`: black and white, bold edges. `low_reach`: everything to be touched stands
    in the lower part of the screen. `spoken`: what is shown is also said, and keys move a focus.
    """

    large: bool = False
    contrast: bool = False
    low_reach: bool = False
    spoken: bool = False


NORMAL = Mode()
ACCESSIBLE = Mode(large=True, contrast=True, low_reach=True)  #: what one touch on the fixed button turns on

MODES: Mapping[str, Mode] = {"normal": NORMAL, "accessible": ACCESSIBLE}  #: by the names people call them
