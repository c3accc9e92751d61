"""The last lines of the log fit into a snapshot, whatever was logged."""

import logging

from kiosk.till.log_ring import BYTES_MAX, LINE_CHARACTERS_MAX, LINES_MAX, LogRing

log = logging.getLogger("kiosk.test")


def test_the_last_lines_are_kept_in_their_order():
    ring = LogRing()
    with ring.listening():
        for number in range(LINES_MAX + 5):
            log.warning("line %d", number)
    log.warning("afterwards")
    lines = ring.lines()
    assert len(lines) == LINES_MAX
    assert lines[0].endswith("line 5")
    assert lines[-1].endswith(f"line {LINES_MAX + 4}")


def test_long_lines_are_cut_and_few_enough_for_a_frame():
    ring = LogRing()
    with ring.listening():
        for _ in range(LINES_MAX):
            log.warning('ж"\\%s', "ж\n" * 500)
    lines = ring.lines()
    assert all(len(line) == LINE_CHARACTERS_MAX and "\n" not in line for line in lines)
    assert sum(len(line.encode()) for line in lines) < BYTES_MAX
    assert len(lines) > 50
