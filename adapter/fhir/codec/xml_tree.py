"""The one safe XML parser of the house: no DOCTYPE, no entities, no network, UTF-8 only.

https://hl7.org/fhir/R4/security.html#narrative (why), https://lxml.de/parsing.html#parser-options (how)
"""

import re
from typing import Any, TypeAlias

from lxml import etree

from adapter.base.errors import Problem, TooLarge, Unreadable
from adapter.fhir.codec.limits import MAX_BYTES, check_size

Node: TypeAlias = etree._Element  # noqa: SLF001 - lxml names its element type so
XHTML = "http://www.w3.org/1999/xhtml"

_LARGEST_VALUE = 9_000_000
_MOST_PREFIXES = 100
"""FHIR needs none; each makes every narrative dearer to read."""

_PREFIX = re.compile(rb"\sxmlns:([^\s=]{1,64})")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


def read_tree(data: bytes, *, max_bytes: int = MAX_BYTES) -> Node:
    """Return the root element, comments left out.

    Processing instructions before the root (stylesheets, schemas for editors) are skipped; inside it they are refused.

    Raises:
        Unreadable: not well-formed, a DOCTYPE, a processing instruction inside, or not UTF-8; line and column if known.
        TooLarge: more than `max_bytes`, or prefixes for namespaces beyond any use.
    """
    check_size(data, max_bytes)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Unreadable("a DOCTYPE is not accepted: send the XML without it")
    if data.count(b"xmlns:") > _MOST_PREFIXES and len(set(_PREFIX.findall(data))) > _MOST_PREFIXES:
        raise TooLarge(f"more than {_MOST_PREFIXES} prefixes for namespaces: FHIR needs none")
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    if declared is not None and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise Unreadable("the XML declares another encoding than UTF-8: send UTF-8")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = f"the text is not UTF-8 (byte {error.start}): send UTF-8"
        raise Unreadable(said, problems=[Problem(said, line=line)]) from None
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        # libxml2 refuses values beyond 10 MB unless told otherwise; without a DOCTYPE nothing can blow up
        huge_tree=len(data) > _LARGEST_VALUE,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        said = f"not readable as XML: {_first_line(error.msg)}"
        raise Unreadable(said, problems=[Problem(said, line=line or None, column=column or None)]) from None
    for odd in root.iter(etree.ProcessingInstruction, etree.Entity):
        said = "a processing instruction or an entity inside the XML is not accepted: remove it"
        raise Unreadable(said, problems=[Problem(said, line=line_of(odd))])
    return root


def line_of(node: Node) -> int | None:
    """Return the line in which an element starts, None where the parser does not know."""
    line: Any = node.sourceline  # the stubs do not know what it is
    return line if type(line) is int else None


def _first_line(message: str | None) -> str:
    """Return libxml2's message without its place, and without quoting more than a name of the input."""
    said = (message or "syntax error").partition("\n")[0]
    return re.sub(r", line \d+, column \d+.*", "", said)[:160]
