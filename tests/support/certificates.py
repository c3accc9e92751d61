"""Server certificates that are wrong in one way each, signed by the authority in a folder."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.gateways.tls import pin_of

DAY = timedelta(days=1)


def server_certificate(
    authority: Path,
    folder: Path,
    host: str = "127.0.0.1",
    ends: timedelta = DAY,
    key_of: Path | None = None,
    begins: timedelta = -10 * DAY,
) -> Path:
    """`folder` with aggregator.pem and aggregator.key: valid from `begins` to `ends` from now, for `host`, with a new key or
    `key_of`'s.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ca = x509.load_pem_x509_certificate((authority / "ca.pem").read_bytes())
    ca_key = serialization.load_pem_private_key((authority / "ca.key").read_bytes(), None)
    key = _key(key_of) if key_of else ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aggregator")]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    (folder / "aggregator.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "aggregator.key").write_bytes(pem)
    return folder


def _key(folder: Path):
    return serialization.load_pem_private_key((folder / "aggregator.key").read_bytes(), None)


def pin_in(folder: Path) -> str:
    """The pin of the server certificate in a folder."""
    certificate = x509.load_pem_x509_certificate((folder / "aggregator.pem").read_bytes())
    return pin_of(certificate.public_bytes(serialization.Encoding.DER))
