"""A node copies its cases to the organisation's own FHIR server (`fhir_server`), also over a line that loses answers."""

import subprocess
import sys
import time
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.peers

PATIENCE_SECONDS = 60.0


def _submit(sample: Any, node: str, org: str) -> str:
    """Hand the request to the node and return the id of its Task."""
    command = [sys.executable, "-m", "adapter", "send", str(sample.file), "--node", node, "--org", org]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().rpartition("/")[2]


def _await_copy(node: str, org: str, task: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    story: list[str] = []
    while "copied-to-server" not in story:
        assert time.monotonic() < deadline, story
        assert "work-failed" not in story
        time.sleep(0.1)  # between two looks at a process that tells nobody when it is done
        lines = httpx.get(f"{node}/orgs/{org}/cases/{task}/timeline", trust_env=False).json()
        story = [line["kind"] for line in lines]


def _is_own(place: str) -> bool:
    return place.split("/", maxsplit=1)[0] not in {"Organization", "Practitioner"}


def test_cases_of_two_organisations_arrive_once_although_answers_are_lost(
    sekmet, node, losing, german, dutch, tmp_path
):
    lost = 2
    address = node(losing(sekmet, lost))
    other = dutch.another(tmp_path)
    tasks = [
        (org, _submit(sample, address, org))
        for org, sample in (("dijkzicht", dutch), ("dijkzicht", other), ("klinik-a", german))
    ]
    for org, task in tasks:
        _await_copy(address, org, task)
    assert (tmp_path / "proxy.log").read_text(encoding="utf-8").count("lost") == lost
    held = sekmet.holdings()
    samples = (dutch, other, german)
    assert sorted(place for place in held if _is_own(place)) == sorted(
        entry["request"]["url"]
        for sample in samples
        for entry in sample.transaction["entry"]
        if entry["request"]["method"] == "PUT" and _is_own(entry["request"]["url"])
    )
    numbers = [
        (place.split("/")[0], one["identifier"][0]["system"], one["identifier"][0]["value"])
        for place, one in held.items()
        if not _is_own(place) and "identifier" in one
    ]
    assert len(set(numbers)) == len(numbers)
    assert {f"Task/{task}" for _, task in tasks} <= set(held)
