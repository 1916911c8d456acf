"""https://hl7.org/fhir/R4/narrative.html; a narrative says less than its resource, never more."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.fhir.codec import to_json
from adapter.fhir.validate import validate
from adapter.mapping.narrative import language_of, plain_text
from adapter.mapping.to_fhir import resource_words
from adapter.mapping.to_fhir.crossing import Crossing
from adapter.mapping.to_fhir.document_texts import LANGUAGES
from adapter.mapping.to_fhir.request import express_request
from adapter.mapping.to_fhir.resource_text import narrated, tongue_of


def texts_of(resources):
    return {f"{one['resourceType']}/{one['id']}": plain_text(one.get("text")) for one in resources}


@pytest.mark.parametrize("form", ["transaction", "message"])
def test_every_resource_that_people_can_read_has_a_narrative_and_draws_no_warning(express, document, form):
    bundle = getattr(express(document), form)()
    told = texts_of([e["resource"] | {"id": "x"} for e in bundle["entry"] if e["resource"]["resourceType"] != "Binary"])
    assert all(told.values()), told
    assert [one for one in validate(bundle) if one.severity != "information"] == []


def test_it_speaks_the_language_of_the_treating_organisation_unless_told_otherwise(express, document):
    task = express(document).expressed.task
    assert (language_of(task["text"]), plain_text(task["text"])) == ("nl", "Second opinion: Aangevraagd, Nieuw")
    told = express_request(express(document).request, contents={}, cleared=[], language="de")
    assert plain_text(told.task["text"]) == "Zweitmeinung: Angefragt, Neu"
    document["treating"]["organization"]["country"] = "DE"
    assert plain_text(express(document).expressed.task["text"]) == "Zweitmeinung: Angefragt, Neu"
    del document["treating"]["organization"]["country"]
    document["treating"]["organization"].pop("address", None)
    assert plain_text(express(document).expressed.task["text"]) == "Second opinion: Requested, New"


def test_no_number_of_a_person_stands_in_a_narrative(express, document):
    outcome = express(document)
    people = ("Patient", "RelatedPerson", "Practitioner", "Organization")
    numbers = [
        i["value"]
        for one in outcome.expressed.resources
        for i in one.get("identifier", ())
        if one["resourceType"] in people
    ]
    numbers += [one["subscriberId"] for one in outcome.all("Coverage")]
    divs = " ".join(one["text"]["div"] for one in outcome.expressed.resources)
    assert len(numbers) > 5
    assert [number for number in numbers if number in divs] == []


def test_a_request_to_the_consulting_side_tells_no_question_and_no_note_in_its_narratives(express, document):
    divs = " ".join(one["text"]["div"] for one in express(document).expressed.resources)
    told = [*document["questions"], document["notes"]]
    assert [one for one in told if one in divs] == []


def test_a_withheld_record_is_in_no_narrative(express, document):
    whole, part = express(document), express(document, cleared=set())
    titles = [one["title"] for one in document["records"] if "title" in one]
    written = json.dumps([one["text"] for one in part.expressed.resources], ensure_ascii=False)
    assert titles
    assert [one for one in titles if one in written] == []
    assert any(one in json.dumps([r["text"] for r in whole.expressed.resources], ensure_ascii=False) for one in titles)


@pytest.mark.parametrize("country", [None, "NL", "DE"])
def test_what_is_taken_out_at_the_border_was_not_in_the_narrative(express, document, country):
    expressed = express(document).expressed
    crossing = Crossing(country=country, ids=expressed.ids)
    bare = [{name: value for name, value in one.items() if name != "text"} for one in expressed.resources]
    after = [narrated(one, expressed.language) for one in crossing.visible(bare)]
    assert texts_of(after) == texts_of(crossing.visible(expressed.resources))


def test_markup_in_what_people_wrote_stays_text(express, document):
    document["patient"]["name"] = {"text": '<script>alert("x")</script> & Co'}
    patient = express(document).expressed.patient
    assert "<script" not in patient["text"]["div"]
    assert '<script>alert("x")</script> & Co' in plain_text(patient["text"])
    assert [one for one in validate(patient) if one.severity in ("error", "fatal")] == []


def test_the_given_resource_is_not_changed_and_a_narrative_is_replaced(express, document):
    task = express(document).expressed.task
    before = copy.deepcopy(task)
    changed = narrated({**task, "status": "failed", "businessStatus": None}, "de")
    assert task == before
    assert plain_text(changed["text"]) == "Zweitmeinung: Gescheitert"
    assert list(changed)[:4] == ["resourceType", "id", "meta", "text"]


def test_the_language_of_a_resource_goes_before_the_asked_one():
    composition = {"resourceType": "Composition", "id": "c", "language": "nl", "title": "Titel"}
    assert language_of(narrated(composition, "de")["text"]) == "nl"
    assert tongue_of(narrated(composition, "de")) == "nl"


def test_what_we_do_not_write_stays_as_it_is():
    binary = {"resourceType": "Binary", "contentType": "text/plain"}
    assert narrated(binary, "de") == binary


def test_every_word_is_there_in_every_language():
    public = (value for name, value in vars(resource_words).items() if name.isupper() and not name.startswith("_"))
    tables = [value for value in public if type(value) is dict]
    words = [
        one for table in tables for one in (table.values() if type(next(iter(table.values()))) is dict else [table])
    ]
    assert len(words) > 30
    for one in words:
        assert set(one) == set(LANGUAGES), one
        assert all(word.strip() for word in one.values())


@settings(max_examples=60)
@given(
    words=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip),
    language=st.sampled_from([*LANGUAGES, None, "tr"]),
)
@pytest.mark.parametrize(
    "kind", ["Patient", "Organization", "Condition", "DocumentReference", "CarePlan", "OperationOutcome"]
)
def test_whatever_people_write_the_narrative_is_allowed_xhtml(kind, words, language):
    resource = {
        "Patient": {"name": [{"text": words}]},
        "Organization": {"name": words, "address": [{"city": words}]},
        "Condition": {"code": {"text": words}, "subject": {"display": "x"}},
        "DocumentReference": {"status": "current", "content": [{"attachment": {"title": words}}]},
        "CarePlan": {"status": "draft", "intent": "plan", "subject": {"display": "x"}, "title": words},
        "OperationOutcome": {"issue": [{"severity": "error", "code": "value", "details": {"text": words}}]},
    }[kind]
    told = narrated({"resourceType": kind, **resource}, language)
    found = [one for one in validate(told) if (one.where or "").startswith(f"{kind}.text")]
    assert found == []
    assert to_json(told)
