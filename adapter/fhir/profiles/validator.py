"""Holds resources against profiles: one that is named, those that a resource claims, and extensions that are known.

https://hl7.org/fhir/R4/profiling.html
Not checked: must-support (it binds programs, not resources).
"""

from collections.abc import Iterator
from typing import Any, Final

from adapter.base.errors import Problem
from adapter.fhir.fhirpath import Node, root
from adapter.fhir.profiles.checks import checks_of
from adapter.fhir.profiles.definition import profile_of
from adapter.fhir.profiles.extensions import check_extensions
from adapter.fhir.profiles.packages import Packages, shipped_packages
from adapter.fhir.profiles.surroundings import Judging, Surroundings
from adapter.fhir.resource import Resource
from adapter.fhir.systems import CANONICAL
from adapter.fhir.validate.findings import Finding, Findings, put_before

_OURS: Final = f"{CANONICAL}/StructureDefinition/"
_LONGEST_URL: Final = 200


def is_known(url: str, packages: Packages | None = None) -> bool:
    """Tell whether resources can be held against a profile."""
    return profile_of(url, shipped_packages() if packages is None else packages) is not None


def compile_profiles(packages: Packages | None = None) -> None:
    """Read and compile all profiles now, in some 50 ms, so that the first resource need not wait for it.

    Raises:
        Invalid: one is not what R4 calls a StructureDefinition.
    """
    packages = shipped_packages() if packages is None else packages
    checks = checks_of(packages)
    for url in packages.urls():
        profile = profile_of(url, packages)
        if profile is not None:
            checks.of_rule(profile.root, profile.type)


def validate_profile(resource: Resource, url: str, packages: Packages | None = None) -> list[Problem]:
    """Return where a resource does not fit a profile; what R4 itself asks is `adapter.fhir.validate`'s to say.

    Args:
        resource: of any type, as parsed.
        url: the profile's canonical URL; a version behind `|` is not looked at.
        packages: where profiles are; None = the shipped package.

    Returns:
        Problems with FHIRPaths; one of code "not-found" alone where the profile is not known.
    """
    packages = shipped_packages() if packages is None else packages
    top = root(resource)
    if profile_of(url, packages) is None:
        return [Problem(_unusable(url, packages), where=top.type, code="not-found")]
    out: Findings = []
    try:
        _hold(url, top, top.type, out, Surroundings(top, Judging(packages)))
    except RecursionError:
        return [Problem("is nested too deep to be checked", where=top.type, code="too-costly", severity="fatal")]
    return _problems(out)


def _unusable(url: str, packages: Packages) -> str:
    """Return why nothing can be held against a profile, and what to do about it."""
    if url not in packages:
        return f"the profile {url} is not known here: name the package that has it"
    if (packages.resource(url) or {}).get("resourceType") != "StructureDefinition":
        return f"{url} is here, but it is no profile: a profile is a StructureDefinition"
    return (
        f"the profile {url} is here without its snapshot, with differences to its base alone: "
        "get the package with snapshots, or have them made (SUSHI: `sushi -s`, or the publisher of the package)"
    )


def claimed_problems(resource: Resource, packages: Packages | None = None) -> list[Problem]:
    """Return where a resource, or one inside it, does not fit a profile in its `meta.profile`, and wrong extensions.

    Profiles that are not here are not checked, and that is said. Whoever claims another version of a profile than the
    one that is here is told of it, but not refused for it: partners of other releases keep working.
    """
    packages = shipped_packages() if packages is None else packages
    top = root(resource)
    out: Findings = []
    here: dict[str, bool] = {}  # of claims: whether this version, or anything by this name, is here
    try:
        whole = Surroundings(top, Judging(packages, told=out))
        for node, path, scene in _resources(top, top.type, whole):
            for url in _claims(node.value):
                if profile_of(url, packages) is not None:
                    if "|" in url and url not in here:
                        here[url] = _is_version_here(url, packages)
                    if here.get(url, True):
                        _hold(url, node, path, out, scene)
                    else:
                        out += _softened(url, node, path, scene)
                elif url.startswith(_OURS):
                    said = f"claims {url}, which is not in this version of the second-opinion package"
                    out.append(Finding(f"{path}.meta.profile", "not-found", said, "warning"))
                elif url not in here:  # once for each, as many resources of a Bundle may claim it
                    here[url] = False
                    reason = "is here without its snapshot" if url in packages else "is not here"
                    said = f"not checked: the profile {url[:_LONGEST_URL]} {reason}"
                    out.append(Finding(f"{path}.meta.profile", "not-supported", said, "information"))
        check_extensions(whole, out)
    except RecursionError:
        return [Problem("is nested too deep to be checked", where=top.type, code="too-costly", severity="fatal")]
    return _problems(out)


def _hold(url: str, node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    start = len(out)
    checks_of(scene.judging.packages).of_profile(url, node.type)(node, out, scene)
    if len(out) > start:
        put_before(out, start, path)


def _is_version_here(claim: str, packages: Packages) -> bool:
    url, _, version = claim.partition("|")
    return (packages.resource(url) or {}).get("version") in (None, version)


def _softened(url: str, node: Node, path: str, scene: Surroundings) -> Findings:
    found: Findings = []
    _hold(url, node, path, found, scene)
    for one in found:
        one.severity = "warning" if one.severity in ("error", "fatal") else one.severity
    return found


def _resources(node: Node, path: str, scene: Surroundings) -> Iterator[tuple[Node, str, Surroundings]]:
    """Give a resource and all inside it: entries of a Bundle, at any depth, and contained ones."""
    yield node, path, scene
    for name, step in (("contained", ""), ("entry", ".resource")):
        inside = node.value.get(name) if type(node.value) is dict else None
        for index, one in enumerate(inside if type(inside) is list else ()):
            resource = one.get("resource") if step and type(one) is dict else one
            if type(resource) is dict and "resourceType" in resource:
                below = root(resource)
                yield from _resources(below, f"{path}.{name}[{index}]{step}", scene.inside(below))


def _claims(resource: Any) -> list[str]:
    meta = resource.get("meta") if type(resource) is dict else None
    stated = meta.get("profile") if type(meta) is dict else None
    return [url for url in stated if type(url) is str] if type(stated) is list else []


def _problems(findings: Findings) -> list[Problem]:
    """Return the findings as problems, each once: a resource may be held against the same rule on several ways."""
    told = {(one.path, one.text): one for one in findings}
    return [Problem(one.text, where=one.path, code=one.code, severity=one.severity) for one in told.values()]
