"""What each finding says: what was done and seen, and what to do about it. English; the catalogues say it in other languages.

Answers for: one sentence for every code. Does not answer for: how grave a finding is (`kiosk.domain.findings`), translations
(`words`, `locale`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.domain.findings import FindingCode


@dataclass(frozen=True, slots=True)
class Said:
    """`next_step`: empty where nothing is to be done."""

    found: str
    next_step: str = ""


C = FindingCode

SENTENCES: Mapping[FindingCode, Said] = {
    C.CHECK_LATE: Said(
        "The check did not end within {seconds} s and was given up.",
        "Check this part again; if it stays so, restart the kiosk.",
    ),
    C.VISIT_UNDER_WAY: Said(
        "A visit is under way: the device was not asked.",
        "Wait until the buyer has finished and check again.",
    ),
    C.TILL_SILENT: Said(
        "The till may be running and does not answer: {cause}",
        "Run this as the till's user, or restart the till.",
    ),
    C.ACCEPTOR_ANSWERS: Said("The bill acceptor answers on its port."),
    C.ACCEPTOR_PORT_MISSING: Said(
        "The port {port} does not exist.",
        "Look whether the acceptor's cable or adapter is plugged in; compare [acceptor] port with /dev/serial/by-id.",
    ),
    C.ACCEPTOR_PORT_DENIED: Said(
        "The kiosk may not open the port {port}.",
        "Add the till's user to the group of the port (ls -l shows it).",
    ),
    C.ACCEPTOR_PORT_BUSY: Said(
        "Another program holds the port {port}.",
        "Stop the other program (a watcher, a second till) and check again.",
    ),
    C.ACCEPTOR_PORT_WRONG: Said(
        "The port {port} cannot be used: {cause}",
        "Set [acceptor] port to the acceptor's serial port.",
    ),
    C.ACCEPTOR_SILENT: Said(
        "Nobody answers on the port {port}, in no protocol and at no speed.",
        "Check the acceptor's power and its data cable.",
    ),
    C.ACCEPTOR_ECHO: Said(
        "Only our own bytes come back.",
        "Put the acceptor's head back on; look for a looped cable.",
    ),
    C.ACCEPTOR_GARBLED: Said(
        "Bytes come from the acceptor and none of them is an answer.",
        "Check protocol and speed on the unit's switches, then its cable and ground.",
    ),
    C.ACCEPTOR_OTHER_PROTOCOL: Said(
        "The unit speaks {found}; the kiosk is set to {configured}.",
        "Set [acceptor] protocol to {found}, or the unit's switches to {configured}.",
    ),
    C.ACCEPTOR_UNPLUGGED: Said(
        "The line to the acceptor broke: {cause}",
        "Plug the cable in at both ends; it is found again by itself.",
    ),
    C.ACCEPTOR_READY: Said("The unit reports no fault (state: {state})."),
    C.ACCEPTOR_STARTING: Said(
        "The unit is initialising.",
        "Wait half a minute and check again; if it goes on, look for paper in its path.",
    ),
    C.ACCEPTOR_BUSY: Said(
        "The unit is at work ({state}); it was not asked further.",
        "Check again when the note has gone where it goes.",
    ),
    C.ACCEPTOR_PAUSED: Said(
        "Two notes stand in the unit's mouth: it has paused.",
        "Take the second note out; it goes on by itself.",
    ),
    C.ACCEPTOR_NOTE_INSIDE: Said(
        "The unit lost power with a note inside.",
        "Start the till: it resets the unit and books the note where it goes.",
    ),
    C.ACCEPTOR_BOX_FULL: Said(
        "The cash box is full (code {code}).",
        "Collect the cash; put in an empty box.",
    ),
    C.ACCEPTOR_BOX_OUT: Said(
        "The cash box is not in place (code {code}).",
        "Push the cash box in until it locks.",
    ),
    C.ACCEPTOR_JAM: Said(
        "A note is jammed in the unit (code {code}).",
        "Open the head, take out every piece of paper, close it; never pull a note backwards.",
    ),
    C.ACCEPTOR_BOX_JAM: Said(
        "A note is jammed on its way into the cash box (code {code}).",
        "Take the box out with a collector present, clear its mouth, put it back.",
    ),
    C.ACCEPTOR_FAILED: Said(
        "The unit reports a failure of its own (code {code}).",
        "Switch its power off and on; if the same code comes back, replace the head.",
    ),
    C.ACCEPTOR_CHEATED: Said(
        "The unit suspects fraud.",
        "Look for strings or tape in the mouth; compare the box with the report at the next collection.",
    ),
    C.BOX_IN_PLACE: Said("The unit feels its cash box in place and not full."),
    C.BOX_UNKNOWN: Said(
        "Whether the cash box is in place is not known.",
        "Look at the box; check again when the unit answers.",
    ),
    C.NOTES_KNOWN: Said("The unit knows every note this kiosk takes: {notes} {currency}."),
    C.NOTES_MISSING: Said(
        "The unit does not know these notes of the kiosk: {notes} {currency}.",
        "Load the unit's firmware for {currency} with these notes, or take them out of denominations_minor.",
    ),
    C.NOTES_NONE: Said(
        "The unit knows no note of {currency}.",
        "Load the unit's firmware for {currency}.",
    ),
    C.NOTES_UNTOLD: Said(
        "Which notes the unit knows was not told.",
        "Check again when the unit answers and is at rest.",
    ),
    C.REJECTS_FEW: Said("The unit refused {rejected} of the last notes and took {taken} ({percent} %)."),
    C.REJECTS_MANY: Said(
        "The unit refuses many notes: {rejected} against {taken} taken ({percent} %).",
        "Clean its sensors and rollers with a dry cloth.",
    ),
    C.REJECTS_MOST: Said(
        "The unit refuses far too many notes: {rejected} against {taken} taken ({percent} %).",
        "Clean its sensors; if it stays so, update its firmware or replace the head.",
    ),
    C.REJECTS_UNCOUNTED: Said("Too few notes were tried to judge how many are refused: {notes}, wanted are {least}."),
    C.PRINTER_READY: Said("The printer was asked and reports no fault."),
    C.PRINTER_MISSING: Said(
        "No printer with the USB ids {usb} is on the bus.",
        "Check its power switch and both ends of the USB cable; compare lsusb with [printer].",
    ),
    C.PRINTER_DENIED: Said(
        "The kiosk may not open the printer.",
        "Install the udev rule and check the till's group.",
    ),
    C.PRINTER_BUSY: Said(
        "Another program holds the printer.",
        "Stop the other program (CUPS, a second till) and check again.",
    ),
    C.PRINTER_NO_USB: Said(
        "The USB library is not installed on this machine.",
        "Install the package libusb-1.0-0.",
    ),
    C.PRINTER_USB_ERROR: Said(
        "The USB line to the printer failed.",
        "Replace the cable, avoid hubs, look into dmesg.",
    ),
    C.PRINTER_SILENT: Said(
        "The printer takes questions and does not answer.",
        "Switch it off and on; if it stays silent, the profile may not fit this model.",
    ),
    C.PRINTER_GARBLED: Said(
        "The printer answers with bytes that are no status.",
        "Check that the profile fits the model; switch the printer off and on.",
    ),
    C.PRINTER_STALLED: Said(
        "The printer takes no bytes and names no reason.",
        "Look for an open cover or a blinking light; switch it off and on.",
    ),
    C.PRINTER_STUCK: Said(
        "The USB library has not come back from a call to the printer.",
        "Pull the printer's cable and plug it in again; if that does not help, restart the till.",
    ),
    C.PRINTER_OFFLINE: Said(
        "The printer is offline and does not say why.",
        "Release its FEED button, close its cover, switch it off and on.",
    ),
    C.PRINTER_COVER_OPEN: Said(
        "The printer's cover or head is open.",
        "Close it until it clicks.",
    ),
    C.PRINTER_PAPER_END: Said(
        "The printer has no paper.",
        "Put in a new roll, the printed side towards the head, and close the cover.",
    ),
    C.PRINTER_CUTTER: Said(
        "The cutter did not reach its place.",
        "Switch off, open the cover, free the blade, turn its wheel home, switch on.",
    ),
    C.PRINTER_JAM: Said(
        "Paper is jammed in the printer.",
        "Open the cover, remove every piece, check the paper path, close it.",
    ),
    C.PRINTER_HEAD_HOT: Said(
        "The print head is too hot.",
        "Wait some minutes; check the fan and the cabinet's ventilation.",
    ),
    C.PRINTER_POWER: Said(
        "The printer's supply voltage is out of its limits.",
        "Measure the power supply at the printer's connector.",
    ),
    C.PRINTER_PRESENTER: Said(
        "The presenter failed.",
        "Remove paper from the mouth, check its rollers, switch off and on.",
    ),
    C.PRINTER_RECOVERABLE: Said(
        "The printer reports an error that clears by itself.",
        "Wait a minute and check again; mostly it is heat.",
    ),
    C.PRINTER_UNRECOVERABLE: Said(
        "The printer reports a failure it cannot clear.",
        "Switch it off and on; if it comes back, replace the printer.",
    ),
    C.PAPER_ENOUGH: Said("The printer sees enough paper."),
    C.PAPER_NEAR_END: Said(
        "The paper is near its end; it still prints.",
        "Put in a new roll soon.",
    ),
    C.PAPER_UNTOLD: Said(
        "How much paper there is was not told.",
        "Look at the roll.",
    ),
    C.SLIP_WAITING: Said(
        "A slip stands in the presenter.",
        "Take it out and look into the retract bin.",
    ),
    C.PROFILE_FITS: Said("The profile {profile} is of a printer with these USB ids."),
    C.PROFILE_DIFFERS: Said(
        "The profile {profile} is of another printer than the USB ids {usb}.",
        "Choose the profile of this model in config/printers, or correct vendor_id and product_id.",
    ),
    C.PROFILE_UNPROVEN: Said(
        "The profile {profile} names no USB ids: whether it fits this model is not known.",
        "Print a test slip and look at it.",
    ),
    C.PROFILE_UNUSABLE: Said(
        "The printer's profile cannot be used: {cause}",
        "Mend the file that [printer] profile names.",
    ),
    C.LINK_UP: Said("The network interface {interface} has a link."),
    C.LINK_DOWN: Said(
        "No network interface has a link.",
        "Plug the network cable in, or look at the modem and its SIM card.",
    ),
    C.ROUTE_THERE: Said("There is a way to the aggregator, by {interface}."),
    C.ROUTE_MISSING: Said(
        "The machine knows no way to the aggregator: it has no address or no gateway.",
        "Look at the router and at the address settings (ip route).",
    ),
    C.NAME_RESOLVED: Said("The name {host} leads to {address}."),
    C.NAME_UNKNOWN: Said(
        "The name {host} was not found: {cause}",
        "Check [aggregator] url; if other names fail too, the name servers (resolvectl).",
    ),
    C.NAME_LATE: Said(
        "No name server answered for {host} in time.",
        "Check the router and the name servers (resolvectl).",
    ),
    C.TCP_CONNECTED: Said("The aggregator's port at {address} is open ({ms} ms)."),
    C.TCP_REFUSED: Said(
        "The machine at {address} answers, and nobody listens on that port.",
        "Check the port in [aggregator] url; ask the aggregator's operator whether it runs.",
    ),
    C.TCP_SILENT: Said(
        "Nothing came back from {address}.",
        "Look for a firewall between here and there; try another way to the Internet.",
    ),
    C.TCP_UNREACHABLE: Said(
        "No way leads to {address}: {cause}",
        "Look at the router; it has no way there itself.",
    ),
    C.TLS_STANDS: Said("The aggregator proved who it is ({version}, certificate until {until})."),
    C.TLS_FAILED: Said(
        "No encrypted line came about: {cause}",
        "Check that [aggregator] url is the aggregator's own port; a proxy in between must not open the line.",
    ),
    C.SERVER_CERTIFICATE_EXPIRED: Said(
        "The aggregator's certificate ended on {until}.",
        "Compare the kiosk's clock first; then the aggregator's operator must renew it.",
    ),
    C.SERVER_CERTIFICATE_EARLY: Said(
        "The aggregator's certificate begins only on {since}.",
        "The kiosk's clock is most likely behind: set it.",
    ),
    C.SERVER_CERTIFICATE_UNKNOWN: Said(
        "Nobody we trust vouches for the aggregator's certificate (issued by {issuer}).",
        "Compare [aggregator] ca_file with the aggregator's authority; do not go on if they differ without a reason.",
    ),
    C.SERVER_CERTIFICATE_NAME: Said(
        "The aggregator's certificate is not for the name {host}.",
        "Write the name into [aggregator] url that the certificate is for.",
    ),
    C.SERVER_CERTIFICATE_WRONG: Said(
        "The aggregator's certificate was refused: {cause}",
        "Ask the aggregator's operator; do not go on.",
    ),
    C.SERVER_CERTIFICATE_ENDS: Said(
        "The aggregator's certificate ends in {days} days.",
        "Tell the aggregator's operator.",
    ),
    C.SERVER_KEY_NOT_PINNED: Said(
        "The aggregator's key {pin} is none of those that are pinned.",
        "Somebody may be in between: ask the operator for the key by another way before you change pins.",
    ),
    C.OUR_CERTIFICATE_GOOD: Said("The kiosk's own certificate is good until {until}."),
    C.OUR_CERTIFICATE_ENDS: Said(
        "The kiosk's own certificate ends in {days} days.",
        "Pair the kiosk anew (kiosk pair) before that.",
    ),
    C.OUR_CERTIFICATE_EXPIRED: Said(
        "The kiosk's own certificate ended on {until}.",
        "Compare the clock; then pair the kiosk anew (kiosk pair).",
    ),
    C.OUR_CERTIFICATE_EARLY: Said(
        "The kiosk's own certificate begins only on {since}.",
        "The kiosk's clock is most likely behind: set it.",
    ),
    C.OUR_CERTIFICATE_UNUSABLE: Said(
        "The kiosk's own key or certificate cannot be used: {cause}",
        "Check the files in [aggregator] and who may read them; pair the kiosk anew if they are lost.",
    ),
    C.OUR_CERTIFICATE_OTHERS: Said(
        "The certificate is of terminal {named}; this kiosk is {number}.",
        "Put this kiosk's own certificate in place, or correct [terminal] number.",
    ),
    C.OUR_CERTIFICATE_REFUSED: Said(
        "The aggregator does not take the kiosk's certificate: {cause}",
        "Ask the aggregator's operator whether this terminal is known and not blocked; pair it anew.",
    ),
    C.CREDENTIALS_REFUSED: Said(
        "The aggregator knows us and refuses us (HTTP {status}).",
        "Ask the aggregator's operator whether this terminal is blocked; check user and secret_file where the dialect has them.",
    ),
    C.SERVER_ANSWERS: Said("The aggregator answers ({ms} ms)."),
    C.SERVER_SLOW: Said(
        "The aggregator answers slowly ({ms} ms).",
        "Look at the signal of the modem and who else uses the line.",
    ),
    C.SERVER_ODD: Said(
        "The aggregator's answer cannot be used: {cause}",
        "Ask the aggregator's operator; check that url leads to its API and dialect is right.",
    ),
    C.JOURNAL_WHOLE: Said("The last {rows} rows of the journal were read, and chain and seals hold."),
    C.JOURNAL_NONE: Said(
        "There is no journal at {path} yet.",
        "Start the till once; if it ran before, find out where the journal went.",
    ),
    C.JOURNAL_BUSY: Said(
        "Another process has the journal open and cannot be asked.",
        "Ask the running till, or stop that process.",
    ),
    C.JOURNAL_BROKEN: Said(
        "The journal does not hold: {cause}",
        "Stop the till, keep the file as it is, call support; verify with kiosk journal verify.",
    ),
    C.BOOKS_BALANCE: Said("Debits equal credits."),
    C.BOOKS_DIFFER: Said(
        "The books do not balance: {cause}",
        "Stop the till and call support; take no money.",
    ),
    C.CHECKPOINT_FRESH: Said("A start reads {rows} rows after the newest checkpoint."),
    C.CHECKPOINT_OLD: Said(
        "The newest checkpoint is {rows} rows back: a start takes longer.",
        "Let the kiosk stand idle for a minute; a checkpoint is made between visits.",
    ),
    C.CHECKPOINT_NONE: Said("There is no checkpoint yet, after {rows} rows."),
    C.CHECKPOINT_WRONG: Said(
        "The newest checkpoint is not used: {cause}",
        "Verify the journal (kiosk journal verify); a start reads every row meanwhile.",
    ),
    C.OUTBOX_EMPTY: Said("Nothing waits to be sent."),
    C.OUTBOX_WAITS: Said(
        "{count} messages wait to be sent, the oldest for {minutes} min.",
        "They go by themselves when the network is well; look at the network.",
    ),
    C.OUTBOX_OLD: Said(
        "{count} messages wait to be sent, the oldest for {hours} h.",
        "Mend the network; if it is well, ask the aggregator's operator why they are not taken.",
    ),
    C.ACCEPTANCE_ON: Said("Nothing but the devices keeps notes from being taken."),
    C.ACCEPTANCE_LATCHED: Said(
        "Notes are not taken since a fault: {cause}",
        "Mend the cause, then resume acceptance in the service menu.",
    ),
    C.DISK_ROOMY: Said("{free_mb} MB are free on the journal's disk."),
    C.DISK_LOW: Said(
        "Only {free_mb} MB are free on the journal's disk.",
        "Remove old logs and copies before it fills up.",
    ),
    C.DISK_FULL: Said(
        "The journal's disk is full: {free_mb} MB free, {reserve_mb} MB are wanted. No session begins.",
        "Remove old logs and copies; the kiosk opens by itself.",
    ),
    C.DISK_FOLDER_MISSING: Said(
        "The journal's folder {path} does not exist.",
        "Mount the disk, or make the folder for the till's user.",
    ),
    C.DISK_DENIED: Said(
        "The kiosk may not write into {path}.",
        "Give the folder to the till's user; run this as that user.",
    ),
    C.DISK_READ_ONLY: Said(
        "The disk of {path} is read-only.",
        "Look into dmesg: a disk with errors is often mounted so. Replace it before it is lost.",
    ),
    C.DISK_WRITES: Said("A few bytes were written and were safely on disk after {ms} ms."),
    C.DISK_SLOW: Said(
        "Writing a few bytes took {ms} ms.",
        "A worn card or a busy disk: look at what else writes; replace the card soon.",
    ),
    C.DISK_FAILED: Said(
        "The disk does not take a write: {cause}",
        "Replace the disk; keep the old one, the journal is on it.",
    ),
    C.DISK_WEAR_UNKNOWN: Said(
        "The disk's own account of its wear was not read.",
        "smartctl -a tells it, with the rights of the administrator.",
    ),
    C.CLOCK_SYNCHRONISED: Said("The system's clock is kept by a time server."),
    C.CLOCK_FREE: Said(
        "No time server keeps the system's clock.",
        "Switch on systemd-timesyncd or chrony, and let NTP through (UDP 123).",
    ),
    C.CLOCK_UNTOLD: Said("Whether a time server keeps the clock could not be asked: {cause}"),
    C.CLOCK_PLAUSIBLE: Said("The clock says {now} (UTC), later than this program was made."),
    C.CLOCK_PAST: Said(
        "The clock says {now} (UTC), and this program was made on {built}.",
        "Set the clock; if it falls back at every start, replace the battery on the board.",
    ),
    C.CLOCK_AGREES: Said("The clock differs from the aggregator's by {seconds} s."),
    C.CLOCK_DIFFERS: Said(
        "The clock differs from the aggregator's by {seconds} s.",
        "Let a time server keep the clock; look at which of the two is wrong.",
    ),
    C.CLOCK_UNCOMPARED: Said(
        "The clock was not compared with the aggregator's.",
        "Check again when the network is well.",
    ),
    C.SCREEN_CONNECTED: Said("The screen is connected to the till."),
    C.SCREEN_AWAY: Said(
        "No screen is connected to the till.",
        "Restart the screen; look into its log (journalctl -u kiosk-screen).",
    ),
    C.SCREEN_UNKNOWN: Said(
        "No till is running: nobody knows of a screen.",
        "Start the till and the screen.",
    ),
    C.TOUCH_GOOD: Said("All {fields} fields of the touch picture were reached."),
    C.TOUCH_MISSES: Said(
        "{missed} of {fields} fields of the touch picture were not reached.",
        "Clean the glass and its edge; calibrate, or replace the touch panel.",
    ),
    C.TOUCH_UNTESTED: Said(
        "The touch picture was never gone through.",
        "Go through it in the service menu.",
    ),
}
