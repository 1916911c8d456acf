import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.fhir.codec.xml_tree import read_tree
from adapter.intake.readers.cda_narrative import Anchors, render


def said(inside: str) -> str:
    return render(read_tree(f"<text>{inside}</text>".encode()))


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("Plain  text\n over lines", "Plain text over lines"),
        ("One<br/>Two", "One\nTwo"),
        ("<paragraph>One</paragraph><paragraph>Two</paragraph>", "One\nTwo"),
        ("<list><item>One</item><item>Two <content>more</content></item></list>", "- One\n- Two more"),
        ("<list><item>A<list><item>B</item></list></item></list>", "- A\n- B"),
        ("keep <content revised='insert'>new</content><content revised='delete'>old</content> end", "keep new end"),
        ("x<sup>2</sup>", "x2"),
        ("<list><caption>Head</caption><item>One</item></list>", "Head\n- One"),
        ("<renderMultiMedia referencedObject='a'/>", ""),
        ("  \n ", ""),
    ],
)
def test_a_narrative_becomes_lines(inside, text):
    assert said(inside) == text


def test_a_row_of_a_table_is_a_line_with_its_cells_apart():
    rows = "<tr><th>Drug</th><th>Dose</th></tr></thead><tbody><tr><td>A</td><td/></tr><tr><td>B</td><td>2</td></tr>"
    assert said(f"<table><caption>List</caption><thead>{rows}</tbody></table>") == "List\nDrug | Dose\nA\nB | 2"


def test_an_id_that_is_not_there_has_no_text():
    anchors = Anchors({"a": read_tree(b"<td ID='a'>Knee <br/>left</td>"), "b": read_tree(b"<td ID='b'/>")})
    assert (anchors.text("a"), anchors.text("b"), anchors.text("c")) == ("Knee\nleft", None, None)
    assert not anchors.cut


@settings(deadline=None)
@given(st.lists(st.text("abc xyz", min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=6))
def test_no_word_of_a_narrative_is_lost(words):
    items = "".join(f"<item><paragraph>{word}</paragraph></item>" for word in words)
    assert said(f"<list>{items}</list>").replace("-", " ").split() == " ".join(words).split()
