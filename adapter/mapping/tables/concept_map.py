"""A table as a FHIR ConceptMap from the fields of its format to FHIR elements, so that others can use it without us.

Conditions become `dependsOn`, fields that go nowhere are `unmatched` with the reason; what a transform does is named in
the comment. https://hl7.org/fhir/R4/conceptmap.html
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from adapter.fhir.resource import Resource
from adapter.fhir.systems import CANONICAL
from adapter.mapping.element_path import ElementPath
from adapter.mapping.tables.required import place
from adapter.mapping.tables.row import Row
from adapter.mapping.tables.selector import Condition, Step
from adapter.mapping.tables.table import Table
from adapter.mapping.tables.target import Kind, Target
from adapter.mapping.trace_table import TraceTable

_DEFINITION: Final = "http://hl7.org/fhir/StructureDefinition/"
_NOWHERE: Final = ""


def concept_map(table: Table, elements: TraceTable | None) -> Resource:
    """Return a table as a ConceptMap.

    Args:
        table: the table.
        elements: where the members of its document go in FHIR; None = the map leads to the members themselves.
    """
    groups: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in table.rows:
        code = place(table, row)
        for target_system, target in _targets(table, row, elements) if code else ():
            element = groups.setdefault(target_system, {}).setdefault(code or "", [])
            if target not in element:
                element.append(target)
    return {
        "resourceType": "ConceptMap",
        "id": f"so-{table.format}",
        "url": f"{CANONICAL}/ConceptMap/so-{table.format}",
        "name": "".join(part.capitalize() for part in f"so-{table.format}".split("-")),
        "title": table.title,
        "status": "draft",
        "description": f"Where the fields of the format {table.format} go; made from the table that the adapter uses.",
        "group": [_group(table, system, codes) for system, codes in groups.items()],
    }


def _group(table: Table, system: str, codes: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    group: dict[str, Any] = {"source": f"{CANONICAL}/fields/{table.reader}"}
    if system != _NOWHERE:
        group["target"] = system
    return group | {"element": [{"code": code, "target": targets} for code, targets in codes.items()]}


def _targets(table: Table, row: Row, elements: TraceTable | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the places to which a row leads, each with the code system that it belongs to."""
    cells = row.cells
    depends = [one for step in (row.selector.steps if row.selector else ()) for one in _depends(step)]
    more = {"dependsOn": depends} if depends else {}
    if not row.targets:
        yield _NOWHERE, {"equivalence": "unmatched", "comment": cells.spec} | more
    comment = "; ".join(filter(None, (cells.transform, cells.codes and f"ConceptMap {cells.codes}", cells.spec)))
    for target in row.targets:
        for system, code in _codes(table, target, elements):
            yield system, {"code": code, "equivalence": "relatedto", "comment": comment} | more


def _depends(step: Step) -> Iterator[dict[str, str]]:
    for one in step.conditions:
        said = one.text[1:-1] if isinstance(one, Condition) else f"number {one.number}"
        if isinstance(one, Condition) and one.is_lookup:
            said = "|".join(sorted(one.values or ()))
            yield {"property": f"{CANONICAL}/fields#{step.name}-{one.path.text}", "value": said}
        else:
            yield {"property": f"{CANONICAL}/fields#{step.name}", "value": said}


def _codes(table: Table, target: Target, elements: TraceTable | None) -> Iterable[tuple[str, str]]:
    pointer = "".join(f"/{step.name}" if step.kind in (Kind.MEMBER, Kind.LINE) else "/*" for step in target.steps)
    if elements is None:
        return [(str(table.schema["$id"]), pointer)]
    rows = [row for source, row in elements.rows.items() if source == pointer or source.startswith(f"{pointer}/")]
    return [(f"{_DEFINITION}{path.type}", _element(path)) for row in rows for path in row.targets]


def _element(path: ElementPath) -> str:
    """Return a path as the code of an element; a slice has its name behind a colon."""
    return ".".join((path.type, *(f"{step.name}:{step.key}" if step.key else step.name for step in path.steps)))
