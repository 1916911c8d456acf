"""A QuestionnaireResponse beside its Questionnaire."""

import pytest

from adapter.fhir.validate import validate

ASKED = [
    {
        "linkId": "1",
        "type": "group",
        "item": [
            {"linkId": "1.1", "type": "string", "required": True},
            {"linkId": "1.2", "type": "choice", "answerOption": [{"valueString": "a"}, {"valueString": "b"}]},
            {"linkId": "1.3", "type": "integer", "item": [{"linkId": "1.3.1", "type": "boolean"}]},
            {"linkId": "1.4", "type": "string", "repeats": True},
            {"linkId": "1.5", "type": "display"},
        ],
    }
]
QUESTIONNAIRE = {"resourceType": "Questionnaire", "id": "q", "status": "draft", "name": "Q", "item": ASKED}
QUESTIONNAIRE |= {"url": "http://a.example/q"}
NAME = {"linkId": "1.1", "answer": [{"valueString": "x"}]}


def _response(*items, **members):
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": list(items)}
    return response | {"questionnaire": "#q", "contained": [QUESTIONNAIRE]} | members


def _told(resource):
    return [(one.where, one.text.partition(":")[0]) for one in validate(resource) if one.severity == "error"]


def _group(*items, **members):
    return {"linkId": "1", "item": list(items), **members}


def test_good_answers_are_good():
    nested = {
        "linkId": "1.3",
        "answer": [{"valueInteger": 1, "item": [{"linkId": "1.3.1", "answer": [{"valueBoolean": True}]}]}],
    }
    several = {"linkId": "1.4", "answer": [{"valueString": "x"}, {"valueString": "y"}]}
    chosen = {"linkId": "1.2", "answer": [{"valueString": "b"}]}
    assert _told(_response(_group(NAME, chosen, nested, several))) == []


@pytest.mark.parametrize(
    ("items", "where"),
    [
        ([{"linkId": "1.2", "answer": [{"valueString": "a"}]}], ""),
        ([NAME, {"linkId": "9", "answer": [{"valueString": "x"}]}], ".item[1].linkId"),
        ([NAME, {"linkId": "1.2", "answer": [{"valueString": "c"}]}], ".item[1].answer[0].valueString"),
        ([{"linkId": "1.1", "answer": [{"valueInteger": 1}]}], ".item[0].answer[0].valueInteger"),
        ([{"linkId": "1.1", "answer": [{"valueString": "x"}, {"valueString": "y"}]}], ".item[0].answer[1]"),
        ([NAME, NAME], ".item[1]"),
        ([{"linkId": "1.4", "answer": [{"valueString": "x"}]}, NAME], ".item[1]"),
        ([NAME, {"linkId": "1.5", "answer": [{"valueString": "x"}]}], ".item[1].answer"),
        ([NAME, {"linkId": "1.3.1", "answer": [{"valueBoolean": True}]}], ".item[1].linkId"),
    ],
)
def test_each_wrong_answer_is_named(items, where):
    assert [place for place, _ in _told(_response(_group(*items)))] == [f"QuestionnaireResponse.item[0]{where}"]


def test_a_group_has_no_answer_of_its_own():
    found = _told(_response(_group(NAME, answer=[{"valueString": "x"}])))
    assert ("QuestionnaireResponse.item[0].answer", "an item of the type group has no answer") in found


def test_what_is_not_finished_may_lack_answers():
    assert _told(_response(_group({"linkId": "1.2", "answer": [{"valueString": "a"}]}), status="in-progress")) == []


def test_the_questionnaire_may_be_in_the_bundle_around_and_is_not_looked_for_elsewhere():
    response = _response(_group(NAME, NAME), questionnaire="http://a.example/q|1.0")
    del response["contained"]
    assert _told(response) == []
    entries = [
        {"fullUrl": f"urn:uuid:6f5b4a54-3e0b-4b5e-9d2f-1f7a44b5f2a{at}", "resource": one}
        for at, one in enumerate((response, QUESTIONNAIRE))
    ]
    found = _told({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert [place for place, _ in found] == ["Bundle.entry[0].resource.item[0].item[1]"]
