"""Partners on the other end of a line, and certificates that are made for a test."""

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapter.exchange.mllp.conversation import Limits
from adapter.exchange.mllp.listener import Listener


@pytest.fixture
def partner() -> Iterator[Callable[..., Listener]]:
    """Return a function that starts a listener which answers as it is told; all end with the test."""
    made = []

    def start(receive, *, tls=None, port=0, **limits) -> Listener:
        listener = Listener(
            "partner", socket.create_server(("127.0.0.1", port)), receive, limits=Limits(**limits), tls=tls
        )
        listener.start()
        made.append(listener)
        return listener

    yield start
    for one in made:
        one.stop()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory) -> Path:
    """Return a folder with an authority (ca), two that it signed (server, client) and one that it did not (stranger)."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here, so that no certificates can be made")
    folder = tmp_path_factory.mktemp("certificates")

    def run(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    for name in ("ca", "stranger"):
        run("req", "-x509", *curve, "-subj", f"/CN={name} (TEST)", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n", encoding="ascii")
    for name in ("server", "client"):
        run("req", *curve[:-2], "-subj", f"/CN={name} (TEST)", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names", "-days", "2")
        run("x509", "-req", "-in", f"{name}.csr", *signed, "-out", f"{name}.pem")
    return folder
