import json

import pytest

from adapter.base.errors import SetupError
from adapter.mapping.tables.codes import Counterpart
from adapter.mapping.tables.library import load_library, with_own_systems


@pytest.fixture
def load(mappings):
    """Write a ConceptMap of one group and load it."""

    def make(group):
        resource = {"resourceType": "ConceptMap", "status": "active", "title": "Sex", "group": [group]}
        (mappings / "codes" / "ConceptMap-sex.json").write_text(json.dumps(resource), encoding="utf-8")
        return load_library(mappings / "codes").maps["sex"]

    return make


def _faults(call) -> list[tuple[str | None, str]]:
    with pytest.raises(SetupError) as found:
        call()
    return [(problem.where, problem.text) for problem in found.value.problems]


def _element(code, /, **target):
    return {"code": code, "target": [{"equivalence": "equivalent", **target}]}


GROUP = {
    "source": "http://terminology.hl7.org/CodeSystem/v2-0001",
    "target": "http://hl7.org/fhir/administrative-gender",
    "element": [
        _element("M", code="male", display="Male"),
        _element("A", code="other", equivalence="wider", comment="c"),
    ],
}


def test_a_code_is_found_with_its_system_display_and_how_near_it_is(load):
    codes = load(GROUP)
    assert codes.title == "Sex"
    assert codes.find("M") == Counterpart("male", GROUP["target"], "Male", "equivalent", "")
    assert codes.find("A") == Counterpart("other", GROUP["target"], None, "wider", "c")
    assert [one.is_exact for one in codes.targets()] == [True, False]


def test_another_case_is_forgiven_where_only_one_code_is_meant(load):
    codes = load({"element": [_element("m", code="m1"), _element("M", code="m2"), _element("F", code="f")]})
    assert codes.find("m").code == "m1"
    assert codes.find("M").code == "m2"
    assert codes.find(" f ").code == "f"
    two = load({"element": [_element("ab", code="1"), _element("AB", code="2")]})
    assert [two.find("AB").code, two.find("Ab")] == ["2", None]


def test_a_code_that_the_map_does_not_have_is_none(load):
    assert load(GROUP).find("X") is None


def test_a_group_is_asked_for_codes_of_its_own_system(load):
    codes = load(GROUP)
    assert codes.find("M", GROUP["source"]).code == "male"
    assert codes.find("M", "http://other.example") is None
    assert load({"element": GROUP["element"]}).find("M", "http://other.example").code == "male"


@pytest.mark.parametrize(
    ("unmapped", "code"),
    [({"mode": "provided"}, "X"), ({"mode": "fixed", "code": "unknown"}, "unknown")],
)
def test_what_a_map_says_of_all_other_codes_is_heard(load, unmapped, code):
    assert load({**GROUP, "unmapped": unmapped}).find("X").code == code
    assert load({**GROUP, "unmapped": unmapped}).find("M").code == "male"


def test_a_code_may_have_no_counterpart_and_say_why(load):
    codes = load({"element": [{"code": "Z", "target": [{"equivalence": "unmatched", "comment": "not ours"}]}]})
    assert codes.find("Z") == Counterpart(None, None, None, "unmatched", "not ours")


WRONG = {
    "code M comes twice: join its targets": {"element": [GROUP["element"][0], GROUP["element"][0]]},
    "code M has exactly one target here; unmatched where we have no code for it": {"element": [{"code": "M"}]},
    "code M: a target has a code, unless it is unmatched or disjoint": {"element": [_element("M")]},
    "an element is missing or has the wrong type": {"element": [{"target": []}]},
    "unmapped.mode is provided or fixed here": {**GROUP, "unmapped": {"mode": "other-map"}},
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_group_stops_the_start_with_file_and_place(load, text):
    assert _faults(lambda: load(WRONG[text])) == [("codes/ConceptMap-sex.json#/group/0", text)]


def test_an_unknown_equivalence_is_refused(load):
    ((_where, text),) = _faults(lambda: load({"element": [_element("M", code="m", equivalence="same")]}))
    assert text.startswith("code M: the equivalence is one of disjoint, equal, equivalent")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("{", "the file is no JSON"),
        ("[]", "the file is a ConceptMap resource of FHIR R4"),
        ('{"resourceType": "ValueSet"}', "the file is a ConceptMap resource of FHIR R4"),
    ],
)
def test_a_file_that_is_no_map_is_refused(mappings, content, text):
    (mappings / "codes" / "ConceptMap-x.json").write_text(content)
    assert _faults(lambda: load_library(mappings / "codes")) == [("codes/ConceptMap-x.json", text)]


SYSTEMS = "namespace,type,system,note\n"


def test_systems_are_found_by_namespace_and_type_and_the_hospitals_come_first(mappings, tmp_path):
    (mappings / "codes" / "identifier-systems.csv").write_text(SYSTEMS + "NLMINBIZA,,http://bsn.example,Nictiz\n")
    own = tmp_path / "identifiers.csv"
    own.write_text(SYSTEMS + "NLMINBIZA,XX,urn:oid:1.2,our own\n")
    library = load_library(mappings / "codes")
    assert library.systems.find("nlminbiza", sender="s").system == "http://bsn.example"
    systems = with_own_systems(library, own)
    assert systems.find("NLMINBIZA", type="xx", sender="s").system == "urn:oid:1.2"
    assert systems.find("NLMINBIZA", sender="s").system == "http://bsn.example"


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (",,http://x.example,", "a row names a namespace, a type, or both"),
        ("A,,1.2.3,", "the system is a URI such as urn:oid:1.2.3 or http://hospital.example/mrn"),
        ("A,,,", "the system is a URI such as urn:oid:1.2.3 or http://hospital.example/mrn"),
        ("b,,http://x.example", "there is a row for this namespace and type already"),
    ],
)
def test_a_wrong_row_of_systems_is_told_with_its_line(mappings, row, text):
    file = mappings / "codes" / "identifier-systems.csv"
    file.write_text(f"{SYSTEMS}B,,http://b.example,\n{row}\n")
    faults = [("codes/identifier-systems.csv:3", text)]
    assert _faults(lambda: load_library(mappings / "codes")) == faults


def test_a_wrong_file_of_a_hospital_is_refused(mappings, tmp_path):
    library = load_library(mappings / "codes")
    assert library.maps == {}
    assert _faults(lambda: with_own_systems(library, tmp_path / "identifiers.csv")) == [
        (f"{tmp_path.name}/identifiers.csv", "the file is missing")
    ]
