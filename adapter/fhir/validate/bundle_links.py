"""References inside a Bundle: what they find by the fullUrls, and which entries a document really holds together.

https://hl7.org/fhir/R4/bundle.html#references
"""

import re
from typing import Any, NamedTuple

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate.findings import Finding, Findings

_RESTFUL = re.compile(r"(https?://.*/)([A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?")
_RELATIVE = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/([A-Za-z0-9.-]{1,64}))?")
_OF_COMPOSITION = ("subject", "encounter", "author", "custodian")
_NEAR = (
    "does not lead to the entry with this type and id: a relative reference is completed by the fullUrl of its entry, "
    "and what comes out is not that entry's fullUrl"
)
Gathered = list[tuple[dict[str, Any], list[dict[str, Any]]]]
"""Each resource of the Bundle with the References in it."""


class _Entry(NamedTuple):
    at: int
    url: str | None
    resource: dict[str, Any]

    @property
    def version(self) -> str | None:
        meta = self.resource.get("meta")
        found = meta.get("versionId") if type(meta) is dict else None
        return found if type(found) is str else None


class _Known(NamedTuple):
    """The entries by fullUrl, the type and id of each as `Type/id`, and whether a fullUrl is a UUID."""

    by_url: dict[str, list[_Entry]]
    names: set[str]
    has_uuids: bool


def check_links(bundle: dict[str, Any], gathered: Gathered, out: Findings) -> None:
    """Check all references between the entries of a Bundle."""
    entries = _entries(bundle)
    if not entries:
        return
    by_url: dict[str, list[_Entry]] = {}
    for entry in entries:
        if entry.url is not None:
            by_url.setdefault(entry.url, []).append(entry)
            if entry.version is not None:
                by_url.setdefault(f"{entry.url}/_history/{entry.version}", []).append(entry)
    names = {f"{entry.resource.get('resourceType')}/{entry.resource.get('id')}" for entry in entries}
    known = _Known(by_url, names, any(url[:9] == "urn:uuid:" for url in by_url))
    owners = {id(entry.resource): entry for entry in entries}
    is_document = bundle.get("type") == "document"
    needed = _needed_in(bundle.get("type"), entries[0].resource)
    links: dict[int, set[int]] = {entry.at: set() for entry in entries} if is_document else {}
    for resource, references in gathered:
        owner = owners.get(id(resource))
        if owner is not None:
            for target in _check_resource(owner, references, known, needed, out):
                if is_document:
                    links[owner.at].add(target.at)
                    links[target.at].add(owner.at)
    if is_document:
        _check_reachable(bundle, entries, links, by_url, out)


def _check_resource(
    owner: _Entry,
    references: list[dict[str, Any]],
    known: _Known,
    needed: set[int],
    out: Findings,
) -> list[_Entry]:
    """Check the references of an entry's resource; return the entries that they find."""
    linked: list[_Entry] = []
    paths: dict[int, str] | None = None
    base = _base(owner.url) if references else None
    for reference in references:
        text = reference.get("reference")
        if type(text) is not str or text[:1] == "#":
            continue
        targets = known.by_url.get(text) or _targets(text, base, known.by_url)
        meant = targets
        if not targets and known.has_uuids:
            meant = known.by_url.get(f"urn:uuid:{text.rpartition('/')[2]}", [])
        is_needed, is_near = id(reference) in needed, not targets and text in known.names
        if not meant and not is_needed and not is_near:
            continue
        said, severity = _trouble(text, targets, meant, needed=is_needed), "error"
        if said is None and is_near:
            said, severity = _NEAR, "warning"
        if said is not None:
            paths = paths_in(owner.resource) if paths is None else paths
            path = paths.get(id(reference), "")
            out.append(Finding(f".entry[{owner.at}].resource{path}", "not-found", said, severity))
        linked += targets[:1]
    return linked


def _entries(bundle: dict[str, Any]) -> list[_Entry]:
    found = bundle.get("entry")
    return [
        _Entry(at, url if type(url := one.get("fullUrl")) is str else None, one["resource"])
        for at, one in enumerate(found if type(found) is list else ())
        if type(one) is dict and type(one.get("resource")) is dict
    ]


def _base(url: str | None) -> str | None:
    """Return the address of the server in the fullUrl of an entry; None where it is no RESTful address."""
    match = _RESTFUL.fullmatch(url or "")
    return match[1] if match is not None and match[2] in definitions().resource_types else None


def _targets(text: str, base: str | None, by_url: dict[str, list[_Entry]]) -> list[_Entry]:
    """Return the entries that a reference finds; a relative one finds nothing where there is no base."""
    version = None
    if ":" not in text:
        if base is None or ("/_history/" not in text and base + text not in by_url):
            return []
        match = _RELATIVE.fullmatch(text)
        if match is None:
            return []
        text, version = f"{base}{match[1]}/{match[2]}", match[3]
    elif "/_history/" in text:
        text, _, version = text.partition("/_history/")
    return by_url.get(text if version is None else f"{text}/_history/{version}", [])


def _trouble(text: str, targets: list[_Entry], meant: list[_Entry], *, needed: bool) -> str | None:
    """Return what is wrong with a reference that finds these entries; `meant` has its id, if not its address."""
    if not targets and needed:
        return (
            "points at nothing in this Bundle: a document must hold what its Composition points at, a message its focus"
        )
    if len(targets) > 1:
        return "points at several entries with this fullUrl: add the version (/_history/...)"
    if not meant:
        return None
    match = _RELATIVE.fullmatch(text)
    found = meant[0].resource.get("resourceType")
    if match is not None and match[1] != found:
        return f"says {match[1]}, but the entry that it points at holds a {found}"
    return None


def _needed_in(kind: Any, first: dict[str, Any]) -> set[int]:
    """Return the identities of the References in the first resource whose targets the Bundle must hold."""
    if (kind, first.get("resourceType")) == ("document", "Composition"):
        return _needed(first)
    focus = first.get("focus") if (kind, first.get("resourceType")) == ("message", "MessageHeader") else None
    return {id(one) for one in focus if type(one) is dict} if type(focus) is list else set()


def _needed(composition: dict[str, Any]) -> set[int]:
    """Return the identities of the References whose targets a document must hold."""
    found: list[Any] = [composition.get(name) for name in _OF_COMPOSITION]
    for name, inner in (("attester", "party"), ("event", "detail")):
        members = composition.get(name)
        found += [one.get(inner) for one in (members if type(members) is list else ()) if type(one) is dict]
    level = [composition]
    while level:
        sections = [
            one
            for above in level
            for one in (above["section"] if type(above.get("section")) is list else ())
            if type(one) is dict
        ]
        found += [section.get(name) for section in sections for name in ("entry", "author")]
        level = sections
    flat = [one for several in found for one in (several if type(several) is list else (several,))]
    return {id(one) for one in flat if type(one) is dict}


def _check_reachable(
    bundle: dict[str, Any],
    entries: list[_Entry],
    links: dict[int, set[int]],
    by_url: dict[str, list[_Entry]],
    out: Findings,
) -> None:
    seen = {entries[0].at}
    for link in bundle["link"] if type(bundle.get("link")) is list else ():
        url = link.get("url") if type(link) is dict else None
        if type(url) is str:  # a stylesheet is part of the document as well
            seen.update(entry.at for entry in by_url.get(url, ()))
    level = list(seen)
    while level:
        following = {at for one in level for at in links[one]} - seen
        seen |= following
        level = list(following)
    for entry in entries:
        if entry.at not in seen:
            said = "nothing connects this entry with the Composition: refer to it or leave it out"
            out.append(Finding(f".entry[{entry.at}]", "informational", said))


def paths_in(owner: dict[str, Any]) -> dict[int, str]:
    """Return the path of each object inside another one, by identity."""
    found: dict[int, str] = {}
    level: list[tuple[str, Any]] = [("", owner)]
    while level:
        following: list[tuple[str, Any]] = []
        for path, value in level:
            if value.__class__ is dict:
                found[id(value)] = path
                following += [(f"{path}.{key}", one) for key, one in value.items() if one.__class__ in (dict, list)]
            else:
                following += [(f"{path}[{at}]", one) for at, one in enumerate(value) if one.__class__ in (dict, list)]
        level = following
    return found
