"""The aggregator's end of pairing, as small as it can be: the published types, an authority, one-time tokens."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from kiosk.terminal_api import Mode, Paired, PairingRequest

DAY = timedelta(days=1)
TOKEN = "a-token-of-one-time-only"
CATALOGUE_KEY = "ab" * 32


def issue(authority: Path, public_key, number="0001", begins=-DAY, ends=DAY) -> str:
    """A terminal's certificate, PEM."""
    ca = x509.load_pem_x509_certificate((authority / "ca.pem").read_bytes())
    ca_key = serialization.load_pem_private_key((authority / "ca.key").read_bytes(), None)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, number)]))
        .issuer_name(ca.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .sign(ca_key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


class Desk:
    """`asked` holds every request; the first key of a token is its key for ever. `change` makes an answer wrong in one way."""

    def __init__(self, authority: Path, **change) -> None:
        self.authority = authority
        self.change = change
        self.asked: list[PairingRequest] = []
        self.issued: dict[str, tuple[bytes, str]] = {}

    def app(self) -> FastAPI:
        app = FastAPI()
        app.post("/terminal/v1/pairings", response_model=Paired)(self.pair)
        return app

    def pair(self, sent: PairingRequest):
        self.asked.append(sent)
        request = x509.load_pem_x509_csr(sent.certificate_request.encode())
        assert request.is_signature_valid
        key = request.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        known_key, certificate = self.issued.setdefault(sent.token, (key, self._certificate(request.public_key())))
        if sent.token != TOKEN or known_key != key:
            problem = {
                "code": "token_invalid",
                "message": "this token is not known, too old, or was used",
                "faults": [],
            }
            return JSONResponse(problem, 409)
        authority = (self.change.get("vouches") or self.authority) / "ca.pem"
        return Paired("0001", certificate, authority.read_text(), CATALOGUE_KEY, Mode.TEST)

    def _certificate(self, public_key) -> str:
        made = self.change.get("certificate", {})
        return issue(self.authority, made.get("key") or public_key, **{k: v for k, v in made.items() if k != "key"})


def other_key():
    return ec.generate_private_key(ec.SECP256R1()).public_key()
