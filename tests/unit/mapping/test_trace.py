"""Any request whatever its members: expressed, bundled, and every field of it accounted for.

https://hl7.org/fhir/R4/bundle.html
"""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from adapter.base.data import shipped
from adapter.base.errors import InputError
from adapter.domain.clearance import GATE_SEAL, Cleared, Refusal
from adapter.domain.consent import Purpose
from adapter.fhir.bundles import unbundle
from adapter.fhir.validate import validate
from adapter.intake.canonical import read_request
from adapter.intake.record_content import resolve_contents
from adapter.mapping.to_fhir.bundles import message_bundle, transaction_bundle
from adapter.mapping.to_fhir.crossing import Crossing
from adapter.mapping.to_fhir.message_header import Endpoint
from adapter.mapping.to_fhir.request import express_request
from adapter.mapping.to_fhir.service_request import REFERRER_NOT_NAMED
from adapter.mapping.trace import leaves, trace, withheld_members
from adapter.mapping.trace_table import load_trace_table

TABLE = load_trace_table(shipped("mappings") / "intake" / "second-opinion-request-1")
FULL = json.loads(Path(__file__).with_name("full-request.json").read_bytes())
ENDPOINT = Endpoint(url="https://a.example/fhir")


class Traced:
    def __init__(self, document, *, form="transaction", cleared=None, country="NL"):
        self.request = read_request(json.dumps(document).encode())
        at = self.request.sent.at
        resolved = resolve_contents(self.request, base=None, uploaded=lambda _: None)
        about = {"seal": GATE_SEAL, "recipient": "B", "purpose": Purpose.SHARE_RECORDS, "at": at, "grant": None}
        going = [one for one in self.request.records if cleared is None or one.id in cleared]
        self.expressed = express_request(
            self.request,
            contents={name: one.content for name, one in resolved.items()},
            cleared=[Cleared(one, **about) for one in going],
        )
        data = {one.content.sha256: one.source for one in resolved.values()}
        crossing = None
        if form == "transaction":
            self.bundle = transaction_bundle(self.expressed, read=data.__getitem__)
        else:
            self.bundle = message_bundle(
                self.expressed,
                release=Cleared(self.request, **about),
                source=ENDPOINT,
                destination=ENDPOINT,
                recipient_country=country,
            )
            crossing = Crossing(country=country, ids=self.expressed.ids)
        refusals = [
            Refusal(code="refused", text="the patient refused this", where="/consent/shareRecords", record=one.id)
            for one in self.request.records
            if one not in going
        ]
        reasons = withheld_members(document, refusals, crossing)
        self.rows = {
            row["source"]: row for row in trace(TABLE, document, self.expressed, self.bundle, withheld=reasons)
        }


def nodes(value, path=()):
    """Every member and list item, so that one can be taken away."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from nodes(item, (*path, key))


def without(document, paths):
    pruned = copy.deepcopy(document)
    for path in sorted(paths, key=lambda one: [str(step).zfill(4) for step in one], reverse=True):
        holder = pruned
        try:
            for step in path[:-1]:
                holder = holder[step]
            del holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
    return pruned


PLACES = [path for path in nodes(FULL) if path not in {("format",), ("id",), ("sent",)}]
DOCUMENTS = st.sets(st.sampled_from(PLACES), max_size=12).map(lambda paths: without(FULL, paths))
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "referral": st.sampled_from(["none", "first-provider", "gp", "other-physician", "non-physician"]),
        "initiatedBy": st.sampled_from(["patient", "gp", "specialist"]),
        "requestedBy": st.sampled_from(["patient", "representative", "family", "gp", "specialist"]),
        "afterwards": st.sampled_from(["return", "transfer", "report-only"]),
        "priority": st.sampled_from(["routine", "urgent", "asap", "stat"]),
        "discussedWithTreating": st.booleans(),
        "visits": st.integers(1, 9),
        "priorOpinions": st.integers(0, 9),
    },
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    DOCUMENTS,
    CHOICES,
    st.sampled_from(["transaction", "message"]),
    st.none() | st.sets(st.sampled_from(["DOC-1", "FORM", "SCAN"])),
    st.sampled_from(["NL", "DE", None]),
)
def test_whatever_a_request_says_is_valid_and_every_field_is_accounted_for(document, choices, form, cleared, country):
    document = {**document, **choices}
    try:
        traced = Traced(document, form=form, cleared=cleared, country=country)
    except InputError:
        assume(False)  # what may be left out is the format's business, tested there
    assert [one for one in validate(traced.bundle) if one.severity in ("error", "fatal")] == []
    pointers = ["".join(f"/{step}" for step in path) for path, _ in leaves(document)]
    assert list(traced.rows) == pointers
    there = {f"{one['resourceType']}/{one['id']}" for one in [traced.bundle, *unbundle(traced.bundle)]}
    for row in traced.rows.values():
        assert row["target"] or row["note"]
        for target in (row["target"] or "").split("; "):
            assert not target.endswith(")") or target.rpartition("(")[2][:-1] in there


def test_the_order_is_that_of_the_document_and_every_target_is_a_place():
    rows = Traced(FULL).rows
    assert next(iter(rows)) == "/format"
    assert rows["/patient/birthDate"]["target"].startswith("Patient.birthDate (Patient/")
    assert rows["/patient/identifiers/1/value"]["target"].startswith("Patient.identifier[1].value (")
    assert rows["/questions/0"]["target"].startswith("Task.input[0].valueString (")


NOWHERE = {
    "/format",
    "/insurance/deductibleUsed/value",
    "/insurance/deductibleUsed/currency",
    "/consulting/contracted",
    "/consulting/reimbursedPercent",
    "/consulting/approvedFor/0",
    "/consulting/operates",
    "/consulting/financialInterest",
    "/consulting/linkedToTreating",
    "/care/type",
    "/care/inBasicCover",
    "/care/subjectInBasicCover",
}


def test_of_a_full_request_only_the_insurers_facts_go_nowhere_and_say_why():
    rows = Traced(FULL).rows
    assert {source for source, row in rows.items() if row["target"] is None} == NOWHERE
    assert all(rows[source]["note"] for source in NOWHERE)


def elements(bundle):
    """Everything in the Bundle by its resource and place, as the trace writes it."""

    def walk(where, value):
        yield where, value
        for key, item in value.items() if isinstance(value, dict) else ():
            yield from walk(f"{where}.{key}", item)
        for index, item in enumerate(value) if isinstance(value, list) else ():
            yield from walk(f"{where}[{index}]", item)

    for resource in unbundle(bundle):
        about = f"({resource['resourceType']}/{resource['id']})"
        for where, value in walk(resource["resourceType"], resource):
            yield f"{where} {about}", value
    for where, value in walk("Bundle", {name: value for name, value in bundle.items() if name != "entry"}):
        yield f"{where} (Bundle/{bundle['id']})", value


SAMPLES = [FULL, *(json.loads(file.read_bytes()) for file in sorted(shipped("samples").glob("request-*.json")))]


@pytest.mark.parametrize("document", SAMPLES, ids=lambda one: one["id"])
@pytest.mark.parametrize("form", ["transaction", "message"])
def test_a_row_that_claims_a_copy_tells_the_truth(document, form):
    document = copy.deepcopy(document)
    for record in document["records"]:
        if record.pop("path", None):
            record["data"] = "aGVsbG8="
    traced = Traced(document, form=form)
    there = dict(elements(traced.bundle))
    said = {"".join(f"/{step}" for step in path): value for path, value in leaves(document)}
    for source, row in traced.rows.items():
        for target in (row["target"] or "").split("; ") if row["target"] else ():
            assert target in there, source
            assert row["note"] or str(there[target]) == str(said[source]), source


def test_withheld_records_say_why_and_are_nowhere():
    rows = Traced(FULL, cleared={"DOC-1"}).rows
    scan = [row for source, row in rows.items() if source.startswith("/records/2/")]
    assert scan
    assert {(row["target"], row["note"]) for row in scan} == {(None, "withheld: the patient refused this")}


def test_numbers_that_do_not_cross_the_border_say_so():
    rows = Traced(FULL, form="message", country="DE").rows
    assert rows["/patient/identifiers/0/value"] == {
        "source": "/patient/identifiers/0/value",
        "target": None,
        "note": "withheld: a patient's national number does not cross the border",
    }
    assert rows["/patient/identifiers/1/value"]["target"]
    assert Traced(FULL, form="message", country="NL").rows["/patient/identifiers/0/value"]["target"]


def test_a_referrer_who_is_not_named_is_noted_at_the_referral():
    document = {name: value for name, value in FULL.items() if name != "referrer"}
    assert REFERRER_NOT_NAMED in Traced(document).rows["/referral"]["note"]


def test_a_message_claims_no_bytes():
    row = Traced(FULL, form="message").rows["/records/0/data"]
    assert "Binary" not in row["target"]
    assert "DocumentReference.content[0].attachment.hash" in row["target"]


def test_what_another_statement_of_the_same_party_overrides_is_said_to_be_lost():
    document = copy.deepcopy(FULL)
    document["referrer"]["organization"] = {**document["treating"]["organization"], "name": "Anders (TEST)"}
    row = Traced(document).rows["/referrer/organization/name"]
    assert row["target"] is None
    assert row["note"].startswith("not expressed")


def test_null_and_empty_say_nothing():
    assert list(leaves({"a": None, "b": "", "c": [], "d": {}, "e": [0, False]})) == [(("e", 0), 0), (("e", 1), False)]
