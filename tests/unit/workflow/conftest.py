"""A node with a case in its store; nothing is sent, and its clock stands still until a test moves it."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapter.base.clock import FixedClock
from adapter.domain.case import Case, Role, TaskStatus
from adapter.domain.values import Identifier
from adapter.store.store import Store
from adapter.workflow.node import Node, OwnOrganisation, Partner

AT = datetime(2026, 4, 10, 8, 0, tzinfo=UTC)


@dataclass
class House:
    """One organisation's node and the one case that it has."""

    node: Node
    role: Role

    def later(self, delay: timedelta) -> None:
        self.node.clock._moment += delay

    def case(self) -> Case:
        with self.node.store.read() as unit:
            return unit.cases.get("a", "c-1")

    def kinds(self) -> list[str]:
        with self.node.store.read() as unit:
            return [one.kind for one in unit.events.of_case("a", "c-1")]

    def work(self) -> list:
        with self.node.store.read() as unit:
            return unit.work.of_lane("a", "c-1")

    def add_work(self, kind: str = "send-status", **detail) -> str:
        with self.node.store.transaction() as unit:
            return unit.work.add("a", "c-1", kind, detail, self.node.clock.now())

    def open_case(self, status: TaskStatus, business_status: str = "new", **detail) -> None:
        now = self.node.clock.now()
        case = Case(
            org="a", id="c-1", number="1", request_id="r-1", role=self.role, partner="b", status=status,
            business_status=business_status, opened_at=now, changed_at=now, detail=detail,
        )  # fmt: skip
        task = {
            "resourceType": "Task",
            "id": "c-1",
            "status": status.value,
            "intent": "order",
            "lastModified": "2026-04-10T08:00:00Z",
        }
        with self.node.store.transaction() as unit:
            unit.cases.add(case)
            unit.resources.put("a", "c-1", task, now)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A database whose tables are made already: a copy of it opens at once."""
    folder = tmp_path_factory.mktemp("empty")
    Store.open(f"sqlite:///{folder / 'node.db'}", blobs=folder / "blobs").close()
    return folder / "node.db"


@pytest.fixture
def make_house(tmp_path, empty_database):
    opened = []

    def make(role: Role, **more) -> House:
        identifiers = (Identifier(system="urn:x", value="1"),)
        other = Role.CONSULTING if role is Role.TREATING else Role.TREATING
        ours = OwnOrganisation(
            id="a", name="A (TEST)", role=role, country="NL", zone=ZoneInfo("Europe/Amsterdam"), language="nl",
            identifiers=identifiers, base_url="http://a.example/fhir",
        )  # fmt: skip
        partner = Partner(id="b", role=other, of="a", fhir="http://b.example/fhir", identifiers=identifiers)
        file = tmp_path / f"{len(opened)}.db"
        shutil.copyfile(empty_database, file)
        opened.append(Store.open(f"sqlite:///{file}", blobs=tmp_path / "blobs"))
        parts = {
            "organisations": {"a": ours},
            "partners": (partner,),
            "store": opened[-1],
            "clock": FixedClock(AT),
            "packs": None,  # nothing is judged
            "peers": None,  # and nothing sent
        }
        return House(Node(**{**parts, **more}), role)

    yield make
    for store in opened:
        store.close()
