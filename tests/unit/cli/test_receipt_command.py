"""`kiosk receipt` as a technician and an operator use it."""

import pytest
from PIL import Image

from kiosk.cli import main as cli
from kiosk.domain.receipts import SlipKind
from kiosk.slips import verification
from kiosk.slips.samples import sample
from tests.support.slips import CONFIG


def kiosk(*words):
    return cli.main(["receipt", *map(str, words)])


def test_every_kind_is_listed_with_what_it_is_for(capsys):
    assert kiosk("kinds") == 0
    shown = capsys.readouterr().out
    assert all(any(line.startswith(kind) for line in shown.splitlines()) for kind in SlipKind)


def test_the_fields_of_a_kind_are_listed_with_what_they_are_and_which_must_be_told(capsys):
    assert kiosk("kinds", "collection") == 0
    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert ["boxes.notes", "notes", "must be told"] in lines
    assert ["bag", "figure", "must be told"] in lines
    assert ["new_box_id", "figure"] in lines


@pytest.mark.parametrize("suffix", [".png", ".txt", ".bin"])
def test_a_slip_is_drawn_written_or_encoded_by_the_ending_of_the_file(tmp_path, suffix, capsys):
    out = tmp_path / f"slip{suffix}"
    assert kiosk("render", "leftover", "--language", "ru", "--columns", "32", "--out", out) == 0
    assert str(out) in capsys.readouterr().out
    if suffix == ".png":
        with Image.open(out) as picture:
            assert picture.height > 500
    elif suffix == ".txt":
        text = out.read_text()
        assert "Квитанция" in text
        assert max(map(len, (line for line in text.splitlines() if "[QR" not in line))) <= 32
    else:
        assert out.read_bytes().startswith(b"\x1b@")


def test_a_copy_is_marked_and_a_profile_is_taken_by_its_name(tmp_path):
    out = tmp_path / "slip.txt"
    assert kiosk("render", "test_page", "--language", "bg", "--profile", "generic", "--copy", "--out", out) == 0
    assert "КОПИЕ" in out.read_text()


def test_everything_is_rendered_into_a_folder(tmp_path):
    assert kiosk("render", "--all", "--language", "en", "--columns", "42", "--out", tmp_path / "slips") == 0
    names = {file.name for file in (tmp_path / "slips").iterdir()}
    assert names == {f"{kind.value}-en-42{suffix}" for kind in SlipKind for suffix in (".png", ".txt")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("render", "leftover", "--out", "slip.gif"), ".png, .txt, .bin"),
        (("render", "--out", "slip.txt"), "give a KIND"),
        (("render", "leftover", "--all", "--out", "x"), "give a KIND"),
        (("render", "leftover", "--profile", "nobody", "--out", "slip.txt"), "nobody.toml"),
    ],
)
def test_wrong_options_are_explained(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert kiosk(*words) == cli.Exit.USAGE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_a_slip_of_any_width_comes_out_of_a_printer_of_that_width(tmp_path, columns):
    out = tmp_path / "slip.txt"
    assert kiosk("render", "payment_later", "--columns", columns, "--out", out) == 0
    lines = out.read_text().splitlines()
    assert "-" * columns in lines
    assert max(len(line) for line in lines if not line.startswith("[QR")) == columns


@pytest.mark.parametrize(
    "words", [("render", "lefover", "--out", "x.txt"), ("render", "leftover", "--columns", "20", "--out", "x.txt")]
)
def test_what_is_not_known_is_a_usage_error(words):
    with pytest.raises(SystemExit) as ended:
        kiosk(*words)
    assert ended.value.code == cli.Exit.USAGE


def test_a_file_that_cannot_be_written_is_a_failure(tmp_path, capsys):
    assert kiosk("render", "leftover", "--out", tmp_path / "none" / "slip.txt") == cli.Exit.FAILED
    assert "slip.txt" in capsys.readouterr().err


def test_check_says_that_all_is_right_or_names_every_fault(tmp_path, capsys):
    assert kiosk("check") == 0
    assert "14 slips in bg, ru, en: nothing wrong" in capsys.readouterr().out
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "leftover.toml").write_text(
        'elements = [ { pair = "Support", value = "support_fone" }, { cut = true } ]'
    )
    (tmp_path / "site.toml").write_text('[slips]\nown_templates = "own"\n')
    assert kiosk("check", "--config", CONFIG / "kiosk.toml", "--config", tmp_path / "site.toml") == cli.Exit.USAGE
    shown = capsys.readouterr().err
    assert "leftover has no field support_fone; did you mean support_phone?" in shown
    assert "leftover.toml: must tell the field claim_code" in shown


def test_a_scanned_code_is_explained_and_says_how_it_is_proved(capsys):
    assert kiosk("read", verification.write(sample(SlipKind.COLLECTION, "bg"))) == 0
    shown = capsys.readouterr().out
    for said in ("collection, number 117", "2026-11-18 11:06:40 UTC", "2140.00 EUR", "--anchor 4711:9f2e6d33a3717ee8"):
        assert said in shown
    data = sample(SlipKind.LEFTOVER, "bg")
    assert kiosk("read", data.claim_qr) == 0
    shown = capsys.readouterr().out
    assert f"--code {data.claim_code}" in shown
    assert "30.00 EUR" in shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KIOSKS1*PA",
        "KIOSKC1*0*0*EUR*0*x",
        "https://example.com",
        f"KIOSKS1*PA*0001*1*{10**15}*-*-*EUR:1*1*{16 * '0'}",
        f"KIOSKS1*PA*0001*1*1*-*-*XXX:1*1*{16 * '0'}",
    ],
)
def test_a_code_that_is_not_ours_is_a_failure(text, capsys):
    assert kiosk("read", text) == cli.Exit.FAILED
    assert capsys.readouterr().err.startswith("kiosk receipt read: ")
