"""The last look at what the adapter itself has made, before it leaves: it must be valid R4 and fit what it claims.

https://hl7.org/fhir/R4/validation.html
"""

from adapter.base.logs import logger
from adapter.fhir.judgement import judge
from adapter.fhir.models import Misbuilt
from adapter.fhir.resource import Resource

_MOST_LOGGED = 5


def ensure_valid(resource: Resource) -> Resource:
    """Return the resource as it is, if it is valid R4 and fits the profiles of ours that it and its parts claim.

    Raises:
        Misbuilt: with every error; the same is logged, by places and codes alone.
    """
    problems = [one for one in judge(resource) if one.severity in ("error", "fatal")]
    if not problems:
        return resource
    kind = str(resource.get("resourceType"))
    for one in problems[:_MOST_LOGGED]:
        logger().error("own-output-not-valid", kind=kind, where=one.where, reason=one.code)
    text = f"a {kind} that the adapter made is not valid and does not leave: this is a mistake in the adapter"
    raise Misbuilt(text, problems=problems)
