"""Line and column of problems in JSON and XML."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import Problem
from adapter.fhir.codec import parse_json, to_xml
from adapter.fhir.validate import located, validate_bytes

PATIENT = """{
  "resourceType": "Patient",
  "name": [
    {"family": "A"},
    {"family": "B", "given": ["C", 5],
     "period": {"start": "2020-13-01"}}
  ],
  "birthDate": "1970-02-30", "_birthDate": {"extension": [{"url": "x y", "valueCode": "a"}]},
  "contained": [{"resourceType": "Observation", "id": "o", "status": "done", "code": {"text": "x"}}],
  "generalPractitioner": [{"reference": "#o"}]
}"""


def places(text):
    found = validate_bytes(text.encode())
    return {one.where: (one.line, one.column) for one in found if one.severity == "error"}


def test_every_problem_of_json_has_the_place_of_its_member_or_item():
    assert places(PATIENT) == {
        "Patient.name[1].given[1]": (5, 36),
        "Patient.name[1].period.start": (6, 17),
        "Patient.birthDate": (8, 3),
        "Patient.birthDate.extension[0].url": (8, 60),
        "Patient.contained[0].status": (9, 60),
        "Patient.generalPractitioner[0]": (10, 27),
    }


def test_what_is_missing_has_the_place_of_what_it_is_missing_from():
    assert places('{"resourceType": "Patient",\n "communication": [{},\n  {"preferred": true}]}') == {
        "Patient.communication[0]": (2, 20),
        "Patient.communication[0].language": (2, 20),
        "Patient.communication[1].language": (3, 3),
    }


def test_columns_count_characters_and_a_byte_order_mark_is_none():
    text = '\ufeff{"resourceType": "Patient", "name": [{"family": "Zoë \U0001f600"}], "gender": "m"}'
    assert places(text) == {"Patient.gender": (1, text.index('"gender"'))}


def test_every_problem_of_xml_has_the_place_of_its_element():
    text = """<Bundle xmlns="http://hl7.org/fhir">
  <type value="collection"/>
  <entry><fullUrl value="urn:uuid:6f5b4a54-3e0b-4b5e-9d2f-1f7a44b5f2aa"/>
    <resource>
      <f:Patient xmlns:f="http://hl7.org/fhir">
        <f:gender value="male"/> <f:birthDate value="1970-02-30"/>
      </f:Patient>
    </resource>
  </entry>
  <entry>
    <resource><Patient><birthDate value="x"/></Patient></resource>
  </entry>
</Bundle>"""
    assert places(text) == {
        "Bundle.entry[0].resource.birthDate": (6, 34),
        "Bundle.entry[1].fullUrl": (10, 3),
        "Bundle.entry[1].resource.birthDate": (11, 24),
    }


def test_the_line_that_the_xml_reader_knows_is_kept():
    text = '<Patient xmlns="http://hl7.org/fhir">\n<active value="true"/>\n<active value="false"/>\n</Patient>'
    (problem,) = [one for one in validate_bytes(text.encode()) if one.severity == "error"]
    assert (problem.where, problem.line) == ("Patient.active", 3)


NAMES = st.sampled_from(["name", "_name", "contact", "entry", "resource", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(NAMES, VALUES), st.sampled_from([None, 1, "\t"]))
def test_a_place_is_where_the_value_stands_in_the_text(tree, indent):
    resource = {"resourceType": "Patient", **tree}
    text = json.dumps(resource, indent=indent, ensure_ascii=False)
    paths = list(_paths(resource, "Patient"))
    problems = [Problem("x", where=path) for path, _ in paths]
    lines = text.split("\n")
    for found, (path, written) in zip(located(problems, text.encode()), paths, strict=True):
        assert found.line is not None, path
        rest = "\n".join([lines[found.line - 1][found.column - 1 :], *lines[found.line :]])
        assert rest.startswith(written) or f"_{path.rpartition('.')[2].partition('[')[0]}" in str(resource)


def _paths(value, path):
    if isinstance(value, dict):
        for name, inner in value.items():
            if not name.startswith("_") and name != "resourceType":
                yield f"{path}.{name}", json.dumps(name)
                yield from _paths(inner, f"{path}.{name}")
    elif isinstance(value, list) and not path.endswith("]"):
        for number, inner in enumerate(value):
            yield f"{path}[{number}]", "{" if isinstance(inner, dict) else "[" if isinstance(inner, list) else ""
            yield from _paths(inner, f"{path}[{number}]")


@given(st.binary(max_size=200), st.lists(st.text(max_size=30), max_size=3))
def test_nothing_is_raised_for_any_bytes_and_paths(data, paths):
    problems = [Problem("x", where=path) for path in paths]
    assert [one.text for one in located(problems, data)] == ["x"] * len(paths)


@pytest.mark.parametrize("made", [lambda data: data, lambda data: to_xml(parse_json(data))], ids=["json", "xml"])
def test_a_thousand_places_in_a_megabyte_are_found_in_no_time(made):
    names = [{"family": "x" * 20, "use": "nix"} for _ in range(20_000)]
    data = made(json.dumps({"resourceType": "Patient", "name": names}).encode())
    problems = validate_bytes(data)
    started = time.perf_counter()
    found = located([Problem("x", where=one.where) for one in problems], data)
    assert time.perf_counter() - started < 10
    assert sum(one.column is not None for one in found) >= 1000


def test_problems_without_a_place_stay_as_they_are():
    assert located([Problem("x")], b"{}") == [Problem("x")]
