"""References: their form, what they may point at, and that what is near by is really there.

https://hl7.org/fhir/R4/references.html
"""

import re
from typing import Any

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate.findings import Finding, Findings, Scope

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}").fullmatch
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:").match


def check_reference(reference: dict[str, Any], targets: frozenset[str], out: Findings, scope: Scope) -> None:
    """Check one Reference; empty `targets` allow any type."""
    scope.references.append(reference)
    stated = reference.get("type")
    text = reference.get("reference")
    found = _type_of(text, out, scope) if type(text) is str and text else None
    if type(stated) is str and stated in definitions().resource_types:
        if found is not None and found != stated:
            out.append(Finding(".type", "invalid", f"says {stated}, but the reference points at a {found}"))
        found = stated
    elif type(stated) is str and ":" not in stated:
        out.append(Finding(".type", "code-invalid", "is no resource type of R4"))
    if found is not None and targets and found not in targets:
        allowed = ", ".join(sorted(targets))
        out.append(Finding("", "invalid", f"points at a {found}, but must point at one of: {allowed}"))


def _type_of(text: str, out: Findings, scope: Scope) -> str | None:
    """Return the type of what a reference points at, None where it cannot be known; a bad form is reported."""
    kind, _, rest = text.partition("/")
    if kind in definitions().resource_types and _ID(rest):
        return kind
    if text[0] == "#":
        return _contained(text[1:], out, scope)
    if scope.entries is not None:
        if text in scope.entries:
            return scope.entries[text]
        if text.startswith(("urn:uuid:", "urn:oid:")):
            out.append(Finding(".reference", "not-found", "no entry of the Bundle has this fullUrl"))
            return None
    return _absolute(text) if _ABSOLUTE(text) else _relative(text, out)


def _absolute(text: str) -> str | None:
    """Return the type in an address that ends with it as RESTful ones do: .../Patient/1, .../Patient/1/_history/2."""
    parts = text.partition("?")[0].partition("#")[0].split("/")
    if "_history" in parts[-2:-1]:
        parts = parts[:-2]
    kind = parts[-2] if len(parts) > 1 else ""
    return kind if kind in definitions().resource_types else None


def _relative(text: str, out: Findings) -> str | None:
    """Return the type in Patient/1, Patient/1/_history/2 or the conditional Patient?identifier=..."""
    path, _, query = text.partition("?")
    kind, _, rest = path.partition("/")
    name, _, version = rest.partition("/_history/")
    well_formed = query != "" if not rest else _ID(name) and (not version or _ID(version))
    if kind in definitions().resource_types and well_formed:
        return kind
    out.append(Finding(".reference", "value", "a relative reference must be [resource type]/[id]"))
    return None


def _contained(name: str, out: Findings, scope: Scope) -> str | None:
    if name and name not in scope.contained:
        out.append(Finding(".reference", "not-found", "the resource contains none with this id"))
    return scope.contained.get(name)
