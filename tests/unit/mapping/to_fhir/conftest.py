"""A request that uses every member of the format, and what becomes of it."""

import json
from pathlib import Path

import pytest

from adapter.domain.clearance import GATE_SEAL, Cleared
from adapter.domain.consent import Purpose
from adapter.intake.canonical import read_request
from adapter.intake.record_content import resolve_contents
from adapter.mapping.to_fhir.bundles import message_bundle, transaction_bundle
from adapter.mapping.to_fhir.message_header import Endpoint
from adapter.mapping.to_fhir.request import express_request

FULL = Path(__file__).parents[1] / "full-request.json"


def clearance(item, at):
    return Cleared(item, seal=GATE_SEAL, recipient="B", purpose=Purpose.SHARE_RECORDS, at=at, grant=None)


class Outcome:
    """One document, read, expressed and bundled; `cleared` names the records that may go, None = all."""

    def __init__(self, document, cleared=None):
        self.request = read_request(json.dumps(document).encode())
        self.resolved = resolve_contents(self.request, base=None, uploaded=lambda _: None)
        going = [one for one in self.request.records if cleared is None or one.id in cleared]
        self.expressed = express_request(
            self.request,
            contents={name: one.content for name, one in self.resolved.items()},
            cleared=[clearance(one, self.request.sent.at) for one in going],
        )

    def all(self, kind):
        return [one for one in self.expressed.resources if one["resourceType"] == kind]

    def at(self, reference):
        """The resource that a Reference points to."""
        return next(
            one for one in self.expressed.resources if f"{one['resourceType']}/{one['id']}" == reference["reference"]
        )

    def transaction(self):
        data = {one.content.sha256: one.source for one in self.resolved.values()}
        return transaction_bundle(self.expressed, read=data.__getitem__)

    def message(self, country="NL", **changes):
        parts = {
            "release": clearance(self.request, self.request.sent.at),
            "source": Endpoint(url="https://a.example/fhir", name="A"),
            "destination": Endpoint(url="https://b.example/fhir"),
            "recipient_country": country,
        }
        return message_bundle(self.expressed, **{**parts, **changes})


@pytest.fixture
def document():
    """A request that uses every member, as JSON data; change it as you like."""
    return json.loads(FULL.read_bytes())


@pytest.fixture
def express():
    return Outcome
