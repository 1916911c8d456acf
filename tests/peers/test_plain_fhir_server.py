"""https://hl7.org/fhir/R4/http.html#transaction: a case goes to a FHIR server that nobody here wrote, and comes back."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapter.exchange.fhir_server import write_case

pytestmark = pytest.mark.peers

SHARED = Path(__file__).parents[2].parent / "shared" / "contract"
REQUESTS = ["request-nl.json", "request-de.json"]


@pytest.fixture(params=REQUESTS)
def transaction(request) -> dict[str, Any]:
    file = SHARED / request.param
    if not file.exists():
        pytest.skip(f"the sample {file.name} is not here")
    command = [sys.executable, "-m", "adapter", "map", str(file), "--as", "transaction"]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def _references(value: Any) -> Iterator[str]:
    """Give every literal reference and every relative attachment address in a resource."""
    if isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, str) and (key == "reference" or (key == "url" and one.startswith("Binary/"))):
                yield one
            else:
                yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def _place(location: str, base: str) -> str:
    return location.removeprefix(base).lstrip("/").split("/_history")[0]


def _read(client: httpx.Client, base: str, place: str) -> dict[str, Any]:
    answer = client.get(f"{base}/{place}", headers={"Accept": "application/fhir+json"})
    assert answer.status_code == 200, f"{place}: {answer.status_code}"
    return answer.json()


def _counts(client: httpx.Client, base: str, types: set[str]) -> Counter[str]:
    totals = {one: client.get(f"{base}/{one}", params={"_summary": "count"}).json()["total"] for one in types}
    return Counter(totals)


def test_every_reference_of_a_written_case_resolves(sekmet, transaction):
    with httpx.Client() as client:
        places = [_place(one, sekmet) for one in write_case(client, transaction, base_url=sekmet, token=None)]
        assert len(places) == len(transaction["entry"])
        stored = [_read(client, sekmet, place) for place in places]
        named = {one for resource in stored for one in _references(resource) if not one.startswith("#")}
        assert named, "a case without references is no case"
        assert not [one for one in named if one.startswith("urn:")], "a reference was left as urn:uuid"
        for one in named:
            _read(client, sekmet, _place(one, sekmet))


def test_a_second_write_adds_nothing(sekmet, transaction):
    types = {entry["resource"]["resourceType"] for entry in transaction["entry"]}
    with httpx.Client() as client:
        first = write_case(client, transaction, base_url=sekmet, token=None)
        before = _counts(client, sekmet, types)
        second = write_case(client, transaction, base_url=sekmet, token=None)
        assert _counts(client, sekmet, types) == before
    assert [_place(one, sekmet) for one in first] == [_place(one, sekmet) for one in second]


def test_ids_are_the_ones_that_we_gave(sekmet, transaction):
    with httpx.Client() as client:
        places = [_place(one, sekmet) for one in write_case(client, transaction, base_url=sekmet, token=None)]
    ours = [entry["request"]["url"] for entry in transaction["entry"] if entry["request"]["method"] == "PUT"]
    assert ours
    assert set(ours) <= set(places)
