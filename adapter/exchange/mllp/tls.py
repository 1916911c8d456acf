"""TLS for MLLP, both ways: who we are, and whom we believe.

IETF BCP 195 (RFC 9325): nothing below TLS 1.2. IHE ATNA calls for both sides to show a certificate.
"""

import ssl
from pathlib import Path

from adapter.base.errors import SetupError


def server_context(*, certificate: Path, key: Path, client_ca: Path | None, where: str) -> ssl.SSLContext:
    """Return the context of a listener.

    Args:
        certificate: ours, PEM, with the chain.
        key: its key, PEM.
        client_ca: who may sign the callers' certificates, which are then demanded; None = callers show none.
        where: the setting, for errors.

    Raises:
        SetupError: a file is missing, or not what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _show(context, certificate, key, where)
    if client_ca is not None:
        _believe(context, client_ca, f"{where}.client_ca")
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def client_context(*, ca: Path | None, certificate: Path | None, key: Path | None, where: str) -> ssl.SSLContext:
    """Return the context of a sender; the partner's certificate must name the host that is called.

    Args:
        ca: who may sign the partner's certificate; None = whom this machine believes.
        certificate: ours, where the partner demands one; None = none.
        key: its key; None = in the same file.
        where: the setting, for errors.

    Raises:
        SetupError: a file is missing, or not what it should be.
    """
    context = ssl.create_default_context()
    if ca is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _believe(context, ca, f"{where}.ca")
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        _show(context, certificate, key, where)
    return context


def _show(context: ssl.SSLContext, certificate: Path, key: Path | None, where: str) -> None:
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except (OSError, ssl.SSLError) as wrong:
        why = wrong.strerror if type(wrong) is not ssl.SSLError and isinstance(wrong, OSError) else None
        text = f"certificate and key cannot be used together: {why or 'give both as PEM, the key without a password'}"
        raise SetupError(text, where=f"{where}.certificate") from wrong


def _believe(context: ssl.SSLContext, ca: Path, where: str) -> None:
    try:
        context.load_verify_locations(ca)
    except (OSError, ssl.SSLError) as wrong:
        why = wrong.strerror if type(wrong) is not ssl.SSLError and isinstance(wrong, OSError) else None
        raise SetupError(f"no certificates of an authority there: {why or 'give them as PEM'}", where=where) from wrong


def _no_password() -> str:
    """Keep OpenSSL from asking for a password at the terminal."""
    return ""
