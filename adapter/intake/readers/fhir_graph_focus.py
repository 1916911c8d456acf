"""What a FHIR message is about: the one ServiceRequest that asks, the Task around it, or the report that answers.

A message says it by its focus (https://hl7.org/fhir/R4/messaging.html), a document by its sections
(https://hl7.org/fhir/R4/documents.html); of anything else the ServiceRequests themselves are looked at.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from adapter.base.errors import Invalid, Problem
from adapter.fhir.coding import CONFIRMATORY_CONSULTATION, OPINION_REPORT, PATIENT_REFERRAL
from adapter.fhir.resource import Resource
from adapter.fhir.systems import LOINC, SNOMED, V2_DISPOSITION, V2_REFERRAL_REASON
from adapter.intake.readers.fhir_graph_references import Graph, Part

SECOND_OPINION_CODES: Final = frozenset(
    {(SNOMED, CONFIRMATORY_CONSULTATION), (V2_DISPOSITION, "SO"), (V2_REFERRAL_REASON, "S")}
)
"""Codes that ask for a second opinion."""
REFERRAL_CODES: Final = frozenset(
    {(SNOMED, PATIENT_REFERRAL), (SNOMED, "103696004"), (SNOMED, "306206005"), (LOINC, "57133-1")}
)
"""Codes of referrals of any kind: patient referral, to a specialist, to a service; referral note."""
REPORT_CODES: Final = frozenset({(LOINC, OPINION_REPORT), (SNOMED, CONFIRMATORY_CONSULTATION)})
"""Codes of reports that are second opinions."""
_WORDS: Final = (
    "second opinion",
    "second-opinion",
    "zweitmeinung",
    "zweite meinung",
    "tweede mening",
    "second opinie",
    "deuxième avis",
    "second avis",
    "seconda opinione",
)
_REFERRAL_WORDS: Final = ("referral", "überweisung", "verwijzing", "consult")
_SAYING: Final = ("code", "category", "orderDetail", "reasonCode")
_SAYING_OF_REPORTS: Final = ("code", "type")
_LOOK_CHARACTERS: Final = 2_000
_ASKING: Final = "ServiceRequest"


@dataclass(frozen=True, slots=True)
class Focus:
    """What a message is about.

    Attributes:
        request: the ServiceRequest that asks; None = there is none.
        task: the Task that carries it, or that is answered; None = there is none.
        header: the MessageHeader; None = it is no message.
        composition: of a document; None = it is none.
        report: the DiagnosticReport or Composition that answers a request; None = there is none.
    """

    request: Part | None = None
    task: Part | None = None
    header: Part | None = None
    composition: Part | None = None
    report: Part | None = None


def find_focus(graph: Graph) -> Focus:
    """Return what a message is about.

    Raises:
        Invalid: several ServiceRequests could be the one that asks; they are named.
    """
    header = _head(graph, "MessageHeader")
    composition = _head(graph, "Composition") or next(graph.of("Composition"), None)
    named = [*_referred(graph, header, "focus"), *_sections(graph, composition)]
    task = next((one for one in named if one.kind == "Task"), None)
    request = next((one for one in named if one.kind == _ASKING), None)
    if task is None:
        task = next((one for one in graph.of("Task") if one.owner is None), None)
    if request is None and task is not None:
        led = [*_referred(graph, task, "focus"), *_referred(graph, task, "basedOn")]
        request = next((one for one in led if one.kind == _ASKING), None)
    several = [one for one in named if one.kind == _ASKING]
    if len(several) > 1:
        request = _one_of(several)
    if request is None:
        request = _one_of(_candidates(graph))
    reports = [one for one in (*named, *graph.of("DiagnosticReport")) if one.kind == "DiagnosticReport"]
    report = next((one for one in reports if reports_second_opinion(one)), next(iter(reports), None))
    if task is not None and request is not None and request not in _referred(graph, task, "focus"):
        led = _referred(graph, task, "basedOn")
        task = task if request in led or not any(one.kind == _ASKING for one in led) else None
    return Focus(request, task, header, composition, report)


def said_by(request: Part) -> Literal["second-opinion", "referral", "other"]:
    """Return what a ServiceRequest asks for, as it says itself by its codes and words."""
    if _says_second_opinion(request):
        return "second-opinion"
    return "referral" if _is_referral(request) else "other"


def reports_second_opinion(report: Part) -> bool:
    """Tell whether a DiagnosticReport or Composition says that it is a second opinion."""
    found = list(_concepts(report, _SAYING_OF_REPORTS))
    words = [*_texts(found), str(report.resource.get("title", ""))[:_LOOK_CHARACTERS].casefold()]
    return any(code in REPORT_CODES for code in _codes(found)) or _has(words, _WORDS)


def _says_second_opinion(request: Part) -> bool:
    found = list(_concepts(request, _SAYING))
    notes = (one.get("text") for one in request.resource.get("note", ()))
    words = [*_texts(found), *(one[:_LOOK_CHARACTERS].casefold() for one in notes if isinstance(one, str))]
    return any(code in SECOND_OPINION_CODES for code in _codes(found)) or _has(words, _WORDS)


def _has(texts: Iterable[str], words: Iterable[str]) -> bool:
    return any(word in text for text in texts for word in words)


def _head(graph: Graph, kind: str) -> Part | None:
    """Return the first resource of the outermost Bundle, where it is of this type."""
    first = graph.parts[:2]
    return next((one for one in first if one.kind == kind), None)


def _referred(graph: Graph, part: Part | None, name: str) -> list[Part]:
    if part is None:
        return []
    stated = part.resource.get(name)
    references = stated if isinstance(stated, list) else [stated]
    found = (graph.resolve(one, part) for one in references)
    return [one for one in found if one is not None]


def _sections(graph: Graph, composition: Part | None) -> Iterator[Part]:
    waiting = deque([composition.resource] if composition is not None else ())
    while waiting and composition is not None:
        one = waiting.popleft()
        for reference in one.get("entry", ()):
            found = graph.resolve(reference, composition)
            if found is not None:
                yield found
        waiting += one.get("section", ())


def _candidates(graph: Graph) -> list[Part]:
    """Return the ServiceRequests that stand on their own and are no part or background of another one."""
    requests = list(graph.of(_ASKING))
    background = {
        id(found)
        for one in requests
        for name in ("basedOn", "supportingInfo", "replaces")
        for found in _referred(graph, one, name)
        if found is not one
    }
    standing = [one for one in requests if one.owner is None and one.resource.get("intent") != "plan"]
    return [one for one in standing if id(one) not in background] or standing


def _one_of(candidates: list[Part]) -> Part | None:
    """Return the one that asks for a second opinion, else the one referral, else the only one; None = none is meant."""
    for is_meant in (_says_second_opinion, _is_referral):
        meant = [one for one in candidates if is_meant(one)]
        if len(meant) == 1:
            return meant[0]
        if meant:
            text = (
                f"this is one of {len(meant)} ServiceRequests that could be the one that asks: send one in each "
                "message, or point to it with MessageHeader.focus or Task.focus"
            )
            raise Invalid(
                "it is not clear which ServiceRequest is meant",
                problems=[Problem(text, one.path, "multiple-matches") for one in meant],
            )
    return candidates[0] if len(candidates) == 1 else None


def _is_referral(request: Part) -> bool:
    found = list(_concepts(request, _SAYING))
    return any(code in REFERRAL_CODES for code in _codes(found)) or _has(_texts(found), _REFERRAL_WORDS)


def _codes(concepts: Iterable[Resource]) -> Iterator[tuple[Any, Any]]:
    for concept in concepts:
        for coding in concept.get("coding", ()):
            yield coding.get("system"), coding.get("code")


def _texts(concepts: Iterable[Resource]) -> Iterator[str]:
    for concept in concepts:
        said: Iterable[Any] = [concept.get("text"), *(coding.get("display") for coding in concept.get("coding", ()))]
        yield from (one[:_LOOK_CHARACTERS].casefold() for one in said if isinstance(one, str))


def _concepts(part: Part, names: Iterable[str]) -> Iterator[Resource]:
    for name in names:
        stated = part.resource.get(name)
        yield from (one for one in (stated if isinstance(stated, list) else [stated]) if isinstance(one, dict))
