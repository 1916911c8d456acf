"""Everything that R4 and the profiles say of a resource, in one go: what every face of the validator asks.

https://hl7.org/fhir/R4/validation.html
"""

from collections.abc import Sequence
from dataclasses import replace

from adapter.base.errors import AdapterError, Problem
from adapter.fhir.codec import MAX_BYTES, media_type_of, parse_json, read_xml
from adapter.fhir.profiles import Packages, claimed_problems, validate_profile
from adapter.fhir.resource import Resource
from adapter.fhir.validate import MOST_PROBLEMS, located
from adapter.fhir.validate.validator import all_problems, limited
from adapter.fhir.validate.version_marks import marked


def judge(resource: Resource, profiles: Sequence[str] = (), packages: Packages | None = None) -> list[Problem]:
    """Return every problem of a resource, those of R4 first; without an error among them it is valid.

    Args:
        resource: as parsed.
        profiles: canonical URLs of profiles to hold it against, beside those that it claims in `meta.profile`.
        packages: where profiles are; None = the shipped package.

    Returns:
        At most MOST_PROBLEMS problems, and then one that says how many more there are.
    """
    return limited(found_in(resource, profiles, packages))


def found_in(resource: Resource, profiles: Sequence[str] = (), packages: Packages | None = None) -> list[Problem]:
    """Return the same, however many there are: for callers that have something to add before they are limited."""
    found = all_problems(resource)
    return found if len(found) > MOST_PROBLEMS else found + _of_profiles(resource, profiles, packages)


def judge_bytes(
    data: bytes,
    *,
    media_type: str | None = None,
    profiles: Sequence[str] = (),
    packages: Packages | None = None,
    max_bytes: int = MAX_BYTES,
) -> list[Problem]:
    """Return every problem of a resource in JSON or XML, with line and column; it is parsed once.

    Never raises for anything that a sender can send: what cannot be parsed has its problems too, the first of them
    "fatal". `media_type` None means: look at the bytes.
    """
    try:
        resource, noted = read(data, media_type, max_bytes=max_bytes)
    except AdapterError as error:
        return unreadable(error)
    told = {problem.where for problem in noted}
    found = limited(noted + [one for one in found_in(resource, profiles, packages) if one.where not in told])
    return located(found, data, media_type)


def read(data: bytes, media_type: str | None = None, *, max_bytes: int = MAX_BYTES) -> tuple[Resource, list[Problem]]:
    """Return what can be read, and a problem for what in XML had to be left out.

    Raises:
        InputError: nothing can be read.
    """
    if media_type_of(data, media_type) == "application/fhir+json":
        return parse_json(data, max_bytes=max_bytes), []
    resource, noted = read_xml(data, max_bytes=max_bytes)
    return resource, marked(noted, resource)


def unreadable(error: AdapterError) -> list[Problem]:
    """Return the problems of what could not be parsed, each with the code of the error where it has none of its own."""
    found = limited(list(error.problems))
    return [replace(problem, code=problem.code or error.issue, severity="fatal") for problem in found]


def _of_profiles(resource: Resource, profiles: Sequence[str], packages: Packages | None) -> list[Problem]:
    found = [problem for url in profiles for problem in validate_profile(resource, url, packages)]
    found += claimed_problems(resource, packages)
    return list({(one.where, one.text): one for one in found}.values())
