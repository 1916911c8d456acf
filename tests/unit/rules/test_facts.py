"""The table of facts that a request gives; what it does not say stays unknown."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from adapter.domain.consent import ConsentStatement, ConsentStatements
from adapter.domain.parties import (
    Address,
    ConsultingProvider,
    Insurance,
    Insurer,
    Organization,
    Patient,
    Provider,
    Proxy,
)
from adapter.domain.records import Record
from adapter.domain.request import Care, Consultation, Diagnosis, PlannedProcedure, SecondOpinionRequest
from adapter.domain.values import Coding, HumanName, Identifier, Instant, Money, PartialDate
from adapter.fhir import systems
from adapter.intake.canonical import read_request
from adapter.rules.answer import answer_json
from adapter.rules.evaluate import decide
from adapter.rules.facts import facts_from_request

CONTRACT = Path(__file__).parents[3].parent / "shared" / "contract"
BARE = SecondOpinionRequest(
    id="R1",
    message_id="R1",
    case="R1",
    sent=Instant("2026-03-31T23:30:00-05:00"),
    patient=Patient(name=HumanName(family="Test")),
    treating=Provider(),
    consulting=ConsultingProvider(),
)


def facts(**members):
    return facts_from_request(replace(BARE, **members))


def test_a_bare_request_gives_only_what_is_certain():
    assert facts() == {"item": "second-opinion", "service_date": date(2026, 3, 31)}


def test_the_day_of_the_consultation_counts_before_the_day_of_sending():
    assert facts(consultation=Consultation(date=date(2026, 4, 24)))["service_date"] == date(2026, 4, 24)
    assert facts(consultation=Consultation(mode="video"))["service_date"] == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("system", "value", "payer"),
    [
        ("http://fhir.de/sid/arge-ik/iknr", "108018007", "iknr:108018007"),
        ("urn:oid:1.2.276.0.76.4.5", "108018007", "iknr:108018007"),
        ("http://fhir.nl/fhir/NamingSystem/uzovi", "0101", "uzovi:0101"),
        ("urn:oid:2.16.840.1.113883.2.4.6.4", "3343", "uzovi:3343"),
        ("https://insurer.example/id", "3343", None),
    ],
)
def test_the_payer_is_named_by_the_system_of_its_number(system, value, payer):
    insurer = Insurer(system=system, value=value)
    assert facts(insurance=Insurance(insurer=insurer)).get("payer") == payer


@pytest.mark.parametrize(
    ("plan", "brand"), [("pnozorg", "pnozorg"), ("PNOzorg ", "pnozorg"), (" ", None), (None, None)]
)
def test_the_brand_is_the_plan_however_it_is_spelled(plan, brand):
    assert facts(insurance=Insurance(plan=plan)).get("brand") == brand


def test_insurance_members_become_facts():
    insurance = Insurance(
        scheme="zvw",
        policy_type="natura",
        supplementary=False,
        active=True,
        deductible_used=Money(value=Decimal("120.00"), currency="EUR"),
    )
    found = facts(insurance=insurance)
    assert {name: found[name] for name in ("insured_scheme", "policy_type", "supplementary", "coverage_active")} == {
        "insured_scheme": "zvw",
        "policy_type": "natura",
        "supplementary": False,
        "coverage_active": True,
    }
    assert found["deductible_used"] == Decimal("120.00")


def test_an_amount_in_another_currency_is_not_taken_for_euros():
    used = Money(value=Decimal(120), currency="CHF")
    assert "deductible_used" not in facts(insurance=Insurance(deductible_used=used))


@pytest.mark.parametrize(
    ("system", "code", "fact"),
    [
        ("http://hl7.org/fhir/sid/icd-10", "M51.1", "icd:M51.1"),
        ("http://hl7.org/fhir/sid/icd-10-nl", "M51.1", "icd:M51.1"),
        ("http://fhir.de/CodeSystem/bfarm/icd-10-gm", "M17.1", "icd:M17.1"),
        ("http://fhir.de/CodeSystem/dimdi/icd-10-gm", "M17.1", "icd:M17.1"),
        ("urn:oid:2.16.840.1.113883.6.3", "M17.1", "icd:M17.1"),
        ("urn:oid:2.16.840.1.113883.6.3.2", "M17.1", "icd:M17.1"),
        ("urn:oid:1.2.276.0.76.5.409", "M17.1", "icd:M17.1"),
        ("http://fhir.de/CodeSystem/bfarm/ops", "5-822.g1", "ops:5-822.g1"),
        ("http://fhir.de/CodeSystem/dimdi/ops", "5-822.g1", "ops:5-822.g1"),
    ],
)
def test_codes_carry_their_kind(system, code, fact):
    assert facts(diagnoses=(Diagnosis(system=system, code=code),))["codes"] == (fact,)
    assert facts(planned_procedure=PlannedProcedure(code=Coding(system=system, code=code)))["codes"] == (fact,)


def test_codes_come_from_diagnoses_and_operation_each_once():
    knee = Diagnosis(system=systems.ICD10_GM, code="M17.1")
    planned = PlannedProcedure(code=Coding(system=systems.OPS, code="5-822.g1"))
    found = facts(diagnoses=(knee, Diagnosis(text="pain"), knee), planned_procedure=planned)
    assert found["codes"] == ("icd:M17.1", "ops:5-822.g1")


def test_codes_are_unknown_where_nothing_is_coded_in_a_known_system():
    snomed = Diagnosis(system=systems.SNOMED, code="239873007")
    assert "codes" not in facts(
        diagnoses=(snomed, Diagnosis(text="knee")), planned_procedure=PlannedProcedure(text="x")
    )


def test_the_planned_operation_gives_its_dates():
    planned = PlannedProcedure(
        date=date(2026, 3, 30), informed_on=date(2026, 3, 2), indicated_on=date(2026, 2, 27), urgency="elective"
    )
    found = facts(planned_procedure=planned)
    assert found["planned"] is True
    assert found["surgery_date"] == date(2026, 3, 30)
    assert found["informed_date"] == date(2026, 3, 2)
    assert found["indication_date"] == date(2026, 2, 27)
    assert found["urgency"] == "elective"


@pytest.mark.parametrize(
    ("afterwards", "takeover", "returns"),
    [("transfer", True, False), ("return", False, True), ("report-only", False, None), (None, None, None)],
)
def test_what_happens_afterwards(afterwards, takeover, returns):
    found = facts(afterwards=afterwards)
    assert (found.get("takeover"), found.get("returns_to_first")) == (takeover, returns)


@pytest.mark.parametrize(("birth", "fact"), [("1980-06-15", date(1980, 6, 15)), ("1980-06", None), ("1980", None)])
def test_only_a_full_birth_date_counts(birth, fact):
    patient = replace(BARE.patient, birth_date=PartialDate(birth), address=Address(postal_code="5611 AB"))
    found = facts(patient=patient)
    assert found.get("birth_date") == fact
    assert found["postal_code"] == "5611 AB"


def test_the_consulting_side_s_statements():
    consulting = ConsultingProvider(
        role="specialist",
        specialty="neurology",
        contracted="no",
        reimbursed_percent=62.5,
        approved_for=(),
        operates=False,
        financial_interest=True,
        linked_to_treating=False,
    )
    found = facts(
        consulting=consulting, treating=Provider(role="gp", specialty="gp", organization=Organization(country="BE"))
    )
    assert found["noncontracted_pct"] == Decimal("62.5")
    assert found["second_approved_for"] == ()
    assert (found["second_role"], found["second_field"], found["contracted"]) == ("specialist", "neurology", "no")
    assert (found["second_operates"], found["second_financial_interest"], found["second_linked"]) == (
        False,
        True,
        False,
    )
    assert (found["first_role"], found["first_field"], found["first_country"]) == ("gp", "gp", "BE")


def test_request_and_consent_members():
    found = facts(
        visits=1,
        prior_opinions=0,
        referral="gp",
        requested_by="family",
        proxy=Proxy(patient_agrees="unverified"),
        discussed_with_treating=False,
        initiated_by="patient",
        care=Care(type="gp", in_basic_cover=True, subject_in_basic_cover=False),
        consent=ConsentStatements(
            share_records=ConsentStatement(given=True), return_report=ConsentStatement(given=False)
        ),
    )
    assert (found["visits"], found["prior_opinions"], found["referral"], found["requester"]) == (1, 0, "gp", "family")
    assert (found["patient_agrees"], found["discussed_first"], found["initiated_by"]) == (
        "unverified",
        False,
        "patient",
    )
    assert (found["care_type"], found["care_in_basic"], found["subject_in_basic"]) == ("gp", True, False)
    assert (found["consent_share"], found["consent_result"]) == (True, False)


def test_records_give_their_languages_as_primary_tags():
    records = (Record(id="1", language="nl-NL"), Record(id="2", language="NL"), Record(id="3", language="de"))
    found = facts(records=records)
    assert found["records_language"] == ("nl", "de")
    assert found["records_route"] == "provider"


def test_one_record_without_a_language_leaves_the_languages_unknown():
    found = facts(records=(Record(id="1", language="nl"), Record(id="2")))
    assert "records_language" not in found


def test_a_hospital_folder_s_token_names_the_organisation():
    catharina = Organization(name="Catharina", identifiers=(Identifier(system=systems.AGB, value="06010000"),))
    request = replace(
        BARE, consulting=ConsultingProvider(organization=catharina), treating=Provider(organization=Organization())
    )
    found = facts_from_request(request, token=lambda one: "catharina" if one.name == "Catharina" else None)
    assert found["second_org"] == "catharina"
    assert "first_org" not in found


@pytest.mark.parametrize("country", ["de", "nl"])
def test_the_samples_of_the_contract_get_the_expected_answers(packs, country):
    if not CONTRACT.is_dir():
        pytest.skip("the contract's samples are not beside the project (../shared/contract)")
    request = read_request((CONTRACT / f"request-{country}.json").read_bytes())
    answer = answer_json(decide(packs, facts_from_request(request)), "en")
    expected = orjson.loads((CONTRACT / "expected" / f"check-{country}.json").read_bytes())
    assert list(answer) == list(expected)
    for part in (answer, expected):
        for reason in part["reasons"] + part["notices"]:
            assert reason.pop("text")
    assert answer == expected


@pytest.mark.parametrize("country", ["de", "nl"])
def test_the_facts_of_the_samples_fit_the_vocabulary(packs, country):
    if not CONTRACT.is_dir():
        pytest.skip("the contract's samples are not beside the project (../shared/contract)")
    found = facts_from_request(read_request((CONTRACT / f"request-{country}.json").read_bytes()))
    assert packs.vocabulary.read_facts(found) == found
