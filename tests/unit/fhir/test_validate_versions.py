"""Resources of STU3 and R5 are recognised by elements, shapes and codes that R4 has not."""

import pytest

from adapter.fhir.validate import is_valid, validate, validate_bytes

R = {"reference": "Patient/1"}
TEXT = {"text": "x"}
CODING = {"system": "http://a.example", "code": "x"}
OTHERS = [
    ("STU3", {"resourceType": "Consent", "status": "active", "patient": R, "except": [{"type": "deny"}]}),
    (
        "STU3",
        {"resourceType": "DocumentReference", "status": "current", "indexed": "2017-01-01T00:00:00Z", "type": TEXT},
    ),
    ("STU3", {"resourceType": "DiagnosticReport", "status": "final", "code": TEXT, "performer": [{"actor": R}]}),
    (
        "STU3",
        {"resourceType": "Task", "status": "draft", "intent": "order", "requester": {"agent": R, "onBehalfOf": R}},
    ),
    ("STU3", {"resourceType": "CareTeam", "context": R}),
    ("STU3", {"resourceType": "MedicationRequest", "intent": "order", "subject": R, "requester": {"agent": R}}),
    ("STU3", {"resourceType": "Procedure", "status": "completed", "subject": R, "notDone": True}),
    ("STU3", {"resourceType": "Condition", "subject": R, "clinicalStatus": "active"}),
    ("STU3", {"resourceType": "AllergyIntolerance", "patient": R, "verificationStatus": "confirmed"}),
    ("STU3", {"resourceType": "Claim", "employmentImpacted": {"start": "2017"}}),
    ("STU3", {"resourceType": "Composition", "class": TEXT, "confidentiality": "N"}),
    ("STU3", {"resourceType": "Patient", "animal": {"species": TEXT}}),
    ("STU3", {"resourceType": "MessageHeader", "event": CODING, "timestamp": "2017-01-01T00:00:00Z"}),
    (
        "R5",
        {
            "resourceType": "ServiceRequest",
            "status": "active",
            "intent": "order",
            "subject": R,
            "code": {"concept": TEXT},
        },
    ),
    ("R5", {"resourceType": "Encounter", "status": "planned", "class": [TEXT]}),
    ("R5", {"resourceType": "Encounter", "status": "planned", "class": CODING, "participant": [{"actor": R}]}),
    (
        "R5",
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "subject": R,
            "medication": {"concept": TEXT},
        },
    ),
    ("R5", {"resourceType": "Condition", "subject": R, "participant": [{"actor": R}]}),
    (
        "R5",
        {
            "resourceType": "DocumentReference",
            "status": "current",
            "content": [{"attachment": {}, "profile": [{"valueUri": "x"}]}],
        },
    ),
    ("R5", {"resourceType": "Consent", "status": "active", "decision": "deny"}),
    ("R5", {"resourceType": "Procedure", "status": "completed", "subject": R, "occurrenceDateTime": "2023"}),
    (
        "R5",
        {
            "resourceType": "Composition",
            "status": "final",
            "type": TEXT,
            "date": "2023",
            "author": [R],
            "title": "x",
            "subject": [R],
        },
    ),
    (
        "R5",
        {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "code": TEXT,
            "supportingInfo": [{"type": TEXT, "reference": R}],
        },
    ),
    ("R5", {"resourceType": "Task", "status": "draft", "intent": "order", "performer": [{"actor": R}]}),
    (
        "R5",
        {"resourceType": "Appointment", "status": "booked", "participant": [{"status": "accepted", "required": True}]},
    ),
    (
        "R5",
        {
            "resourceType": "CarePlan",
            "status": "active",
            "intent": "plan",
            "subject": R,
            "addresses": [{"concept": TEXT}],
        },
    ),
]


def marks(resource):
    return [one for one in validate(resource) if one.text.startswith("this is of FHIR")]


@pytest.mark.parametrize(
    ("version", "resource"), OTHERS, ids=lambda one: one if type(one) is str else one["resourceType"]
)
def test_a_resource_of_another_version_is_refused_as_such(version, resource):
    (found,) = marks(resource)
    assert found.text.startswith(f"this is of FHIR {version}, not of R4, as `")
    assert (found.where, found.code, found.severity) == (resource["resourceType"], "not-supported", "error")
    assert validate(resource)[0] == found


def test_the_entry_that_is_of_another_version_is_named():
    entries = [
        {"fullUrl": f"urn:uuid:6f5b4a54-3e0b-4b5e-9d2f-1f7a44b5f2a{at}", "resource": one}
        for at, one in enumerate(({"resourceType": "Patient"}, OTHERS[0][1]))
    ]
    found = marks({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert [one.where for one in found] == ["Bundle.entry[1].resource"]


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Encounter", "status": "nix", "class": CODING},
        {"resourceType": "Encounter", "status": "completed", "class": CODING},
        {"resourceType": "Patient", "birthday": "1970"},
        {"resourceType": "Patient", "name": {"family": "x"}},
        {"resourceType": "Condition", "subject": R, "clinicalStatus": {"coding": [CODING]}},
    ],
)
def test_what_is_merely_wrong_is_not_taken_for_another_version(resource):
    assert not is_valid(validate(resource))
    assert marks(resource) == []


def test_a_code_of_another_version_is_told_as_such():
    found = validate({"resourceType": "Encounter", "status": "completed", "class": CODING})
    assert [one.text.endswith("; FHIR R5 would have it") for one in found if one.where == "Encounter.status"] == [True]


def test_the_same_in_xml():
    text = """<Encounter xmlns="http://hl7.org/fhir"><status value="planned"/>
      <participant><actor><reference value="Patient/1"/></actor></participant></Encounter>"""
    found = [one.text for one in validate_bytes(text.encode())]
    assert found[0].startswith("this is of FHIR R5, not of R4, as `actor` shows")


VALID_IN_R4_TOO = {
    "appointmentresponse-example.json",
    "condition-example.json",
    "diagnosticreport-example.json",
    "messageheader-example.json",
    "patient-example-name.json",
    "patient-example.json",
    "patient-example.xml",
    "patient-glossy-example.xml",
    "Practitioner.json",
    "PractitionerRole.json",
}
"""They hold nothing that R4 has otherwise: nobody can tell that they were written for another version."""


def test_every_official_file_of_another_version_is_refused_with_the_reason(official):
    files = [file for file in sorted((official / "10-wrong-version").rglob("*")) if file.suffix in (".json", ".xml")]
    taken = set()
    for file in files:
        found = validate_bytes(file.read_bytes())
        if is_valid(found):
            taken.add(file.name)
            continue
        version = file.parent.name.upper()
        assert any(version in one.text for one in found if one.code == "not-supported"), file.name
    assert taken == VALID_IN_R4_TOO
