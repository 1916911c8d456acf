"""https://github.com/nazrulworld/fhir.resources."""

from decimal import Decimal

import pytest

from adapter.fhir.codec import to_json
from adapter.fhir.models import Misbuilt, checked, resource_types


def test_what_the_class_accepts_comes_back_untouched():
    resource = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "a"},
        "valueQuantity": {"value": Decimal("1.10")},
    }
    before = to_json(resource)
    assert checked(resource) is resource
    assert to_json(resource) == before


def test_entries_of_a_bundle_are_built_too():
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": {"resourceType": "Patient", "nope": 1}}],
    }
    with pytest.raises(Misbuilt):
        checked(bundle)


def test_what_the_class_refuses_is_told_by_place_without_the_value():
    with pytest.raises(Misbuilt) as caught:
        checked({"resourceType": "Patient", "name": [{"family": ["Doe"]}], "birthDate": "Doe"})
    problems = caught.value.problems
    assert "Patient.birthDate" in [problem.where for problem in problems]
    assert not [problem for problem in problems if "Doe" in problem.text]
    assert caught.value.status == 500


@pytest.mark.parametrize("resource", [{}, {"resourceType": "Nope"}, {"resourceType": 1}, {"resourceType": "../x"}])
def test_what_has_no_class_is_refused(resource):
    with pytest.raises(Misbuilt):
        checked(resource)


def test_the_classes_of_other_versions_give_their_names():
    assert "Transport" in resource_types("R5")
