"""Reads FHIR R4, JSON or XML: a message, a document, a transaction or a resource alone becomes a tree of its resources.

What is no valid R4 is refused with everything that is wrong. References are resolved within the message, never fetched.
The tree has each resource under the name of its type, as `fhir_graph_roles` names them, then the roles.
"""

from collections.abc import Iterable
from typing import Any, Final

from adapter.base.errors import Invalid, Problem
from adapter.fhir.judgement import judge, read
from adapter.fhir.resource import Resource
from adapter.intake.readers.fhir_graph_elements import Elements
from adapter.intake.readers.fhir_graph_focus import Focus, find_focus
from adapter.intake.readers.fhir_graph_references import Graph, Part
from adapter.intake.readers.fhir_graph_roles import names_of, party, patients, roles
from adapter.intake.readers.reading import Reading
from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node

_ERRORS: Final = frozenset({"error", "fatal"})
_BINARY: Final = "Binary"
_ATTACHED_AS: Final = frozenset({"attachment", "presentedForm", "contentAttachment", "content", "valueAttachment"})
_GROWN: Final = {
    "Consent": frozenset({"reference", "sourceReference"}),
    "DocumentReference": frozenset({"author"}),
    "Composition": frozenset({"author"}),
    "DiagnosticReport": frozenset({"performer", "resultsInterpreter"}),
}
"""Elements beneath which stands whom or what they refer to, by the type of the resource."""


def read_fhir(data: bytes) -> Reading:
    """Return the tree of a FHIR message.

    Raises:
        InputError: it cannot be read, or is no valid R4; every error with its place.
        Invalid: it is about several patients, or it is not clear which ServiceRequest asks.
        TooLarge: it has too many resources.
    """
    resource, noted = read(data)
    found = [*noted, *judge(resource)]
    wrong = [one for one in found if one.severity in _ERRORS]
    if wrong:
        raise Invalid("this is no valid FHIR R4: correct what is named and send it again", problems=found)
    graph = Graph()
    graph.add(Part(resource, str(resource["resourceType"])))
    focus = find_focus(graph)
    _refuse_several_patients(graph, focus)
    return Reading(
        root=_tree(graph, focus),
        sender=f"fhir:{_sender(focus)}",
        kind=_kind(resource),
        remarks=_warnings(found),
        is_change=_event(focus) == "I13",
    )


def _tree(graph: Graph, focus: Focus) -> Node:
    elements = Elements()
    names = names_of(graph, focus)
    made: dict[int, Node] = {}
    for part in graph.parts:
        children = elements.of(part.resource, part.path)
        made[id(part)] = Node(names[id(part)], part.path, None, children)
    _grow(graph, elements, made)
    top = [node for node in made.values() if node.children]
    for name, _source, reference, parties in roles(graph, focus):
        stated = elements.node_of(reference)
        own = stated.children if stated is not None else ()
        path = stated.path if stated is not None else ""
        top.append(Node(name, path, None, (*(made[id(one)] for one in parties), *own)))
    return Node("", "", None, tuple(top))


def _grow(graph: Graph, elements: Elements, made: dict[int, Node]) -> None:
    """Put beneath References and Attachments what they lead to, where tables and transforms ask for it.

    Every Reference says in `to` which type it leads to, as FHIRPath's resolve() would tell.
    https://hl7.org/fhir/R4/fhirpath.html#functions
    """
    for part in graph.parts:
        grown = _GROWN.get(part.kind, frozenset())
        for value, node in elements.objects(part.resource):
            found = graph.resolve(value, part) if _is_reference(value) else None
            if found is not None:
                _lead(node, found, party(graph, found) if node.name in grown else (), made)
            elif "url" in value and node.name in _ATTACHED_AS and isinstance(value["url"], str):
                binary = graph.at(value["url"], part)
                if binary is not None and binary.kind == _BINARY:
                    node.children = (*node.children, made[id(binary)])


def _lead(node: Node, found: Part, below: Iterable[Part], made: dict[int, Node]) -> None:
    leaf = node.first("reference") or next(node.leaves(), node)
    to = Node("to", leaf.path, found.kind)
    node.children = (*node.children, to, *(made[id(one)] for one in below))


def _is_reference(value: Resource) -> bool:
    return isinstance(value.get("reference"), str) or isinstance(value.get("identifier"), dict)


def _refuse_several_patients(graph: Graph, focus: Focus) -> None:
    people = patients(graph, focus)
    known = _numbers(people[0]) if people else set()
    others = [one for one in people[1:] if not known & _numbers(one)]
    if others:
        text = "the message is about another patient here: send one message for each patient"
        raise Invalid(
            "the message is about several patients", problems=[Problem(text, one.path, "invalid") for one in others]
        )


def _numbers(part: Part) -> set[tuple[Any, Any]]:
    return {(one.get("system"), one.get("value")) for one in part.resource.get("identifier", ()) if "value" in one}


def _sender(focus: Focus) -> str:
    if focus.header is None:
        return ""
    source = focus.header.resource.get("source", {})
    return str(source.get("endpoint", ""))


def _event(focus: Focus) -> str | None:
    coding = focus.header.resource.get("eventCoding", {}) if focus.header is not None else {}
    code = coding.get("code")
    return str(code) if code is not None else None


def _kind(resource: Resource) -> str:
    kind = str(resource["resourceType"])
    return f"Bundle ({resource.get('type')})" if kind == "Bundle" else kind


def _warnings(found: list[Problem]) -> tuple[Remark, ...]:
    warned = (one for one in found if one.severity == "warning")
    return tuple(Remark(RemarkKind.DOUBTED, one.where, None, one.text) for one in warned)
