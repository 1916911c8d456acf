"""JSON or XML, as the caller asks.

https://hl7.org/fhir/R4/http.html#mime-type
"""

import re
from collections.abc import Mapping
from email.utils import format_datetime

from fastapi import Request, Response

from adapter.base.errors import NotAcceptable, Unreadable
from adapter.fhir.codec import to_json, to_xml
from adapter.fhir.own_output import ensure_valid
from adapter.fhir.resource import Resource
from adapter.store.resources import StoredResource

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
JSON_TYPE, XML_TYPE = "application/fhir+json", "application/fhir+xml"
_RANGES = {
    JSON_TYPE: {"*/*": 0, "application/*": 1, **dict.fromkeys(("json", "application/json", "text/json", JSON_TYPE), 2)},
    XML_TYPE: {"*/*": 0, "application/*": 1, **dict.fromkeys(("xml", "application/xml", "text/xml", XML_TYPE), 2)},
}
"""What covers each type, and how exactly; the most exact word of a caller about a type counts."""


def wanted(request: Request) -> str:
    """Return the media type that the caller wants.

    Raises:
        NotAcceptable: it wants neither JSON nor XML.
    """
    asked = request.query_params.get("_format")
    stated = asked.replace(" ", "+") if asked else ",".join(request.headers.getlist("accept"))
    ranges = [(part.split(";")[0].strip().lower(), _quality(part)) for part in (stated or "*/*").split(",")]
    found = []
    for media_type, covering in _RANGES.items():
        said = [(covering[name], -place, quality) for place, (name, quality) in enumerate(ranges) if name in covering]
        if said:
            exact, place, quality = max(said)
            found.append((quality, exact, place, media_type))
    # of what is equally welcome, the more exactly named, then the first named, then JSON
    quality, _, _, media_type = max(found, default=(0.0, 0, 0, ""), key=lambda one: one[:3])
    if quality > 0:
        return media_type
    raise NotAcceptable("FHIR is spoken here as application/fhir+json and application/fhir+xml")


def _quality(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            return float(value) if _QUALITY.fullmatch(value.strip()) else 0.0
    return 1.0


def respond(
    resource: Resource, request: Request | None, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a resource that we made as the caller wants it; JSON where it is not known (None) or cannot be met.

    Raises:
        Misbuilt: it is not valid; nothing of it leaves.
    """
    return _written(ensure_valid(resource), request, status, headers or {})


def respond_stored(stored: StoredResource, request: Request) -> Response:
    """Return a stored resource, whoever made it and by whatever rules of its time, with its version."""
    return _written(versioned(stored), request, 200, version_headers(stored))


def respond_history(history: Resource, request: Request) -> Response:
    """Return a history Bundle; what is in it is stored already, and is shown whatever today's rules say of it."""
    return _written(history, request, 200, {})


def _written(resource: Resource, request: Request | None, status: int, headers: Mapping[str, str]) -> Response:
    try:
        media_type = wanted(request) if request is not None else JSON_TYPE
    except NotAcceptable:
        if status < Unreadable.status:
            raise
        media_type = JSON_TYPE
    content = to_xml(resource) if media_type == XML_TYPE else to_json(resource)
    safe = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Response(content, status, {**safe, **headers}, media_type=f"{media_type}; charset=utf-8")


def versioned(stored: StoredResource) -> Resource:
    """Return a stored resource with the version and moment that the store knows."""
    meta = {**stored.resource.get("meta", {}), "versionId": str(stored.version), "lastUpdated": moment(stored)}
    head = {name: stored.resource[name] for name in ("resourceType", "id")}
    return {**head, "meta": meta, **{k: v for k, v in stored.resource.items() if k not in (*head, "meta")}}


def moment(stored: StoredResource) -> str:
    """Return when the version was stored, as a FHIR instant."""
    return stored.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def version_headers(stored: StoredResource) -> dict[str, str]:
    """Return ETag and Last-Modified of a version."""
    return {"ETag": f'W/"{stored.version}"', "Last-Modified": format_datetime(stored.at, usegmt=True)}
