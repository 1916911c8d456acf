"""Tells at a glance that a narrative is good: its tags are looked at as text, and expat reads it without a tree.

It says yes only where `narrative_problems` finds nothing; a test holds both together. Whatever is long, deep or odd is
left to that one.
https://hl7.org/fhir/R4/narrative.html#xhtml
"""

import re
from xml.parsers.expat import ExpatError, ParserCreate

from adapter.fhir.fhirpath.narrative import ATTRIBUTES, ELEMENTS, runs_by_style

_START = '<div xmlns="http://www.w3.org/1999/xhtml"'
_PLAIN = frozenset(form for name in ELEMENTS for form in (name, f"/{name}", f"{name}/", f"{name} /"))
_VALUE = '"[^"<>&]*+"'
_COMMON = "|".join(["xml:lang", *sorted(name for name in ATTRIBUTES if not name.startswith("{"))])
_TAG = re.compile(
    rf"(?:(?:{'|'.join(sorted(ELEMENTS))})(?:\s++(?:{_COMMON})={_VALUE})*+"
    rf'|a(?:\s++(?:(?:{_COMMON}|name)={_VALUE}|href="(?:\#|https?:)[^"<>&]*+"))*+)\s*+/?'
).fullmatch
_tags = re.compile(r"<([^<>]*+)>").findall
_has_text = re.compile(r">[^<\s&]").search
_LONGEST = 50_000
_MOST_TAGS = 500
"""Fewer levels than lxml accepts, so that no depth can be good here and bad there."""


def is_plainly_good(text: str) -> bool:
    """Tell that nothing is wrong with a narrative's div; False: it has to be looked at."""
    opened = text.count("<")
    # without "<!" and "<?" every < opens a tag, there are no comments and no entities, and nothing can grow
    if opened > _MOST_TAGS or len(text) > _LONGEST or not text.startswith(_START) or "<!" in text or "<?" in text:
        return False
    tags = _tags(text)
    if len(tags) != opened or _has_text(text) is None:
        return False
    tags[0] = f"div{tags[0][len(_START) - 1 :]}"  # what is beside its namespace
    if not _PLAIN.issuperset(tags) and not all(map(_is_plain, set(tags) - _PLAIN)):
        return False
    try:
        ParserCreate().Parse(text.rstrip(), True)
    except (ExpatError, ValueError):
        return False
    return True


def _is_plain(tag: str) -> bool:
    return _TAG(tag) is not None and runs_by_style(tag) is None
