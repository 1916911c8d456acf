"""What a rule says of the value itself: its type, a fixed value or pattern, codes, targets, profiles; each compiled.

https://hl7.org/fhir/R4/elementdefinition.html
"""

from adapter.fhir.definitions.model import Binding
from adapter.fhir.fhirpath import Node
from adapter.fhir.fhirpath.model import is_a
from adapter.fhir.profiles.check import Check, Checks
from adapter.fhir.profiles.codes import bound_test, codes_of
from adapter.fhir.profiles.definition import NOTHING, Rule, profile_of
from adapter.fhir.profiles.surroundings import Surroundings
from adapter.fhir.profiles.values import Takes, fixed_test, pattern_test, shown
from adapter.fhir.validate.bindings import said_of
from adapter.fhir.validate.findings import Finding, Findings
from adapter.fhir.validate.references import check_reference

_CORE = "http://hl7.org/fhir/StructureDefinition/"


def content_checks(rule: Rule, type_name: str, checks: Checks) -> tuple[Check, ...]:
    """Return the checks of what a rule says of a value of this type, in the order in which they are told."""
    if rule.types is not None and not any(is_a(type_name, wanted) for wanted in rule.types):
        return (_saying("structure", f"must be of type {' or '.join(sorted(rule.types))}"),)
    made: list[Check] = []
    if rule.fixed is not NOTHING:
        made.append(_valued(fixed_test(rule.fixed), f"must be {shown(rule.fixed)}"))
    if rule.pattern is not NOTHING:
        made.append(_valued(pattern_test(rule.pattern), f"must contain {shown(rule.pattern)}"))
    if rule.longest is not None:
        made.append(_limited(rule.longest))
    if rule.binding is not None:
        made.append(_coded(rule.binding, type_name, checks))
    if rule.targets and type_name == "Reference" and (pointing := _pointing(rule, checks)) is not None:
        made.append(pointing)
    if rule.profiles:
        made.append(_fitting(rule.profiles, type_name, checks))
    return tuple(made)


def _saying(code: str, text: str) -> Check:
    return lambda _, out, __: out.append(Finding("", code, text))


def _valued(takes: Takes, text: str) -> Check:
    def check(node: Node, out: Findings, _: Surroundings) -> None:
        if not takes(node.value):
            out.append(Finding("", "value", text))

    return check


def _limited(longest: int) -> Check:
    def check(node: Node, out: Findings, _: Surroundings) -> None:
        if node.value.__class__ is str and len(node.value) > longest:
            out.append(Finding("", "too-long", f"must have at most {longest} characters"))

    return check


def _coded(binding: Binding, type_name: str, checks: Checks) -> Check:
    is_bound, required = bound_test(binding.value_set, type_name, checks.packages), binding.strength == "required"
    url = binding.value_set
    unknown = f"not checked: the codes of {url} are not all known here"
    outside = f"has no code of the extensible value set {url}, which is right only if none of them fits"
    codes = codes_of(url, checks.packages)
    known = frozenset().union(*codes.by_system.values())
    named = url if codes.open or not known else said_of(known, url)

    def check(node: Node, out: Findings, _: Surroundings) -> None:
        bound, value = is_bound(node.value), node.value
        if bound:
            return
        if required:
            if bound is None:
                out.append(Finding("", "not-supported", unknown, "information"))
            else:
                out.append(Finding("", "code-invalid", f"needs a code of the required value set: {named}"))
        elif bound is False and (value.__class__ is not dict or value.get("coding") or "code" in value):
            out.append(Finding("", "code-invalid", outside, "warning"))

    return check


def _pointing(rule: Rule, checks: Checks) -> Check | None:
    """Return the check of what a Reference points at: its type always, its profile where the resource is at hand."""
    stated = {url: profile_of(url, checks.packages) for url in rule.targets if not url.startswith(_CORE)}
    profiles = [profile for profile in stated.values() if profile is not None]
    if len(profiles) < len(stated):
        return None  # nobody here knows what type that profile is of
    plain = {url.removeprefix(_CORE) for url in rule.targets if url.startswith(_CORE)}
    types = frozenset(plain | {profile.type for profile in profiles})
    wrong = f"must point at a resource that fits {' or '.join(stated)}"
    fits = checks.fits_profile

    def check(node: Node, out: Findings, scene: Surroundings) -> None:
        found: Findings = []
        check_reference(node.value, types, found, scene.scope)
        if found:
            out += [Finding("", one.code, one.text, one.severity) for one in found if not one.path]
            return
        text = node.value.get("reference")
        target = scene.resolve(text) if profiles and type(text) is str else None
        if target is None or target.type in plain:
            return
        if not any(fits(one, target, scene) for one in profiles if one.type == target.type):
            out.append(Finding("", "invalid", wrong))

    return check


def _fitting(urls: tuple[str, ...], type_name: str, checks: Checks) -> Check:
    """Return the check that a value fits one of the profiles of its type; with one that is not here it may fit that."""
    if len(urls) == 1:
        url, of_profile = urls[0], checks.of_profile
        # asked for at each use, as an extension may hold extensions of its own kind
        return lambda node, out, scene: of_profile(url, type_name)(node, out, scene)  # noqa: PLW0108 - as said above
    known = [profile_of(url, checks.packages) for url in urls]
    profiles = [one for one in known if one is not None]
    of_type = [one for one in profiles if is_a(type_name, one.type)]
    said = f"must fit one of the profiles {', '.join(urls)}"

    def check(node: Node, out: Findings, scene: Surroundings) -> None:
        if not any(checks.fits(one.root, node, scene) for one in of_type):
            out.append(Finding("", "invalid", said))

    return check if len(profiles) == len(urls) else lambda *_: None
