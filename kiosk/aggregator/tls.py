"""Certificates of an installation: its own authority, the server's certificate, and one for each terminal.

Answers for: files that are there and fit together (what exists is kept), and signing a terminal's key. Does not answer for: who
may have a certificate (`pairing`).
A terminal is its certificate's common name.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIVES = timedelta(days=3650)
LIVES = timedelta(days=365)
SERVER = "aggregator"
LOCALHOST = ("localhost", "127.0.0.1")

TerminalKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Authority:
    """Who signs the certificates of one installation."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate, which everybody may have."""
        return pem_of(self.certificate)

    def certify_terminal(self, key: TerminalKey, number: str) -> x509.Certificate:
        """A client certificate in the name of terminal `number`."""
        return self._sign(key, number, ExtendedKeyUsageOID.CLIENT_AUTH, [])

    def certify_server(self, key: TerminalKey, hosts: Sequence[str]) -> x509.Certificate:
        """A server certificate for names and addresses."""
        return self._sign(key, SERVER, ExtendedKeyUsageOID.SERVER_AUTH, [_host(host) for host in hosts])

    def _sign(
        self, key: TerminalKey, common_name: str, use: x509.ObjectIdentifier, names: Sequence[x509.GeneralName]
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        builder = (
            _builder(subject, self.certificate.subject, key, LIVES)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256())


def pem_of(certificate: x509.Certificate) -> str:
    """As files and answers carry it."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's bytes, hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def key_hash_of(key: TerminalKey) -> str:
    """SHA-256 of a public key's bytes, hex."""
    encoded = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).hexdigest()


def make_authority(folder: Path, hosts: Sequence[str] = LOCALHOST, *, renew_server: bool = False) -> None:
    """Make ca.pem/.key and aggregator.pem/.key in `folder`, what is missing. `renew_server`: a new key and certificate."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = _ensure_authority(folder)
    if renew_server or not (folder / f"{SERVER}.pem").exists():
        key = ec.generate_private_key(ec.SECP256R1())
        _keep(folder, SERVER, key, authority.certify_server(key.public_key(), hosts))


def make_demo_authority(folder: Path, terminals: Sequence[str], hosts: Sequence[str] = LOCALHOST) -> None:
    """The same, and terminal-<number>.pem/.key: keys that were not made on their terminals, for tests. Idempotent."""
    make_authority(folder, hosts)
    authority = _ensure_authority(folder)
    for number in terminals:
        if not (folder / f"terminal-{number}.pem").exists():
            key = ec.generate_private_key(ec.SECP256R1())
            _keep(folder, f"terminal-{number}", key, authority.certify_terminal(key.public_key(), number))


def load_authority(folder: Path) -> Authority | None:
    """The authority whose key is in `folder`; None where there is none: such a server pairs nobody."""
    return _ensure_authority(folder) if (folder / "ca.key").exists() else None


def server_fingerprint(folder: Path) -> str:
    """Of the server's certificate: what a terminal that trusts nobody yet compares. Raises OSError without one."""
    return fingerprint_of(x509.load_pem_x509_certificate((folder / f"{SERVER}.pem").read_bytes()))


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _ensure_authority(folder: Path) -> Authority:
    certificate_file, key_file = folder / "ca.pem", folder / "ca.key"
    if certificate_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return Authority(key, x509.load_pem_x509_certificate(certificate_file.read_bytes()))
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kiosk authority")])
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        _builder(name, name, key.public_key(), AUTHORITY_LIVES)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    _keep(folder, "ca", key, certificate)
    return Authority(key, certificate)


def _builder(subject: x509.Name, issuer: x509.Name, key: TerminalKey, lives: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + lives)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _keep(folder: Path, file_name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    """Key first, readable by its owner alone; the certificate's presence then says that both are whole."""
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    descriptor = os.open(folder / f"{file_name}.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    (folder / f"{file_name}.pem").write_text(pem_of(certificate))
