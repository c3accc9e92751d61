"""Small shops in one process: they start payments with signed requests and answer the aggregator's notifications.

Answers for: what any merchant does, checked as carefully: signature, sum, once. Does not answer for: anything of the kiosk's.
"""

import argparse
import json
import os
import socket
import ssl
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from defusedxml.ElementTree import fromstring
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from kiosk.aggregator.merchants.signatures import digest, is_right, result_base, start_base, state_base
from kiosk.aggregator.server import end_cleanly_on_sigterm

HASH = "sha256"
NAMESPACE = "http://merchant.roboxchange.com/WebService/"
ASK_S = 10.0


def payment_start_params(
    login: str, password1: str, out_sum: str, description: str, extras: Mapping[str, str]
) -> dict[str, str]:
    """A signed payment start; the aggregator gives the number (InvId is left to it)."""
    base = start_base(login, out_sum, "", password1, extras)
    return {
        "MerchantLogin": login,
        "OutSum": out_sum,
        "InvId": "",
        "Description": description,
        "Culture": "en",
        "Encoding": "utf-8",
        "SignatureValue": digest(base, HASH),
        **extras,
    }


def operation_state(aggregator_url: str, trust: ssl.SSLContext, login: str, password2: str, inv_id: str) -> int:
    """What the aggregator says of a payment (OpStateExt): 100 when it is done. Raises OSError when it says nothing."""
    fields = {
        "MerchantLogin": login,
        "InvoiceID": inv_id,
        "Signature": digest(state_base(login, inv_id, password2), HASH),
    }
    url = f"{aggregator_url}/Merchant/WebService/Service.asmx/OpStateExt?{urllib.parse.urlencode(fields)}"
    with urllib.request.urlopen(url, timeout=ASK_S, context=trust) as answer:  # noqa: S310 - our own https address
        found = fromstring(answer.read()).findtext(f"{{{NAMESPACE}}}State/{{{NAMESPACE}}}Code")
    if found is None:
        raise OSError(f"the aggregator does not know operation {inv_id}")
    return int(found)


@dataclass(frozen=True, slots=True)
class Shop:
    """`state_dir/notifications.jsonl` gets one line for every notification with a right signature."""

    login: str
    password1: str = field(repr=False)
    password2: str = field(repr=False)
    state_dir: Path

    def app(self) -> Starlette:
        """The shop's own web server."""
        return Starlette(routes=[Route("/result", self._result, methods=["POST"])])

    async def _result(self, request: Request) -> Response:
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        extras = {name: value for name, value in form.items() if name.startswith("Shp_")}
        inv_id = form.get("InvId", "")
        base = result_base(form.get("OutSum", ""), inv_id, self.password2, extras)
        if not is_right(form.get("SignatureValue", ""), base, HASH):
            return PlainTextResponse("bad sign", 400)
        self._remember(form)
        return PlainTextResponse(f"OK{inv_id}")

    def _remember(self, form: Mapping[str, str]) -> None:
        """On disk before the answer; a repeated notification is answered alike and written once."""
        book = self.state_dir / "notifications.jsonl"
        known = book.read_text().splitlines() if book.exists() else []
        if any(json.loads(line)["InvId"] == form["InvId"] for line in known):
            return
        with book.open("a") as file:
            file.write(json.dumps(form, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _shop(login: str, folder: Path) -> Shop:
    password1, password2 = ((folder / name).read_text().strip() for name in ("password1", "password2"))
    return Shop(login, password1, password2, folder)


def main() -> None:
    """`python -m kiosk.demo.merchant`: serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen", required=True, metavar="HOST:PORT")
    parser.add_argument("--shop", required=True, action="append", metavar="LOGIN", help="served under /LOGIN/result")
    parser.add_argument("--state-dir", type=Path, required=True, help="has a folder for each shop, with its passwords")
    parser.add_argument("--ready-file", type=Path)
    args = parser.parse_args()
    street = Starlette(routes=[Mount(f"/{login}", _shop(login, args.state_dir / login).app()) for login in args.shop])
    host, _, port = args.listen.rpartition(":")
    with socket.create_server((host, int(port))) as listener:
        if args.ready_file is not None:
            args.ready_file.write_text(json.dumps({"port": listener.getsockname()[1], "pid": os.getpid()}))
        config = uvicorn.Config(street, http="h11", ws="none", loop="asyncio", lifespan="off", log_config=None)
        end_cleanly_on_sigterm()
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
