"""Rules of Bundles: which parts each type of Bundle must have, what fullUrls say, what the first entry is.

https://hl7.org/fhir/R4/bundle.html (bdl-1 to bdl-12 and the text)
"""

import re
from typing import Any

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate.findings import Finding, Findings

_PARTS = frozenset({"resource", "request", "response"})
_WITH_REQUEST = frozenset({"batch", "transaction", "history"})
_WITH_RESPONSE = frozenset({"batch-response", "transaction-response", "history"})
_WITHOUT_FULL_URL = frozenset({"batch-response", "transaction-response"})
_ONCE = frozenset({"self", "first", "previous", "prev", "next", "last"})
_FIRST = {"document": "Composition", "message": "MessageHeader"}
_TYPES = definitions().resource_types
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:").match


def entries_by_url(bundle: dict[str, Any]) -> dict[str, str]:
    """Return the resource type by fullUrl; entries without one, or of an odd shape, are left out."""
    found: dict[str, str] = {}
    for entry in _entries(bundle):
        resource, url = entry.get("resource"), entry.get("fullUrl")
        if type(resource) is dict and type(url) is str and type(resource.get("resourceType")) is str:
            found[url] = resource["resourceType"]
    return found


def check_bundle(bundle: dict[str, Any], out: Findings) -> None:
    """Check what holds for the Bundle as a whole; its shape was checked before."""
    kind = bundle.get("type")
    if type(kind) is not str:
        return
    if kind in _FIRST or "total" in bundle or "link" in bundle:
        _check_head(bundle, kind, out)
    parts = kind in _WITH_REQUEST, kind in _WITH_RESPONSE
    entries = _entries(bundle)
    first: dict[str, int] = {}
    versions: dict[str, set[str | None]] = {}
    for index, entry in enumerate(entries):
        if "search" in entry or ("request" in entry, "response" in entry) != parts:
            _check_parts(entry, kind, f".entry[{index}]", out)
        if "resource" not in entry and _PARTS.isdisjoint(entry):
            said = "must have a resource, a request or a response (bdl-5)"
            out.append(Finding(f".entry[{index}]", "invariant", said))
        if kind == "searchset":
            _check_match(bundle, entry, f".entry[{index}]", out)
        url = entry.get("fullUrl")
        if url.__class__ is not str:
            _check_missing_url(entry, kind, index, out)
            continue
        if url[:4] != "urn:" and not _ends_as_it_should(url, entry.get("resource")):
            _check_full_url(url, entry.get("resource"), f".entry[{index}]", out)
        before = first.setdefault(url, index)
        if before != index and kind != "history":
            _check_version(entry, versions.setdefault(url, {_version(entries[before])}), index, out)


def _check_version(entry: dict[str, Any], others: set[str | None], index: int, out: Findings) -> None:
    version = _version(entry)
    if version in others:
        out.append(Finding(f".entry[{index}].fullUrl", "duplicate", "another entry has this fullUrl (bdl-7)"))
    others.add(version)


def _entries(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    entries = bundle.get("entry")
    return [entry if type(entry) is dict else {} for entry in entries] if type(entries) is list else []


def _check_relations(links: Any, out: Findings) -> None:
    seen: set[str] = set()
    for at, link in enumerate(links if type(links) is list else ()):
        relation = link.get("relation") if type(link) is dict else None
        if type(relation) is not str or relation not in _ONCE:
            continue
        if relation in seen:
            out.append(Finding(f".link[{at}].relation", "duplicate", "there is one link of this relation already"))
        seen.add(relation)


def _check_head(bundle: dict[str, Any], kind: str, out: Findings) -> None:
    _check_relations(bundle.get("link"), out)
    if "total" in bundle and kind not in ("searchset", "history"):
        out.append(Finding(".total", "invariant", "is for a searchset or history only (bdl-1)"))
    if kind == "document":
        identifier = bundle.get("identifier")
        if type(identifier) is not dict or not {"system", "value"} <= identifier.keys():
            out.append(Finding(".identifier", "required", "a document needs an identifier, system and value (bdl-9)"))
        if "timestamp" not in bundle:
            out.append(Finding(".timestamp", "required", "a document needs a timestamp (bdl-10)"))
    first = _FIRST.get(kind)
    if first is not None:
        entries = _entries(bundle)
        resource = entries[0].get("resource") if entries else None
        if type(resource) is not dict or resource.get("resourceType") != first:
            said = f"the first resource of a {kind} must be a {first} (bdl-11, bdl-12)"
            out.append(Finding(".entry[0].resource" if entries else ".entry", "invariant", said))


def _check_parts(entry: dict[str, Any], kind: str, where: str, out: Findings) -> None:
    if "search" in entry and kind != "searchset":
        out.append(Finding(f"{where}.search", "invariant", "is for a searchset only (bdl-2)"))
    if ("request" in entry) != (kind in _WITH_REQUEST):
        said = f"must be there in a {kind}" if kind in _WITH_REQUEST else "is for batch, transaction and history only"
        out.append(Finding(f"{where}.request", "invariant", f"{said} (bdl-3)"))
    if ("response" in entry) != (kind in _WITH_RESPONSE):
        said = f"must be there in a {kind}" if kind in _WITH_RESPONSE else "is for responses and history only"
        out.append(Finding(f"{where}.response", "invariant", f"{said} (bdl-4)"))


def _check_match(bundle: dict[str, Any], entry: dict[str, Any], where: str, out: Findings) -> None:
    resource, search = entry.get("resource"), entry.get("search")
    mode = search.get("mode") if type(search) is dict else None
    if type(resource) is not dict or mode == "outcome" or resource.get("resourceType") == "OperationOutcome":
        return
    if "id" not in resource:
        out.append(Finding(f"{where}.resource.id", "required", "what a search finds has an id"))
    wanted = _searched_type(bundle)
    if mode in (None, "match") and wanted is not None and resource.get("resourceType") != wanted:
        said = f"the search (link self) is for {wanted}: mark others as included (search.mode)"
        severity = "error" if mode == "match" or resource.get("resourceType") not in _included(bundle) else "warning"
        out.append(Finding(f"{where}.resource", "invalid", said, severity))


def _searched_type(bundle: dict[str, Any]) -> str | None:
    """Return the resource type in the link "self", None where there is none."""
    path = _self_link(bundle).partition("?")[0]
    name = path.removesuffix("/_search").rpartition("/")[2]
    return name if name in definitions().resource_types else None


def _included(bundle: dict[str, Any]) -> frozenset[str]:
    """Return all types if the search asks to include others, else none."""
    return definitions().resource_types if "include" in _self_link(bundle) else frozenset()


def _self_link(bundle: dict[str, Any]) -> str:
    links = bundle.get("link")
    for link in links if type(links) is list else ():
        if type(link) is dict and link.get("relation") == "self" and type(link.get("url")) is str:
            return str(link["url"])
    return ""


def _check_missing_url(entry: dict[str, Any], kind: str, index: int, out: Findings) -> None:
    request = entry.get("request")
    creates = request.__class__ is dict and request.get("method") == "POST"
    if "resource" in entry and "fullUrl" not in entry and not creates and kind not in _WITHOUT_FULL_URL:
        said = "must be there: without it nobody can refer to the resource"
        # many leave it out where the request says the address, and servers take that
        severity = "warning" if kind in ("batch", "transaction") else "error"
        out.append(Finding(f".entry[{index}].fullUrl", "required", said, severity))


def _ends_as_it_should(url: str, resource: Any) -> bool:
    """Tell at a glance that a fullUrl is the RESTful address of its resource."""
    if resource.__class__ is not dict or "_history" in url or not url.startswith(("http://", "https://")):
        return False
    return url.endswith(f"/{resource.get('resourceType')}/{resource.get('id')}")


def _check_full_url(url: str, resource: Any, where: str, out: Findings) -> None:
    if _ABSOLUTE(url) is None:
        out.append(Finding(f"{where}.fullUrl", "value", "must be absolute: http(s)://..., urn:uuid:... or urn:oid:..."))
        return
    parts = url.split("/")
    if "_history" in parts:
        out.append(Finding(f"{where}.fullUrl", "invariant", "must not name a version (bdl-8)"))
    if resource.__class__ is not dict or len(parts) < 2 or parts[-2] not in _TYPES:  # noqa: PLR2004
        return
    if resource.get("resourceType") != parts[-2] or resource.get("id") != parts[-1]:
        said = "looks like the address of a resource, so it must end with the type and id of the resource of this entry"
        out.append(Finding(f"{where}.fullUrl", "invalid", said))


def _version(entry: dict[str, Any]) -> str | None:
    resource = entry.get("resource")
    meta = resource.get("meta") if type(resource) is dict else None
    version = meta.get("versionId") if type(meta) is dict else None
    return version if type(version) is str else None
