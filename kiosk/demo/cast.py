"""Who takes part in the demo and how each is called: command line, environment, and the sign that it is ready.

Answers for: one row for each process, and the configuration the till of the demo runs with.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.demo import market
from kiosk.demo.control_line import NoAnswerError, ask
from kiosk.demo.run_state import DemoOptions, Folder, RunState
from kiosk.settings import (
    AcceptorSettings,
    AccessSettings,
    AggregatorSettings,
    CashSettings,
    CollectionSettings,
    OutboxSettings,
    PrinterSettings,
    ScannerSettings,
    Settings,
    SlipSettings,
    TerminalSettings,
    TillSettings,
    TimeSettings,
    load,
)

TERMINAL = "0001"
PRINTER_USB = (0x0416, 0x5011)

#: Where the aggregator's face for a dialect is, and so which dialects a demo can be played in.
PATHS: Mapping[str, str] = {"terminal_api": "", "osmp": "/osmp"}

BUYER = "kiosk.demo.buyer:ScriptedBuyer"


@dataclass(frozen=True, slots=True)
class Role:
    """`argv` after the interpreter. `outlives_demo`: is left running when the till dies, and found again by a resume."""

    argv: Callable[..., list[str]]
    is_ready: Callable[[Folder, RunState], bool]
    outlives_demo: bool
    draws: bool = False

    def environment(self, inherited: Mapping[str, str], options: DemoOptions) -> dict[str, str]:
        """What the process sees. Without a display the screen draws into memory."""
        environment = {**inherited, "PYTHONUNBUFFERED": "1"}
        if self.draws and options.headless:
            environment.pop("DISPLAY", None)
            environment["SDL_VIDEODRIVER"] = "offscreen"
        return environment


def socket_of(run: RunState, name: str) -> Path:
    """A socket of this run by its short name."""
    return Path(run.runtime_dir) / name


def acceptor_control(run: RunState) -> str:
    """Where the acceptor's twin is told to take notes; empty when a real unit is used."""
    return "" if run.options.acceptor_port else str(socket_of(run, "acceptor.control"))


def aggregator_url(run: RunState) -> str:
    return f"https://127.0.0.1:{run.aggregator_port}"


def result_url(run: RunState, login: str) -> str:
    """Where a shop waits to be told of a payment."""
    return f"http://127.0.0.1:{run.merchant_port}/{login}/result"


# --- command lines --------------------------------------------------------------------------------------------------


def _merchant(folder: Folder, run: RunState) -> list[str]:
    return [
        *("-m", "kiosk.demo.merchant"),
        *("--listen", f"127.0.0.1:{run.merchant_port}"),
        *(word for payee in market.everybody(run.options) for word in ("--shop", payee.login)),
        *("--state-dir", str(folder.merchant)),
        *("--ready-file", str(folder.ready_file("merchant"))),
    ]


def _aggregator(folder: Folder, run: RunState) -> list[str]:
    return [
        *("-m", "kiosk", "aggregator", "serve"),
        *("--data", str(folder.aggregator)),
        *("--listen", f"127.0.0.1:{run.aggregator_port}"),
        *("--mode", "test"),
        *("--tls-dir", str(folder.tls)),
        *("--ready-file", str(folder.ready_file("aggregator"))),
    ]


def _acceptor(folder: Folder, run: RunState) -> list[str]:
    return [
        *("-m", "kiosk", "twin", "acceptor"),
        *("--protocol", run.options.protocol),
        *("--currency", run.options.currency),
        *("--link", str(socket_of(run, "acceptor.tty"))),
        *("--control", acceptor_control(run)),
        *("--state", str(folder.acceptor)),
        *("--seed", str(run.options.seed)),
    ]


def _printer(folder: Folder, run: RunState) -> list[str]:
    vendor_id, product_id = PRINTER_USB
    return [
        *("-m", "kiosk", "twin", "printer"),
        *("--socket", str(socket_of(run, "printer.usb"))),
        *("--control", str(socket_of(run, "printer.control"))),
        *("--state", str(folder.root)),
        *("--usb", f"{vendor_id:04x}:{product_id:04x}"),
    ]


def _till(folder: Folder, _run: RunState) -> list[str]:
    ready_file = str(folder.ready_file("till"))
    return ["-m", "kiosk", "till", "--config", str(folder.config), "--ready-file", ready_file]


def _screen(folder: Folder, run: RunState, *, resumed: bool = False) -> list[str]:
    argv = ["-m", "kiosk", "screen", "--socket", str(socket_of(run, "buyer.sock")), "--shots", str(folder.screens)]
    if not run.options.headless:
        return argv
    options = run.options
    plan = {
        "language": options.language,
        "order_number": run.order_number,
        "purchase": asdict(market.purchase(options.service, dict(options.fields))) if options.service else None,
        "notes_minor": options.notes_minor,
        "currency": options.currency,
        "acceptor_control": acceptor_control(run),
        "events": str(folder.buyer_events),
        "shots": str(folder.screens),
        "seed": options.seed,
        "resumed": resumed,
    }
    return [*argv, "--robot", BUYER, "--robot-args", json.dumps(plan)]


def _bench(folder: Folder, run: RunState) -> list[str]:
    notes = load([folder.config]).cash[run.options.currency].denominations_minor
    return [
        *("-m", "kiosk.demo.bench"),
        *("--acceptor", acceptor_control(run)),
        *("--printer", str(socket_of(run, "printer.control"))),
        *("--demo", str(socket_of(run, "demo.control"))),
        *("--notes", ",".join(str(note // 100) for note in notes)),
        *("--currency", run.options.currency),
        *("--order", run.order_number),
        *("--customer", market.somebody_with_a_bill() if market.offers_services(run.options) else ""),
    ]


# --- signs of readiness ---------------------------------------------------------------------------------------------


def _wrote(name: str) -> Callable[[Folder, RunState], bool]:
    def is_ready(folder: Folder, _run: RunState) -> bool:
        file = folder.ready_file(name)
        return file.exists() and bool(file.read_text().strip())

    return is_ready


def _answers(socket_name: str) -> Callable[[Folder, RunState], bool]:
    def is_ready(_folder: Folder, run: RunState) -> bool:
        try:
            return bool(ask(socket_of(run, socket_name), "state"))
        except NoAnswerError:
            return False

    return is_ready


def _at_once(_folder: Folder, _run: RunState) -> bool:
    return True


ROLES: Mapping[str, Role] = {
    "merchant": Role(_merchant, _wrote("merchant"), outlives_demo=True),
    "aggregator": Role(_aggregator, _wrote("aggregator"), outlives_demo=True),
    "acceptor": Role(_acceptor, _answers("acceptor.control"), outlives_demo=True),
    "printer": Role(_printer, _answers("printer.control"), outlives_demo=True),
    "till": Role(_till, _wrote("till"), outlives_demo=False),
    "screen": Role(_screen, _at_once, outlives_demo=False, draws=True),
    "bench": Role(_bench, _at_once, outlives_demo=False, draws=True),
}


# --- the till's configuration ---------------------------------------------------------------------------------------

CASH: Mapping[str, CashSettings] = {
    "EUR": CashSettings((500, 1000, 2000, 5000, 10000, 20000, 50000), 5000, 200_000),
    "RUB": CashSettings((1000, 5000, 10000, 20000, 50000, 100_000, 200_000, 500_000), 50_000, 3_000_000),
}


def _aggregator_settings(folder: Folder, run: RunState) -> AggregatorSettings:
    dialect = run.options.dialect
    own = dialect == "terminal_api"
    return AggregatorSettings(
        dialect=dialect,
        url=aggregator_url(run) + PATHS[dialect],
        ca_file=folder.tls / "ca.pem",
        certificate_file=str(folder.tls / f"terminal-{TERMINAL}.pem"),
        key_file=str(folder.tls / f"terminal-{TERMINAL}.key"),
        pins=(),
        catalogue_key_file=str(folder.catalogue_key) if market.offers_services(run.options) else "",
        deadline_s=5.0,
        profile="" if own else str(market.PROJECT / "config" / "gateways" / f"{dialect}.toml"),
        live=False,
        user="",
        secret_file="",
    )


def settings_of(folder: Folder, run: RunState) -> Settings:
    """A whole kiosk in one folder."""
    options = run.options
    return Settings(
        terminal=TerminalSettings(
            number=TERMINAL,
            name="Demo kiosk",
            address="1 Example Street, Sofia",
            support_phone="+359 2 000 0000",
            languages=("bg", "ru", "en"),
            currency=options.currency,
            time_zone="Europe/Sofia",
        ),
        acceptor=AcceptorSettings(
            port=options.acceptor_port or str(socket_of(run, "acceptor.tty")),
            protocol=options.protocol,
            twin=not options.acceptor_port,
            poll_interval_s=0.1,
        ),
        printer=PrinterSettings(
            vendor_id=PRINTER_USB[0],
            product_id=PRINTER_USB[1],
            profile=market.PROJECT / "config" / "printers" / "generic.toml",
            twin_socket=str(socket_of(run, "printer.usb")),
            deadline_s=15.0,
            retract_after_s=0,
        ),
        scanner=ScannerSettings(port="", baud=9600, keyboard=False),
        aggregator=_aggregator_settings(folder, run),
        cash={options.currency: CASH[options.currency]},
        times=TimeSettings(idle_s=60.0, cash_idle_s=60.0, pay_wait_s=10.0, result_s=20.0),
        outbox=OutboxSettings(base_s=0.5, cap_s=5.0),
        till=TillSettings(
            journal_file=folder.journal,
            key_file=folder.journal.with_name("till.key"),
            link_socket=socket_of(run, "buyer.sock"),
            service_socket=socket_of(run, "service.sock"),
            personal_keep_days=90.0,
            disk_reserve_mb=1,
        ),
        collection=CollectionSettings(blind=False, sheets=2, bag_wanted=True, box_id_wanted=True, sensor=True),
        slips=SlipSettings(
            templates=str(market.PROJECT / "config" / "slips"),
            own_templates="",
            issuer=("Demo Payments Ltd", "Company number 000000000", "1 Example Street, Sofia"),
            footer={},
            logo="",
            second_currency="",
            second_rate="1",
        ),
        access=AccessSettings(
            people_file=folder.journal.with_name("people.json"),
            pepper_file=folder.journal.with_name("pin.pepper"),
            pin_digits_min=6,
            totp_roles=(),
            sign_out_idle_s=180.0,
            note_test_idle_s=120.0,
        ),
    )


def resume_command(folder: Folder) -> str:
    """What a person types to go on."""
    return f"{Path(sys.argv[0]).name if sys.argv[0] else 'kiosk'} demo --resume {folder.root}"
