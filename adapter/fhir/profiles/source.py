"""Holds bytes rather than a resource against profiles, beside what the base validator says of the same bytes."""

from adapter.base.errors import AdapterError, Problem
from adapter.fhir.codec import MAX_BYTES, media_type_of, parse_json, read_xml
from adapter.fhir.profiles.packages import Packages
from adapter.fhir.profiles.validator import claimed_problems, validate_profile
from adapter.fhir.systems import CANONICAL

_OURS = CANONICAL.encode()


def profile_problems(
    data: bytes,
    profile: str | None = None,
    packages: Packages | None = None,
    *,
    media_type: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> list[Problem]:
    """Return what profiles say of a resource in JSON or XML; nothing where it cannot be parsed, which others tell.

    Args:
        data: JSON or XML.
        profile: the canonical URL of the profile to hold it against; None = those that it claims.
        packages: where profiles are; None = the shipped package, which only what names our URLs can claim.
        media_type: None = look at the bytes.
        max_bytes: more is not parsed.
    """
    if profile is None and packages is None and _OURS not in data:
        return []
    try:
        if media_type_of(data, media_type) == "application/fhir+json":
            resource = parse_json(data, max_bytes=max_bytes)
        else:
            resource, _ = read_xml(data, max_bytes=max_bytes)
    except AdapterError:
        return []
    found = [] if profile is None else validate_profile(resource, profile, packages)
    told = {(one.where, one.text) for one in found}
    return found + [one for one in claimed_problems(resource, packages) if (one.where, one.text) not in told]
