"""Transforms that belong to no format and read codes: by a ConceptMap, as they are, as yes or no, as a language."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.codes import CodeMap, Counterpart
from adapter.mapping.tables.outcome import NOTHING, Context, Entry, Given, Outcome, Transform, entry
from adapter.mapping.tables.transforms.plain import leaf_of, unreadable

_BOOLEANS: Final = {
    **dict.fromkeys(("y", "yes", "j", "ja", "1", "true", "t"), True),
    **dict.fromkeys(("n", "no", "nein", "nee", "0", "false", "f"), False),
}
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_COUNTRY: Final = re.compile(r"[A-Za-z]{2}")


def map_code(leaf: Node, codes: CodeMap) -> tuple[Counterpart | None, tuple[Remark, ...]]:
    """Ask a ConceptMap for the code of a leaf.

    Returns:
        What it says, None where it does not know the code or has none for it; and what is to be remarked, for an
        Outcome. The code itself is never repeated: it may be free text.
    """
    found = codes.find((leaf.text or "").strip())
    if found is None:
        said = f"a code that the ConceptMap {codes.name} does not know: not taken over"
        return None, (Remark(RemarkKind.UNMAPPED, leaf.path, None, said),)
    if found.code is None:
        said = f"not taken over: {found.comment or f'the ConceptMap {codes.name} has nothing for it'}"
        return None, (Remark(RemarkKind.LOST, leaf.path, None, said),)
    if found.is_exact:
        return found, ()
    said = f"the nearest code there is ({found.equivalence}){f': {found.comment}' if found.comment else ''}"
    return found, (Remark(RemarkKind.DEFAULTED, leaf.path, "", said),)


def _needed(given: Given) -> CodeMap:
    if given.codes is None:
        raise ValueError("the column codes names a ConceptMap")
    return given.codes


def _code(given: Given) -> Transform:
    codes = _needed(given)

    def translate(node: Node, _context: Context) -> Outcome:
        leaf = leaf_of(node)
        if leaf is None:
            return NOTHING
        found, remarks = map_code(leaf, codes)
        return Outcome(None, {}, remarks) if found is None else Outcome(found.code, {leaf.path: ""}, remarks)

    return translate


def _coding(given: Given) -> Transform:
    codes = _needed(given)
    if any(one.code is not None and one.system is None for one in codes.targets()):
        raise ValueError("every group of the ConceptMap needs a target: a code is no code without its system")

    def translate(node: Node, _context: Context) -> Outcome:
        leaf = leaf_of(node)
        if leaf is None:
            return NOTHING
        found, remarks = map_code(leaf, codes)
        if found is None:
            return Outcome(None, {}, remarks)
        coding = {"system": found.system, "code": found.code}
        if found.display is not None:
            coding["display"] = found.display
        return Outcome(coding, {leaf.path: "/code"}, remarks)

    return translate


def _same_code(given: Given) -> Transform:
    allowed = frozenset(given.allowed)
    if not allowed:
        raise ValueError("the target has no list of codes: use text or key")

    def take(node: Node, _context: Context) -> Outcome:
        leaf = leaf_of(node)
        if leaf is None:
            return NOTHING
        said = (leaf.text or "").strip()
        if said in allowed:
            return Outcome(said, {leaf.path: ""})
        remark = Remark(RemarkKind.UNMAPPED, leaf.path, None, "none of the codes that are known here: not taken over")
        return Outcome(None, {}, (remark,))

    return take


def _boolean(given: Given) -> Transform:
    codes = given.codes
    if codes is not None and any(one.code not in (None, "true", "false") for one in codes.targets()):
        raise ValueError("the ConceptMap gives true and false, and nothing else")

    def decide(node: Node, _context: Context) -> Outcome:
        leaf = leaf_of(node)
        if leaf is None:
            return NOTHING
        remarks: tuple[Remark, ...] = ()
        value: Any
        if codes is not None:
            found, remarks = map_code(leaf, codes)
            if found is None:
                return Outcome(None, {}, remarks)
            value = found.code == "true"
        else:
            value = _BOOLEANS.get((leaf.text or "").strip().lower())
            if value is None:
                return unreadable(leaf, "this is neither yes nor no")
        return Outcome(value, {leaf.path: ""}, remarks)

    return decide


def _language(given: Given) -> Transform:
    codes = given.codes

    def take(node: Node, _context: Context) -> Outcome:
        leaf = leaf_of(node)
        if leaf is None:
            return NOTHING
        said = (leaf.text or "").strip()
        if codes is not None and (found := codes.find(said)) is not None and found.code is not None:
            return Outcome(found.code, {leaf.path: ""})
        if _LANGUAGE.fullmatch(said) is None:
            remark = Remark(RemarkKind.UNMAPPED, leaf.path, None, "this is no language tag: not taken over")
            return Outcome(None, {}, (remark,))
        primary, *others = said.replace("_", "-").split("-")
        tag = "-".join((primary.lower(), *(one.upper() if len(one) == len("NL") else one for one in others)))
        return Outcome(tag, {leaf.path: ""})

    return take


def _country(node: Node, _context: Context) -> Outcome:
    leaf = leaf_of(node)
    if leaf is None:
        return NOTHING
    said = (leaf.text or "").strip()
    if _COUNTRY.fullmatch(said) is None:
        remark = Remark(RemarkKind.UNMAPPED, leaf.path, None, "this is no country code of two letters: not taken over")
        return Outcome(None, {}, (remark,))
    return Outcome(said.upper(), {leaf.path: ""})


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "code": Entry(
            "Our code for the sender's, by the ConceptMap; one that the map does not know gives no value and a remark.",
            _code,
            makes="string",
            codes="must",
        ),
        "coding": Entry("Like `code`, as a code with its system and display.", _coding, makes="coding", codes="must"),
        "same-code": Entry(
            "The code as it is, where the target's list has it; another gives no value and a remark.",
            _same_code,
            makes="string",
        ),
        "boolean": Entry(
            "Yes or no: Y, yes, J, ja, 1, true, T and N, no, nein, nee, 0, false, F in any case, or by the ConceptMap. "
            "Anything else is lost.",
            _boolean,
            makes="boolean",
            codes="may",
        ),
        "language": Entry(
            "A language tag (BCP 47); a ConceptMap, where one is named, is asked first. Anything else gives a remark.",
            _language,
            makes="string",
            codes="may",
        ),
        "country": entry("An ISO 3166-1 code of two letters. Anything else gives a remark.", _country, makes="string"),
    }
)
