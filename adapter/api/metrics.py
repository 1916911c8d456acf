"""Counts and times by route and status, for Prometheus, on a port of their own; never by patient or case.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapter.base.errors import SetupError
from adapter.store.work import WorkState
from adapter.workflow.node import Node

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""What becomes a label; anything else a caller may have made up."""


class MessageDoor(Protocol):
    """What is read of a door for HL7 v2."""

    @property
    def name(self) -> str:
        """The system that speaks there."""

    @property
    def tally(self) -> Mapping[str, int]:
        """How many messages were taken (AA), found wrong (AE) or rejected (AR)."""

    @property
    def connections(self) -> int:
        """How many connections are open."""


class Metrics:
    """The figures of one node, in a registry of their own."""

    def __init__(self, node: Node) -> None:
        """Count for `node`; the work that waits is counted when somebody looks."""
        self.registry = CollectorRegistry()
        self._servers: list[WSGIServer] = []
        labels = ("method", "route", "status")
        self.requests = Counter("second_opinion_http_requests", "HTTP requests", labels, registry=self.registry)
        self.seconds = Histogram(
            "second_opinion_http_seconds", "Duration of HTTP requests in seconds", ("route",), registry=self.registry
        )
        waiting = Gauge("second_opinion_work_waiting", "Work with an outside effect that waits", registry=self.registry)
        failed = Gauge("second_opinion_work_failed", "Work that failed for good", registry=self.registry)
        waiting.set_function(lambda: _count(node, dead=False))
        failed.set_function(lambda: _count(node, dead=True))

    def watch_doors(self, doors: Sequence[MessageDoor]) -> None:
        """Tell what came of HL7 v2 messages at each door; counted by the doors, read when somebody looks."""
        self.registry.register(_Doors(doors))

    def serve(self, host: str, port: int) -> int:
        """Answer at `/metrics` on a port of its own (0 picks one) and return the port.

        Raises:
            SetupError: the port is taken.
        """
        try:
            server, _ = start_http_server(port, addr=host, registry=self.registry)
        except OSError as taken:
            raise SetupError(f"cannot listen there: {taken.strerror}", where="server.metrics_port") from taken
        self._servers.append(server)
        return int(server.server_port)

    def close(self) -> None:
        """Answer no more."""
        while self._servers:
            server = self._servers.pop()
            server.shutdown()
            server.server_close()


class _Doors(Collector):
    """The counts of the doors for HL7 v2."""

    def __init__(self, doors: Sequence[MessageDoor]) -> None:
        self._doors = doors

    def collect(self) -> Iterator[Metric]:
        """Yield the messages by door and verdict, and the open connections by door."""
        messages = CounterMetricFamily(
            "second_opinion_hl7v2_messages", "HL7 v2 messages, by what became of them", labels=("door", "verdict")
        )
        connections = GaugeMetricFamily("second_opinion_mllp_connections", "Open MLLP connections", labels=("door",))
        for door in self._doors:
            for verdict, count in sorted(door.tally.items()):
                messages.add_metric((door.name, verdict), count)
            connections.add_metric((door.name,), door.connections)
        yield messages
        yield connections


class MetricsMiddleware:
    """Counts every request under its route's pattern, so that no id of a case becomes a label."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Count the requests to `app`."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and count its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", "unknown")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.requests.labels(method, route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(time.perf_counter() - started)


def _count(node: Node, *, dead: bool) -> int:
    with node.store.read() as unit:
        return unit.work.count(WorkState.DEAD if dead else WorkState.PENDING)
