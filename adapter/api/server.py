"""Runs the application on a socket that listens already, until SIGTERM or SIGINT."""

import socket

import uvicorn
from fastapi import FastAPI


def run_server(app: FastAPI, listening: socket.socket) -> None:
    """Serve until told to stop; requests under way are finished first, for up to ten seconds."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=64 * 1024,
        lifespan="on",
    )
    uvicorn.Server(config).run(sockets=[listening])
