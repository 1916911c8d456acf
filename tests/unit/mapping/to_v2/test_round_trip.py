"""What we write, our own intake reads as what it was; and the rest stands in the loss report, place by place."""

import copy
import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from adapter.intake.canonical import stated_by
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.to_v2.stated import document_of, leaves
from tests.unit.mapping.to_v2.conftest import (
    FULL,
    SAMPLES,
    VERSIONS,
    differences,
    read_back,
    referral,
    released,
    report,
    valid,
)

REPORT = json.loads((SAMPLES / "report-de.json").read_bytes())
REPORT["document"] = {"contentType": "application/pdf", "data": "JVBERi0xLjQK", "title": "Zweitmeinung"}
WORDS = st.text(st.sampled_from("abÄßñ€Ł 漢|^~\\&\"#.br\n\tXE<>'-1"), min_size=1, max_size=12)


def _leaf(document, pointer):
    *way, last = pointer.split("/")[1:]
    for name in way:
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document, (int(last) if isinstance(document, list) else last)


FREE = [one for one in leaves(FULL) if one.rsplit("/", 1)[-1] in {"notes", "text", "family", "title", "city", "author"}]
FREE += ["/questions/0", "/patient/name/given/0", "/patient/address/line/0", "/diagnoses/0/bodySite"]
DROPPABLE = sorted({one.split("/", 2)[1] for one in leaves(FULL)} - {"format", "id", "sent", "patient", "consent"})
INNER = [one for one in leaves(FULL) if one.count("/") > 1 and not one.startswith(("/consent", "/records/0/data"))]


@st.composite
def requests(draw):
    """Draw requests like the one that says everything: with members left out and texts replaced."""
    raw = copy.deepcopy(FULL)
    raw["records"] = raw["records"][:1]
    for statement in raw["consent"].values():
        statement.pop("document")
        statement["records"] = ["DOC-1"]
    for place in draw(st.lists(st.sampled_from(FREE), max_size=4, unique=True)):
        holder, name = _leaf(raw, place)
        holder[name] = draw(WORDS.filter(lambda text: text.strip()))
    for place in draw(st.lists(st.sampled_from(INNER), max_size=6, unique=True)):
        try:
            holder, name = _leaf(raw, place)
        except (KeyError, IndexError):
            continue
        if isinstance(holder, dict):
            less = copy.deepcopy(raw)
            inner, name = _leaf(less, place)
            inner.pop(name, None)
            raw = less if valid("request", less) else raw
    for member in draw(st.lists(st.sampled_from(DROPPABLE), max_size=6, unique=True)):
        less = {name: value for name, value in raw.items() if name != member}
        raw = less if valid("request", less) else raw
    assume(released(raw))
    return raw


@pytest.mark.parametrize("version", VERSIONS)
def test_a_request_that_says_everything_comes_back_but_for_what_is_reported(full, version):
    written = referral(full, version)
    before = document_of(stated_by("request", copy.deepcopy(full)))
    assert differences(before, read_back(written, "request"), written) == []


@given(requests(), st.sampled_from(VERSIONS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_request_comes_back_but_for_what_is_reported(raw, version):
    written = referral(raw, version)
    before = document_of(stated_by("request", copy.deepcopy(raw)))
    assert differences(before, read_back(written, "request"), written) == []


@pytest.mark.parametrize("name", ["request-de", "request-nl"])
def test_the_samples_lose_little(name):
    raw = json.loads((SAMPLES / f"{name}.json").read_bytes())
    written = referral(raw)
    lost = {one.source for one in written.remarks if one.kind is RemarkKind.LOST}
    kept = {"/id", "/case", "/patient/name/family", "/diagnoses/0/code", "/plannedProcedure/date", "/questions/0"}
    assert not kept & lost


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("written_as", ["oru", "mdm", "rri"])
def test_a_report_comes_back_but_for_what_is_reported(written_as, version):
    written = report(REPORT, written_as, version)
    before = document_of(stated_by("report", copy.deepcopy(REPORT)))
    assert differences(before, read_back(written, "report"), written) == []


@given(
    st.sampled_from(["oru", "mdm", "rri"]),
    st.sampled_from(VERSIONS),
    st.lists(WORDS, min_size=4, max_size=4),
    st.data(),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_report_comes_back_but_for_what_is_reported(written_as, version, words, data):
    raw = copy.deepcopy(REPORT)
    texts = [one if one.strip() else "-" for one in words]
    raw["summary"], raw["answers"][0]["text"], raw["alternatives"], raw["urgentFinding"] = (
        texts[0],
        texts[1],
        [texts[2]],
        texts[3],
    )
    optional = sorted(raw.keys() - {"format", "id", "case", "issued", "status", "author", "necessity", "concordance"})
    for member in data.draw(st.lists(st.sampled_from(optional), unique=True, max_size=5)):
        raw.pop(member)
    raw["status"] = data.draw(st.sampled_from(["final", "preliminary", "amended"]))
    written = report(raw, written_as, version)
    before = document_of(stated_by("report", copy.deepcopy(raw)))
    assert differences(before, read_back(written, "report"), written) == []
