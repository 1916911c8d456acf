"""Compiles the rules of a profile to checks, element by element, once for each type that an element may have.

https://hl7.org/fhir/R4/validation.html
Nothing of a definition is looked at while a resource is checked: which members a rule is about, what is fixed, which
codes and targets are allowed and how slices are told apart is decided here (docs/adr/0010).
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from adapter.fhir.definitions.model import PRIMITIVES
from adapter.fhir.fhirpath import Node
from adapter.fhir.fhirpath.model import is_a, properties
from adapter.fhir.profiles.check import Check
from adapter.fhir.profiles.content import content_checks
from adapter.fhir.profiles.definition import Profile, Rule, profile_of
from adapter.fhir.profiles.invariants import constraint_check
from adapter.fhir.profiles.packages import Packages
from adapter.fhir.profiles.places import content_of, finder_of
from adapter.fhir.profiles.slicing import bounds_of, count_of, slices_check
from adapter.fhir.profiles.surroundings import Surroundings
from adapter.fhir.validate.findings import Finding, Findings, put_before

MemberCheck: TypeAlias = Callable[[dict[str, Any], Findings, Surroundings], None]
"""Takes the content of an element; the paths of what it appends begin there."""


class CompiledChecks:
    """The compiled checks of some packages; each is made when it is first asked for."""

    def __init__(self, packages: Packages) -> None:
        self.packages = packages
        self._of_rules: dict[tuple[int, str], tuple[Check, Rule]] = {}
        self._of_profiles: dict[tuple[str, str], Check] = {}

    def of_rule(self, rule: Rule, type_name: str) -> Check:
        """Return the check of a rule and all below it, for elements of a type."""
        made = self._of_rules.get((id(rule), type_name))
        if made is None:  # the rule is kept, so that its id stays its own
            made = self._of_rules[id(rule), type_name] = _compiled(rule, type_name, self), rule
        return made[0]

    def of_profile(self, url: str, type_name: str) -> Check:
        """Return the check of a profile, for elements of a type; of one that is not here it says just this."""
        check = self._of_profiles.get((url, type_name))
        if check is None:
            check = _of_profile(url, type_name, self)
            if url in self.packages and "|" not in url:  # what senders claim must not pile up
                self._of_profiles[url, type_name] = check
        return check

    def fits(self, rule: Rule, node: Node, scene: Surroundings) -> bool:
        """Tell whether an element keeps a rule and all below it; warnings do not count."""
        found: Findings = []
        self.of_rule(rule, node.type)(node, found, scene.inside(node))
        return all(one.severity not in ("error", "fatal") for one in found)

    def fits_profile(self, profile: Profile, resource: Node, scene: Surroundings) -> bool:
        """Tell the same of a resource and a profile; many may point at the same resource."""
        fitting, key = scene.judging.fitting, (profile.url, id(resource.value))
        if key not in fitting:
            fitting[key] = self.fits(profile.root, resource, scene)
        return fitting[key]


def checks_of(packages: Packages) -> CompiledChecks:
    """Return the compiled checks of some packages, which live as long as these do."""
    found: CompiledChecks | None = packages.trees.get("checks")
    if found is None:
        found = packages.trees["checks"] = CompiledChecks(packages)
    return found


def _of_profile(url: str, type_name: str, checks: CompiledChecks) -> Check:
    profile = profile_of(url, checks.packages)
    if profile is None:
        said = f"not checked against {url}: it is not here"
        return lambda _, out, __: out.append(Finding("", "not-found", said, "information"))
    if not is_a(type_name, profile.type):
        wrong = f"must be a {profile.type}: {url} is a profile of that type"
        return lambda _, out, __: out.append(Finding("", "structure", wrong))
    name, rule, compiled = profile.url, profile.root, checks.of_rule

    def check(node: Node, out: Findings, scene: Surroundings) -> None:
        if not scene.judging.was_told(name, node.value, out):
            compiled(rule, type_name)(node, out, scene)

    return check


def _compiled(rule: Rule, type_name: str, checks: CompiledChecks) -> Check:
    of_value = () if rule.bare else content_checks(rule, type_name, checks)
    always = [*of_value, *map(constraint_check, rule.constraints)]
    without_value = always[len(of_value) :]
    below = [_member(child, type_name, checks) for child in rule.children.values()]
    may_lack_value = type_name in PRIMITIVES

    def check(node: Node, out: Findings, scene: Surroundings) -> None:
        for one in always if not may_lack_value or node.value is not None else without_value:
            one(node, out, scene)
        if below:
            content = content_of(node)
            for of_member in below:
                of_member(content, out, scene)

    return check


def _member(rule: Rule, owner: str, checks: CompiledChecks) -> MemberCheck:
    """Return the check of the members that a rule is about: how often, each of them, and as slices."""
    find, count = finder_of(owner, rule.name), count_of(rule)
    slices = slices_check(rule, checks) if rule.slices else None
    least, most = bounds_of(rule)
    silent = least == 0 and slices is None
    are_resources = any(one.type == "Resource" for one in properties(owner).get(rule.name, ()))
    by_type: dict[str, Check] = {}

    def check(content: dict[str, Any], out: Findings, scene: Surroundings) -> None:
        found = find(content)
        if not found and silent:
            return
        if not least <= len(found) <= most:
            count(len(found), out)
        for node, step in found if not rule.bare else ():
            of_it = by_type.get(node.type)
            if of_it is None:  # here, as a rule may be below itself
                of_it = by_type[node.type] = checks.of_rule(rule, node.type)
            start = len(out)
            of_it(node, out, scene.inside(node) if are_resources else scene)
            if len(out) > start:
                put_before(out, start, step)
        if slices is not None:
            slices(found, out, scene)

    return check
