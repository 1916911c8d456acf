"""What profiles demand, read from their rules at each step: slow, and easy to compare with what is compiled."""

import re
from typing import Any

from adapter.fhir.definitions.model import PRIMITIVES, Binding, Constraint
from adapter.fhir.fhirpath import FhirPathError, Node, TooCostlyError, compile_expression
from adapter.fhir.fhirpath.model import is_a, properties, root
from adapter.fhir.profiles.check import Check
from adapter.fhir.profiles.codes import codes_of
from adapter.fhir.profiles.definition import NOTHING, Discriminator, Profile, Rule, profile_of
from adapter.fhir.profiles.packages import Packages
from adapter.fhir.profiles.surroundings import Surroundings
from adapter.fhir.profiles.values import shown
from adapter.fhir.validate.bindings import said_of
from adapter.fhir.validate.findings import Finding, Findings
from adapter.fhir.validate.references import check_reference

Place = tuple[Node, str]
_CORE = "http://hl7.org/fhir/StructureDefinition/"
_EXTENSION = re.compile(r"extension\('([^']+)'\)")
_STEPS = re.compile(r"(?:[^.('\"]|\([^)]*\))+")


class Interpreted:
    """Stands where the compiled checks stand."""

    def of_profile(self, url: str, _: str) -> Check:
        return lambda node, out, scene: check_profile(url, node, "", out, scene)


def check_profile(url: str, node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    profile = profile_of(url, scene.judging.packages)
    if profile is None:
        out.append(Finding(path, "not-found", f"not checked against {url}: it is not here", "information"))
    elif not is_a(node.type, profile.type):
        out.append(Finding(path, "structure", f"must be a {profile.type}: {url} is a profile of that type"))
    elif not scene.judging.was_told(profile.url, node.value, out):
        check_rule(profile.root, node, path, out, scene)


def check_rule(rule: Rule, node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    if not rule.bare and (node.value is not None or node.type not in PRIMITIVES):
        _check_value(rule, node, path, out, scene)
    for constraint in rule.constraints:
        _check_constraint(constraint, node, path, out, scene)
    for child in rule.children.values():
        found = members(node, child.name)
        _check_count(child, len(found), path, out)
        for below, step in () if child.bare else found:
            check_rule(child, below, path + step, out, scene.inside(below))
        if child.slices:
            _check_slices(child, found, path, out, scene)


def fits(rule: Rule, node: Node, scene: Surroundings) -> bool:
    found: Findings = []
    check_rule(rule, node, "", found, scene.inside(node))
    return all(one.severity not in ("error", "fatal") for one in found)


def _fits_profile(profile: Profile, resource: Node, scene: Surroundings) -> bool:
    key = (profile.url, id(resource.value))
    if key not in scene.judging.fitting:
        scene.judging.fitting[key] = fits(profile.root, resource, scene)
    return scene.judging.fitting[key]


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
    codes = codes_of(binding.value_set, scene.judging.packages)
    known = frozenset().union(*codes.by_system.values())
    end = binding.value_set if codes.open or not known else said_of(known, binding.value_set)
    return f"needs a code of the required value set: {end}"


def _check_targets(rule: Rule, node: Node, path: str, out: Findings, scene: Surroundings) -> None:
    profiles = {url: profile_of(url, scene.judging.packages) for url in rule.targets if not url.startswith(_CORE)}
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
    if len(urls) == 1:
        check_profile(urls[0], node, path, out, scene)
        return
    profiles = [profile_of(url, scene.judging.packages) for url in urls]
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
    places = {one.slice: at for at, one in enumerate(rule.slices)}
    members_of: dict[str | None, list[Place]] = {one.slice: [] for one in rule.slices}
    last = 0
    for node, step in found:
        inside = scene.inside(node)
        one = slice_of(rule, node, inside)
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


def members(node: Node, name: str) -> list[Place]:
    content = node.value if type(node.value) is dict else node.part
    found: list[Place] = []
    for one in properties(node.type).get(name, ()) if type(content) is dict else ():
        value, part = content.get(one.key), content.get(one.part) if one.primitive else None
        if list not in (type(value), type(part)):
            pairs = [(value, part, f".{one.key}")]
        else:
            values, parts = (it if type(it) is list else [] for it in (value, part))
            longest = max(len(values), len(parts))
            pairs = [
                ([*values, *[None] * longest][at], [*parts, *[None] * longest][at], f".{one.key}[{at}]")
                for at in range(longest)
            ]
        for given, extra, step in pairs:
            if one.primitive and (given is not None or extra is not None):
                found.append((Node(given, one.type, extra), step))
            elif type(given) is dict and not one.primitive:
                found.append((root(given) if one.type == "Resource" else Node(given, one.type), step))
    return found


def at_path(node: Node, path: str, around: Surroundings) -> list[Node]:
    if path == "$this":
        return [node]
    if "(" not in path:
        found = [node]
        for step in path.removeprefix("$this.").split("."):
            found = [below for one in found for below, _ in members(one, step)]
        return found
    try:
        expression = compile_expression(path)
        return [one for one in expression.items([node], around.environment(node)) if isinstance(one, Node)]
    except FhirPathError:
        return []


def slice_of(rule: Rule, node: Node, around: Surroundings) -> Rule | None:
    if rule.by_url is not None:
        url = node.value.get("url") if type(node.value) is dict else None
        return rule.by_url.get(url) if type(url) is str else None
    if not rule.discriminators:
        return next((one for one in rule.slices if fits(one, node, around)), None)
    asked = [(by, at_path(node, by.path, around)) for by in rule.discriminators]
    for one in rule.slices:
        if all(_is_told(by, values, one, around) for by, values in asked):
            return one
    return None


def _is_told(by: Discriminator, values: list[Node], one: Rule, around: Surroundings) -> bool:
    told = _rule_at(one, by.path, around.judging.packages)
    if by.kind == "exists":
        return bool(values) is not (told is not None and told.maximum == 0)
    if told is None:
        return by.path == "url" and any(value.value in one.profiles for value in values)
    if by.kind == "type":
        types = told.types or _types_of(told, around.judging.packages)
        return any(is_a(value.type, wanted) for value in values for wanted in types)
    if by.kind == "profile":
        return any(fits(told, value, around) for value in values)
    return any(_decides(told, value, around) for value in values)


def _rule_at(rule: Rule, path: str, packages: Packages) -> Rule | None:
    here: Rule | None = rule
    for step in _STEPS.findall(path):
        if here is None:
            return None
        if step in {"$this", "resolve()"} or step.startswith("ofType("):
            continue
        extension = _EXTENSION.fullmatch(step)
        here = _extension(here, extension[1]) if extension else _below(here, step, packages)
    return here


def _below(rule: Rule, step: str, packages: Packages) -> Rule | None:
    if step in rule.children:
        return rule.children[step]
    for url in rule.profiles:
        profile = profile_of(url, packages)
        if profile is not None and step in profile.root.children:
            return profile.root.children[step]
    return None


def _extension(rule: Rule, url: str) -> Rule | None:
    extensions = rule.children.get("extension")
    return next((one for one in extensions.slices if url in one.profiles), None) if extensions else None


def _types_of(rule: Rule, packages: Packages) -> list[str]:
    named = [profile_of(url, packages) for url in (*rule.profiles, *rule.targets)]
    return [profile.type for profile in named if profile is not None] + [
        url.rpartition("/")[2]
        for url, profile in zip((*rule.profiles, *rule.targets), named, strict=True)
        if not profile
    ]


def _decides(rule: Rule, node: Node, around: Surroundings) -> bool:
    told = False
    if rule.fixed is not NOTHING:
        told = True
        if not is_fixed(node.value, rule.fixed):
            return False
    if rule.pattern is not NOTHING:
        told = True
        if not has_pattern(node.value, rule.pattern):
            return False
    if rule.binding is not None and rule.binding.strength == "required" and not told:
        told = True
        if not is_bound(node, rule.binding.value_set, around):
            return False
    for name, child in rule.children.items():
        below = members(node, name)
        if _is_decisive(child):
            told = True
            if not any(_decides(child, value, around) for value, _ in below):
                return False
    return told


def _is_decisive(rule: Rule) -> bool:
    own = rule.fixed is not NOTHING or rule.pattern is not NOTHING
    return rule.minimum > 0 and (own or any(_is_decisive(child) for child in rule.children.values()))


def is_bound(node: Node, value_set: str, around: Surroundings) -> bool | None:
    codes = codes_of(value_set, around.judging.packages)
    value = node.value
    if type(value) is not dict:
        return codes.has_code(value)
    stated = value.get("coding") if node.type == "CodeableConcept" else [value]
    codings = [one for one in stated if type(one) is dict] if type(stated) is list else []
    answers = [codes.has(one.get("system"), one.get("code")) for one in codings]
    return True if True in answers else None if None in answers else False


def is_fixed(value: Any, fixed: Any) -> bool:
    if type(value) is dict and type(fixed) is dict:
        return value.keys() == fixed.keys() and all(is_fixed(value[name], fixed[name]) for name in fixed)
    if type(value) is list and type(fixed) is list:
        return len(value) == len(fixed) and all(map(is_fixed, value, fixed))
    return _same(value, fixed)


def has_pattern(value: Any, pattern: Any) -> bool:
    if type(value) is dict and type(pattern) is dict:
        return all(name in value and has_pattern(value[name], wanted) for name, wanted in pattern.items())
    if type(value) is list and type(pattern) is list:
        return all(any(has_pattern(one, wanted) for one in value) for wanted in pattern)
    return _same(value, pattern)


def _same(value: Any, wanted: Any) -> bool:
    return bool(value == wanted) and (type(value) is bool) == (type(wanted) is bool)
