"""What holds of every table on every tree."""

from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.codes import CodeMap, Counterpart, Group
from adapter.mapping.tables.engine import apply
from adapter.mapping.tables.matching import Matcher
from adapter.mapping.tables.outcome import Context
from adapter.mapping.tables.recognition import Recognition
from adapter.mapping.tables.row import Cells, Surroundings, compile_row
from adapter.mapping.tables.table import Table
from adapter.mapping.tables.transforms import GROUPS, TRANSFORMS

SCHEMA = orjson.loads(
    (Path(__file__).parents[4] / "mappings" / "intake" / "second-opinion-request-1" / "schema.json").read_bytes()
)
PRODUCES = "second-opinion-request/1"
MAP = CodeMap("known", (Group(None, {"RP": Counterpart("male")}, {"rp": Counterpart("male")}),))
AROUND = Surroundings(SCHEMA, {"known": MAP}, TRANSFORMS, PRODUCES)
CONTEXT = Context(ZoneInfo("Europe/Amsterdam"), "hl7v2:APP|HOSPITAL", maps={"known": MAP})
PLAIN = {"Any format", "Codes", "Dates"}

NAMES = st.sampled_from(["PID", "PRD", "1", "2", "@x"])
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(
        ["RP", "Y", "2026", "2026-03-12", "2026-03-12T08:05", "12", "de", '""', " ", "text/plain", "\x00a"]
    ),
    st.text(max_size=8),
)
SOURCES = st.sampled_from(
    ["PID", "PID-1", "PID-2.1", "PRD[1=RP]-2", "PRD-*", "*-@x", "PRD-2.^-1", "PID[2]", "*.*", "*"]
)
PLACES = [
    "/id,text",
    "/id,key",
    "/patient/name/family,text",
    "/patient/name/given/+,text",
    "/patient/birthDate,partial-date",
    "/patient/gender,code,known",
    "/patient/gender,same-code",
    "/patient/language,language",
    "/patient/address/country,country",
    "/sent,instant",
    "/answerBy,day",
    "/visits,integer",
    "/consulting/reimbursedPercent,number",
    "/insurance/active,boolean",
    "/insurance/supplementary,constant(true)",
    "/questions/+,joined",
    "/notes/+,text",
    "/notes,joined(\\n)",
    "/diagnoses/+/text,text",
    "/records/+/data,base64",
    "/records/+/contentType,media-type",
    "/diagnoses/+/system,uri",
    ",ignore,,,meant",
    ",lost,,,meant",
]
BOUND = ["PRD-1,/copyTo/{PRD}/organization/name,text", "PRD-2,/copyTo/{PRD}/practitioner/name/text,joined"]
ROWS = st.lists(st.tuples(SOURCES, st.sampled_from(PLACES)).map(",".join) | st.sampled_from(BOUND), max_size=12)
FAMILIES = st.sampled_from([{}, {"PRD": frozenset({"PID"})}, {"PID": frozenset({"PID", "PRD"})}])


@st.composite
def trees(draw, depth: int = 4, path: str = "top", name: str = "top") -> Node:
    names = draw(st.lists(NAMES, max_size=4)) if depth else []
    children = tuple(draw(trees(depth - 1, f"{path}.{n}", one)) for n, one in enumerate(names))
    return Node(name, path, None if children else draw(TEXTS), children)


def _table(lines, families) -> Table:
    unique = {(line.split(",")[0], line.split(",")[1]): line for line in lines}
    rows = tuple(
        compile_row(Cells(f"t:{n}", *line.split(",")), AROUND, is_own=True) for n, line in enumerate(unique.values())
    )
    matcher = Matcher((n, row.selector) for n, row in enumerate(rows) if row.selector is not None)
    return Table("t", "T", "er7", PRODUCES, Recognition(), families, rows, matcher, (), (), SCHEMA)


def _at(document, pointer: str):
    for step in pointer[1:].split("/"):
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


@given(trees(), ROWS, FAMILIES)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_field_has_its_line_and_what_went_nowhere_is_explained(tree, lines, families):
    mapped = apply(_table(lines, families), tree, CONTEXT)
    assert [row.source for row in mapped.rows] == [leaf.path for leaf in tree.leaves()]
    assert all(row.note for row in mapped.rows if row.target is None)


@given(trees(), ROWS, FAMILIES)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_line_points_at_what_is_there_and_a_remark_at_what_stands_in_the_source(tree, lines, families):
    mapped = apply(_table(lines, families), tree, CONTEXT)
    for row in mapped.rows:
        for pointer in (row.target or "").split("; "):
            assert not pointer or _at(mapped.document, pointer) not in (None, "", [], {})
    places = {leaf.path for leaf in tree.leaves()}
    nodes: list[Node] = [tree]
    for node in nodes:
        nodes += node.children
    for remark in mapped.remarks:
        assert remark.source in places or remark.source in {node.path for node in nodes}
        assert remark.target is None or _at(mapped.document, remark.target) is not None


@given(trees(), ROWS, FAMILIES)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_lost_is_remarked_exactly_once_and_what_is_used_is_not_lost(tree, lines, families):
    mapped = apply(_table(lines, families), tree, CONTEXT)
    lost = [one.source for one in mapped.remarks if one.kind is RemarkKind.LOST]
    assert len(lost) == len(set(lost))
    assert set(lost).isdisjoint(row.source for row in mapped.rows if row.target is not None and not row.note)
    unexplained = {
        row.source for row in mapped.rows if row.target is None and not row.transform and row.note.startswith("no row")
    }
    assert unexplained <= set(lost)


@given(
    trees(), st.lists(st.sampled_from(PLACES[:17]), max_size=8, unique_by=lambda one: one.split(",")[0]), st.randoms()
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_rows_for_different_places_do_not_depend_on_their_order(tree, places, random):
    lines = [
        f"{source},{place}"
        for place, source in zip(places, ["PID-1", "PRD[1=RP]-2", "*-@x", "PID-2.1"] * 3, strict=False)
    ]
    shuffled = random.sample(lines, len(lines))
    one, other = (apply(_table(order, {}), tree, CONTEXT) for order in (lines, shuffled))
    assert one.document == other.document


@given(trees(), ROWS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_mapping_twice_gives_the_same_and_leaves_the_source_as_it_is(tree, lines):
    table = _table(lines, {})
    before = [(leaf.path, leaf.text) for leaf in tree.leaves()]
    once = apply(table, tree, CONTEXT)
    copied = orjson.dumps(once.document)
    assert orjson.dumps(apply(table, tree, CONTEXT).document) == copied
    assert [(leaf.path, leaf.text) for leaf in tree.leaves()] == before


@given(trees())
def test_without_rows_everything_is_lost(tree):
    mapped = apply(_table([], {}), tree, CONTEXT)
    says = [leaf for leaf in tree.leaves() if leaf.text != '""' and not leaf.text.isspace()]
    assert [one.source for one in mapped.remarks] == [leaf.path for leaf in says]


@pytest.mark.parametrize("name", sorted(name for group in PLAIN for name in GROUPS[group]))
def test_every_plain_transform_is_tried(name):
    tried = {place.split(",")[1].split("(")[0] for place in PLACES}
    assert name in tried | {"coding", "default"}


def test_a_name_belongs_to_one_transform():
    assert sum(len(group) for group in GROUPS.values()) == len(TRANSFORMS)
