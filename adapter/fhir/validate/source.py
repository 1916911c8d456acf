"""Validates bytes rather than a resource, so that what cannot even be parsed has its problems too."""

from dataclasses import replace

from adapter.base.errors import AdapterError, Problem
from adapter.fhir.codec import MAX_BYTES, media_type_of, parse_json, read_xml
from adapter.fhir.validate.positions import located
from adapter.fhir.validate.validator import all_problems, limited
from adapter.fhir.validate.version_marks import marked


def validate_bytes(data: bytes, media_type: str | None = None, *, max_bytes: int = MAX_BYTES) -> list[Problem]:
    """Return all problems of a resource in JSON or XML; never raises for anything that a sender can send.

    Problems have their line and column. `media_type` None means: look at the bytes.
    """
    noted: list[Problem] = []
    try:
        if media_type_of(data, media_type) == "application/fhir+json":
            resource = parse_json(data, max_bytes=max_bytes)
        else:
            resource, noted = read_xml(data, max_bytes=max_bytes)
            noted = marked(noted, resource)
    except AdapterError as error:
        return [replace(one, code=one.code or error.issue) for one in limited(list(error.problems))]
    told = {problem.where for problem in noted}
    found = limited(noted + [problem for problem in all_problems(resource) if problem.where not in told])
    return located(found, data, media_type)


def is_valid(problems: list[Problem]) -> bool:
    """Tell whether there is no error among the problems; warnings do not count."""
    return all(problem.severity not in ("error", "fatal") for problem in problems)
