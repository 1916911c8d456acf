"""Holds a value against the rules of a profile, element by element.

https://hl7.org/fhir/R4/validation.html
"""

from adapter.fhir.definitions.model import PRIMITIVES, Binding, Constraint
from adapter.fhir.fhirpath import FhirPathError, Node, TooCostlyError, compile_expression
from adapter.fhir.fhirpath.model import is_a
from adapter.fhir.profiles.codes import codes_of
from adapter.fhir.profiles.definition import NOTHING, Profile, Rule, profile_of
from adapter.fhir.profiles.members import Place, members
from adapter.fhir.profiles.slicing import is_bound, slice_of
from adapter.fhir.profiles.surroundings import Surroundings, around
from adapter.fhir.profiles.values import has_pattern, is_fixed, shown
from adapter.fhir.validate.bindings import said_of
from adapter.fhir.validate.findings import Finding, Findings
from adapter.fhir.validate.references import check_reference

_CORE = "http://hl7.org/fhir/StructureDefinition/"
_DEEPEST = 64


def check_profile(url: str, node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    """Hold a value against a profile; one that is not here is said to be unchecked."""
    profile = profile_of(url, scene.packages)
    if profile is None:
        out.append(Finding(path, "not-found", f"not checked against {url}: it is not here", "information"))
    elif not is_a(node.type, profile.type):
        out.append(Finding(path, "structure", f"must be a {profile.type}: {url} is a profile of that type"))
    elif path.count(".") > _DEEPEST:
        out.append(Finding(path, "too-costly", "is nested too deep to be held against profiles", "fatal"))
    elif not scene.was_told(profile.url, node, out):
        check_rule(profile.root, node, path, out, scene)


def check_rule(rule: Rule, node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    """Hold a value against a rule and against all below it."""
    if not rule.bare and (node.value is not None or node.type not in PRIMITIVES):
        _check_value(rule, node, path, out, scene)
    for constraint in rule.constraints:
        _check_constraint(constraint, node, path, out, scene)
    for child in rule.children.values():
        found = members(node, child.name)
        _check_count(child, len(found), path, out)
        for below, step in () if child.bare else found:
            check_rule(child, below, path + step, out, _inside(below, scene))
        if child.slices:
            _check_slices(child, found, path, out, scene)


def fits(rule: Rule, node: Node, scene: Surroundings) -> bool:
    """Tell whether a value keeps a rule and all below it; warnings do not count."""
    found: Findings = []
    check_rule(rule, node, "", found, _inside(node, scene))
    return all(one.severity not in ("error", "fatal") for one in found)


def _inside(node: Node, scene: Surroundings) -> Surroundings:
    """Return the surroundings of what is in this value: others, where it is a resource of its own."""
    if node is scene.resource or type(node.value) is not dict or "resourceType" not in node.value:
        return scene
    return around(node, scene.packages, scene.budget, scene)


def _fits_profile(profile: Profile, resource: Node, scene: Surroundings) -> bool:
    """Tell whether a resource fits a profile; many may point at the same."""
    key = (profile.url, id(resource.value))
    if key not in scene.fitting:
        scene.fitting[key] = fits(profile.root, resource, scene)
    return scene.fitting[key]


def _check_value(rule: Rule, node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    if rule.types is not None and not any(is_a(node.type, wanted) for wanted in rule.types):
        out.append(Finding(path, "structure", f"must be of type {' or '.join(sorted(rule.types))}"))
        return
    if rule.fixed is not NOTHING and not is_fixed(node.value, rule.fixed):
        out.append(Finding(path, "value", f"must be {shown(rule.fixed)}"))
    if rule.pattern is not NOTHING and not has_pattern(node.value, rule.pattern):
        out.append(Finding(path, "value", f"must contain {shown(rule.pattern)}"))
    if rule.longest is not None and type(node.value) is str and len(node.value) > rule.longest:
        out.append(Finding(path, "too-long", f"must have at most {rule.longest} characters"))
    if rule.binding is not None:
        _check_binding(rule.binding, node, path, out, scene)
    if rule.targets and node.type == "Reference":
        _check_targets(rule, node, path, out, scene)
    if rule.profiles:
        _check_profiles(rule.profiles, node, path, out, scene)


def _check_binding(binding: Binding, node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    bound, required = is_bound(node, binding.value_set, scene), binding.strength == "required"
    if bound is None and required:
        said = f"not checked: the codes of {binding.value_set} are not all known here"
        out.append(Finding(path, "not-supported", said, "information"))
    elif bound is False and required:
        out.append(Finding(path, "code-invalid", _required(binding, scene)))
    elif bound is False and (type(node.value) is not dict or node.value.get("coding") or "code" in node.value):
        said = f"has no code of the extensible value set {binding.value_set}, which is right only if none of them fits"
        out.append(Finding(path, "code-invalid", said, "warning"))


def _required(binding: Binding, scene: Surroundings) -> str:
    codes = codes_of(binding.value_set, scene.packages)
    known = frozenset().union(*codes.by_system.values())
    end = binding.value_set if codes.open or not known else said_of(known, binding.value_set)
    return f"needs a code of the required value set: {end}"


def _check_targets(rule: Rule, node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    """Check what a Reference points at: its type always, the profile of it where the resource is at hand."""
    profiles = {url: profile_of(url, scene.packages) for url in rule.targets if not url.startswith(_CORE)}
    types = {url.removeprefix(_CORE) for url in rule.targets if url.startswith(_CORE)}
    if any(profile is None for profile in profiles.values()):
        return  # nobody here knows what type that profile is of
    types |= {profile.type for profile in profiles.values() if profile is not None}
    found: Findings = []
    check_reference(node.value, frozenset(types), found, scene.scope)
    out += [Finding(path, one.code, one.text, one.severity) for one in found if not one.path]
    text = node.value.get("reference")
    target = scene.resolve(text) if profiles and type(text) is str else None
    if found or target is None or f"{_CORE}{target.type}" in rule.targets:
        return
    if not any(
        _fits_profile(profile, target, scene)
        for profile in profiles.values()
        if profile and profile.type == target.type
    ):
        out.append(Finding(path, "invalid", f"must point at a resource that fits {' or '.join(profiles)}"))


def _check_profiles(urls: tuple[str, ...], node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    """Check that a value fits one of the profiles of its type; with one that is not here it may fit that one."""
    if len(urls) == 1:
        check_profile(urls[0], node, path, out, scene)
        return
    profiles = [profile_of(url, scene.packages) for url in urls]
    if any(one is None or (is_a(node.type, one.type) and fits(one.root, node, scene)) for one in profiles):
        return
    out.append(Finding(path, "invalid", f"must fit one of the profiles {', '.join(urls)}"))


def _check_constraint(constraint: Constraint, node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    try:
        holds = compile_expression(constraint.expression).truth([node], scene.environment(node))
    except TooCostlyError:
        out.append(Finding(path, "too-costly", f"is too large to be checked by {constraint.key}", "information"))
    except (FhirPathError, ArithmeticError):
        out.append(Finding(path, "incomplete", f"could not be checked by {constraint.key}", "information"))
    else:
        if not holds:
            out.append(Finding(path, "invariant", f"{constraint.human} ({constraint.key})", constraint.severity))


def _check_count(rule: Rule, count: int, path: str, out: Findings) -> None:
    label = rule.name if rule.slice is None else f"{rule.name}:{rule.slice}"
    if count < rule.minimum:
        said = "must be there" if rule.minimum == 1 else f"must be there at least {rule.minimum} times"
        out.append(Finding(path, "required", f"{label} {said} (profile)"))
    elif rule.maximum is not None and count > rule.maximum:
        said = "must not be there" if rule.maximum == 0 else f"may be there at most {rule.maximum} times"
        out.append(Finding(path, "structure", f"{label} {said} (profile)"))


def _check_slices(rule: Rule, found: list[Place], path: str, out: Findings, scene: Surroundings) -> None:
    """Hold each element against the slice that it belongs to, and the slices against how often and where they stand."""
    places = {one.slice: at for at, one in enumerate(rule.slices)}
    members_of: dict[str | None, list[Place]] = {one.slice: [] for one in rule.slices}
    last = 0
    for node, step in found:
        inside = _inside(node, scene)
        one = slice_of(rule, node, inside, fits)
        if one is None:
            if rule.closed:
                names = ", ".join(str(other.slice) for other in rule.slices)
                out.append(Finding(path + step, "structure", f"is none of what may stand here: {names} (profile)"))
            continue
        if rule.ordered and places[one.slice] < last:
            out.append(
                Finding(path + step, "structure", f"{one.slice} stands too late: the slices are ordered (profile)")
            )
        last = max(last, places[one.slice])
        members_of[one.slice].append((node, step))
        check_rule(one, node, path + step, out, inside)
    for one in rule.slices:
        _check_count(one, len(members_of[one.slice]), path, out)
        if one.slices:
            _check_slices(one, members_of[one.slice], path, out, scene)
