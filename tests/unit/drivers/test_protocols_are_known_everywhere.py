from drivers.bill_acceptor.registry import PROTOCOLS
from drivers.bill_acceptor.twin_pty import TWINS
from kiosk import settings


def test_every_protocol_has_an_engine_a_twin_and_a_name_in_the_settings():
    assert list(PROTOCOLS) == list(TWINS) == list(settings.PROTOCOLS)
