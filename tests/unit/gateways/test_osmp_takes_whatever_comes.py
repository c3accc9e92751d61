"""Random bytes and random parts of the dialect: an answer or none, and success only where id and sum are named."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.gateways import port
from kiosk.gateways.osmp.answers import read
from kiosk.gateways.osmp.codes import CODES
from kiosk.gateways.osmp.frozen import Sent
from kiosk.gateways.osmp.outcomes import outcome
from kiosk.gateways.wire import Answer, AnswerError

WIRE_ID = "100000000100001"


def _xml(*parts):
    return f'<?xml version="1.0" encoding="UTF-8"?><response>{"".join(parts)}</response>'.encode()


TAGS = st.sampled_from(["result", "osmp_txn_id", "txn_id", "sum", "prv_txn", "comment", "fields", "field1", "response"])
TEXTS = st.sampled_from(
    ["", "0", "1", WIRE_ID, "70.00", " 0 ", "²", "9" * 5000, "&amp;", "<result>0</result>", "<", "ж"]
)
PARTS = st.lists(st.tuples(TAGS, TEXTS), max_size=8).map(
    lambda parts: _xml(*(f"<{tag}>{text}</{tag}>" for tag, text in parts))
)
HEADERS = st.sampled_from(["text/xml", "text/xml; charset=utf-8", "text/xml; charset=windows-1251", "x; charset=\x00"])


@given(st.binary(max_size=200) | PARTS, HEADERS)
def test_whatever_comes_is_an_answer_or_none_and_success_names_id_and_sum(body, content_type):
    try:
        told = read(Answer(200, body, {"Content-Type": content_type}))
    except AnswerError:
        return
    answer = outcome(told, Sent(WIRE_ID, 7000, "RUB"), CODES, whole=True)
    if isinstance(answer, port.Accepted):
        assert (told.result, told.txn_id, told.sum) == (0, WIRE_ID, "70.00")
