"""JSON or XML, as the caller asks.

https://hl7.org/fhir/R4/http.html#mime-type
"""

from collections.abc import Mapping
from email.utils import format_datetime

from fastapi import Request, Response

from adapter.base.errors import NotAcceptable, Unreadable
from adapter.fhir.codec import to_json, to_xml
from adapter.fhir.resource import Resource
from adapter.store.resources import StoredResource

JSON_TYPE, XML_TYPE = "application/fhir+json", "application/fhir+xml"
_BY_NAME = {
    "json": JSON_TYPE,
    "application/json": JSON_TYPE,
    "text/json": JSON_TYPE,
    JSON_TYPE: JSON_TYPE,
    "*/*": JSON_TYPE,
    "application/*": JSON_TYPE,
    "xml": XML_TYPE,
    "application/xml": XML_TYPE,
    "text/xml": XML_TYPE,
    XML_TYPE: XML_TYPE,
}


def wanted(request: Request) -> str:
    """Return the media type that the caller wants.

    Raises:
        NotAcceptable: it wants neither JSON nor XML.
    """
    asked = request.query_params.get("_format")
    accept = [asked.replace(" ", "+")] if asked else request.headers.get("accept", "*/*").split(",")
    ranked = sorted(accept, key=_quality, reverse=True)
    for one in ranked:
        found = _BY_NAME.get(one.split(";")[0].strip().lower())
        if found is not None and _quality(one) > 0:
            return found
    raise NotAcceptable("FHIR is spoken here as application/fhir+json and application/fhir+xml")


def _quality(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def respond(
    resource: Resource, request: Request | None, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a resource as the caller wants it; JSON where it is not known (None) or cannot be met."""
    try:
        media_type = wanted(request) if request is not None else JSON_TYPE
    except NotAcceptable:
        if status < Unreadable.status:
            raise
        media_type = JSON_TYPE
    content = to_xml(resource) if media_type == XML_TYPE else to_json(resource)
    safe = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Response(content, status, {**safe, **(headers or {})}, media_type=f"{media_type}; charset=utf-8")


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
