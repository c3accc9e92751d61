"""What a person in front of the open cabinet does about each cause. English: the technician's tools translate if they want."""

from collections.abc import Mapping

from drivers.receipt_printer.interface import PaperState, PrinterFault, SlipFault

ADVICE: Mapping[str, str] = {
    PrinterFault.MISSING: "No printer with these USB ids is on the bus. Check its power switch and both ends of the USB cable; "
    "compare `lsusb` with vendor_id and product_id in [printer].",
    PrinterFault.DENIED: "The till has no right to open the USB device. Install the udev rule and check the till's group.",
    PrinterFault.BUSY: "Another program holds the printer. Stop it (CUPS, another till) and try again.",
    PrinterFault.NO_USB: "libusb-1.0 is not installed on this machine. Install the package libusb-1.0-0.",
    PrinterFault.USB_ERROR: "The USB bus failed. Replace the cable, avoid hubs, look into `dmesg`.",
    PrinterFault.SILENT: "The printer takes bytes and does not answer. Switch it off and on; if it stays silent, the profile's "
    "status dialect may not fit this model.",
    PrinterFault.GARBLED: "The printer answers with bytes that are no status. Check that the profile fits the model; "
    "switch it off and on.",
    PrinterFault.STALLED: "The printer takes no more bytes and names no reason. Look for an open cover or a blinking light; "
    "switch it off and on.",
    PrinterFault.STUCK: "The USB library has not come back from a call. Pull the cable and plug it in again; "
    "if that does not help, restart the till.",
    PrinterFault.OFFLINE: "The printer is offline and does not say why. Release its FEED button, close its cover, "
    "switch it off and on.",
    PrinterFault.COVER_OPEN: "The cover or the print head is open. Close it until it clicks.",
    PrinterFault.PAPER_END: "No paper. Put in a new roll, the printed side towards the head, and close the cover.",
    PaperState.NEAR_END: "The paper is near its end. It still prints; bring a new roll soon.",
    PrinterFault.CUTTER: "The cutter did not reach its place. Switch off, open the cover, remove paper from the blade, "
    "turn its wheel home, switch on.",
    PrinterFault.JAM: "Paper is jammed. Open the cover, remove every piece, check the paper path, close the cover.",
    PrinterFault.HEAD_HOT: "The print head is too hot. Wait some minutes; check the fan and the cabinet's ventilation.",
    PrinterFault.POWER: "The supply voltage is out of its limits. Measure the power supply at the printer's connector.",
    PrinterFault.PRESENTER: "The presenter failed. Remove paper from the mouth, check its rollers, switch off and on.",
    PrinterFault.RECOVERABLE: "The printer reports an error that clears by itself, mostly heat. Wait a minute and ask again.",
    PrinterFault.UNRECOVERABLE: "The printer reports a failure it cannot clear. Switch it off and on; if it comes back, "
    "replace the printer.",
    SlipFault.NOT_CONFIRMED: "Everything was sent and the printer never confirmed it. Look whether the slip came out; "
    "if it always happens, the profile's completion method does not fit this model.",
    SlipFault.CUT_SHORT: "The printer did not take the whole slip in time. What lies there is no slip.",
    SlipFault.NOT_STARTED: "An earlier call to the printer had not ended. The slip was not sent.",
    SlipFault.CLOSED: "The till was stopping. The slip was not sent.",
    SlipFault.LEFT_WAITING: "A forgotten slip still stands in the presenter. Take it out and check the retract bin.",
    SlipFault.QR_TOO_LARGE: "The slip's QR code does not fit on this paper. Lower [qr] size in the printer's profile.",
    SlipFault.PICTURE_TOO_WIDE: "The logo is wider than this printer's line. Make it at most `dots` wide (printer's profile).",
    SlipFault.PICTURE_BROKEN: "The logo's data does not fill its width and height. Make the logo file anew.",
    SlipFault.MISSING_GLYPH: "A character of the slip exists neither in the printer's code pages nor in the font; "
    "it was printed as *.",
}


def advice(cause: str) -> tuple[str, ...]:
    """What to do about a cause, a sentence for each of its words; nothing for words nobody knows."""
    return tuple(ADVICE[word] for word in cause.split(",") if word in ADVICE)
