"""`second-opinion serve`: a node with its HTTP interface and its workers."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def serve(
    config: Annotated[
        Path | None, typer.Option(help="The node's settings (TOML); without it a development node under ./var.")
    ] = None,
    ready: Annotated[
        Path | None, typer.Option(help="Write address and process id to this file (JSON) once the node listens.")
    ] = None,
) -> None:
    """Run a node: the HTTP interface, HL7 v2 over MLLP and the workers, until SIGTERM or Ctrl-C.

    Example: second-opinion serve --config node.toml
    """
    import contextlib
    import os

    from adapter.settings import load_settings

    settings = load_settings(config)  # first: what is wrong there is told before anything heavy is loaded

    from adapter.api.application import new_application
    from adapter.api.metrics import Metrics
    from adapter.api.server import run_server
    from adapter.app import assemble, listening_socket
    from adapter.base.errors import SetupError
    from adapter.base.logs import configure_logs, logger

    configure_logs(settings.server.log_level)
    if ready is not None:
        if not ready.parent.is_dir():
            raise SetupError("there is no such folder", where=f"--ready {ready}")
        ready.unlink(missing_ok=True)  # an earlier node's: whoever waits for it must not read that
    failures: list[Exception] = []
    with contextlib.ExitStack() as opened:
        listening = opened.enter_context(contextlib.closing(listening_socket(settings)))
        host, port = listening.getsockname()[:2]
        url = settings.server.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}"
        running = assemble(settings, public_url=url.rstrip("/"), listening=True)
        opened.callback(running.close)
        metrics = Metrics(running.node)
        metrics.watch_doors(running.doors)
        opened.callback(metrics.close)
        metrics_port = None
        if settings.server.metrics_port is not None:
            metrics_port = metrics.serve(settings.server.host, settings.server.metrics_port)

        def start() -> None:
            try:
                running.start()
            except Exception as failure:
                failures.append(failure)
                raise
            logger().info("listening", address=url, clock=str(settings.server.clock or "system"))
            if running.service.gatekeeper.open_scopes:
                typer.echo(f"{url}: not every caller needs a token, so this node listens on loopback only", err=True)
            if ready is not None:
                told = {"url": url, "host": host, "port": port, "metrics_port": metrics_port, "pid": os.getpid()}
                _tell(ready, told | {"mllp": [one.told for one in running.doors]})

        opened.enter_context(contextlib.suppress(KeyboardInterrupt))
        app = new_application(running.service, metrics, start=start, stop=running.stop)
        try:
            run_server(app, listening)
        except SystemExit:  # the server's word for: it did not start
            if failures:
                raise failures[0] from None
            raise


def _tell(ready: Path, told: dict[str, Any]) -> None:
    """Write the file as a whole or not at all, because somebody waits for it."""
    part = ready.with_name(f"{ready.name}.part")
    part.write_text(json.dumps(told), encoding="utf-8")
    part.replace(ready)
