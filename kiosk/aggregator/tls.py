"""Certificates for a test installation: one authority, the aggregator's server certificate, one per terminal.

Answers for: files that are there and fit together; what exists is kept. Does not answer for: pairing real terminals.
A terminal is its certificate's common name.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIVES = timedelta(days=365)
SERVER = "aggregator"


@dataclass(frozen=True, slots=True)
class _Signed:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def make_demo_authority(
    folder: Path, terminals: Sequence[str], hosts: Sequence[str] = ("localhost", "127.0.0.1")
) -> None:
    """Make ca.pem, aggregator.pem/.key and terminal-<number>.pem/.key in `folder`. Idempotent."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = _authority(folder)
    if not (folder / f"{SERVER}.pem").exists():
        names = [_host(host) for host in hosts]
        _issue(folder, SERVER, authority, ExtendedKeyUsageOID.SERVER_AUTH, names, SERVER)
    for number in terminals:
        if not (folder / f"terminal-{number}.pem").exists():
            _issue(folder, f"terminal-{number}", authority, ExtendedKeyUsageOID.CLIENT_AUTH, [], number)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _authority(folder: Path) -> _Signed:
    certificate_file, key_file = folder / "ca.pem", folder / "ca.key"
    if certificate_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return _Signed(key, x509.load_pem_x509_certificate(certificate_file.read_bytes()))
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kiosk test authority")])
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
        _builder(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    _keep(folder, "ca", _Signed(key, certificate))
    return _Signed(key, certificate)


def _issue(
    folder: Path,
    file_name: str,
    authority: _Signed,
    use: x509.ObjectIdentifier,
    names: Sequence[x509.GeneralName],
    common_name: str,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    issuer_key = authority.certificate.public_key()
    assert isinstance(issuer_key, ec.EllipticCurvePublicKey)
    builder = (
        _builder(subject, authority.certificate.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    _keep(folder, file_name, _Signed(key, builder.sign(authority.key, hashes.SHA256())))


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIVES)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _keep(folder: Path, file_name: str, signed: _Signed) -> None:
    """Key first, readable by its owner alone; the certificate's presence then says that both are whole."""
    pem = signed.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(folder / f"{file_name}.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    (folder / f"{file_name}.pem").write_bytes(signed.certificate.public_bytes(serialization.Encoding.PEM))
