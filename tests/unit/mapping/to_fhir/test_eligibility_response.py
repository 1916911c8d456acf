"""https://hl7.org/fhir/R4/coverageeligibilityresponse.html"""

from datetime import date
from decimal import Decimal

import pytest

from adapter.domain.coverage import CoverageDecision, CoverageOutcome, Reason
from adapter.fhir.codec import parse_json, to_json
from adapter.fhir.systems import EXT_COVERAGE_FINDING, EXT_ESTIMATE
from adapter.mapping.to_fhir.eligibility_response import eligibility_response

REASON = Reason(
    code="NL-COVERED-BASIC",
    rule="nl-pno-benefit",
    text={"en": "English.", "de": "Deutsch.", "nl": "Nederlands."},
    source=("P08", "P19"),
    law="Zvw 11",
)
NOTICE = Reason(code="NOTE", rule="a-notice", text={"en": "n", "de": "n", "nl": "n"})
UNKNOWN = Reason(code="FACT-MISSING", rule=None, text={"en": "u", "de": "u", "nl": "u"})


@pytest.fixture
def answer(values):
    def make(outcome, language="nl", **stated):
        members = {"pack": "nl.pnozorg.basic", "on": date(2026, 4, 24), "reasons": (REASON,), **stated}
        decision = CoverageDecision(outcome=outcome, **members)
        request = values.expressed.eligibility_request
        return eligibility_response(decision, request=request, created=values.envelope.at, language=language)

    return make


def findings(response):
    found = []
    for one in response["extension"]:
        if one["url"] == EXT_COVERAGE_FINDING:
            parts = [
                (part["url"], next((v for k, v in part.items() if k.startswith("value")), None))
                for part in one["extension"]
            ]
            found.append({name: [value for n, value in parts if n == name] for name, _ in parts})
    return found


@pytest.mark.parametrize(
    ("outcome", "excluded", "finding"),
    [
        (CoverageOutcome.OK, False, "covered"),
        (CoverageOutcome.PARTIAL, False, "covered"),
        (CoverageOutcome.ACTION, None, "conditional"),
        (CoverageOutcome.UNDETERMINED, None, "indeterminate"),
        (CoverageOutcome.DENIED, True, "not-covered"),
    ],
)
def test_only_an_answer_has_an_item(answer, errors, outcome, excluded, finding):
    response = answer(outcome)
    items = response["insurance"][0].get("item")
    assert (items[0]["excluded"] if items else None) is excluded
    assert [one["result"] for one in findings(response)] == [[finding]]
    assert response["outcome"] == "complete"
    assert "error" not in response
    assert errors(response) == []


def test_an_item_has_a_category_or_a_service_never_both(answer):
    item = answer(CoverageOutcome.OK)["insurance"][0]["item"][0]
    assert ("category" in item) != ("productOrService" in item)


def test_an_estimate_says_so_and_whom_to_ask_and_not_that_the_policy_is_in_force(answer):
    response = answer(CoverageOutcome.OK)
    assert {"url": EXT_ESTIMATE, "valueBoolean": True} in response["extension"]
    assert response["disposition"].startswith("Schatting, geen besluit van de verzekeraar")
    assert "inforce" not in response["insurance"][0]


def test_the_insurers_own_word_is_no_estimate(answer):
    response = answer(CoverageOutcome.OK, basis="insurer")
    assert EXT_ESTIMATE not in [one["url"] for one in response["extension"]]
    assert response["insurance"][0]["inforce"] is True
    assert response["disposition"] == "Wordt vergoed. Nederlands."


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Nederlands."), ("de-CH", "Deutsch."), ("fr", "English."), ("", "English.")]
)
def test_the_answer_speaks_the_language_asked_for_and_has_the_others_beside_it(answer, language, words):
    response = answer(CoverageOutcome.OK, language=language)
    assert response["disposition"].endswith(words)
    assert len(response["_disposition"]["extension"]) == 2
    first = next(one for one in response["extension"][1]["extension"] if one["url"] == "text")
    assert first["extension"][1]["valueString"] == words


def test_a_finding_names_rule_source_law_and_date(answer):
    found = findings(answer(CoverageOutcome.OK))[0]
    assert found["rule"] == ["nl-pno-benefit"]
    assert found["source"] == ["P08", "P19"]
    assert (found["law"], found["date"], found["pack"]) == (["Zvw 11"], ["2026-04-24"], ["nl.pnozorg.basic"])


def test_every_missing_fact_is_named(answer):
    missing = ("second_field", "visits")
    response = answer(CoverageOutcome.UNDETERMINED, reasons=(UNKNOWN,), missing=missing)
    assert [one["missing"] for one in findings(response)] == [list(missing)]
    assert "second_field, visits" in response["disposition"]


@pytest.mark.parametrize("reasons", [(), (REASON,)])
def test_a_missing_fact_that_no_reason_names_has_a_finding_of_its_own(answer, reasons):
    response = answer(CoverageOutcome.DENIED, reasons=reasons, missing=("visits",))
    last = findings(response)[-1]
    assert (last["code"], last["result"], last["missing"]) == (["FACT-MISSING"], ["indeterminate"], ["visits"])


def test_a_notice_decides_nothing(answer):
    found = findings(answer(CoverageOutcome.OK, notices=(NOTICE,)))
    assert [("result" in one, one["code"]) for one in found] == [(True, ["NL-COVERED-BASIC"]), (False, ["NOTE"])]


def test_a_share_is_told_in_percent(answer):
    benefits = answer(CoverageOutcome.PARTIAL, pct=Decimal("75.50"))["insurance"][0]["item"][0]["benefit"]
    assert [one["allowedString"] for one in benefits] == ["75.5 %"]
    assert "benefit" not in answer(CoverageOutcome.OK, pct=Decimal(100))["insurance"][0]["item"][0]


def test_the_deductible_is_exact_money(answer):
    stated = {
        "deductible": "applies",
        "deductible_amount": Decimal("385.00"),
        "deductible_remaining": Decimal("265.00"),
    }
    response = parse_json(to_json(answer(CoverageOutcome.OK, **stated)))
    benefit = response["insurance"][0]["item"][0]["benefit"][0]
    assert benefit["type"]["coding"][0]["code"] == "deductible"
    assert benefit["allowedMoney"] == {"value": Decimal("385.00"), "currency": "EUR"}
    assert str(benefit["usedMoney"]["value"]) == "120.00"


def test_what_is_left_of_an_unknown_deductible_is_still_told(answer):
    stated = {"deductible": "applies", "deductible_remaining": Decimal("265.00")}
    benefit = answer(CoverageOutcome.OK, **stated)["insurance"][0]["item"][0]["benefit"][0]
    assert benefit["allowedString"] == "265 EUR remaining"


def test_no_pack_is_an_answer_too(answer, errors):
    response = answer(CoverageOutcome.UNDETERMINED, pack=None, on=None, reasons=(UNKNOWN,))
    assert errors(response) == []
    assert "servicedDate" not in response
    assert "pack" not in findings(response)[0]


def test_the_same_question_gets_the_same_id(answer):
    assert answer(CoverageOutcome.OK)["id"] == answer(CoverageOutcome.DENIED)["id"]
