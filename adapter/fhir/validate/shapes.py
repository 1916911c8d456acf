"""Writes and compiles the check of one shape of a type: of the objects that have just these members, in this order.

Which elements are known, required, or exclude each other depends on the names of the members alone, so it is decided
once for a shape; what is left are the values, one after the other, without a loop and without looking anything up.
The source holds numbers and the names of R4's elements, never a word of a sender. docs/adr/0010 says why.
"""

from collections.abc import Callable
from typing import Any

from adapter.fhir.validate.findings import Findings, Scope, put_before
from adapter.fhir.validate.primitives import LONGEST_TEXT, PRIMITIVE
from adapter.fhir.validate.slots import Check, Handler, Never, Slot, nothing

Later = Callable[[dict[str, Any], Findings, Scope], None]
Finder = Callable[[tuple[str, ...]], Check | None]
Lookup = Callable[[str], tuple[Finder, Check]]
"""Gives, for a type, what finds the check of a shape, and the check of any other value."""

_TEXT = PRIMITIVE["string"].accepts
_DECIMAL = PRIMITIVE["decimal"]
_MET_BEFORE = 16
"""A shape that was met so often is compiled; that takes some half a millisecond."""

_MOST = 1500
"""Shapes compiled in a process at most, some 10 MB; others go the general way, which is slower, not different."""

_MOST_COUNTED = 256
"""Shapes of a type that are counted at a time."""


class Shapes:
    """The compiled shapes of one type, and how often others were met."""

    __slots__ = ("_compiled", "_met", "find")
    total = 0

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, ...], Check] = {}
        self._met: dict[tuple[str, ...], int] = {}
        self.find = self._compiled.get

    def is_due(self, names: tuple[str, ...]) -> bool:
        """Count a shape that is not compiled; tell whether it is time to."""
        if Shapes.total >= _MOST:
            return False
        met = self._met.get(names, 0) + 1
        if met == 1 and len(self._met) >= _MOST_COUNTED:
            self._met.clear()
        self._met[names] = met
        return met == _MET_BEFORE

    def add(self, names: tuple[str, ...], check: Check) -> None:
        """Keep the compiled check of a shape."""
        Shapes.total += 1
        self._compiled[names] = check


def compile_shape(slots: list[Slot], later: tuple[Later, ...], lookup: Lookup, well_formed: Any) -> Check:
    """Return the check of objects whose members have these slots, in this order, none missing and none too many.

    `later` is run on what is well-formed, if invariants are wanted at all.
    """
    known: dict[str, Any] = {
        "told": _told,
        "put_before": put_before,
        "well_formed": well_formed,
        "TEXT": _TEXT,
        "DECIMALS": frozenset(_DECIMAL.kinds),
        "FINITE": _DECIMAL.accepts,
    }
    lines = ["def check(value, out, scope):", f"    {''.join(f'm{at}, ' for at in range(len(slots)))}= value.values()"]
    lines.append("    start = None")
    for at, slot in enumerate(slots):
        if slot.explain is not nothing:
            lines += [f"    {line}" for line in _member(at, slot, known, lookup)]
    if later:
        lines.append("    if scope.budget is not None and (start is None or well_formed(out, start)):")
        for at, one in enumerate(later):
            known[f"later{at}"] = one
            lines += [
                "        at = len(out)",
                f"        later{at}(value, out, scope)",
                "        if start is None and len(out) > at:",
                "            start = at",
            ]
    lines.append("    return start")
    exec(compile("\n".join(lines), "<shape>", "exec"), known)  # noqa: S102 - see above what the source is made of
    check: Check = known.pop("check")
    return check


def _told(start: int | None, explain: Handler, member: Any, value: Any, out: Findings, scope: Scope) -> int | None:
    at = len(out)
    explain(member, value, out, scope)
    return at if start is None and len(out) > at else start


def _member(at: int, slot: Slot, known: dict[str, Any], lookup: Lookup) -> list[str]:
    known[f"explain{at}"] = slot.explain
    told = f"start = told(start, explain{at}, m{at}, value, out, scope)"
    if slot.check is not None:
        return _complex(at, slot, told, known, lookup)
    if slot.each is None:
        return [told]
    if slot.kind is not Never:
        return [f"if {_is_bad(f'm{at}', at, slot, known)}:", f"    {told}"]
    return [
        f"if m{at}.__class__ is list and m{at}:",
        f"    for one in m{at}:",
        f"        if {_is_bad('one', at, slot, known)}:",
        f"            {told}",
        "            break",
        "else:",
        f"    {told}",
    ]


def _is_bad(name: str, at: int, slot: Slot, known: dict[str, Any]) -> str:
    """Return the condition under which a value is to be looked at by `explain`; it is for the common kinds in place."""
    primitive = slot.each
    assert primitive is not None  # noqa: S101 - who called has looked
    if primitive.accepts is _TEXT:  # what can be printed has no control characters
        fine = f"{name}.isprintable() and 0 < len({name}) <= {LONGEST_TEXT}"
        return f"{name}.__class__ is not str or not ({fine} or TEXT({name}))"
    if primitive is _DECIMAL:
        return f"{name}.__class__ is not int and ({name}.__class__ not in DECIMALS or not FINITE({name}))"
    words = getattr(primitive.accepts, "__self__", None)
    if primitive.kinds == (str,) and isinstance(words, set | frozenset):
        known[f"words{at}"] = words
        return f"{name}.__class__ is not str or {name} not in words{at}"
    known[f"kind{at}"], known[f"fits{at}"] = primitive.kinds[0], primitive.accepts
    return f"{name}.__class__ is not kind{at} or not fits{at}({name})"


def _complex(at: int, slot: Slot, told: str, known: dict[str, Any], lookup: Lookup) -> list[str]:
    several = slot.kind is list
    name, path = ("one", f"f'{slot.path}[{{index}}]'") if several else (f"m{at}", repr(slot.path))
    judged = _judged(at, name, path, slot, known, lookup)
    if not several:
        return [f"if m{at}.__class__ is dict:", *_indented(judged), "else:", f"    {told}"]
    loop = ["index = -1", f"for one in m{at}:", "    index += 1", *_indented(judged)]
    return [f"if m{at}.__class__ is list and m{at}:", *_indented(loop), "else:", f"    {told}"]


def _judged(at: int, name: str, path: str, slot: Slot, known: dict[str, Any], lookup: Lookup) -> list[str]:
    if slot.type_name is None:
        known[f"check{at}"] = slot.check
        return [f"at = check{at}({name}, out, scope)", *_kept(path)]
    known[f"find{at}"], known[f"check{at}"] = lookup(slot.type_name)
    check = f"(find{at}(tuple({name})) or check{at})({name}, out, scope)"
    if slot.kind is list:
        check += f" if {name}.__class__ is dict else check{at}({name}, out, scope)"
    judged = [f"at = {check}", *_kept(path)]
    if slot.use is not None:
        known[f"use{at}"] = slot.use
        judged += [f"at = use{at}({name}, out, scope)", *_kept(path)]
    if slot.glance is None:
        return judged
    known[f"glance{at}"] = slot.glance
    return [f"if not glance{at}({name}, scope):", *_indented(judged)]


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _kept(path: str) -> list[str]:
    return [
        "if at is not None:",
        f"    put_before(out, at, {path})",
        "    if start is None:",
        "        start = at",
    ]
