"""A node with one or two organisations, its store on disk, its application without a server."""

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from adapter.api.application import new_application
from adapter.api.gatekeeper import CLIENT_SCOPES, PARTNER_SCOPES, Gatekeeper
from adapter.api.metrics import Metrics
from adapter.api.scope import Service
from adapter.base.clock import FixedClock
from adapter.domain.case import Role
from adapter.domain.values import Identifier
from adapter.store.store import Store
from adapter.workflow.node import Node, OwnOrganisation

AT = datetime(2026, 4, 10, 8, 0, tzinfo=UTC)


class App:
    """The application and what stands behind it; `call` makes one request."""

    def __init__(self, node, **service):
        keeper = Gatekeeper(callers={}, open_scopes=CLIENT_SCOPES | PARTNER_SCOPES)
        defaults = {"gatekeeper": keeper, "max_body_bytes": 4096, "max_record_bytes": 4096}
        self.node = node
        self.service = Service(node=node, **{**defaults, **service})
        self.metrics = Metrics(node)
        self.app = new_application(self.service, self.metrics, start=lambda: None, stop=lambda: None)

    def call(self, method, path, **more) -> httpx.Response:
        async def one():
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, **more)

        return asyncio.run(one())


def organisation(name: str) -> OwnOrganisation:
    return OwnOrganisation(
        id=name,
        name=f"Haus {name} (TEST)",
        role=Role.TREATING,
        country="NL",
        zone=ZoneInfo("Europe/Amsterdam"),
        identifiers=(Identifier(system="urn:x", value=name),),
        language="nl",
        base_url="http://node.example/fhir",
    )


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A database whose tables are made already: a copy of it opens at once."""
    folder = tmp_path_factory.mktemp("empty")
    Store.open(f"sqlite:///{folder / 'node.db'}", blobs=folder / "blobs").close()
    return folder / "node.db"


def _node(folder, empty):
    shutil.copyfile(empty, folder / "node.db")
    return Node(
        organisations={"a": organisation("a")},
        partners=(),
        store=Store.open(f"sqlite:///{folder / 'node.db'}", blobs=folder / "blobs"),
        clock=FixedClock(AT),
        packs=None,  # nothing is judged
        peers=None,  # and nothing sent here
    )


@pytest.fixture
def node(tmp_path, empty_database):
    one = _node(tmp_path, empty_database)
    yield one
    one.store.close()


@pytest.fixture(scope="module")
def make_shared_app(tmp_path_factory, empty_database):
    """Make applications on one store, for tests that do not mind what others left there."""
    one = _node(tmp_path_factory.mktemp("shared"), empty_database)
    yield lambda **service: App(one, **service)
    one.store.close()


@pytest.fixture
def app(node):
    return App(node)


@pytest.fixture
def make_app(node):
    def make(*organisations, **service):
        houses = {name: organisation(name) for name in organisations or ("a",)}
        return App(replace(node, organisations=houses), **service)

    return make
