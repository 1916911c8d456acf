"""The field-by-field trace: for every member of a request, where it went in what leaves, or why nowhere.

The table says where a member belongs; each claim is checked against the Bundle itself, so that the trace never
says more than is there.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from adapter.domain.clearance import Refusal
from adapter.fhir.bundles import local_reference, unbundle
from adapter.fhir.resource import Resource
from adapter.mapping.element_path import ElementPath, find
from adapter.mapping.to_fhir.bundles import binary_id
from adapter.mapping.to_fhir.crossing import Crossing, hidden_numbers
from adapter.mapping.to_fhir.expressed import ExpressedRequest
from adapter.mapping.to_fhir.service_request import REFERRER_NOT_NAMED
from adapter.mapping.trace_table import TraceRow, TraceTable

_NOT_THERE: Final = "not expressed: nothing of it is in what leaves"
_NO_ROW: Final = "not expressed: the table has no row for it"


def trace(
    table: TraceTable,
    document: Mapping[str, Any],
    expressed: ExpressedRequest,
    bundle: Resource,
    *,
    withheld: Mapping[str, str],
) -> list[dict[str, str | None]]:
    """Return one row per member that says something, in the order of the document.

    Args:
        table: of the document's format.
        document: the request as it came, as JSON data.
        expressed: what became of it.
        bundle: what leaves.
        withheld: reasons by JSON pointer, each for the member and everything beneath it.

    Returns:
        `source` (JSON pointer), `target` (the elements and their resources; None = nowhere) and `note`.
    """
    resources = {**_named(expressed, unbundle(bundle)), "Bundle": bundle}
    remarks = _remarks(expressed)
    rows: list[dict[str, str | None]] = []
    for path, value in leaves(document):
        source = _pointer(path)
        target, note = _fate(table, path, value, resources, withheld)
        rows.append({"source": source, "target": target, "note": "; ".join(filter(None, (note, remarks.get(source))))})
    return rows


def _remarks(expressed: ExpressedRequest) -> dict[str, str]:
    """Return what is to be said of single members beyond their rows."""
    notes = [note["text"] for note in expressed.service_request.get("note", ())]
    return {"/referral": REFERRER_NOT_NAMED} if REFERRER_NOT_NAMED in notes else {}


def withheld_members(
    document: Mapping[str, Any], refusals: Iterable[Refusal], crossing: Crossing | None = None
) -> dict[str, str]:
    """Return why members do not leave: records that the gate refused, and numbers that stay in their country.

    Args:
        document: the request as it came.
        refusals: the gate's; those about a record.
        crossing: the border that is crossed; None = what leaves goes to our own server.
    """
    refused = {refusal.record: refusal.text for refusal in refusals if refusal.record is not None}
    reasons = {
        f"/records/{index}": f"withheld: {refused[record['id']]}"
        for index, record in enumerate(document.get("records", ()))
        if record["id"] in refused
    }
    if crossing is None:
        return reasons
    text = "withheld: a patient's national number does not cross the border"
    people = {name: document.get(name, {}).get("identifiers", []) for name in ("patient", "proxy")}
    hidden = hidden_numbers([one for several in people.values() for one in several], crossing)
    for name, several in people.items():
        reasons |= {f"/{name}/identifiers/{i}": text for i, one in enumerate(several) if one["value"] in hidden}
    insurance = document.get("insurance", {})
    if crossing.hides_member(insurance.get("memberId"), insurance.get("scheme"), hidden):
        reasons["/insurance/memberId"] = text
    return reasons


def values_of(document: Mapping[str, Any]) -> dict[str, str]:
    """Return every value of a canonical document by its JSON pointer, as text: patient data."""
    return {_pointer(path): value if isinstance(value, str) else str(value) for path, value in leaves(document)}


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield every value in JSON data that says something, with its place; null and empty ones say nothing."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    elif value is not None and value != "":
        yield path, value


def _fate(
    table: TraceTable,
    path: tuple[str | int, ...],
    value: Any,
    resources: Mapping[str, Resource],
    withheld: Mapping[str, str],
) -> tuple[str | None, str]:
    for length in range(1, len(path) + 1):
        if (reason := withheld.get(_pointer(path[:length]))) is not None:
            return None, reason
    row = table.row_for(path)
    if row is None:
        return None, _NO_ROW
    if not row.targets:
        return None, row.note
    indexes = [step for step in path if isinstance(step, int)]
    found = [place for target in row.targets for place in _places(target, indexes, row, value, resources)]
    return ("; ".join(found), row.note) if found else (None, _NOT_THERE)


def _places(
    target: ElementPath, indexes: list[int], row: TraceRow, value: Any, resources: Mapping[str, Resource]
) -> Iterator[str]:
    """Yield the elements that hold the value; where the row says that it is rendered, those that are there at all."""
    name = target.resource_at(indexes)
    resource = resources.get(name)
    if resource is None:
        return
    for where, item in find(resource, target):
        if row.note or _same(item, value):
            yield f"{where} ({local_reference(resource)})" if "id" in resource else where


def _same(found: Any, value: Any) -> bool:
    if isinstance(found, bool) or isinstance(value, bool):
        return found is value
    if isinstance(found, int | Decimal) and isinstance(value, int | float | Decimal):
        return Decimal(str(found)) == Decimal(str(value))
    return bool(found == value)


def _named(expressed: ExpressedRequest, leaving: list[Resource]) -> dict[str, Resource]:
    """Return the resources that leave, by what the table calls them."""
    names = dict(expressed.names)
    single = {
        "Patient": expressed.patient,
        "RelatedPerson": expressed.proxy,
        "Coverage": expressed.coverage,
        "CoverageEligibilityRequest": expressed.eligibility_request,
        "ServiceRequest(request)": expressed.service_request,
        "ServiceRequest(plan)": expressed.plan,
        "Task": expressed.task,
        "Provenance": expressed.provenance,
    }
    names |= {name: local_reference(resource) for name, resource in single.items() if resource is not None}
    names |= {f"Condition({i})": local_reference(one) for i, one in enumerate(expressed.conditions)}
    names |= {f"Consent({purpose.value})": local_reference(one) for purpose, one in expressed.consents.items()}
    for index, record in enumerate(expressed.request.records):
        if (document := expressed.documents.get(record.id)) is not None:
            names[f"DocumentReference({index})"] = local_reference(document)
            names[f"Binary({index})"] = f"Binary/{binary_id(expressed, record.id)}"
    there = {local_reference(resource): resource for resource in leaving}
    header = next((local for local in there if local.startswith("MessageHeader/")), None)
    if header is not None:
        names["MessageHeader"] = header
    return {name: there[local] for name, local in names.items() if local in there}


def _pointer(path: tuple[str | int, ...]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
