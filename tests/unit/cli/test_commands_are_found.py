import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.cli import main as cli


def test_the_overview_names_every_command_and_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(name in shown for name in cli.COMMANDS)
    assert "0 ok · 1 failed · 2 wrong options or configuration · 3 interrupted" in shown


def test_no_command_shows_the_overview_and_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == cli.Exit.USAGE
    assert "commands:" in capsys.readouterr().err


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["tell"])
    assert ended.value.code == cli.Exit.USAGE
    assert "tell" in capsys.readouterr().err


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    assert f"kiosk {name}" in capsys.readouterr().out


def test_the_money_process_never_loads_graphics() -> None:
    program = (
        "import sys; from kiosk.cli import main as cli\n"
        "try: cli.main(['till', '--help'])\n"
        "except SystemExit: pass\n"
        "assert 'kiosk.cli.till' in sys.modules\n"
        "print([name for name in sys.modules if name.startswith(('kivy', 'kiosk.screen', 'kiosk.aggregator'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_wrong_configuration_is_a_usage_error_with_all_faults_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text("[tell]\na = 1\n")
    assert cli.main(["till", "--config", str(file)]) == cli.Exit.USAGE
    shown = capsys.readouterr().err
    assert f"{file}: tell.a: unknown key" in shown
    assert f"{file}: acceptor.port: is missing" in shown


def test_a_reader_that_has_gone_is_no_fault_to_tell_of():
    reader, writer = os.pipe()
    os.close(reader)
    words = (sys.executable, "-m", "kiosk", "receipt", "kinds")
    ended = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (1, b"")
