"""Real sockets and real TLS on loopback: every rung broken in turn, and named."""

import asyncio
import socket
import ssl
import threading
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.aggregator.tls import make_demo_authority
from kiosk.diagnosis.network import FarEnd, Ladder
from kiosk.diagnosis.network_eyes import REAL_EYES, Eyes
from kiosk.domain.findings import FactCode, FindingCode, verdict_of, worst
from kiosk.domain.receipts import Verdict
from kiosk.gateways import port
from tests.support.aggregator import installation
from tests.support.certificates import DAY, pin_in, server_certificate

C = FindingCode
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    make_demo_authority(folder, ["0001", "0002"])
    return folder


async def well():
    return port.Healthy(live=False, skew_s=2.0)


@asynccontextmanager
async def server(folder, authority, *, wants_certificate=False, minimum=ssl.TLSVersion.TLSv1_3):
    """A TLS server that says nothing, with the certificate in `folder`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = minimum
    context.maximum_version = max(minimum, ssl.TLSVersion.TLSv1_2) if minimum < ssl.TLSVersion.TLSv1_3 else minimum
    context.load_cert_chain(folder / "aggregator.pem", folder / "aggregator.key")
    if wants_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority / "ca.pem")

    async def listen(reader, writer):
        try:
            await reader.read(100)
        except OSError:
            pass
        finally:
            writer.close()

    serving = await asyncio.start_server(listen, "127.0.0.1", 0, ssl=context)
    try:
        yield serving.sockets[0].getsockname()[1]
    finally:
        serving.close()
        await asyncio.sleep(0)


def far_end(authority, url, **changes):
    mine = authority / "terminal-0001"
    plain = FarEnd(
        url,
        authority / "ca.pem",
        mine.with_suffix(".pem"),
        mine.with_suffix(".key"),
        (),
        ssl.TLSVersion.TLSv1_3,
        "0001",
    )
    return replace(plain, **changes)


def climb(far, health=well, now=NOW, eyes=REAL_EYES, rung_s=2.0):
    return Ladder(far, health, now, eyes, rung_s).climb()


def codes(climbed):
    return [found.code for found in climbed.findings]


def against(authority, folder, *, far=None, health=well, now=NOW, **serving):
    """The climb to a server with the certificate of `folder`."""

    async def story():
        async with server(folder, authority, **serving) as at:
            return await climb(far_end(authority, f"https://127.0.0.1:{at}", **(far or {})), health, now)

    return asyncio.run(story())


# --- whole --------------------------------------------------------------------------------------------------------


def test_the_whole_ladder_is_climbed_to_a_real_aggregator(tmp_path):
    async def story():
        async with installation(tmp_path) as here:
            gateway = here.gateway()
            try:
                return await climb(far_end(here.tls, here.url), gateway.health)
            finally:
                await gateway.close()

    climbed = asyncio.run(story())
    assert codes(climbed) == [
        C.LINK_UP,
        C.ROUTE_THERE,
        C.TCP_CONNECTED,
        C.OUR_CERTIFICATE_GOOD,
        C.TLS_STANDS,
        C.SERVER_ANSWERS,
    ]
    assert abs(climbed.skew_s) < 60
    assert climbed.facts[FactCode.INTERFACE] == "lo"
    assert {FactCode.ADDRESS, FactCode.SERVER_CERTIFICATE_UNTIL, FactCode.ROUND_TRIP_MS} <= set(climbed.facts)


def test_a_terminal_the_aggregator_refuses_learns_that_its_credentials_are_the_cause(tmp_path):
    """Certificate of a terminal nobody registered: the connection stands, the terminal API says no."""

    async def story():
        async with installation(tmp_path) as here:
            mine = here.tls / "terminal-0666"
            files = {"certificate_file": mine.with_suffix(".pem"), "key_file": mine.with_suffix(".key")}
            gateway = here.gateway("0666")
            try:
                return await climb(far_end(here.tls, here.url, number="0666", **files), gateway.health)
            finally:
                await gateway.close()

    assert codes(asyncio.run(story()))[-1] is C.CREDENTIALS_REFUSED


# --- the lower rungs ----------------------------------------------------------------------------------------------


def eyes(*, links=None, ways=(), resolve=lambda host, at: ["127.0.0.1"]):
    return Eyes(lambda: links or {"eth0": True}, lambda address, at: "eth0" if address in ways else "", resolve)


def unknown(host, at):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def no_server(host, at):
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (eyes(links={"eth0": False, "wlan0": False}), C.LINK_DOWN),
        (eyes(), C.ROUTE_MISSING),
        (eyes(resolve=no_server), C.ROUTE_MISSING),
        (eyes(resolve=unknown, ways={"192.0.2.1"}), C.NAME_UNKNOWN),
        (eyes(resolve=no_server, ways={"192.0.2.1"}), C.NAME_LATE),
        (eyes(resolve=lambda host, at: [], ways={"2001:db8::1"}), C.NAME_UNKNOWN),
    ],
    ids=["no link", "no way to it", "no way at all", "no such name", "no name server", "a name without address"],
)
def test_the_machines_own_network_is_told_from_names(authority, seen, code):
    climbed = asyncio.run(climb(far_end(authority, "https://aggregator.example:8443"), eyes=seen))
    assert codes(climbed)[-1] is code
    assert worst(f.verdict for f in climbed.findings) is Verdict.BAD


def test_a_name_server_that_never_answers_holds_up_neither_the_climb_nor_the_end(authority):
    asked = []

    def never(host, at):
        gate = threading.Event()
        asked.append(gate)
        gate.wait(20)
        return ["127.0.0.1"]

    far = far_end(authority, "https://aggregator.example:8443")
    climbed = asyncio.run(climb(far, eyes=eyes(resolve=never, ways={"192.0.2.1"}), rung_s=0.05))
    asked[0].set()
    assert codes(climbed)[-1] is C.NAME_LATE


def test_a_name_leads_to_its_address(authority):
    async def story():
        async with server(authority, authority) as at:
            seen = eyes(ways={"127.0.0.1"})
            return await climb(far_end(authority, f"https://aggregator.example:{at}"), eyes=seen)

    climbed = asyncio.run(story())
    assert codes(climbed)[:4] == [C.LINK_UP, C.ROUTE_THERE, C.NAME_RESOLVED, C.TCP_CONNECTED]
    assert codes(climbed)[-1] is C.SERVER_CERTIFICATE_NAME


# --- the port -----------------------------------------------------------------------------------------------------


def test_a_port_nobody_listens_on_is_refused(authority):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        at = free.getsockname()[1]
    climbed = asyncio.run(climb(far_end(authority, f"https://127.0.0.1:{at}")))
    assert codes(climbed)[-1] is C.TCP_REFUSED


def test_a_far_end_that_drops_what_is_sent_is_silent(authority):
    """A full backlog: the kernel drops the next SYN, as a firewall would."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        at = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        try:
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", at))
            climbed = asyncio.run(climb(far_end(authority, f"https://127.0.0.1:{at}"), rung_s=0.3))
        finally:
            for one in waiting:
                one.close()
    assert codes(climbed)[-1] is C.TCP_SILENT


# --- TLS ----------------------------------------------------------------------------------------------------------


def other_authority(folder):
    make_demo_authority(folder, ["0001"])
    return folder


def plain_text_server():
    async def listen(reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    return asyncio.start_server(listen, "127.0.0.1", 0)


def test_a_certificate_that_has_ended_is_named_with_its_day(authority, tmp_path):
    climbed = against(authority, server_certificate(authority, tmp_path, ends=-DAY))
    assert codes(climbed)[-1] is C.SERVER_CERTIFICATE_EXPIRED
    assert dict(climbed.findings[-1].values) == {"until": f"{NOW - DAY:%Y-%m-%d}"}


def test_a_certificate_that_has_not_begun_means_that_our_clock_is_behind(authority, tmp_path):
    """The certificate begins ten days before its making; here it is shown as if made in a year."""
    folder = server_certificate(authority, tmp_path, begins=300 * DAY, ends=400 * DAY)
    climbed = against(authority, folder)
    assert codes(climbed)[-1] is C.SERVER_CERTIFICATE_EARLY
    assert dict(climbed.findings[-1].values) == {"since": f"{NOW + 300 * DAY:%Y-%m-%d}"}


def test_an_authority_we_do_not_know_is_named(authority, tmp_path):
    climbed = against(authority, other_authority(tmp_path / "other"))
    assert codes(climbed)[-1] is C.SERVER_CERTIFICATE_UNKNOWN
    assert "?" not in dict(climbed.findings[-1].values)["issuer"]


def test_a_certificate_of_another_name_is_named(authority, tmp_path):
    climbed = against(authority, server_certificate(authority, tmp_path, host="127.0.0.9"))
    assert codes(climbed)[-1] is C.SERVER_CERTIFICATE_NAME


def test_a_key_that_is_not_pinned_is_named_by_its_pin(authority, tmp_path):
    folder = server_certificate(authority, tmp_path)
    climbed = against(authority, folder, far={"pins": ("00" * 32,)})
    assert codes(climbed)[-1] is C.SERVER_KEY_NOT_PINNED
    assert dict(climbed.findings[-1].values)["pin"] == pin_in(folder)
    assert codes(against(authority, folder, far={"pins": (pin_in(folder),)}))[-1] is C.SERVER_ANSWERS


def test_a_certificate_that_ends_soon_is_a_word_in_time(authority, tmp_path):
    climbed = against(authority, server_certificate(authority, tmp_path, ends=3 * DAY))
    assert C.SERVER_CERTIFICATE_ENDS in codes(climbed)
    assert codes(climbed)[-1] is C.SERVER_ANSWERS


def test_a_far_end_that_speaks_no_tls_is_told_from_one_we_do_not_believe(authority):
    async def story():
        serving = await plain_text_server()
        async with serving:
            at = serving.sockets[0].getsockname()[1]
            return await climb(far_end(authority, f"https://127.0.0.1:{at}"))

    assert codes(asyncio.run(story()))[-1] is C.TLS_FAILED


def test_an_older_tls_than_we_speak_is_no_line(authority):
    climbed = against(authority, authority, minimum=ssl.TLSVersion.TLSv1_2)
    assert codes(climbed)[-1] is C.TLS_FAILED


# --- who we are ---------------------------------------------------------------------------------------------------


async def cut():
    return port.Unhealthy("RemoteProtocolError: Server disconnected without sending a response.")


def test_a_far_end_that_hangs_up_on_our_certificate_refuses_it(authority, tmp_path):
    """Signed by an authority the aggregator does not know; this server breaks the line without saying why."""
    foreign = other_authority(tmp_path / "foreign") / "terminal-0001"
    files = {"certificate_file": foreign.with_suffix(".pem"), "key_file": foreign.with_suffix(".key")}
    climbed = against(authority, authority, far=files, wants_certificate=True, health=cut)
    assert codes(climbed)[-1] is C.OUR_CERTIFICATE_REFUSED


@contextmanager
def plain_server(authority):
    """One TLS connection by the ssl module itself, which sends the alert that says why it refuses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "aggregator.pem", authority / "aggregator.key")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority / "ca.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            for _ in range(2):  # the port's rung, then the handshake's
                line, _ = listening.accept()
                with suppress(OSError), line, context.wrap_socket(line, server_side=True):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            thread.join()


def test_an_aggregator_that_wants_a_certificate_we_do_not_have_says_so(authority):
    with plain_server(authority) as at:
        far = far_end(authority, f"https://127.0.0.1:{at}", certificate_file=None, key_file=None, number="")
        climbed = asyncio.run(climb(far))
    assert codes(climbed)[-1] is C.OUR_CERTIFICATE_REFUSED
    assert "certificate required" in dict(climbed.findings[-1].values)["cause"]


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (NOW + timedelta(days=350), C.OUR_CERTIFICATE_ENDS),
        (NOW + timedelta(days=3000), C.OUR_CERTIFICATE_EXPIRED),
        (NOW - timedelta(days=3000), C.OUR_CERTIFICATE_EARLY),
    ],
)
def test_our_own_certificates_days_are_counted(authority, now, code):
    climbed = against(authority, authority, now=now)
    assert code in codes(climbed)
    reached = codes(climbed)[-1] is C.SERVER_ANSWERS
    assert reached is (verdict_of(code) is Verdict.WARNING)


def test_a_certificate_of_another_terminal_is_named(authority):
    assert codes(against(authority, authority, far={"number": "0002"}))[-1] is C.OUR_CERTIFICATE_OTHERS


@pytest.mark.parametrize("lost", ["certificate_file", "key_file", "ca_file"])
def test_a_file_that_is_gone_is_our_trouble_and_named(authority, tmp_path, lost):
    climbed = against(authority, authority, far={lost: tmp_path / "gone.pem"})
    assert codes(climbed)[-1] is C.OUR_CERTIFICATE_UNUSABLE
    assert "gone.pem" in dict(climbed.findings[-1].values)["cause"]


# --- the answer ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (port.Unhealthy("HTTP 401", 401), C.CREDENTIALS_REFUSED),
        (port.Unhealthy("HTTP 403", 403), C.CREDENTIALS_REFUSED),
        (port.Unhealthy("HTTP 500", 500), C.SERVER_ODD),
        (port.Unhealthy("not of the terminal API"), C.SERVER_ODD),
    ],
)
def test_an_answer_that_is_none_is_told_from_a_refusal(authority, answer, code):
    async def answers():
        return answer

    assert codes(against(authority, authority, health=answers))[-1] is code


def test_a_slow_answer_is_a_warning(authority, monkeypatch):
    monkeypatch.setattr("kiosk.diagnosis.network.SLOW_MS", -1)
    climbed = against(authority, authority)
    assert codes(climbed)[-1] is C.SERVER_SLOW
    assert climbed.skew_s == 2.0
