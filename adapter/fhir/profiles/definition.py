"""A profile's snapshot as a tree of rules, without what R4 itself says already: the base validator has checked that.

https://hl7.org/fhir/R4/profiling.html, https://hl7.org/fhir/R4/elementdefinition.html
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from adapter.base.errors import Invalid, Problem
from adapter.fhir.definitions.model import Binding, Constraint, Element
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.profiles.packages import Packages
from adapter.fhir.resource import Resource

NOTHING: Final = object()
"""Stands for "no fixed value", since every JSON value may be one."""

_CORE: Final = "http://hl7.org/fhir/StructureDefinition/"
_SYSTEM_TYPE: Final = "http://hl7.org/fhirpath/"


@dataclass(frozen=True, slots=True)
class Discriminator:
    """By what the slices of an element are told apart: a kind (value, pattern, exists, type, profile) and a path."""

    kind: str
    path: str


_BY_URL: Final = (Discriminator("value", "url"),)


@dataclass(slots=True)
class Rule:
    """What a profile demands of one element, or of one slice of it, over and above R4.

    Attributes:
        name: as FHIRPath says it, without [x]; the type at the root.
        slice: the name of the slice; None for the element itself.
        minimum, maximum: how often; maximum None = any number.
        types: the only types that are allowed; None = as R4 has it.
        profiles: profiles of which the value must fit one; empty = none.
        targets: URLs of what a Reference may point at; empty = as R4 has it.
        fixed, pattern: the value, or what it must contain; NOTHING = not given.
        longest: the most characters of a string; None = any number.
        discriminators: of the slices; empty with slices = a slice fits by all its rules.
        closed: whether every element must fit a slice.
        ordered: whether the elements must come in the order of the slices.
        by_url: the slices of extensions, which are told apart by nothing but their URLs; None = it is not as simple.
        demands: whether it says more than R4, in itself or below.
        bare: whether it says nothing of the value itself, but of its slices or of how often it is there.
    """

    name: str
    slice: str | None = None
    minimum: int = 0
    maximum: int | None = None
    types: frozenset[str] | None = None
    profiles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    fixed: Any = NOTHING
    pattern: Any = NOTHING
    binding: Binding | None = None
    constraints: tuple[Constraint, ...] = ()
    longest: int | None = None
    children: dict[str, "Rule"] = field(default_factory=dict)
    slices: list["Rule"] = field(default_factory=list)
    discriminators: tuple[Discriminator, ...] = ()
    closed: bool = False
    ordered: bool = False
    by_url: dict[str, "Rule"] | None = None
    demands: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile or an extension: its URL, the type that it constrains, the places of an extension, its rules."""

    url: str
    type: str
    contexts: tuple[tuple[str, str], ...]
    root: Rule


def profile_of(url: str, packages: Packages) -> Profile | None:
    """Return the compiled profile with a canonical URL; None where it is not here or has no snapshot.

    Raises:
        Invalid: the profile itself is not what R4 calls a StructureDefinition.
    """
    url = url.partition("|")[0]
    if url not in packages.trees:
        resource = packages.resource(url)
        usable = resource is not None and resource.get("resourceType") == "StructureDefinition"
        try:
            compiled = _profile(resource) if usable and resource and "snapshot" in resource else None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            said = "is no usable StructureDefinition: get another version of its package, or report it to its publisher"
            raise Invalid("a profile cannot be read", problems=[Problem(said, where=url)]) from error
        found = compiled or _type_itself(url)
        if found is None and url not in packages:  # nothing is kept of what senders claim
            return None
        packages.trees[url] = found
    return packages.trees[url]  # type: ignore[no-any-return] # written one line above


def _type_itself(url: str) -> Profile | None:
    """Return the definition of a type of R4 as a profile that demands nothing but the type."""
    name = url.removeprefix(_CORE)
    return Profile(url, name, (), Rule(name)) if url.startswith(_CORE) and name in definitions() else None


def _profile(resource: Resource) -> Profile:
    type_name = resource["type"]
    root = Rule(type_name)
    by_id: dict[str, tuple[Rule, str]] = {}
    for element in resource["snapshot"]["element"]:
        above, _, last = element["id"].rpartition(".")
        if not above:
            _constrain(root, element, None, type_name)
            by_id[element["id"]] = root, type_name
        elif above in by_id:
            by_id[element["id"]] = _add(*by_id[above], last, element, by_id, above)
    repeated = [(by_id[at][0], by_id[to][0]) for at, to in _references(resource) if at in by_id and to in by_id]
    for rule, _ in repeated:
        rule.demands = True
    _prune(root)
    for rule, meant in repeated:  # only now, as they may contain themselves
        rule.children, rule.constraints, rule.bare = meant.children, meant.constraints, meant.bare
    contexts = tuple((one["type"], one["expression"]) for one in resource.get("context", ()))
    return Profile(resource["url"], type_name, contexts, root)


def _references(resource: Resource) -> Iterator[tuple[str, str]]:
    """Give the ids of elements that repeat another one of the same profile, each with the id of that one."""
    for element in resource["snapshot"]["element"]:
        if "contentReference" in element:
            yield element["id"], element["contentReference"].rpartition("#")[2]


def _add(
    parent: Rule, owner: str, last: str, element: dict[str, Any], by_id: dict[str, tuple[Rule, str]], above: str
) -> tuple[Rule, str]:
    """Put the rule of an element under its parent; return it with the type by which to read what is below it."""
    label, colon, slice_name = last.partition(":")
    name = label.removesuffix("[x]")
    base = _base(owner, name)
    rule = Rule(name, slice_name or None)
    below = _constrain(rule, element, base, owner)
    if not colon:
        parent.children[name] = rule
    elif (sliced := _sliced(f"{above}.{label}", slice_name, by_id)) is not None:
        rule.demands = True
        sliced[0].slices.append(rule)
    return rule, below


def _sliced(element: str, slice_name: str, by_id: dict[str, tuple[Rule, str]]) -> tuple[Rule, str] | None:
    """Return what a slice is a part of: the element, or for "a/b" its slice "a"."""
    whole = slice_name.rpartition("/")[0]
    return (by_id.get(f"{element}:{whole}") if whole else None) or by_id.get(element)


def _base(owner: str, name: str) -> Element | None:
    if owner not in definitions():
        return None
    return next((one for one in definitions().type(owner).elements if one.name == name), None)


def _constrain(rule: Rule, element: dict[str, Any], base: Element | None, owner: str) -> str:
    """Fill in what an ElementDefinition says; return the type of the element, the owner's where it has none."""
    types = [one for one in element.get("type", ()) if "code" in one]
    names = [one["code"] for one in types if not one["code"].startswith(_SYSTEM_TYPE)]
    known = set(base.types) if base is not None else set(names)
    is_backbone = bool(base and base.types[0] not in names and base.types[0][:1].isupper() and "." in base.types[0])
    floor = element.get("base", {})
    rule.minimum, rule.maximum = element.get("min", 0), _maximum(element.get("max", "*"))
    is_resource = base is not None and base.types == ("Resource",) and "Resource" not in names
    if names and not is_backbone and (set(names) < known or is_resource):
        rule.types = frozenset(names)
    profiles = [url for one in types if one["code"] not in ("Reference", "canonical") for url in one.get("profile", ())]
    rule.profiles = tuple(url for url in profiles if not url.startswith(_CORE))
    rule.targets = _targets(types, base)
    for key, value in element.items():
        if key.startswith("fixed"):
            rule.fixed = value
        elif key.startswith("pattern"):
            rule.pattern = value
    rule.binding = _binding(element, base)
    inherited = _inherited(base, element["path"])
    rule.constraints = tuple(_constraint(one) for one in element.get("constraint", ()) if _is_own(one, inherited))
    rule.longest = element.get("maxLength")
    slicing = element.get("slicing", {})
    rule.discriminators = tuple(Discriminator(one["type"], one["path"]) for one in slicing.get("discriminator", ()))
    rule.closed, rule.ordered = slicing.get("rules") == "closed", slicing.get("ordered") is True
    rule.demands = (
        rule.minimum > floor.get("min", 0)
        or (rule.maximum is not None and rule.maximum < (_maximum(floor.get("max", "*")) or rule.maximum + 1))
        or rule.fixed is not NOTHING
        or rule.pattern is not NOTHING
        or bool(rule.types or rule.profiles or rule.targets or rule.binding or rule.constraints or rule.longest)
    )
    if is_backbone and base is not None:
        return base.types[0]
    if base is not None and not names:
        return base.types[0]
    return names[0] if len(names) == 1 else owner


def _maximum(text: str) -> int | None:
    return None if text == "*" else int(text)


def _targets(types: Any, base: Element | None) -> tuple[str, ...]:
    stated = [url for one in types if one["code"] == "Reference" for url in one.get("targetProfile", ())]
    if not stated or f"{_CORE}Resource" in stated:
        return ()
    plain = {url.removeprefix(_CORE) for url in stated}
    return () if base is not None and plain == base.targets else tuple(stated)


def _binding(element: dict[str, Any], base: Element | None) -> Binding | None:
    stated = element.get("binding", {})
    if stated.get("strength") not in ("required", "extensible") or "valueSet" not in stated:
        return None
    url = stated["valueSet"].partition("|")[0]
    same = base is not None and base.binding is not None and base.binding.value_set == url
    return None if same else Binding(stated["strength"], url)


def _inherited(base: Element | None, path: str) -> frozenset[str]:
    """Return the keys of the constraints that R4 itself has here."""
    named = (path,) if base is None else base.types
    types = [definitions().type(name) for name in named if name in definitions()]
    stated = [*(base.constraints if base else ()), *(one for known in types for one in known.constraints)]
    return frozenset(one.key for one in stated) | {"ele-1", "ext-1"}


def _is_own(constraint: dict[str, Any], inherited: frozenset[str]) -> bool:
    """Tell whether a constraint is of a profile rather than of R4, whose own were checked before."""
    source = constraint.get("source", _CORE)
    is_core = source.startswith(_CORE) and source.removeprefix(_CORE) in definitions()
    return "expression" in constraint and not is_core and constraint["key"] not in inherited


def _constraint(stated: dict[str, Any]) -> Constraint:
    return Constraint(stated["key"], stated["severity"], stated["human"], stated["expression"])


def _prune(rule: Rule) -> bool:
    """Leave out what demands nothing more than R4; return whether anything is left."""
    for below in [*rule.children.values(), *rule.slices]:
        _prune(below)
    rule.children = {name: one for name, one in rule.children.items() if one.demands}
    if rule.slices:
        _leave_counts_to_slices(rule)
        if rule.discriminators == _BY_URL:
            rule.by_url = _by_url(rule.slices)
    rule.demands = rule.demands or bool(rule.children or rule.slices)
    said = (rule.children, rule.constraints, rule.types, rule.profiles, rule.targets, rule.binding, rule.longest)
    rule.bare = not any(said) and rule.fixed is NOTHING and rule.pattern is NOTHING
    return rule.demands


def _leave_counts_to_slices(rule: Rule) -> None:
    """Drop counts of the whole that follow from those of its slices, so that one fault is told once."""
    if rule.minimum <= sum(one.minimum for one in rule.slices):
        rule.minimum = 0
    most = [one.maximum for one in rule.slices if one.maximum is not None]
    if rule.closed and rule.maximum is not None and len(most) == len(rule.slices) and rule.maximum >= sum(most):
        rule.maximum = None


def _by_url(slices: list[Rule]) -> dict[str, Rule] | None:
    found: dict[str, Rule] = {}
    for one in slices:
        inside = one.children.get("url")
        urls = one.profiles or ((inside.fixed,) if inside is not None and type(inside.fixed) is str else ())
        if not urls:
            return None
        for url in urls:
            found.setdefault(url.partition("|")[0], one)
    return found
