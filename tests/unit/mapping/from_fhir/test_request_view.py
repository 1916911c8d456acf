"""https://hl7.org/fhir/R4/servicerequest.html"""

from datetime import date

import pytest

from adapter.base.errors import Invalid
from adapter.mapping.from_fhir.request_view import read_request_view


def refusal(resources):
    with pytest.raises(Invalid) as refused:
        read_request_view(resources)
    return [one.where for one in refused.value.problems]


def without(values, kind):
    return [one for one in values.expressed.resources if one["resourceType"] != kind]


def test_the_view_has_what_the_consulting_side_works_with(values):
    view = values.view
    assert (view.case_number, view.request_id) == ("CASE-1", "REQ-1")
    assert view.questions == values.request.questions
    assert (view.language, view.planned_on, view.afterwards, view.answer_by) == (
        "nl",
        date(2026, 5, 20),
        "return",
        date(2026, 5, 10),
    )
    assert (view.treating.name, view.consulting.name) == ("Haus A (TEST)", "Haus B (TEST)")
    assert view.treating.identifiers == values.request.treating.organization.identifiers
    assert view.task["id"] == values.expressed.task["id"]
    assert view.patient["id"] == values.expressed.patient["id"]


def test_announced_records_are_in_their_order_with_their_hashes(values):
    letter, image = values.view.records
    assert (letter.record_id, letter.title, letter.date, letter.language) == (
        "DOC-1",
        "Brief <1> & meer",
        "2026-04",
        "nl",
    )
    assert letter.type.code == "57133-1"
    content = values.contents["DOC-1"]
    assert (letter.sha256, letter.sha1, letter.size_bytes) == (content.sha256, content.sha1, content.size_bytes)
    assert (image.record_id, image.type, image.language) == ("DOC-2", None, None)


@pytest.mark.parametrize("afterwards", ["return", "transfer", "report-only", None])
def test_what_is_to_happen_afterwards_is_read_back(make_values, afterwards):
    assert make_values(afterwards=afterwards).view.afterwards == afterwards


def test_what_the_request_does_not_say_is_unknown(make_values):
    view = make_values(questions=(), planned_procedure=None, answer_by=None, records=()).view
    assert (view.questions, view.records, view.planned_on, view.answer_by) == ((), (), None, None)


def test_every_missing_part_is_named(values):
    assert refusal([]) == ["Bundle.entry.resource.ofType(Task)"]
    assert refusal(without(values, "ServiceRequest")) == ["Task.focus"]
    assert refusal(without(values, "Patient")) == ["ServiceRequest.subject"]


def test_two_requests_in_one_are_refused(values):
    twice = [*values.expressed.resources, {**values.expressed.task, "id": "another"}]
    assert refusal(twice) == ["Bundle.entry.resource.ofType(Task)"]


def test_a_request_needs_its_number(values):
    resources = [{k: v for k, v in one.items() if k != "identifier"} for one in values.expressed.resources]
    assert refusal(resources) == ["Task.identifier"]
