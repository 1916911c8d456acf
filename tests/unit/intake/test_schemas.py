"""https://json-schema.org/draft/2020-12: the published schemas are the formats' documentation and match the model."""

import types
from dataclasses import fields, is_dataclass
from typing import Union, get_args, get_origin, get_type_hints

import pytest

from adapter.base.data import shipped
from adapter.domain.report import SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.standing_alone import RecordsAlone, WordAboutCase
from adapter.fhir.systems import CANONICAL
from adapter.intake.schemas import schema

FORMATS = {
    "second-opinion-request-1": SecondOpinionRequest,
    "second-opinion-report-1": SecondOpinionReport,
    "second-opinion-records-1": RecordsAlone,
    "second-opinion-event-1": WordAboutCase,
}


def parts(node, path="#"):
    yield path, node
    for name in ("properties", "$defs"):
        for key, inner in node.get(name, {}).items():
            yield from parts(inner, f"{path}/{name}/{key}")
    if "items" in node:
        yield from parts(node["items"], f"{path}/items")


def resolved(document, node):
    while "$ref" in node:
        node = document["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return node


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def bare(kind):
    """The type inside an optional or a tuple."""
    if get_origin(kind) in (Union, types.UnionType):
        return bare(next(one for one in get_args(kind) if one is not type(None)))
    return bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind


def differences(document, node, kind, path):
    node = resolved(document, node)
    if "items" in node:
        yield from differences(document, node["items"], kind, path)
    elif is_dataclass(kind) and "properties" in node:
        hints = get_type_hints(kind)
        modelled = {camel(field.name): hints[field.name] for field in fields(kind)}
        for name in modelled.keys() ^ node["properties"].keys():
            yield f"{path}/{name}"
        for name in modelled.keys() & node["properties"].keys():
            yield from differences(document, node["properties"][name], bare(modelled[name]), f"{path}/{name}")


@pytest.mark.parametrize(("name", "kind"), FORMATS.items())
def test_the_schema_and_the_model_have_the_same_members(name, kind):
    document = schema(name).document
    # the code of the planned procedure may hold its words, side and place; the model has them beside the code
    allowed = {f"/plannedProcedure/code/{member}" for member in ("text", "laterality", "bodySite", "display")}
    assert set(differences(document, document, kind, "")) - allowed == {"/format"}


@pytest.mark.parametrize("name", FORMATS)
def test_every_member_is_described_and_every_object_is_closed(name):
    for path, node in parts(schema(name).document):
        if not path.endswith("/items"):
            assert node.get("description", "").endswith("."), path
        if node.get("type") == "object":
            assert node["additionalProperties"] is False, path


@pytest.mark.parametrize("name", FORMATS)
def test_the_schema_stands_under_our_own_address(name):
    assert schema(name).document["$id"] == f"{CANONICAL}/schema/{name}"


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "second-opinion-request-1"])
def test_what_the_formats_share_is_the_same(name):
    request, other = (schema(one).document["$defs"] for one in ("second-opinion-request-1", name))
    shared = request.keys() & other.keys()
    assert {"key", "instant"} <= shared
    assert {one for one in shared if request[one] != other[one]} == set()


def test_every_published_schema_is_in_use():
    assert {file.parent.name for file in (shipped("mappings") / "intake").glob("second-opinion-*/schema.json")} == set(
        FORMATS
    )


def test_a_schema_is_compiled_once():
    assert schema("second-opinion-request-1") is schema("second-opinion-request-1")


@pytest.mark.parametrize(
    ("raw", "where", "code", "said"),
    [
        ({"sent": 1}, "/sent", "structure", "must be text in quotes"),
        ({"sent": "2026-03-12T08:05:00"}, "/sent", "value", "with an offset"),
        ({"visits": -1}, "/visits", "value", "from 0 to 999"),
        ({"visits": 1.5}, "/visits", "structure", "a whole number"),
        ({"proxy": {}}, "/proxy", "required", "says nothing"),
        ({"treating": {}}, "/treating", "required", "`organization`, `practitioner`"),
        ({"treating": {"organization": {"identifiers": []}}}, "/treating/organization", "required", "`name`"),
        ({"diagnoses": [{"code": "M17"}]}, "/diagnoses/0/system", "required", "URI of the code system"),
        ({"diagnoses": [{"text": "x"}] * 201}, "/diagnoses", "too-long", "more than 200"),
        ({"priority": "soon"}, "/priority", "code-invalid", "routine, urgent, asap, stat"),
        ({"insurance": {"deductibleUsed": {"value": "1,5", "currency": "EUR"}}}, None, "value", "decimal string"),
        ({"records": [{"id": "a", "url": "file:///etc/passwd"}]}, "/records/0/url", "value", "http or https"),
        ({"questions": "one"}, "/questions", "structure", "must be a list"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_the_schema_finds_is_told_in_our_own_words(raw, where, code, said):
    found = schema("second-opinion-request-1").problems(raw)
    where = where or "/insurance/deductibleUsed/value"
    (problem,) = [one for one in found if one.where == where]
    assert problem.code == code
    assert said in problem.text
