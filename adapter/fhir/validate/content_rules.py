"""Rules of single types beyond their shape: narratives, attachments, extensions, contained resources.

They run where the shape of an element is right, together with the invariants.
https://hl7.org/fhir/R4/narrative.html, https://hl7.org/fhir/R4/datatypes.html#Attachment
"""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath.model import is_a
from adapter.fhir.fhirpath.narrative import narrative_problems
from adapter.fhir.fhirpath.narrative_glance import is_plainly_good
from adapter.fhir.validate.conformance_rules import CONFORMANCE_RULES
from adapter.fhir.validate.extension_rules import note_extension
from adapter.fhir.validate.findings import Finding, Findings, Scope
from adapter.fhir.validate.known_systems import SYSTEM_RULES
from adapter.fhir.validate.primitives import is_uri
from adapter.fhir.validate.questionnaire_answers import check_answers
from adapter.fhir.validate.vital_signs import check_vital_signs

_LOCAL_LINK = re.compile(r"""(?:src|href)\s*=\s*["'](#[^"']+)""")
_SAMPLE = r"(?:-?(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)|[EUL])"
_SAMPLES = re.compile(rf"{_SAMPLE}(?: {_SAMPLE})*+").fullmatch  # as the XML schema of R4 has it
_URIS = "urn:ietf:rfc:3986"
ContentRule = Callable[[dict[str, Any], Findings, Scope], None]


def _narrative(narrative: dict[str, Any], out: Findings, _scope: Scope) -> None:
    div = narrative.get("div")
    if type(div) is str and not is_plainly_good(div):
        out.extend(Finding(".div", "invariant", said) for said in narrative_problems(div))


def _attachment(attachment: dict[str, Any], out: Findings, _scope: Scope) -> None:
    data = attachment.get("data")
    if type(data) is not str or not ("size" in attachment or "hash" in attachment):
        return
    content = base64.b64decode(data)
    if "size" in attachment and attachment["size"] != len(content):
        out.append(Finding(".size", "value", f"says {attachment['size']} bytes, but the data has {len(content)}"))
    stated = attachment.get("hash")
    if type(stated) is str:
        digest = hashlib.sha1(content, usedforsecurity=False).digest()  # SHA-1 is what FHIR says
        if "".join(stated.split()) != base64.b64encode(digest).decode():
            out.append(Finding(".hash", "value", "is not the SHA-1 of the data, in base64"))


def _sampled(sampled: dict[str, Any], out: Findings, _scope: Scope) -> None:
    data = sampled.get("data")
    if type(data) is str and _SAMPLES(data) is None:
        out.append(Finding(".data", "value", "must be decimal numbers, E, U or L, with one space between two"))


def _extension(extension: dict[str, Any], out: Findings, _scope: Scope) -> None:
    note_extension(extension, out)


def _meta(meta: dict[str, Any], out: Findings, _scope: Scope) -> None:
    labels = meta.get("security")
    seen: set[tuple[Any, Any]] = set()
    for at, label in enumerate(labels if type(labels) is list else ()):
        identity = (label.get("system"), label.get("code"))
        if identity in seen and identity[1] is not None:
            out.append(Finding(f".security[{at}]", "duplicate", "this security label is there already"))
        seen.add(identity)


def check_claims(resource: dict[str, Any], out: Findings) -> None:
    """Say which profiles of R4 itself a resource claims that are of another type."""
    meta = resource.get("meta")
    claims = meta.get("profile") if type(meta) is dict else None
    for at, url in enumerate(claims if type(claims) is list else ()):
        wanted = definitions().profiled_type(url.partition("|")[0]) if type(url) is str else None
        if wanted is not None and not is_a(resource["resourceType"], wanted):
            said = f"this is a profile of {wanted}, and the resource is none"
            out.append(Finding(f".meta.profile[{at}]", "invalid", said))


def _identifier(identifier: dict[str, Any], out: Findings, _scope: Scope) -> None:
    value = identifier.get("value")
    if identifier.get("system") == _URIS and type(value) is str and not is_uri(value):
        said = f"must be a full URI (https://..., urn:uuid:..., urn:oid:...): the system {_URIS} says so"
        out.append(Finding(".value", "value", said))


def check_contained_are_used(resource: dict[str, Any], out: Findings) -> None:
    """Say which contained resources nothing refers to, and which refer to nothing around them (dom-3)."""
    contained = resource.get("contained")
    if type(contained) is not list:
        return
    texts: set[str] = set()
    _gather_local(resource, texts)
    for at, inner in enumerate(contained):
        name = inner.get("id") if type(inner) is dict else None
        if type(name) is not str or f"#{name}" in texts:
            continue
        own: set[str] = set()
        _gather_local(inner, own)
        if "#" not in own:
            said = "nothing refers to this contained resource: refer to it by #id or leave it out (dom-3)"
            out.append(Finding(f".contained[{at}]", "invariant", said))


@cache
def is_domain_resource(name: str) -> bool:
    """Tell whether resources of a type may have a narrative."""
    return is_a(name, "DomainResource")


def check_has_narrative(resource: dict[str, Any], out: Findings) -> None:
    """Advise a narrative (dom-6, best practice); a contained resource has it in the one around."""
    text = resource.get("text")
    if type(text) is not dict or "div" not in text:
        out.append(
            Finding("", "invariant", "should have a narrative (text.div) that people can read (dom-6)", "warning")
        )


def _gather_local(value: Any, texts: set[str]) -> None:
    """Gather all strings that start with #, level by level, so that depth costs nothing."""
    level = [value]
    while level:
        following: list[Any] = []
        for one in level:
            for member in one.values() if one.__class__ is dict else one:
                if member.__class__ is str:
                    if member[:1] == "#":
                        texts.add(member)
                    elif "#" in member and member[:4] == "<div":
                        texts.update(_LOCAL_LINK.findall(member))  # a picture in the narrative
                elif member.__class__ is dict or member.__class__ is list:
                    following.append(member)
        level = following


CONTENT_RULES: dict[str, ContentRule] = {
    "Narrative": _narrative,
    "Attachment": _attachment,
    "Extension": _extension,
    "Identifier": _identifier,
    "Meta": _meta,
    "Observation": check_vital_signs,
    "QuestionnaireResponse": check_answers,
    "SampledData": _sampled,
    **CONFORMANCE_RULES,
    **SYSTEM_RULES,
}
"""By the name of the type."""
