"""https://hl7.org/fhir/R4/diagnosticreport.html"""

import base64
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.base.errors import Invalid
from adapter.domain.report import Answer, PatientSummary
from adapter.fhir.codec import parse_json, parse_xml, to_json, to_xml
from adapter.mapping.from_fhir.opinion import read_opinion

WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]) | st.just("\n"), min_size=1, max_size=40
).filter(lambda text: text == text.strip() and text)
CONCORDANCE = ["agree", "agree-with-modification", "disagree-diagnosis", "more-diagnostics-needed"]


def resource(bundle, kind):
    return next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind)


def refusal(bundle):
    with pytest.raises(Invalid) as refused:
        read_opinion(bundle)
    return [one.where for one in refused.value.problems]


def test_what_the_report_says_comes_out_again(values, make_report):
    report = make_report(urgent_finding="Caudasyndroom", replaces="MSG-REP-0", status="amended")
    received = read_opinion(values.opinion(report).document)
    assert (received.report_id, received.message_id, received.replaces) == ("REP-1", "MSG-REP-1", "MSG-REP-0")
    assert (received.status, received.necessity, received.concordance) == ("amended", "no", "alternative-recommended")
    assert received.answers == {answer.question: answer.text for answer in report.answers}
    assert received.author == report.author
    assert received.issued == "2026-04-28T15:00:00+02:00"
    assert received.document == b"%PDF-1.7 signed"
    assert received.document_type == "application/pdf"
    assert (received.alternatives, received.reviewed) == (report.alternatives, report.reviewed)
    assert (received.summary, received.patient_summary) == (report.summary, report.patient_summary)
    assert received.urgent_finding == "Caudasyndroom"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(
    answers=st.lists(WORDS, min_size=0, max_size=2),
    summary=st.none() | WORDS,
    own=st.none() | WORDS,
    alternatives=st.lists(WORDS, max_size=3),
    concordance=st.none() | st.sampled_from(CONCORDANCE),
    necessity=st.none() | st.sampled_from(["yes", "no", "undecided"]),
    pdf=st.none() | st.binary(max_size=200),
)
def test_any_words_survive_the_document_and_the_wire(
    values, make_report, answers, summary, own, alternatives, concordance, necessity, pdf
):
    report = make_report(
        answers=tuple(Answer(question=n, text=text) for n, text in enumerate(answers, 1)),
        summary=summary,
        patient_summary=own and PatientSummary(language="nl", text=own),
        alternatives=tuple(alternatives),
        concordance=concordance,
        necessity=necessity,
    )
    document = values.opinion(report, document=pdf).document
    for received in (
        read_opinion(document),
        read_opinion(parse_json(to_json(document))),
        read_opinion(parse_xml(to_xml(document))),
    ):
        assert received.answers == dict(enumerate(answers, 1))
        assert received.summary == summary
        assert received.patient_summary == report.patient_summary
        assert received.alternatives == report.alternatives
        assert (received.concordance, received.necessity) == (concordance, necessity)
        assert received.document == pdf


def test_a_report_without_the_document_in_it_is_taken(values, make_report):
    received = read_opinion(values.opinion(make_report(document=None), document=None).document)
    assert (received.document, received.sha256) == (None, None)


def test_a_tampered_document_is_refused(values):
    bundle = values.opinion().document
    resource(bundle, "Binary")["data"] = base64.b64encode(b"%PDF-1.7 forged").decode()
    assert set(refusal(bundle)) == {"DiagnosticReport.presentedForm[0]", "DiagnosticReport.presentedForm[0].hash"}


def test_a_document_that_is_promised_but_missing_is_refused(values):
    bundle = values.opinion().document
    bundle["entry"] = [entry for entry in bundle["entry"] if entry["resource"]["resourceType"] != "Binary"]
    assert refusal(bundle) == ["DiagnosticReport.presentedForm[0]"]


def test_all_that_is_missing_is_told_at_once(values):
    bundle = values.opinion().document
    composition, report = resource(bundle, "Composition"), resource(bundle, "DiagnosticReport")
    del composition["extension"], composition["identifier"]
    for one in report["conclusionCode"]:
        one["coding"][0]["code"] = "perhaps"
    composition["status"] = "entered-in-error"
    composition["author"] = [composition["custodian"]]
    assert refusal(bundle) == [
        "DiagnosticReport.conclusionCode",
        "DiagnosticReport.conclusionCode",
        "Composition.identifier",
        "Composition.status",
        "Composition.author",
    ]


def test_two_judgements_that_contradict_each_other_are_refused(values):
    bundle = values.opinion().document
    resource(bundle, "DiagnosticReport")["conclusionCode"][1]["coding"][0]["code"] = "yes"
    assert refusal(bundle) == ["DiagnosticReport.conclusionCode"]


def test_a_judgement_that_nobody_knows_is_refused(values):
    bundle = values.opinion().document
    for code in (
        resource(bundle, "DiagnosticReport")["conclusionCode"][1],
        resource(bundle, "Composition")["extension"][1]["valueCodeableConcept"],
    ):
        code["coding"][0]["code"] = "perhaps"
    assert refusal(bundle) == ["DiagnosticReport.conclusionCode"]


@pytest.mark.parametrize("link", ["0", "-1", "one", "1.1", "", "٣", "9" * 5000])
def test_a_question_without_a_number_is_refused(values, link):
    bundle = values.opinion().document
    resource(bundle, "QuestionnaireResponse")["item"][0]["linkId"] = link
    assert refusal(bundle) == ["QuestionnaireResponse.item[0].linkId"]


def test_the_same_question_twice_is_refused(values):
    bundle = values.opinion().document
    resource(bundle, "QuestionnaireResponse")["item"][1]["linkId"] = "1"
    assert refusal(bundle) == ["QuestionnaireResponse.item[1].linkId"]


def test_a_document_without_a_report_is_refused(values):
    bundle = values.opinion().document
    bundle["entry"] = [entry for entry in bundle["entry"] if entry["resource"]["resourceType"] != "DiagnosticReport"]
    assert "Bundle.entry.resource" in refusal(bundle)


def test_an_author_without_a_name_is_still_an_author(values, make_report):
    report = make_report()
    nameless = make_report(author=replace(report.author, name=None))
    assert read_opinion(values.opinion(nameless).document).author == nameless.author
