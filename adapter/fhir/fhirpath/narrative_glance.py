"""Tells at a glance that a narrative is good: read once, with expat, without building a tree.

It says yes only where `narrative_problems` finds nothing; a test holds both together. Whatever is long, deep or odd is
left to that one.
https://hl7.org/fhir/R4/narrative.html#xhtml
"""

from xml.parsers.expat import ExpatError, ParserCreate

from adapter.fhir.fhirpath.narrative import ATTRIBUTES, ATTRIBUTES_OF, ELEMENTS, runs_by_link, runs_by_style

_XHTML = "http://www.w3.org/1999/xhtml "
_DIV = f"{_XHTML}div"
_ATTRIBUTES_OF = {
    f"{_XHTML}{name}": frozenset(
        one.removeprefix("{").replace("}", " ") for one in ATTRIBUTES | ATTRIBUTES_OF.get(name, frozenset())
    )
    for name in ELEMENTS
}
_LONGEST = 50_000
_MOST_TAGS = 250
"""Fewer than the levels that lxml accepts, so that no depth can be good here and bad there."""


class _Odd(Exception):
    """Somebody else has to look; that is not to say that something is wrong."""


def is_plainly_good(text: str) -> bool:
    """Tell that nothing is wrong with a narrative's div; False: it has to be looked at."""
    # without a DOCTYPE there are no entities, so nothing can grow or be fetched
    if len(text) > _LONGEST or text.count("<") > _MOST_TAGS or "<!" in text or "<?" in text:
        return False
    parser = ParserCreate(namespace_separator=" ")
    parser.ordered_attributes = True
    first, said = True, False

    def start(name: str, attributes: list[str]) -> None:
        nonlocal first
        if first:
            first = False
            if name != _DIV:
                raise _Odd
        if attributes or name not in _ATTRIBUTES_OF:
            _look_at(name, attributes)

    def characters(some: str) -> None:
        nonlocal said
        if not some.isspace():
            said = True
            parser.CharacterDataHandler = None

    parser.StartElementHandler = start
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(text.strip(), True)
    except (ExpatError, _Odd, ValueError):
        return False
    return said


def _look_at(name: str, attributes: list[str]) -> None:
    allowed = _ATTRIBUTES_OF.get(name)
    if allowed is None:
        raise _Odd
    for at in range(0, len(attributes), 2):
        attribute, value = attributes[at], attributes[at + 1]
        if attribute not in allowed or (attribute in ("href", "src") and runs_by_link(value)):
            raise _Odd
        if attribute == "style" and runs_by_style(value):
            raise _Odd
