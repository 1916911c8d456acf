"""The checks of one element in its owner: of a primitive, of its id and extensions, of a complex element."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from adapter.fhir.definitions.model import Element
from adapter.fhir.validate.bindings import codes_of, coding_check, said_of, system_note
from adapter.fhir.validate.findings import Finding, Findings, Scope, put_before
from adapter.fhir.validate.primitives import ABSOLUTE, PRIMITIVE, Primitive, is_absolute, is_canonical
from adapter.fhir.validate.references import check_reference

Check: TypeAlias = Callable[[Any, Findings, Scope], None]
Handler: TypeAlias = Callable[[Any, dict[str, Any], Findings, Scope], None]
"""Takes the member, the object that it stands in, the findings and the scope."""


_SEEN: dict[str, set[str]] = {"uri": set(), "absolute": set(), "code": set()}
"""Good values that were met before: systems and codes come again and again, and looking up beats matching."""

_MOST_SEEN = 2048
_LONGEST_SEEN = 100
_RELATIVE_CANONICAL = "should be the absolute canonical URL: who reads this cannot know what it is relative to"
_NEITHER = "has neither a value nor an extension"


class Slot(NamedTuple):
    """How an element is checked, laid out so that the common case, a good element, needs few Python calls.

    Attributes:
        kind: the class of a good member.
        accepts: takes a good primitive of this class.
        explain: is given all that is not good by these two.
        check: of a complex element; None for a primitive.
        path: of a complex element, to put before what its check finds.
    """

    kind: type
    accepts: Callable[[Any], object]
    explain: Handler
    check: Check | None = None
    path: str = ""


class _Never:
    """No member has this class: everything goes to `explain`."""


def nothing(_member: Any, _owner: dict[str, Any], _out: Findings, _scope: Scope) -> None:
    """Accept everything: who called has looked at it before."""


def primitive_slot(name: str, code: str, element: Element, owner: str) -> Slot:
    """Return the slot of a primitive element of the type `owner`, with its codes where R4 fixes them."""
    if is_absolute(owner, name):
        code = "absolute"
    primitive, issue = PRIMITIVE[code] if code != "absolute" else ABSOLUTE, "value"
    codes = codes_of(element.binding) if code == "code" else None
    if codes is not None and element.binding is not None:
        said, issue = said_of(codes, element.binding.value_set), "code-invalid"
        primitive = Primitive((str,), codes.__contains__, said)
    if code == "canonical":
        repeated, single = _repeated_primitive(name, primitive, issue), _single_primitive(name, primitive, issue)
        advised = _with_advice(repeated if element.repeats else single, f".{name}")
        return Slot(_Never if element.repeats else str, is_canonical, advised)
    if element.repeats:
        return Slot(_Never, bool, _repeated_primitive(name, primitive, issue))
    if code in _SEEN and codes is None:
        return Slot(str, _SEEN[code].__contains__, _single_primitive(name, primitive, issue, _SEEN[code]))
    return Slot(primitive.kinds[0], primitive.accepts, _single_primitive(name, primitive, issue))


def _single_primitive(name: str, primitive: Primitive, issue: str, seen: set[str] | None = None) -> Handler:
    path, text = f".{name}", f"must be {primitive.said}"

    def explain(member: Any, _owner: dict[str, Any], out: Findings, _scope: Scope) -> None:
        if primitive.takes(member):
            if seen is not None:
                _remember(member, seen)
            return
        if member.__class__ is list or member.__class__ is dict:
            out.append(Finding(path, "structure", "must be a single value, no array or object"))
        else:
            out.append(Finding(path, issue, text))

    return explain


def _with_advice(explain: Handler, path: str) -> Handler:
    """Add to the handler of a canonical that one which is no absolute URL is a warning."""

    def advise(member: Any, owner: dict[str, Any], out: Findings, scope: Scope) -> None:
        before = len(out)
        explain(member, owner, out, scope)
        for at, one in enumerate(member if member.__class__ is list else (member,)):
            if len(out) == before and one.__class__ is str and not is_canonical(one):
                where = f"{path}[{at}]" if member.__class__ is list else path
                out.append(Finding(where, "business-rule", _RELATIVE_CANONICAL, "warning"))
                before += 1

    return advise


def _repeated_primitive(name: str, primitive: Primitive, issue: str) -> Handler:
    path, text, takes = f".{name}", f"must be {primitive.said}", primitive.takes

    def explain(member: Any, owner: dict[str, Any], out: Findings, _scope: Scope) -> None:
        if not _is_list(member, path, out):
            return
        for index, value in enumerate(member):
            if takes(value):
                continue
            if value is not None:
                out.append(Finding(f"{path}[{index}]", issue, text))
            elif not _has_part(owner.get("_" + name), index):
                said_null = f"is null, and `_{name}` has nothing at this place either"
                out.append(Finding(f"{path}[{index}]", "structure", said_null))

    return explain


def _remember(value: str, seen: set[str]) -> None:
    if len(value) <= _LONGEST_SEEN and not value.startswith("urn:uuid:"):
        if len(seen) >= _MOST_SEEN:
            seen.clear()
        seen.add(value)


def _is_list(member: Any, path: str, out: Findings) -> bool:
    if member.__class__ is not list:
        out.append(Finding(path, "structure", "must be an array"))
        return False
    if not member:
        out.append(Finding(path, "structure", "must not be an empty array: leave it out"))
    return True


def _has_part(parts: Any, index: int) -> bool:
    return type(parts) is list and len(parts) > index and parts[index] is not None


def part_slot(name: str, check: Check, *, repeats: bool) -> Slot:
    """Return the slot of `_name`: the id and the extensions of a primitive element."""
    path = f".{name}"

    def single(member: Any, owner: dict[str, Any], out: Findings, scope: Scope) -> None:
        _check_part(check, member, path, out, scope, alone=name not in owner)

    def repeated(member: Any, owner: dict[str, Any], out: Findings, scope: Scope) -> None:
        values = owner.get(name)
        if not _is_list(member, path, out):
            return
        if type(values) is list and len(values) != len(member):
            out.append(Finding(path, "structure", f"`{name}` and `_{name}` must be arrays of the same length"))
        for index, part in enumerate(member):
            if part is not None:
                _check_part(check, part, f"{path}[{index}]", out, scope, alone=not _has_part(values, index))
            elif name not in owner:
                out.append(Finding(f"{path}[{index}]", "structure", _NEITHER))

    return Slot(_Never, bool, repeated if repeats else single)


def _check_part(check: Check, part: Any, where: str, out: Findings, scope: Scope, *, alone: bool) -> None:
    start = len(out)
    check(part, out, scope)
    if alone and type(part) is dict and "extension" not in part:
        out.append(Finding("", "structure", _NEITHER))
    if len(out) > start:
        put_before(out, start, where)


def complex_slot(name: str, code: str, element: Element, check_type: Check) -> Slot:
    """Return the slot of an element of a complex type, with its codes and reference targets."""
    path = f".{name}"
    check = _with_use(code, element, check_type)

    def explain(member: Any, _owner: dict[str, Any], out: Findings, scope: Scope) -> None:
        if element.repeats:
            _is_list(member, path, out)
            return
        start = len(out)
        check(member, out, scope)
        put_before(out, start, path)

    return Slot(list if element.repeats else dict, bool, explain, check, path)


def _with_use(code: str, element: Element, check_type: Check) -> Check:
    """Add to the check of a type what this use of it demands: codes or reference targets."""
    if code == "Reference":
        targets = element.targets

        def reference(value: Any, out: Findings, scope: Scope) -> None:
            check_type(value, out, scope)
            if value.__class__ is dict:
                check_reference(value, targets, out, scope)

        return reference
    return _with_codes(code, element, check_type) if code in ("CodeableConcept", "Coding") else check_type


def _with_codes(code: str, element: Element, check_type: Check) -> Check:
    concept = code == "CodeableConcept"
    coded, note = coding_check(element.binding, concept=concept), system_note(element.binding, concept=concept)
    if note is not None:

        def with_note(value: Any, out: Findings, scope: Scope) -> None:
            check_type(value, out, scope)
            if value.__class__ is dict:
                note(value, scope.unchecked)

        return with_note
    if coded is None:
        return check_type

    def with_codes(value: Any, out: Findings, scope: Scope) -> None:
        check_type(value, out, scope)
        if value.__class__ is dict:
            coded(value, out)

    return with_codes
