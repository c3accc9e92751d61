"""TLS of the terminal API: TLS 1.3, our own authority alone, and the terminal's own certificate."""

import ssl
from pathlib import Path


class CredentialsError(Exception):
    """A key or certificate file is missing or unusable; the message names it."""


def terminal_ssl_context(ca_file: Path, certificate_file: Path, key_file: Path) -> ssl.SSLContext:
    """A client context that trusts `ca_file` only and shows the terminal's certificate. Raises CredentialsError."""
    try:
        context = ssl.create_default_context(cafile=str(ca_file))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(str(certificate_file), str(key_file))
    except OSError as error:
        raise CredentialsError(f"{ca_file}, {certificate_file}, {key_file}: {error}") from error
    return context
