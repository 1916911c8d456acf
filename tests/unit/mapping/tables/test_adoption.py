import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.mapping.source import Node
from adapter.mapping.tables.adoption import adopt

FAMILIES = {
    "RF1": frozenset({"AUT", "CTD"}),
    "PRD": frozenset({"CTD"}),
    "OBR": frozenset({"NTE", "OBX"}),
    "OBX": frozenset({"NTE"}),
}


def _flat(*names: str) -> Node:
    return Node("message", "", None, tuple(Node(name, f"{name}{n}") for n, name in enumerate(names)))


def _shape(node: Node) -> str:
    inner = " ".join(_shape(child) for child in node.children)
    return f"{node.name}({inner})" if inner else node.name


@pytest.mark.parametrize(
    ("names", "shape"),
    [
        ("RF1 AUT CTD PRD CTD CTD PID", "RF1(AUT CTD) PRD(CTD CTD) PID"),
        ("OBR NTE OBX NTE NTE OBX OBR OBX", "OBR(NTE OBX(NTE NTE) OBX) OBR(OBX)"),
        ("OBR PID NTE", "OBR PID NTE"),
        ("NTE CTD", "NTE CTD"),
        ("", ""),
    ],
)
def test_a_node_goes_beneath_the_nearest_before_it_that_takes_it(names, shape):
    assert " ".join(_shape(child) for child in adopt(_flat(*names.split()), FAMILIES).children) == shape


def test_without_families_the_tree_is_the_same():
    tree = _flat("OBR", "OBX")
    assert adopt(tree, {}) is tree


def test_a_node_that_is_a_text_takes_none():
    tree = Node("message", "", None, (Node("OBR", "OBR", "x"), Node("OBX", "OBX", "y")))
    assert [leaf.path for leaf in adopt(tree, FAMILIES).leaves()] == ["OBR", "OBX"]


@given(st.lists(st.sampled_from(["RF1", "AUT", "PRD", "CTD", "OBR", "OBX", "NTE", "ZZZ"]), max_size=30))
def test_adopting_loses_no_leaf_that_has_no_children_and_keeps_the_order(names):
    nodes = tuple(Node(name, f"{name}{n}", None, (Node("1", f"{name}{n}-1", "x"),)) for n, name in enumerate(names))
    before = Node("message", "", None, nodes)
    after = adopt(before, FAMILIES)
    assert [leaf.path for leaf in after.leaves()] == [leaf.path for leaf in before.leaves()]
