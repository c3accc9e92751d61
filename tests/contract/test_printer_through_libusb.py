"""The driver through the real libusb: a slip and its answers against a recorded bus (umockdev), byte for byte.

Any OUT byte that differs from the script is answered with an I/O error, so this is a golden test of everything on the wire.
What umockdev does not play: timeouts, short transfers, plugs; the twin does.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEVICE = """\
P: /devices/printer
N: bus/usb/001/004=12010002000000401604115000010102030109022000010100C0010904000002070102000705020240000007058102400000
E: DEVNAME=/dev/bus/usb/001/004
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
E: BUSNUM=001
E: DEVNUM=004
E: PRODUCT=416/5011/100
E: MAJOR=189
E: MINOR=3
A: bConfigurationValue=1\\n
A: busnum=1\\n
A: devnum=4\\n
A: speed=12\\n
H: descriptors=12010002000000401604115000010102030109022000010100C0010904000002070102000705020240000007058102400000
"""
RESET, PAGE, WORD, LINE_FEED, CUT = "1B40", "1B7411", "8FE0A8A2A5E2", "0A", "1D564103"
JOB = "2A202020"
SLIP = f"{RESET}{PAGE}{WORD}{LINE_FEED}{CUT}1D284806003030{JOB}"
SCRIPT = Path(__file__).parents[1] / "support" / "print_one_slip.py"


def to_printer(data):
    return f"USBDEVFS_REAPURBNDELAY 0 3 2 0 0 {len(data) // 2} {len(data) // 2} 0 {data}"


def from_printer(data=""):
    """An answer; without one, an empty packet: umockdev cannot let a read run out of time."""
    return f"USBDEVFS_REAPURBNDELAY 0 3 129 0 0 64 {len(data) // 2} 0 {data}"


def recorded():
    """Four questions, each with old bytes read away around it, then the slip and the printer's word that it is done."""
    lines = ["@DEV /dev/bus/usb/001/004", "USBDEVFS_GET_CAPABILITIES 0 05000000", from_printer()]
    for number in (1, 2, 3, 4):
        lines += [to_printer(f"1004{number:02X}"), from_printer("12"), from_printer()]
    lines += [to_printer(SLIP), from_printer(f"3722{JOB}00")]
    return "\n".join(lines) + "\n"


def played(tmp_path, script):
    """What the driver told of its one slip, played against this script."""
    (tmp_path / "printer.umockdev").write_text(DEVICE)
    (tmp_path / "printer.ioctl").write_text(script)
    done = subprocess.run(
        [
            *("umockdev-run", "-d", tmp_path / "printer.umockdev"),
            *("-i", f"/dev/bus/usb/001/004={tmp_path / 'printer.ioctl'}"),
            *("--", sys.executable, SCRIPT),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture(autouse=True)
def _a_mocked_bus_can_be_had():
    if shutil.which("umockdev-run") is None:
        pytest.skip("umockdev is not installed")


def test_a_slip_goes_through_libusb_byte_for_byte_and_is_confirmed(tmp_path):
    assert played(tmp_path, recorded()) == {"outcome": "printed", "cause": ""}


def test_one_other_byte_on_the_wire_would_be_noticed(tmp_path):
    told = played(tmp_path, recorded().replace(PAGE, "1B7412"))
    assert told == {"outcome": "unknown", "cause": "usb_error"}
