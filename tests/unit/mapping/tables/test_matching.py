import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.mapping.source import Node
from adapter.mapping.tables.matching import Matcher
from adapter.mapping.tables.selector import Scope, parse_selector

NAMES = st.sampled_from(["A", "B", "1", "2"])
CONDITIONS = st.sampled_from(
    ["", "[1]", "[2]", "[?1]", "[!2]", "[1=x]", "[1=x|y]", "[1=y][2]", "[B!=x]", "[=x]", "[/A.1=x]", "[2.1=x|y][1]"]
)
STEPS = st.tuples(st.one_of(NAMES, st.just("*")), CONDITIONS).map("".join)
SELECTORS = st.lists(STEPS, min_size=1, max_size=4).map(".".join) | st.just("A.B.^.1") | st.just("*.^[1].2")


@st.composite
def trees(draw, depth: int = 3, path: str = "top", name: str = "top") -> Node:
    count = draw(st.integers(0, 4 if depth else 0))
    if count == 0:
        return Node(name, path, draw(st.sampled_from([None, "x", "y", " x "])))
    names = draw(st.lists(NAMES, min_size=count, max_size=count))
    children = tuple(draw(trees(depth - 1, f"{path}.{n}", one)) for n, one in enumerate(names))
    return Node(name, path, None, children)


@pytest.fixture(params=[0, 32], scope="module")
def many(request):
    """Let every tree be a long one, and none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("adapter.mapping.tables.selector.MANY", request.param)
        patch.setattr("adapter.mapping.tables.matching.MANY", request.param)
        yield


@pytest.mark.usefixtures("many")
@given(trees(), st.lists(SELECTORS, max_size=6))
def test_all_selectors_together_find_what_each_finds_alone(tree, texts):
    selectors = [parse_selector(text) for text in texts]
    together = Matcher(enumerate(selectors)).find(Scope(tree))
    alone = [(number, node) for number, selector in enumerate(selectors) for node in selector.find(tree, Scope(tree))]
    assert [(number, way[-1]) for number, way in together] == alone


def test_a_node_that_says_two_of_the_values_is_found_once():
    twice = Node("A", "A", None, (Node("1", "A-1", "x"), Node("1", "A-1[2]", "y")))
    found = Matcher([(0, parse_selector("A[1=x|y]"))]).find(Scope(Node("top", "", None, (twice,))))
    assert [way[-1] for _number, way in found] == [twice]


@given(trees(), SELECTORS)
def test_the_way_has_the_top_and_a_node_for_each_step(tree, text):
    selector = parse_selector(text)
    for _number, way in Matcher([(0, selector)]).find(Scope(tree)):
        assert way[0] is tree
        assert len(way) == 1 + len(selector.steps)
        assert all(step.name in ("*", "^", node.name, "1") for step, node in zip(selector.steps, way[1:], strict=True))
