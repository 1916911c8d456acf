"""https://github.com/HL7/FHIRPath/tree/master/tests."""

import xml.etree.ElementTree as ET
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from adapter.fhir.codec import parse
from adapter.fhir.fhirpath import FhirPathError, compile_expression
from adapter.fhir.fhirpath.functions.conversions import text
from adapter.fhir.fhirpath.model import system
from adapter.fhir.fhirpath.values import moment

DOCUMENT = Path(__file__).parents[3] / "docs" / "conformance.md"
NO_ANALYSIS = "expressions are not analysed before they run: a name that no type has finds nothing"
OTHER_INPUT = "the input that came with the tests is another edition of the example than the one they were written for"
NO_SORT = "sort() is newer than the edition that R4 builds on"
ROUNDING = "our bounds are outside the value, the expected ones are cut off towards it"
UNLIKE = {
    **dict.fromkeys(
        ("testSimpleFail", "testSimpleWithWrongContext", "testPolymorphismB", "testPolymorphismAsB"), NO_ANALYSIS
    ),
    **dict.fromkeys(("testDollarOrderNotAllowed", "testPolymorphicsB", "testIif6", "testIif10"), NO_ANALYSIS),
    **dict.fromkeys(("testRepeat3", "testCombine1"), OTHER_INPUT),
    **dict.fromkeys((f"testSort{number}" for number in range(1, 11)), NO_SORT),
    **dict.fromkeys(("LowBoundaryDecimal15", "HighBoundaryDecimal15", "HighBoundaryDecimal16"), ROUNDING),
    **dict.fromkeys(
        ("HighBoundaryDateTimeMillisecond1", "HighBoundaryDateTimeMillisecond3"),
        "an hour ends with its last minute, the test says with its first",
    ),
    "testQuantity9": "no calculation with units beyond those of one scale",
    "testPlusDate19": "the test drops a tenth of a second that the precision of the date has room for",
    "testMinus5": "'month' in quotes is no UCUM unit",
    "testFHIRPathAsFunction21": "R4's own invariants use as() on collections (dom-3), so it filters",
}
"""Every official test that has another result here, with the reason."""

FOR_INVARIANTS = (
    *(
        "testExists",
        "testAll",
        "testSubSetOf",
        "testSuperSetOf",
        "testDistinct",
        "testCount",
        "testWhere",
        "testSelect",
    ),
    *("testFirstLast", "testTail", "testSkip", "testTake", "testStartsWith", "testContainsString", "testMatches"),
    *(
        "testReplaceMatches",
        "testSubstring",
        "testLength",
        "testTrace",
        "testEquality",
        "testNEquality",
        "testLessThan",
    ),
    *(
        "testLessOrEqual",
        "testGreaterThan",
        "testGreatorOrEqual",
        "testUnion",
        "testIntersect",
        "testIn",
        "testContainsCollection",
    ),
    *("testBooleanLogicAnd", "testBooleanLogicOr", "testBooleanLogicXOr", "testBooleanImplies", "testConcatenate"),
    *("testVariables", "testExtension"),
)
"""The groups of what the invariants of R4 use: all of them must pass."""


@pytest.fixture(scope="module")
def results(official):
    """What each official test gives: (group, name, None or what is different)."""
    folder = official / "03-fhirpath"
    inputs = {file.name: parse(file.read_bytes()) for file in (folder / "input").iterdir()}
    suite = ET.parse(folder / "tests-fhir-r4.xml").getroot()  # noqa: S314 - an official file
    found = []
    for group in suite.findall("group"):
        for test in group.findall("test"):
            file = test.get("inputfile") or "patient-example.xml"
            if file in inputs:
                found.append((group.get("name"), test.get("name"), _difference(test, inputs[file])))
    return found


def _difference(test, resource):
    source = test.find("expression")
    wanted = [(node.text or "").lstrip("@") for node in test.findall("output")]
    try:
        items = compile_expression(source.text)(resource, {"now": [moment("2026-11-22T03:00:00.000+01:00")]})
    except FhirPathError as error:
        return None if source.get("invalid") else str(error)
    if source.get("invalid"):
        return "no error"
    found = [text(system(item)) for item in items]
    if test.get("predicate") == "true":
        found = [text(bool(items))]
    same = list(map(_plain, found)) == list(map(_plain, wanted))
    if test.get("ordered") == "false":
        same = sorted(found) == sorted(wanted)
    return None if same else f"{found} instead of {wanted}"


def _plain(value):
    try:
        return str(Decimal(value).normalize())
    except InvalidOperation:
        return value.removeprefix("T")


def test_every_official_test_passes_but_for_those_listed_with_a_reason(results):
    failed = {name: why for _, name, why in results if why is not None}
    assert {name: why for name, why in failed.items() if name not in UNLIKE} == {}
    assert set(UNLIKE) - set(failed) == set()
    assert len(results) > 900


def test_all_groups_that_the_invariants_need_pass_whole(results):
    failed = Counter(group for group, name, why in results if why is not None and UNLIKE.get(name) != NO_ANALYSIS)
    groups = {group for group, _, _ in results}
    assert [group for group in FOR_INVARIANTS if failed[group]] == []
    assert [group for group in FOR_INVARIANTS if group not in groups] == []


def test_the_table_of_groups_in_the_document_is_what_the_tests_give(results):
    count, passed = (
        Counter(group for group, _, _ in results),
        Counter(group for group, _, why in results if why is None),
    )
    groups = sorted(count)
    lines = [f"| {group} | {passed[group]} of {count[group]} |" for group in groups if passed[group] != count[group]]
    whole = [f"{group} ({count[group]})" for group in groups if passed[group] == count[group]]
    document = DOCUMENT.read_text(encoding="utf-8")
    assert "\n".join(lines) in document
    assert " ".join(", ".join(whole).split()) in " ".join(document.split())
    assert f"({sum(passed.values())} of the {len(results)} whose inputs we have pass" in document
