"""Reads FHIR R4, JSON or XML: a message, a document, a transaction or a resource alone becomes a tree of its resources.

What is no valid R4 is refused with everything that is wrong. References are resolved within the message, never fetched.
The tree has each resource under the name of its type, as `fhir_graph_roles` names them, then the roles.
"""

import base64
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from adapter.base.errors import Invalid, Problem
from adapter.fhir.codec import media_type_of
from adapter.fhir.judgement import judge, read
from adapter.fhir.resource import Resource
from adapter.intake.readers.fhir_graph_elements import Elements
from adapter.intake.readers.fhir_graph_focus import Focus, find_focus, reports_second_opinion, said_by
from adapter.intake.readers.fhir_graph_references import Graph, Part
from adapter.intake.readers.fhir_graph_roles import names_of, party, patients, roles
from adapter.intake.readers.reading import Reading
from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node

_ERRORS: Final = frozenset({"error", "fatal"})
ORIGINAL: Final = "Bundle (as it was sent)"
"""The place of a document as a whole."""
_FIRST_ENTRY: Final = "Bundle.entry[0].resource"
_ADDRESS: Final = re.compile(r"(?:\S+\.)?entry\[[0-9]+\]\.fullUrl")
_FIRST_ONLY: Final = frozenset({"author", "performer", "resultsInterpreter"})
"""Those of which the first one is asked for its name."""
_MOST_OF_A_ROLE: Final = 60
"""One more than any list of the formats takes; who comes later has the fields of the resource all the same."""
_NARRATIVE: Final = "(dom-6)"
"""That every resource should have a narrative is good practice for documents; nothing is doubtful without."""
_BINARY: Final = "Binary"
_ATTACHED_AS: Final = frozenset({"attachment", "presentedForm", "contentAttachment", "content", "valueAttachment"})
_GROWN: Final = {
    "Consent": frozenset({"reference", "sourceReference"}),
    "DocumentReference": frozenset({"author"}),
    "Composition": frozenset({"author", "entry"}),
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
    found = [_forgiven(one) for one in (*noted, *judge(resource))]
    wrong = [one for one in found if one.severity in _ERRORS]
    if wrong:
        told = [*wrong, *(one for one in found if one.severity not in _ERRORS)]
        raise Invalid("this is no valid FHIR R4: correct what is named and send it again", problems=told)
    graph = Graph()
    graph.add(Part(resource, str(resource["resourceType"])))
    focus = find_focus(graph)
    _refuse_several_patients(graph, focus)
    return Reading(
        root=_tree(graph, focus, data),
        sender=f"fhir:{_sender(graph, focus)}",
        kind=_kind(resource),
        remarks=_warnings(found),
        is_change=_event(focus) == "I13",
    )


def _forgiven(problem: Problem) -> Problem:
    """Return a problem with what does not hinder reading as a warning: references are found without addresses, too."""
    is_missing = problem.code == "required" and _ADDRESS.fullmatch(problem.where or "") is not None
    return replace(problem, severity="warning") if is_missing else problem


def _tree(graph: Graph, focus: Focus, data: bytes) -> Node:
    elements = Elements()
    names = names_of(graph, focus)
    made: dict[int, Node] = {}
    for part in graph.parts:
        children = elements.of(part.resource, part.path)
        made[id(part)] = Node(names[id(part)], part.path, None, children)
    _grow(graph, elements, made)
    top = [node for node in made.values() if node.children]
    counts = Counter[str]()
    for name, _source, reference, parties in roles(graph, focus):
        counts[name] += 1
        if counts[name] > _MOST_OF_A_ROLE:
            continue
        stated = elements.node_of(reference)
        own = stated.children if stated is not None else ()
        path = stated.path if stated is not None else ""
        top.append(Node(name, path, None, (*(made[id(one)] for one in parties), *own)))
    return Node("", "", None, (*top, *_summary(focus), *_original(focus, made, data)))


def _summary(focus: Focus) -> Iterator[Node]:
    """Yield `Focus`: what the request or the report says that it is, at the place of its status, which R4 requires."""
    if focus.request is not None:
        says = Node("says", f"{focus.request.path}.status", said_by(focus.request))
        yield Node("Focus", focus.request.path, None, (says,))
    for report in (focus.report, focus.composition):
        if report is not None and reports_second_opinion(report):
            yield Node("Focus", report.path, None, (Node("reports", f"{report.path}.status", "second-opinion"),))


def _original(focus: Focus, made: dict[int, Node], data: bytes) -> Iterator[Node]:
    """Yield `Original`: a document as it was sent, which is a record where it asks for nothing."""
    composition = focus.composition
    if composition is None or composition.path != _FIRST_ENTRY:
        return
    if focus.request is not None and said_by(focus.request) != "other":
        return
    kind = media_type_of(data, None)
    shown = Node("contentType", ORIGINAL, kind), Node("data", ORIGINAL, base64.b64encode(data).decode())
    yield Node("Original", ORIGINAL, None, (*shown, made[id(composition)]))


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
                is_grown = node.name in grown and not (node.name in _FIRST_ONLY and not node.path.endswith("[0]"))
                _lead(node, found, party(graph, found) if is_grown else (), made)
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
    return {(one.get("system"), one["value"]) for one in _numbered(part)}


def _sender(graph: Graph, focus: Focus) -> str:
    """Return which system sent it: the endpoint of a message, else the organisation that asks or reports."""
    if focus.header is not None:
        return str(focus.header.resource.get("source", {}).get("endpoint", ""))
    asking = {"Requester", "TaskRequester", "Custodian", "Author", "ReportPerformer"}
    for name, _source, _reference, parties in roles(graph, focus):
        for one in parties:
            if name in asking and one.kind == "Organization":
                numbers = [f"{number.get('system', '')}|{number['value']}" for number in _numbered(one)]
                return next(iter(numbers), str(one.resource.get("name", "")))
    named = _numbered(focus.request) if focus.request is not None else []
    return next((str(one["system"]) for one in named if "system" in one), "")


def _numbered(part: Part) -> list[dict[str, Any]]:
    return [one for one in part.resource.get("identifier", ()) if isinstance(one, dict) and "value" in one]


def _event(focus: Focus) -> str | None:
    coding = focus.header.resource.get("eventCoding", {}) if focus.header is not None else {}
    code = coding.get("code")
    return str(code) if code is not None else None


def _kind(resource: Resource) -> str:
    kind = str(resource["resourceType"])
    return f"Bundle ({resource.get('type')})" if kind == "Bundle" else kind


def _warnings(found: list[Problem]) -> tuple[Remark, ...]:
    warned = (one for one in found if one.severity == "warning" and not one.text.endswith(_NARRATIVE))
    return tuple(Remark(RemarkKind.DOUBTED, one.where, None, one.text) for one in warned)
