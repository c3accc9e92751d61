"""A merchant's library, written from the public formulas alone: nothing of the aggregator is imported to sign or to read."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

NS = "{http://merchant.roboxchange.com/WebService/}"
SERVICE = "/Merchant/WebService/Service.asmx"
#: Order of what is signed between InvId and Password#1.
BETWEEN = (
    "OutSumCurrency",
    "UserIp",
    "Receipt",
    "StepByStep",
    "ResultUrl2",
    "SuccessUrl2",
    "SuccessUrl2Method",
    "FailUrl2",
    "FailUrl2Method",
)


def hashed(name: str, text: str, encoding="utf-8") -> str:
    return hashlib.new(name, text.encode(encoding)).hexdigest()


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwt(payload: dict, key: str, alg: str, hash_name: str) -> str:
    head = b64(json.dumps({"alg": alg, "typ": "JWT"}).encode())
    signed = f"{head}.{b64(json.dumps(payload, ensure_ascii=False).encode())}"
    return f"{signed}.{b64(hmac.new(key.encode(), signed.encode(), hash_name).digest())}"


@dataclass(frozen=True)
class Library:
    """One shop's keys, and how this library does what libraries do differently."""

    login: str
    password1: str
    password2: str
    password3: str = ""
    hash_name: str = "sha256"
    sort_key: object = field(default=None)

    def using(self, **changes) -> "Library":
        return replace(self, **changes)

    def start(self, out_sum="70.00", inv_id="", encoding="utf-8", **more) -> dict[str, str]:
        shp = {name: value for name, value in more.items() if name.lower().startswith("shp")}
        tail = [f"{name}={shp[name]}" for name in sorted(shp, key=self.sort_key)]
        between = [more[name] for name in BETWEEN if more.get(name)]
        base = ":".join([self.login, out_sum, inv_id, *between, self.password1, *tail])
        fields = {"MerchantLogin": self.login, "OutSum": out_sum, "InvId": inv_id, "Description": "A book"}
        return {**fields, **more, "SignatureValue": hashed(self.hash_name, base, encoding)}

    def is_from_aggregator(self, form: dict[str, str], password: str) -> bool:
        shp = sorted(f"{name}={value}" for name, value in form.items() if name.lower().startswith("shp"))
        base = ":".join([form["OutSum"], form["InvId"], password, *shp])
        return form["SignatureValue"].lower() == hashed(self.hash_name, base)

    def op_state(self, inv_id: str) -> dict[str, str]:
        signature = hashed(self.hash_name, f"{self.login}:{inv_id}:{self.password2}")
        return {"MerchantLogin": self.login, "InvoiceID": inv_id, "Signature": signature}

    def invoice_jwt(self, payload: dict, alg="MD5", hash_name="md5") -> str:
        """As a JSON string, which is the body."""
        key = f"{self.login}:{self.password1}"
        return json.dumps(jwt({"MerchantLogin": self.login, **payload}, key, alg, hash_name))

    def refund_jwt(self, payload: dict) -> str:
        return jwt(payload, self.password3, "HS256", "sha256")


def codes(body: bytes) -> tuple[str, str | None]:
    """Result/Code and State/Code."""
    root = ET.fromstring(body)
    return root.findtext(f"{NS}Result/{NS}Code"), root.findtext(f"{NS}State/{NS}Code")
