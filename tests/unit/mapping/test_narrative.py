"""https://hl7.org/fhir/R4/narrative.html"""

from xml.dom.minidom import parseString

from hypothesis import given
from hypothesis import strategies as st

from adapter.mapping.narrative import items, language_of, narrative, paragraph, plain_text, table

ANY = st.text(max_size=60)


@given(ANY, ANY, st.lists(ANY, max_size=3))
def test_whatever_the_text_the_narrative_is_well_formed_and_says_nothing_in_markup(first, second, listed):
    div = narrative(paragraph(first), items(listed), table([first], [[second]]), language="nl")["div"]
    parsed = parseString(div.encode())  # noqa: S318 (our own text)
    found = {node.tagName for node in parsed.getElementsByTagName("*")}
    assert found <= {"div", "p", "br", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1).filter(lambda text: text == text.strip())
)
def test_a_paragraph_reads_back_as_it_was_written(text):
    assert plain_text(narrative(paragraph(text))) == (text or None)


def test_markup_of_others_is_read_as_words():
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><h1>Brief</h1><p>a&#160;&lt;b<br/>c</p><ul><li><b>d</b>e</li></ul></div>'
    assert plain_text({"status": "additional", "div": div}) == "Brief\na\xa0<b\nc\nde"


def test_nothing_is_unknown():
    assert plain_text(None) is None
    assert plain_text({"div": ["not text"]}) is None
    assert plain_text(narrative(paragraph(" "))) is None
    assert language_of({"div": "<div>x</div>"}) is None


def test_the_language_of_a_text_is_stated_on_it():
    assert language_of(narrative(paragraph("x"), language="de-AT")) == "de-AT"
    assert language_of({"div": '<div xml:lang="nl" class="x">x</div>'}) == "nl"


def test_what_xml_cannot_hold_is_replaced():
    assert plain_text(narrative(paragraph("a\x00b\ud800c"))) == "a\ufffdb\ufffdc"
