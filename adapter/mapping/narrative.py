"""Narrative: text of ours as the XHTML that FHIR allows, and XHTML of anybody's back as plain text.

https://hl7.org/fhir/R4/narrative.html
"""

import re
from collections.abc import Iterable, Sequence
from html import escape
from html.parser import HTMLParser

from adapter.fhir.resource import Resource

_XHTML = "http://www.w3.org/1999/xhtml"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
    ]
)


def paragraph(text: str) -> str:
    """Return a paragraph; line breaks are kept."""
    return f"<p>{_lines(text)}</p>"


def items(texts: Iterable[str]) -> str:
    """Return a list of one item per text."""
    return "<ul>" + "".join(f"<li>{_lines(text)}</li>" for text in texts) + "</ul>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with one row of headings."""
    headings = "".join(f"<th>{_lines(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{_lines(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{headings}</tr></thead><tbody>{body}</tbody></table>"


def narrative(*blocks: str, language: str | None = None) -> Resource:
    """Return a Narrative of blocks made by the functions above.

    Args:
        blocks: at least one; XHTML, already escaped.
        language: BCP 47 tag of the text; None = that of the resource.
    """
    tongue = f' lang="{escape(language)}" xml:lang="{escape(language)}"' if language is not None else ""
    return {"status": "generated", "div": f'<div xmlns="{_XHTML}"{tongue}>{"".join(blocks)}</div>'}


def plain_text(narrative: Resource | None) -> str | None:
    """Return the words of a Narrative, a line per block; None where it has none."""
    div = (narrative or {}).get("div")
    if not isinstance(div, str):
        return None
    reader = _Words()
    reader.feed(div)
    reader.close()
    return reader.text() or None


def language_of(narrative: Resource | None) -> str | None:
    """Return the language that the outermost element of a Narrative states; None where it states none."""
    div = (narrative or {}).get("div")
    if not isinstance(div, str):
        return None
    opening = re.match(r"\s*<div\b[^>]*?\s(?:xml:)?lang=[\"']([A-Za-z0-9-]+)[\"']", div)
    return opening.group(1) if opening else None


def _lines(text: str) -> str:
    clean = _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "<br/>".join(escape(line) for line in clean.split("\n"))


class _Words(HTMLParser):
    """Collects text; a block or a line break ends a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the parser's own signature)
        if tag == "br":
            self._parts.append("\n")
        elif tag in _BLOCKS:
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_line()
        elif tag in ("td", "th"):
            self._parts.append("\t")

    def handle_data(self, data: str) -> None:
        self._parts.append(data)

    def text(self) -> str:
        """Return what was collected, without surrounding white space."""
        return "".join(self._parts).strip()

    def _end_line(self) -> None:
        if self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")
