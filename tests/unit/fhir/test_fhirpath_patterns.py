"""Regular expressions of other people's invariants: what could run for ever is refused, long texts are left out."""

import time

import pytest

from adapter.fhir.fhirpath import FhirPathError, TooCostlyError, compile_expression
from adapter.fhir.fhirpath.functions.patterns import pattern
from adapter.fhir.validate import is_valid, validate

TEXTS = ("a", "ab", " ", "1.", "b", "a.")


@pytest.mark.parametrize(
    "source",
    ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*)*x", r"(\s*\S+)*$", "(x+x+)+y", "(a{1,100})+$", "(a?){50}b", r"(a*)\1"],
)
def test_what_can_take_for_ever_is_refused(source):
    with pytest.raises(FhirPathError):
        pattern(source)


@pytest.mark.parametrize(
    "source",
    [
        *(r"^[a-zA-Z0-9\.]+$", r"[A-Za-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*(\[x])?)*", "[A-Z]([A-Za-z0-9_]){0,254}"),
        *("(a|b)*$", "(?:ab|ac)*$", r"^(\S+\s)*$", "^a.*b.*c.*d.*$", "a*b", r"([0-9]{1,3}\.)*x", r"^\d+(\.\d+)*$"),
        *("(?:[ab]c?|d)*$", r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$", "", "^$", "^[0-9a-f]{64}$"),
    ],
)
def test_what_is_tried_ends_soon_on_the_longest_text(source):
    regex, longest = pattern(source)
    start = time.monotonic()
    for text in TEXTS:
        regex.search(text * (longest // len(text)) + "!")
    assert longest > 200
    assert time.monotonic() - start < 30


def test_a_text_that_is_too_long_is_said_to_be_so():
    expression = compile_expression("id.matches('a*b')")
    assert expression({"resourceType": "Patient", "id": "aab"}) == [True]
    with pytest.raises(TooCostlyError):
        expression({"resourceType": "Patient", "id": "a" * 90_000})


@pytest.mark.parametrize(
    ("data", "good"), [("1 -2.5 .5 E U L", True), ("E", True), ("1  2", False), ("1e5", False), ("abc", False)]
)
def test_sampled_data_are_numbers_and_three_letters(data, good):
    sampled = {"origin": {"value": 0}, "period": 1, "dimensions": 1, "data": data}
    found = validate(
        {"resourceType": "Observation", "status": "final", "code": {"text": "a"}, "valueSampledData": sampled}
    )
    assert is_valid(found) is good
