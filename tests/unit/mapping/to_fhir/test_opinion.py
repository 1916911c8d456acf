"""https://hl7.org/fhir/R4/composition.html"""

import pytest

from adapter.base.errors import Invalid
from adapter.domain.parties import Organization
from adapter.domain.report import Answer
from adapter.fhir.profiles import claimed_problems
from adapter.mapping.narrative import language_of, plain_text


def codes(composition):
    return [one["code"]["coding"][0]["code"] for one in composition["section"]]


def section(composition, code):
    return next(one for one in composition["section"] if one["code"]["coding"][0]["code"] == code)


def types(bundle):
    return [entry["resource"]["resourceType"] for entry in bundle["entry"]]


@pytest.mark.parametrize("status", ["preliminary", "final", "amended"])
def test_the_opinion_is_a_valid_document_in_every_status(values, make_report, errors, status):
    opinion = values.opinion(make_report(status=status))
    assert errors(opinion.document) == []
    assert opinion.composition["status"] == opinion.diagnostic_report["status"] == status
    assert ("attester" in opinion.composition) is (status != "preliminary")


def test_the_least_that_a_report_can_say_is_valid(make_values, make_report, errors):
    least = make_report(
        reviewed=(), examined=None, answers=(), alternatives=(), summary=None, patient_summary=None, document=None
    )
    opinion = make_values(questions=(), records=()).opinion(least, document=None)
    assert errors(opinion.document) == []
    assert codes(opinion.composition) == ["documents-reviewed", "assessment"]
    assert "Binary" not in types(opinion.document)


NOT_STATED = {
    "necessity": "Of de geplande operatie nodig is, is niet apart vermeld: zie het verslag.",
    "concordance": "Of deze het eens is met de eerste mening, is niet apart vermeld: zie het verslag.",
}


def urls(resource):
    return {one["url"].rpartition("/")[2] for one in resource.get("extension", ())}


@pytest.mark.parametrize("concordance", ["agree", None])
@pytest.mark.parametrize("necessity", ["yes", None])
def test_what_is_not_stated_has_no_code_anywhere_and_is_told_as_not_stated(
    values, make_report, errors, necessity, concordance
):
    opinion = values.opinion(make_report(necessity=necessity, concordance=concordance))
    stated = {name for name, value in {"necessity": necessity, "concordance": concordance}.items() if value}
    assert errors(opinion.document) == []
    assert claimed_problems(opinion.document) == []
    assert urls(opinion.composition) == stated
    assert len(opinion.diagnostic_report.get("conclusionCode", ())) == len(stated)
    outputs = {one["type"]["coding"][0]["code"] for one in opinion.outputs}
    assert outputs - {"opinion-report", "answer"} == stated
    for resource in (section(opinion.composition, "assessment"), opinion.diagnostic_report):
        told = plain_text(resource["text"])
        assert {name for name, words in NOT_STATED.items() if words not in told} == stated
    assert section(opinion.composition, "assessment")["entry"]


def test_a_question_that_the_document_may_answer_is_not_said_to_be_unanswered(values, make_report):
    told = {}
    for name, report in {
        "in prose": make_report(answers=()),
        "one of two": make_report(answers=(Answer(question=1, text="Ja."),)),
        "in codes": make_report(answers=(), document=None, summary=None),
    }.items():
        opinion = values.opinion(report, document=None)
        told[name] = plain_text(section(opinion.composition, "answers")["text"])
    assert told["in prose"].count("Niet apart beantwoord: zie het verslag.") == 2
    assert told["one of two"].count("Niet beantwoord.") == 1
    assert told["in codes"].count("Niet beantwoord.") == 2


def test_the_sections_are_those_of_the_report_and_what_is_urgent_comes_first(values, make_report):
    composition = values.opinion(make_report(urgent_finding="Caudasyndroom")).composition
    assert codes(composition) == [
        "urgent-finding",
        "answers",
        "documents-reviewed",
        "examination",
        "summary",
        "assessment",
        "alternatives",
        "for-the-patient",
        "signed-document",
    ]
    assert plain_text(section(composition, "urgent-finding")["text"]) == "Caudasyndroom"


def test_headings_speak_the_language_of_the_report_and_the_patients_part_its_own(values, make_report):
    report = make_report()
    german = make_report(document=report.document.__class__(content_type="application/pdf", language="de-AT"))
    composition = values.opinion(german).composition
    assert composition["title"] == "Ärztliche Zweitmeinung"
    assert language_of(section(composition, "for-the-patient")["text"]) == "nl"


def test_a_question_without_an_answer_says_so(values, make_report):
    opinion = values.opinion(make_report(answers=(Answer(question=2, text="Ja."),)))
    assert "Niet beantwoord." in plain_text(section(opinion.composition, "answers")["text"])
    numbers = [one["extension"][0]["valuePositiveInt"] for one in opinion.outputs if "valueString" in one]
    assert numbers == [2]


def test_the_outputs_name_the_report_the_judgement_and_every_answer(values):
    opinion = values.opinion()
    kinds = [one["type"]["coding"][0]["code"] for one in opinion.outputs]
    assert kinds == ["opinion-report", "opinion-report", "concordance", "necessity", "answer", "answer"]
    assert opinion.outputs[0]["valueReference"]["reference"] == f"Bundle/{opinion.document['id']}"


def test_a_cited_record_is_named_with_its_hash_but_not_where_it_lies(values):
    opinion = values.opinion()
    cited = [
        entry["resource"]
        for entry in opinion.document["entry"]
        if entry["resource"]["resourceType"] == "DocumentReference" and "custodian" not in entry["resource"]
    ]
    attachment = cited[0]["content"][0]["attachment"]
    assert len(cited) == 1
    assert values.contents["DOC-1"].sha256 in str(attachment)
    assert "url" not in attachment


def test_the_resources_that_are_new_leave_out_the_patient_and_what_is_cited(values):
    opinion = values.opinion()
    known = {one["id"] for one in values.expressed.resources}
    assert known.isdisjoint(one["id"] for one in opinion.resources)


def test_an_organisation_that_the_case_does_not_have_is_made(values, make_report, errors):
    from adapter.mapping.to_fhir.opinion import express_report

    opinion = express_report(
        make_report(), view=values.view, content=None, document=None, author=Organization(name="Haus C (TEST)")
    )
    assert [one["name"] for one in opinion.resources if one["resourceType"] == "Organization"] == ["Haus C (TEST)"]
    assert errors(opinion.document) == []


def test_what_does_not_fit_the_request_is_told_at_once_by_its_pointer(values, make_report):
    wrong = make_report(
        case="CASE-9",
        reviewed=("DOC-1", "DOC-9"),
        answers=(Answer(question=3, text="?"), Answer(question=1, text="a"), Answer(question=1, text="b")),
    )
    with pytest.raises(Invalid) as refused:
        values.opinion(wrong)
    assert [one.where for one in refused.value.problems] == [
        "/reviewed/1",
        "/answers/0/question",
        "/answers/2/question",
        "/case",
    ]


def test_a_report_that_replaces_another_names_it(values, make_report):
    composition = values.opinion(make_report(status="amended", message_id="M2", replaces="MSG-REP-1")).composition
    assert composition["relatesTo"][0]["targetIdentifier"]["value"] == "MSG-REP-1"


def test_another_message_makes_other_resources(values, make_report):
    first, second = values.opinion(), values.opinion(make_report(message_id="M2"))
    assert {one["id"] for one in first.resources}.isdisjoint(one["id"] for one in second.resources)
