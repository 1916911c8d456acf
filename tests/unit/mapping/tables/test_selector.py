import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.mapping.source import Node
from adapter.mapping.tables.selector import Scope, parse_selector


@pytest.fixture(scope="session")
def referral(message):
    return message(
        ("MSH", {1: "|", 4: ["HOSPITAL", "1.2.3"]}),
        ("PRD", {1: "RP", 2: ["Bakker", "Pieter"], 7: (["1", "LANR"], ["2", "AGB"], ["3", "LANR"])}),
        ("PRD", {1: "RT", 2: "Jansen"}),
        ("PRD", {1: " RT ", 2: ["", "Sofie"]}),
        ("OBX", {5: ""}),
    )


def _found(text: str, top: Node) -> list[str]:
    return [node.path for node in parse_selector(text).find(top, Scope(top))]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("PRD-2.1", ["PRD-2.1", "PRD[2]-2"]),
        ("PRD.2/1", ["PRD-2.1", "PRD[2]-2"]),
        ("PRD-2.2", ["PRD-2.2", "PRD[3]-2.2"]),
        ("PRD[2]", ["PRD[2]"]),
        ("PRD[9]", []),
        ("PRD[1=RT]", ["PRD[2]", "PRD[3]"]),
        ("PRD[1=RT][2]", ["PRD[3]"]),
        ("PRD[2][1=RP]", []),
        ("PRD[1=RP|XX]", ["PRD"]),
        ("PRD[1!=RP]", ["PRD[2]", "PRD[3]"]),
        ("PRD[?7]", ["PRD"]),
        ("PRD[7.2]", ["PRD"]),
        ("PRD[!7.2]", ["PRD[2]", "PRD[3]"]),
        ("PRD[7[2=AGB].1=2]", ["PRD"]),
        ("PRD[7[2=AGB].1=1]", []),
        ("PRD-7[2=LANR][2].1", ["PRD-7[3].1"]),
        ("PRD-1[=RP]", ["PRD-1"]),
        ("PRD-1[!=RP]", ["PRD[2]-1", "PRD[3]-1"]),
        ("PRD[2~=JANS|xx]", ["PRD[2]"]),
        ("PRD-2[~=ker]", ["PRD-2"]),
        ("MSH-4[/PRD[1=RP]]-1", ["MSH-4.1"]),
        ("MSH-4[!/PRD[1=RP]]-1", []),
        ("MSH-4[/PRD-1!=XX]", ["MSH-4"]),
        ("*-1", ["MSH-1", "PRD-1", "PRD[2]-1", "PRD[3]-1"]),
        ("PRD-7[2].^-1", ["PRD-1"]),
        ("OBX[?5]", []),
        ("OBX[!5]", ["OBX"]),
        ("ZZZ", []),
    ],
)
def test_a_selector_finds_nodes_in_the_order_of_the_message(referral, text, paths):
    assert _found(text, referral) == paths


def test_a_number_counts_and_a_path_beneath_a_number_asks(referral):
    assert _found("PRD[7]", referral) == []
    assert _found("PRD[7.1]", referral) == ["PRD"]


def test_a_value_may_hold_every_character():
    tree = Node("top", "", None, (Node("a", "a", None, (Node("b", "a.b", "x|y]z\\"),)),))
    assert _found(r"a[b=x\|y\]z\\]", tree) == ["a"]
    assert _found(r"a[b=no|x\|y\]z\\|nor this]", tree) == ["a"]


def test_names_of_attributes_and_namespaces_are_names():
    tree = Node("top", "", None, (Node("id", "id", None, (Node("@xsi:type", "id/@xsi:type", "II"),)),))
    assert _found("id/@xsi:type", tree) == ["id/@xsi:type"]
    assert _found("id[@xsi:type=II]", tree) == ["id"]


NO_SELECTORS = (
    "", "-PID", "PID-", "PID--3", "PID[", "PID[]", "PID[0]", "PID[?3=a]", "PID[!3~=a]", "PID[3~a]", "PID[3~=]", "PID[?]", "PID[12345]", "PID[1", "PID[3=]",
    "PID[3=a|]", "PID[!3=a]", "PID[!]", "PID 3", "^", "PID-3.^.^", "PID[^3]", "PID]", "PID[3=a]]", "PID[3 = a]", "[3]",
    "PID[=", "PID[3=a\\",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_SELECTORS)
def test_what_is_no_selector_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_selector(text)


@given(st.text("PID-./[]=!|^*@0123\\ ", max_size=24))
def test_any_text_is_a_selector_or_refused(text):
    tree = Node("message", "", None, (Node("PID", "PID", None, (Node("3", "PID-3", "x"),)),))
    with contextlib.suppress(ValueError):
        parse_selector(text).find(tree, Scope(tree))


@pytest.mark.parametrize(
    ("text", "place"),
    [("PID-3[5=MR].1", "PID-3.1"), ("Patient.name[1].family", "Patient.name.family"), ("RF1", "RF1")],
)
def test_a_place_has_no_conditions(text, place):
    assert parse_selector(text).place() == place
