"""The rules of XHTML in a narrative: which elements and attributes it may have, and that it says something.

https://hl7.org/fhir/R4/narrative.html#xhtml
"""

import re
from collections.abc import Iterator

from lxml import etree

_XHTML = "{http://www.w3.org/1999/xhtml}"
_ELEMENT_NAMES = (
    "a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img"
    " li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var"
)
_ATTRIBUTE_NAMES = (
    "title style class id lang dir accesskey tabindex span width align valign char charoff abbr axis headers scope"
    " rowspan colspan border cellpadding cellspacing frame rules summary nowrap cite alt height"
    " {http://www.w3.org/XML/1998/namespace}lang {http://www.w3.org/XML/1998/namespace}space"
)
ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_TAGS = frozenset(f"{_XHTML}{name}" for name in _ELEMENT_NAMES.split())
_attributes = etree.XPath("//@*")
_SOME_TEXT = re.compile(r"[^ \t\r\n]").search  # a space that does not break is not white space to XML
ATTRIBUTES = frozenset(_ATTRIBUTE_NAMES.split())
_MOST_ATTRIBUTES = 64
"""More than there are; lxml lists attributes in a time that grows with the square of their number."""

ATTRIBUTES_OF = {
    "a": frozenset(["href", "name", "rel", "rev", "type", "charset", "hreflang"]),
    "img": frozenset(["src", "longdesc", "ismap", "usemap"]),
    "ol": frozenset(["start", "type"]),
    "table": frozenset(("bgcolor",)),
    "td": frozenset(("bgcolor",)),
    "th": frozenset(("bgcolor",)),
    "tr": frozenset(("bgcolor",)),
}
runs_by_link = re.compile(r"\s*(?:javascript|vbscript|data:text)", re.IGNORECASE).match
runs_by_style = re.compile(
    r"url\s*+\(\s*+(?:['\"]\s*+)?(?:https?:|//)|expression\s*\(|@import|javascript:", re.IGNORECASE
).search
_NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#)\b)[A-Za-z][A-Za-z0-9]*;")


def narrative_problems(text: str) -> Iterator[str]:
    """Give what is wrong with a narrative's div, in a few words each, with the key of the rule (txt-1, txt-2)."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text or "<?" in text:
        yield "must have no DOCTYPE and no processing instruction (txt-1)"
        return
    if "&" in text and _NAMED_ENTITY.search(text):
        yield "has a named entity that XML does not know: write the character itself (txt-1)"
        return
    try:
        root = etree.fromstring(
            text.strip().encode(),
            etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True),
        )
    except (etree.XMLSyntaxError, ValueError):
        yield "is not well-formed XHTML (txt-1)"
        return
    if root.tag != f"{_XHTML}div":
        yield 'must be one div in the namespace of XHTML: <div xmlns="http://www.w3.org/1999/xhtml"> (txt-1)'
        return
    tags = {node.tag for node in root.iter()}
    if not tags <= _TAGS or _attributes(root):
        said: set[str] = set()
        for node in root.iter():
            said.update(_problems_of(node))
        yield from sorted(said)
    if not _SOME_TEXT("".join(map(str, root.itertext()))) and f"{_XHTML}img" not in tags:
        yield "must have some content: text or a picture (txt-2)"


def _problems_of(node: "etree._Element") -> Iterator[str]:
    tag = str(node.tag)
    name = tag.removeprefix(_XHTML)
    if not tag.startswith(_XHTML) or name not in ELEMENTS:
        yield f"has an element that is not allowed in a narrative{_shown(name)} (txt-1)"
        return
    if len(node.attrib) > _MOST_ATTRIBUTES:
        yield f"has an element with more than {_MOST_ATTRIBUTES} attributes (txt-1)"
        return
    for attribute, value in node.items():
        known, said = str(attribute), str(value)
        if known not in ATTRIBUTES and known not in ATTRIBUTES_OF.get(name, ()):
            yield f"has an attribute that is not allowed in a narrative{_shown(known)} (txt-1)"
        elif known in ("href", "src") and runs_by_link(said):
            yield "must not have links that run code (txt-1)"
        elif known == "style" and runs_by_style(said):
            yield "must not have styles that load or run something (txt-1)"


def _shown(name: str) -> str:
    return f": {name}" if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,19}", name) else ""
