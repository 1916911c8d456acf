"""The checks of one element in its owner: of a primitive, of its id and extensions, of a complex element."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from adapter.fhir.definitions.model import Element
from adapter.fhir.validate.bindings import codes_of, judged_code, said_of
from adapter.fhir.validate.findings import Finding, Findings, Scope, put_before
from adapter.fhir.validate.glances import Glance, glance_of
from adapter.fhir.validate.primitives import ABSOLUTE, PRIMITIVE, Primitive, is_absolute, is_canonical

Check: TypeAlias = Callable[[Any, Findings, Scope], int | None]
"""Returns the index of the first finding that it appended; None where it found nothing."""

Handler: TypeAlias = Callable[[Any, dict[str, Any], Findings, Scope], None]
"""Takes the member, the object that it stands in, the findings and the scope."""


_SEEN: dict[str, set[str]] = {"uri": set(), "absolute": set(), "code": set()}
"""Good words of vocabularies that were met before: systems, URLs of extensions and codes come again and again."""

_MOST_SEEN = 2048
_LONGEST_SEEN = 100
_RELATIVE_CANONICAL = "should be the absolute canonical URL: who reads this cannot know what it is relative to"
_NEEDED = "needs a code: its value set is required, and an extension cannot take the place of a code"
_NEITHER = "has neither a value nor an extension"


class Slot(NamedTuple):
    """How an element is checked, laid out so that the common case, a good element, needs few Python calls.

    Attributes:
        kind: the class of a good member.
        accepts: takes a good primitive of this class.
        explain: is given all that is not good by these two.
        check: of a complex element; None for a primitive.
        path: of a complex element, to put before what its check finds.
        each: of a primitive element, what a value of it must be; None where only `explain` can tell.
        type_name: of a complex element, whose check is that of the type and then `use`; None for resources.
        use: what this use of a complex type demands beyond the type: codes, reference targets; None for nothing.
        glance: tells that a value is good without `check` and `use`; None where only these can.
    """

    kind: type
    accepts: Callable[[Any], object]
    explain: Handler
    check: Check | None = None
    path: str = ""
    each: Primitive | None = None
    type_name: str | None = None
    use: Check | None = None
    glance: Glance | None = None


class Never:
    """No member has this class: everything goes to `explain`."""


def nothing(_member: Any, _owner: dict[str, Any], _out: Findings, _scope: Scope) -> None:
    """Accept everything: who called has looked at it before."""


def primitive_slot(name: str, code: str, element: Element, owner: str) -> Slot:
    """Return the slot of a primitive element of the type `owner`, with its codes where R4 fixes them."""
    if is_absolute(owner, name):
        code = "absolute"
    if name == "id" and code == "string" and owner != "ElementDefinition":  # snapshot and differential share their ids
        return Slot(Never, bool, _check_element_id)
    primitive, issue = PRIMITIVE[code] if code != "absolute" else ABSOLUTE, "value"
    codes = codes_of(element.binding) if code == "code" else None
    if codes is not None and element.binding is not None:
        said, issue = said_of(codes, element.binding.value_set), "code-invalid"
        primitive = Primitive((str,), codes.__contains__, said)
    judged = judged_code(element.binding) if code == "code" else None
    if judged is not None:
        primitive, issue = judged, "code-invalid"
    if code == "canonical":
        repeated, single = _repeated_primitive(name, primitive, issue), _single_primitive(name, primitive, issue)
        advised = _with_advice(repeated if element.repeats else single, f".{name}")
        fine = primitive._replace(accepts=is_canonical)
        return Slot(Never if element.repeats else str, is_canonical, advised, each=fine)
    if element.repeats:
        return Slot(Never, bool, _repeated_primitive(name, primitive, issue), each=primitive)
    # addresses in Bundles are no vocabulary: they are others each time
    if code in _SEEN and codes is None and judged is None and not owner.startswith("Bundle"):
        seen = _SEEN[code]
        fine = primitive._replace(accepts=seen.__contains__)
        return Slot(str, fine.accepts, _single_primitive(name, primitive, issue, seen), each=fine)
    return Slot(primitive.kinds[0], primitive.accepts, _single_primitive(name, primitive, issue), each=primitive)


def _check_element_id(member: Any, _owner: dict[str, Any], out: Findings, scope: Scope) -> None:
    """Check the id of an element, which no other element of the resource may have."""
    if not PRIMITIVE["string"].takes(member):
        out.append(Finding(".id", "value", f"must be {PRIMITIVE['string'].said}"))
        return
    if scope.element_ids is None:
        scope.element_ids = set()
    if member in scope.element_ids:
        out.append(Finding(".id", "duplicate", "another element of this resource has this id"))
    scope.element_ids.add(member)


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


def part_slot(name: str, check: Check, element: Element, code: str) -> Slot:
    """Return the slot of `_name`: the id and the extensions of a primitive element."""
    path = f".{name}"
    needed = code == "code" and codes_of(element.binding) is not None

    def single(member: Any, owner: dict[str, Any], out: Findings, scope: Scope) -> None:
        _check_part(check, member, path, out, scope, alone=name not in owner)
        if needed and name not in owner:
            out.append(Finding(path, "code-invalid", _NEEDED))

    def repeated(member: Any, owner: dict[str, Any], out: Findings, scope: Scope) -> None:
        values = owner.get(name)
        if not _is_list(member, path, out):
            return
        if type(values) is list and len(values) != len(member):
            out.append(Finding(path, "structure", f"`{name}` and `_{name}` must be arrays of the same length"))
        for index, part in enumerate(member):
            if part is not None:
                alone = not _has_part(values, index)
                _check_part(check, part, f"{path}[{index}]", out, scope, alone=alone)
                if needed and alone:
                    out.append(Finding(f"{path}[{index}]", "code-invalid", _NEEDED))
            elif name not in owner:
                out.append(Finding(f"{path}[{index}]", "structure", _NEITHER))

    return Slot(Never, bool, repeated if element.repeats else single)


def _check_part(check: Check, part: Any, where: str, out: Findings, scope: Scope, *, alone: bool) -> None:
    start = len(out)
    check(part, out, scope)
    if alone and type(part) is dict and "extension" not in part:
        out.append(Finding("", "structure", _NEITHER))
    if len(out) > start:
        put_before(out, start, where)


def complex_slot(name: str, code: str, element: Element, check_type: Check, use: Check | None) -> Slot:
    """Return the slot of an element of a complex type: its check is that of the type and then that of the use."""
    path, glance = f".{name}", glance_of(code, element, _SEEN)
    check = check_type if glance is None and use is None else _checking(check_type, use, glance)

    def explain(member: Any, _owner: dict[str, Any], out: Findings, scope: Scope) -> None:
        if element.repeats:
            _is_list(member, path, out)
            return
        start = len(out)
        check(member, out, scope)
        put_before(out, start, path)

    kind, type_name = list if element.repeats else dict, None if code == "Resource" else code
    return Slot(kind, bool, explain, check, path, type_name=type_name, use=use, glance=glance)


def _checking(check_type: Check, use: Check | None, glance: Glance | None) -> Check:
    def check(value: Any, out: Findings, scope: Scope) -> int | None:
        if glance is not None and glance(value, scope):
            return None
        start = check_type(value, out, scope)
        of_use = None if use is None else use(value, out, scope)
        return of_use if start is None else start

    return check
