"""What the twin can be: code pages, QR numbers, cutter, presenter and status of each model.

Answers for: tables of its own, from the manuals, so that a wrong number in config/printers shows on the twin's paper. What no
manual said is the same guess the profile makes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

EPSON_PAGES: Mapping[int, str] = {
    0: "cp437",
    2: "cp850",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    34: "cp855",
    44: "cp1125",
    46: "cp1251",
}
VKP80_PAGES: Mapping[int, str] = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
}
EPSON_ECC: Mapping[int, str] = {0x30: "L", 0x31: "M", 0x32: "Q", 0x33: "H"}
VKP80III_ECC: Mapping[int, str] = {0x31: "L", 0x32: "M", 0x33: "Q", 0x34: "H"}

GS_V, ESC_I, ESC_M = b"\x1dV", b"\x1bi", b"\x1bm"
GS_E, FS_P, GS_R, ESC_R = b"\x1de", b"\x1cP", b"\x1dR", b"\x1br"


@dataclass(frozen=True, slots=True)
class TwinModel:
    """`commands`: what it knows beyond the common set. `status`: epson, citizen, custom, or none but the port's.

    `speed_mm_s` 0: prints at once. `presenter`: none; cut: the cut presents; order: the host says when.
    """

    name: str
    columns: int = 42
    dots: int = 512
    pages: Mapping[int, str] = field(default_factory=lambda: EPSON_PAGES)
    qr_ecc: Mapping[int, str] = field(default_factory=dict)
    status: str = "epson"
    answers_gs_h: bool = False
    answers_gs_r: bool = True
    commands: frozenset[bytes] = frozenset({GS_V})
    presenter: str = "none"
    buffer_bytes: int = 4096
    speed_mm_s: float = 0.0
    manufacturer: str = "TWIN"

    @property
    def device_id(self) -> str:
        """IEEE 1284, as printers give it on request."""
        return f"MFG:{self.manufacturer};CMD:ESC/POS;MDL:{self.name};CLS:PRINTER;"


#: For looking at slips of any profile with Epson's numbers: the widest paper, every command, no presenter.
ANY = TwinModel(
    "any",
    columns=48,
    dots=576,
    qr_ecc=EPSON_ECC,
    answers_gs_h=True,
    commands=frozenset({GS_V, ESC_I, ESC_M, GS_E, FS_P, GS_R, ESC_R}),
)

#: By the name of the profile's file.
MODELS: Mapping[str, TwinModel] = {
    "generic": TwinModel("generic", qr_ecc=EPSON_ECC, answers_gs_h=True),
    "generic_58": TwinModel("generic_58", columns=32, dots=384),
    "xprinter": TwinModel("xprinter", columns=48, dots=576, qr_ecc=EPSON_ECC, answers_gs_h=True),
    "custom_vkp80ii": TwinModel(
        "custom_vkp80ii",
        columns=48,
        dots=576,
        pages=VKP80_PAGES,
        status="custom",
        commands=frozenset({ESC_I, GS_E}),
        presenter="order",
    ),
    "custom_vkp80iii": TwinModel(
        "custom_vkp80iii",
        columns=48,
        dots=576,
        pages=VKP80_PAGES,
        qr_ecc=VKP80III_ECC,
        status="custom",
        commands=frozenset({FS_P}),
        presenter="order",
    ),
    "citizen_ppu700": TwinModel(
        "citizen_ppu700", columns=48, dots=576, status="citizen", commands=frozenset({GS_V, GS_R}), presenter="cut"
    ),
    "nippon_np2511": TwinModel(
        "nippon_np2511",
        columns=32,
        dots=384,
        pages={0: "cp437", 4: "cp1251"},
        status="none",
        answers_gs_r=False,
        commands=frozenset({ESC_I, ESC_M, ESC_R}),
        presenter="cut",
    ),
    "nippon_np3511": TwinModel(
        "nippon_np3511",
        columns=48,
        dots=576,
        pages={0: "cp437", 4: "cp1251"},
        status="none",
        answers_gs_r=False,
        commands=frozenset({ESC_I, ESC_M, ESC_R}),
        presenter="cut",
    ),
}
