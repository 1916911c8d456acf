"""Bundles: entries with urn:uuid addresses, references rewritten to them, and back.

Resources refer to each other as `Type/id` everywhere else in the program; inside a Bundle of ours every entry has
`fullUrl = urn:uuid:<id>` and references to it say the same (https://hl7.org/fhir/R4/bundle.html#references).
A Bundle that is itself an entry is carried as it is.
"""

# ruff: noqa: A002 -- the element is called id in FHIR

from collections.abc import Iterable, Mapping
from typing import Any, Final

from adapter.fhir.resource import Resource

_URN: Final = "urn:uuid:"
_NONE: Final[Mapping[str, str]] = {}


def local_reference(resource: Resource) -> str:
    """Return `Type/id` of a resource that has an id."""
    return f"{resource['resourceType']}/{resource['id']}"


def message(
    header: Resource,
    resources: Iterable[Resource],
    *,
    id: str,
    timestamp: str,
    identifier: Resource | None = None,
    meta: Resource | None = None,
) -> Resource:
    """Return a message Bundle: the MessageHeader first, then the resources in their order.

    https://hl7.org/fhir/R4/messaging.html

    Args:
        header: the MessageHeader, with an id.
        resources: each with an id; nothing that the header does not lead to should be among them.
        id: of the Bundle.
        timestamp: an instant, as FHIR writes it.
        identifier: the sender's own number of the message; None = the header's id alone.
        meta: of the Bundle; None = without.
    """
    return _bundle("message", [header, *resources], id=id, timestamp=timestamp, identifier=identifier, meta=meta)


def document(
    composition: Resource,
    resources: Iterable[Resource],
    *,
    id: str,
    identifier: Resource,
    timestamp: str,
    meta: Resource | None = None,
) -> Resource:
    """Return a document Bundle: the Composition first, then the resources in their order.

    https://hl7.org/fhir/R4/documents.html; a document has an identifier and a timestamp (bdl-9, bdl-10).
    """
    return _bundle("document", [composition, *resources], id=id, timestamp=timestamp, identifier=identifier, meta=meta)


def transaction(
    resources: Iterable[Resource],
    *,
    conditions: Mapping[str, str] = _NONE,
    id: str | None = None,
    timestamp: str | None = None,
) -> Resource:
    """Return a transaction Bundle: PUT with our ids, or a conditional create where a condition is given.

    Addresses in `url` elements (`Attachment.url`) stay relative, because servers differ in rewriting them.
    https://hl7.org/fhir/R4/http.html#transaction

    Args:
        resources: each with an id.
        conditions: for `Type/id` of a shared resource, the query that finds an existing one, without its type
            ("identifier=system%7Cvalue", docs/adr/0011); the server gives it an id of its own otherwise.
        id: of the Bundle; None = without.
        timestamp: an instant; None = without.

    Raises:
        ValueError: two conditions of one type are the same; a server could then make two or drop one.
    """
    if len({(local.partition("/")[0], query) for local, query in conditions.items()}) != len(conditions):
        raise ValueError("two entries of a transaction have the same condition")
    resources = list(resources)
    urns = {local_reference(resource): _URN + resource["id"] for resource in resources}
    bundle = _head("transaction", id, timestamp, None)
    bundle["entry"] = []
    for resource in resources:
        local = local_reference(resource)
        body = _rewritten(resource, urns, attachments=False)
        if (condition := conditions.get(local)) is None:
            request = {"method": "PUT", "url": local}
        else:
            del body["id"]
            request = {"method": "POST", "url": resource["resourceType"], "ifNoneExist": condition}
        bundle["entry"].append({"fullUrl": urns[local], "resource": body, "request": request})
    return bundle


def unbundle(bundle: Resource) -> list[Resource]:
    """Return the resources of a Bundle in their order, their references back to `Type/id`; the input is not changed.

    A resource without an id gets the one in its fullUrl. References to something outside stay as they are.
    """
    pairs = [(entry.get("fullUrl"), entry["resource"]) for entry in bundle.get("entry", ()) if "resource" in entry]
    identified = [(url, {**resource, "id": resource.get("id") or _id_of(url)}) for url, resource in pairs]
    locals_ = {url: local_reference(resource) for url, resource in identified if url is not None}
    return [_rewritten(resource, locals_, attachments=True) for _, resource in identified]


def _id_of(full_url: str | None) -> str:
    return (full_url or "").removeprefix(_URN).rpartition("/")[2]


def _head(
    kind: str, id_: str | None, timestamp: str | None, identifier: Resource | None, meta: Resource | None = None
) -> Resource:
    members = {
        "resourceType": "Bundle",
        "id": id_,
        "meta": meta,
        "identifier": identifier,
        "type": kind,
        "timestamp": timestamp,
    }
    return {name: value for name, value in members.items() if value is not None}


def _bundle(
    kind: str, resources: list[Resource], *, id: str, timestamp: str, identifier: Resource | None, meta: Resource | None
) -> Resource:
    urns = {local_reference(resource): _URN + resource["id"] for resource in resources}
    entries = [
        {"fullUrl": urns[local_reference(resource)], "resource": _rewritten(resource, urns, attachments=True)}
        for resource in resources
    ]
    return {**_head(kind, id, timestamp, identifier, meta), "entry": entries}


def _rewritten(resource: Resource, addresses: Mapping[str, str], *, attachments: bool) -> Resource:
    """Return a copy whose references (and `url` elements, if asked) are looked up in `addresses`."""
    if resource["resourceType"] == "Bundle":
        return resource
    keys = ("reference", "url") if attachments else ("reference",)

    def copy(value: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, item in value.items():
            kind = item.__class__
            if kind is str:
                made[name] = addresses.get(item, item) if name in keys else item
            else:
                made[name] = copy(item) if kind is dict else copy_list(item) if kind is list else item
        return made

    def copy_list(value: list[Any]) -> list[Any]:
        return [
            copy(one) if one.__class__ is dict else copy_list(one) if one.__class__ is list else one for one in value
        ]

    return copy(resource)
