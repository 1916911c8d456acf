"""`second-opinion work`: the workers of a node without the HTTP interface."""

from pathlib import Path
from typing import Annotated

import typer


def work(
    config: Annotated[Path | None, typer.Option(help="The node's settings (TOML), the same as for serve.")] = None,
    ready: Annotated[Path | None, typer.Option(help="Write the process id to this file (JSON) once it works.")] = None,
) -> None:
    """Run the workers of a node alone, until SIGTERM or Ctrl-C.

    Give every process of one node a name of its own: SECOND_OPINION_WORKER__ID=worker-2.
    """
    import json
    import os
    import signal
    import threading

    from adapter.app import assemble
    from adapter.base.logs import configure_logs, logger
    from adapter.settings import Worker, load_settings

    settings = load_settings(config)
    if settings.worker == Worker():  # beside `serve`, which has the default name
        settings = settings.model_copy(update={"worker": Worker(id="node-work")})
    configure_logs(settings.server.log_level)
    url = settings.server.public_url or f"http://{settings.server.host}:{settings.server.port}"
    running = assemble(settings, public_url=url.rstrip("/"))
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    running.start()
    logger().info("working", worker=settings.worker.id)
    if ready is not None:
        ready.write_text(json.dumps({"pid": os.getpid(), "worker": settings.worker.id}), encoding="utf-8")
    stopped.wait()
    running.stop()
