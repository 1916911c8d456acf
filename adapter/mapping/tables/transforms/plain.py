"""Transforms that belong to no format: text, keys, numbers, constants, and what is left out."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.identifier_systems import as_uri
from adapter.mapping.tables.outcome import NOTHING, Context, Entry, Given, Outcome, Transform, entry

DELETE: Final = '""'
"""HL7 v2 §2.5.3: the value is to be deleted at the receiver; nobody has stored one here."""
_KEY_LENGTH: Final = 256

_control = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]").search
_drop_control = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]").sub
_key_fault = re.compile(r"[\x00-\x1f\x7f]").search
_media_type = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*").fullmatch
_number = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?").fullmatch
_space = re.compile(r"\s").search


def leaf_of(node: Node) -> Node | None:
    """Return the node itself, or its first leaf that says something; None = nothing is said."""
    if not node.children:
        return node if _says(node.text) else None
    return next((leaf for leaf in node.leaves() if _says(leaf.text)), None)


def clean(text: str) -> str:
    """Return a text as the formats allow it: without white space around it and without control characters."""
    if _control(text) is not None:
        text = _drop_control("", text)
    return text.strip()


def unreadable(leaf: Node, text: str) -> Outcome:
    """Return no value, with a remark that the leaf is lost and why."""
    return Outcome(None, {}, (Remark(RemarkKind.UNREADABLE, leaf.path, None, f"{text}: not taken over"),))


def _says(text: str | None) -> bool:
    return text is not None and text != DELETE and not text.isspace() and text != ""


def _text(node: Node, _context: Context) -> Outcome:
    leaf = leaf_of(node)
    said = clean(leaf.text or "") if leaf is not None else ""
    return Outcome(said, {leaf.path: ""}) if leaf is not None and said else NOTHING


def _joined(given: Given) -> Transform:
    separator = " " if given.argument is None else given.argument.replace("\\n", "\n")

    def join(node: Node, _context: Context) -> Outcome:
        leaves = [leaf for leaf in node.leaves() if _says(leaf.text)]
        said = [clean(leaf.text or "") for leaf in leaves]
        return Outcome(separator.join(filter(None, said)), {leaf.path: "" for leaf in leaves}) if any(said) else NOTHING

    return join


def _key(node: Node, _context: Context) -> Outcome:
    leaf = leaf_of(node)
    if leaf is None:
        return NOTHING
    said = " ".join((leaf.text or "").split())
    if _key_fault(said) is not None or len(said) > _KEY_LENGTH:
        return unreadable(leaf, f"an id has at most {_KEY_LENGTH} visible characters")
    return Outcome(said, {leaf.path: ""})


def _integer(node: Node, _context: Context) -> Outcome:
    leaf = leaf_of(node)
    if leaf is None:
        return NOTHING
    found = _number((leaf.text or "").strip())
    if found is None or float(found[0]) != int(float(found[0])):
        return unreadable(leaf, "this is no whole number")
    return Outcome(int(float(found[0])), {leaf.path: ""})


def _decimal(node: Node, _context: Context) -> Outcome:
    leaf = leaf_of(node)
    if leaf is None:
        return NOTHING
    found = _number((leaf.text or "").strip())
    if found is None:
        return unreadable(leaf, "this is no number")
    value = float(found[0])
    return Outcome(int(value) if value == int(value) else value, {leaf.path: ""})


def _base64(node: Node, _context: Context) -> Outcome:
    leaf = leaf_of(node)
    if leaf is None or leaf.text is None:
        return NOTHING
    said = leaf.text if _space(leaf.text) is None else "".join(leaf.text.split())
    return Outcome(said, {leaf.path: ""})


def _media(node: Node, _context: Context) -> Outcome:
    leaf = leaf_of(node)
    if leaf is None:
        return NOTHING
    said = (leaf.text or "").partition(";")[0].strip().lower()
    return Outcome(said, {leaf.path: ""}) if _media_type(said) else unreadable(leaf, "this is no media type")


def _uri(node: Node, _context: Context) -> Outcome:
    leaf = leaf_of(node)
    if leaf is None:
        return NOTHING
    said = as_uri((leaf.text or "").strip())
    return Outcome(said, {leaf.path: ""}) if said else unreadable(leaf, "this is no URI, OID or UUID")


def _constant(given: Given) -> Transform:
    value, is_field = given.constant(), given.is_field
    return lambda node, _context: Outcome(value, _stood_for(node) if is_field else {})


def _default(given: Given) -> Transform:
    value, note, is_field = given.constant(), given.note, given.is_field
    if not note:
        raise ValueError("what is filled in has its reason in the last cell")

    def fill_in(node: Node, _context: Context) -> Outcome:
        remark = Remark(RemarkKind.DEFAULTED, node.path or None, "", note)
        return Outcome(value, _stood_for(node) if is_field else {}, (remark,))

    return fill_in


def _stood_for(node: Node) -> dict[str, str]:
    return {leaf.path: "" for leaf in node.leaves()}


def _nothing(_given: Given) -> Transform:
    return lambda _node, _context: NOTHING


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "text": entry(
            "The text of the field, or of its first part, without white space around it and control characters.",
            _text,
            makes="string",
        ),
        "joined": Entry(
            "All that the field and its parts say, joined by the argument (none: a space; `\\n`: a line break).",
            _joined,
            makes="string",
            argument="may",
        ),
        "key": entry(
            f"An id; white space becomes single spaces. Over {_KEY_LENGTH} characters, or invisible ones: lost.",
            _key,
            makes="string",
        ),
        "integer": entry("A whole number. Anything else is lost.", _integer, makes="integer"),
        "number": entry("A number with a decimal point. Anything else is lost.", _decimal, makes="number"),
        "base64": entry("Bytes in base64; white space and line breaks in it are dropped.", _base64, makes="string"),
        "media-type": entry("A media type, in lower case, without parameters.", _media, makes="string"),
        "uri": entry("A URI; an OID or UUID becomes one. Anything else is lost.", _uri, makes="string"),
        "constant": Entry(
            "The argument, whatever the field says; `true` and `false` where the target is a truth value.",
            _constant,
            argument="must",
            sourceless=True,
        ),
        "default": Entry(
            "The argument, with a remark that it was filled in; the last cell says why.",
            _default,
            argument="must",
            sourceless=True,
        ),
        "ignore": Entry("Nothing, and nothing is lost by it: the last cell says why.", _nothing, targets=0),
        "lost": Entry("Nothing, and it counts as lost: the last cell says why.", _nothing, targets=0),
    }
)
