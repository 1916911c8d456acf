"""A request judged and expressed on this machine alone, at its own moment unless another is given."""

import json
from datetime import UTC, datetime

import pytest

from adapter.base.data import shipped
from adapter.base.errors import Invalid, UnknownFormat, Withheld
from adapter.domain.clearance import Cleared, Refusal
from adapter.fhir.validate import validate
from adapter.workflow.offline import express_offline

SAMPLES = shipped("samples")


def body(country="nl", **changes):
    document = json.loads((SAMPLES / f"request-{country}.json").read_text(encoding="utf-8"))
    document.update(changes)
    return json.dumps({name: value for name, value in document.items() if value is not None}).encode()


def errors_in(resource):
    return [one for one in validate(resource) if one.severity in ("error", "fatal")]


@pytest.mark.parametrize("country", ["nl", "de"])
def test_a_sample_is_released_and_both_bundles_are_valid(country):
    offline = express_offline(body(country), SAMPLES)
    assert isinstance(offline.release.request, Cleared)
    assert errors_in(offline.transaction()) == errors_in(offline.message()) == []


@pytest.mark.parametrize("country", ["nl", "de"])
def test_the_same_request_gives_the_same_bundles(country):
    one, other = (express_offline(body(country), SAMPLES) for _ in range(2))
    assert one.transaction() == other.transaction()
    assert one.message() == other.message()


def test_the_bytes_of_cleared_records_are_in_the_transaction_and_in_no_message():
    offline = express_offline(body("nl"), SAMPLES)
    kinds = [one["resource"]["resourceType"] for one in offline.transaction()["entry"]]
    assert kinds.count("Binary") == len({one.item.id for one in offline.release.cleared})
    message = offline.message()
    assert "Binary" not in [one["resource"]["resourceType"] for one in message["entry"]]
    attachments = [
        content["attachment"]
        for one in message["entry"]
        if one["resource"]["resourceType"] == "DocumentReference"
        for content in one["resource"]["content"]
    ]
    assert attachments
    assert not any("data" in one for one in attachments)


def test_another_moment_may_be_after_the_consent_has_ended():
    document = json.loads(body("nl"))
    document["consent"]["shareRecords"]["until"] = document["sent"][:10]
    data = json.dumps(document).encode()
    assert isinstance(express_offline(data, SAMPLES).release.request, Cleared)
    later = express_offline(data, SAMPLES, datetime(2099, 1, 1, tzinfo=UTC))
    assert isinstance(later.release.request, Refusal)
    assert later.release.cleared == ()


def test_without_consent_there_is_a_transaction_but_no_message():
    offline = express_offline(body("nl", consent=None), SAMPLES)
    with pytest.raises(Withheld, match="without the patient's consent to share there is no message") as refused:
        offline.message()
    assert refused.value.problems[0].where.startswith("/consent")
    kinds = {one["resource"]["resourceType"] for one in offline.transaction()["entry"]}
    assert kinds & {"Binary", "DocumentReference"} == set()


def test_a_missing_file_is_named():
    with pytest.raises(Invalid) as refused:
        express_offline(body("nl"), SAMPLES / "records")
    assert refused.value.problems[0].where == "/records/0/path"


def test_a_report_is_no_request():
    with pytest.raises(UnknownFormat):
        express_offline((SAMPLES / "report-nl.json").read_bytes(), SAMPLES)


def test_a_consulting_side_without_an_organisation_has_no_country():
    document = json.loads(body("nl"))
    document["consulting"].pop("organization")
    assert express_offline(json.dumps(document).encode(), SAMPLES).recipient_country is None
