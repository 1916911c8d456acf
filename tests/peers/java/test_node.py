"""https://hl7.org/fhir/R4/capabilitystatement.html: what a node says of itself and of others is valid to HL7's validator."""

import json
from datetime import UTC, datetime

import pytest

from adapter.api.capability import capability_statement
from adapter.base.errors import Problem
from adapter.domain.case import Role
from adapter.fhir.outcomes import outcome_of

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]

AT = datetime(2026, 4, 10, 8, 0, tzinfo=UTC)
PROBLEMS = [
    Problem("must be true or false", "Patient.active", "value", line=2, column=3),
    Problem("is missing", "/patient/birthDate", "required"),
    Problem("not readable as JSON", None, "structure", "fatal", line=1),
]


def errors(verdict):
    return [one["message"] for one in verdict["issues"] if one["severity"] in ("error", "fatal")]


@pytest.mark.parametrize(
    "roles", [{Role.TREATING}, {Role.CONSULTING}, set(Role)], ids=["treating", "consulting", "all"]
)
def test_the_capability_statement_is_valid(java_with_profiles, tmp_path, roles):
    file = tmp_path / "statement.json"
    file.write_text(json.dumps(capability_statement(AT, roles)), encoding="utf-8")
    assert errors(java_with_profiles.judge(file)) == []


@pytest.mark.parametrize("problems", [[], PROBLEMS], ids=["good news", "problems"])
def test_an_outcome_is_valid(java, tmp_path, problems):
    file = tmp_path / "outcome.json"
    file.write_text(json.dumps(outcome_of(problems)), encoding="utf-8")
    unknown = "extension"  # R4 alone does not have the two of line and column; HL7's later pack does
    assert [one for one in errors(java.judge(file)) if unknown not in one] == []
