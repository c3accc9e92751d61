"""Every error of pyusb has a word of ours, and only those before the first byte say that nothing was sent."""

import errno

import pytest
import usb.backend
import usb.core

from drivers.receipt_printer.advice import ADVICE, advice
from drivers.receipt_printer.interface import PaperState, PrinterFault, SlipFault
from drivers.receipt_printer.usb_line import ERRNOS, UNTOUCHED, PrinterGoneError, UsbLine, device_finder, mapped
from tests.support.printers import InProcess

LIBUSB = [errno.EIO, errno.EINVAL, errno.EACCES, errno.ENODEV, errno.ENOENT, errno.EBUSY, errno.EOVERFLOW]
LIBUSB += [errno.EPIPE, errno.EINTR, errno.ENOMEM, errno.ENOSYS, None]


@pytest.mark.parametrize("number", LIBUSB)
def test_every_errno_of_libusb_has_a_word(number):
    fault = mapped(usb.core.USBError("x", None, number)).fault
    assert fault is ERRNOS.get(number, PrinterFault.USB_ERROR)
    assert fault in {PrinterFault.MISSING, PrinterFault.DENIED, PrinterFault.BUSY, PrinterFault.USB_ERROR}


@pytest.mark.parametrize("number", LIBUSB)
def test_only_errors_before_the_first_byte_are_untouched(number):
    assert mapped(usb.core.USBError("x", None, number)).untouched is (number in UNTOUCHED)
    assert errno.ENODEV not in UNTOUCHED
    assert errno.EIO not in UNTOUCHED


def test_every_cause_tells_a_technician_what_to_do():
    words = [*PrinterFault, *SlipFault, PaperState.NEAR_END]
    assert set(ADVICE) == set(words)
    assert all(text.endswith(".") and len(text) > 40 for text in ADVICE.values())
    assert len(advice("cover_open,paper_end")) == 2
    assert advice("") == advice("nonsense") == ()


def test_a_machine_without_libusb_is_told_apart():
    def find():
        raise usb.core.NoBackendError("No backend available")

    with pytest.raises(PrinterGoneError) as error:
        UsbLine(find).open()
    assert error.value.fault is PrinterFault.NO_USB


def test_a_device_with_no_configuration_gets_one():
    rig = InProcess()
    configured = []
    rig.backend.get_configuration = lambda _token: 1 if configured else 0
    rig.backend.set_configuration = lambda _token, value: configured.append(value)
    line = UsbLine(device_finder(0x0416, 0x5011, rig.backend))
    line.open()
    assert configured == [1]
    assert line.port_status() == 0x18
    line.close()
    line.close()
    assert not line.is_open


@pytest.mark.parametrize("error", [NotImplementedError(), usb.core.USBError("stall", -9, errno.EPIPE)])
def test_a_printer_without_a_request_is_not_a_broken_one(error):
    rig = InProcess()
    line = UsbLine(device_finder(0x0416, 0x5011, rig.backend))
    line.open()

    def refuse(*_arguments):
        raise error

    rig.backend.ctrl_transfer = refuse
    assert line.port_status() is None
    line.soft_reset()
    assert line.names()["device_id"] == ""
    line.close()


def test_a_kernel_without_drivers_to_ask_about_is_no_trouble():
    rig = InProcess()
    rig.usb._kernel_driver = False
    rig.backend.is_kernel_driver_active = usb.backend.IBackend.is_kernel_driver_active.__get__(rig.backend)
    line = UsbLine(device_finder(0x0416, 0x5011, rig.backend))
    line.open()
    assert line.is_open
    line.close()
