"""Dates and moments of CDA: TS and IVL_TS, of which the beginning counts.

CDA R2 data types, TS: YYYYMMDDHHMMSS.UUUU[+|-ZZzz], to whatever precision; the literal form is that of HL7 v2.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import NOTHING, Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms import v2_times
from adapter.mapping.tables.transforms.cda_parts import attribute, inner, is_null
from adapter.mapping.tables.transforms.v2_parts import Reading

_DAY: Final = len("2026-01-31")


def read_date(node: Node, context: Context) -> Outcome:
    """Give a year, month or day, as far as it is said."""
    leaf = _leaf(node)
    return v2_times.read_date(leaf, context) if leaf is not None else NOTHING


def read_date_alone(node: Node, context: Context) -> Outcome:
    """Give the same of a moment that goes elsewhere as a whole, so that its time of day is not lost."""
    made = read_date(node, context)
    return made._replace(remarks=tuple(one for one in made.remarks if one.kind is not RemarkKind.TRUNCATED))


def read_day(node: Node, context: Context) -> Outcome:
    """Give a day; what is less precise is none."""
    leaf = _leaf(node)
    return v2_times.read_day(leaf, context) if leaf is not None else NOTHING


def read_instant(node: Node, context: Context) -> Outcome:
    """Give a moment; a day alone is its midnight, without an offset it has the sender's time zone."""
    leaf = _leaf(node)
    if leaf is None:
        return NOTHING
    day = v2_times.read_date(leaf, context)
    text = (leaf.text or "").strip()
    if not isinstance(day.value, str) or len(day.value) < _DAY or len(text) > _DAY:
        return v2_times.read_instant(leaf, context)
    made = v2_times.read_instant(Node(leaf.name, leaf.path, f"{day.value.replace('-', '')}000000"), context)
    reading = Reading(leaf)
    reading.remark(RemarkKind.DEFAULTED, leaf, "the time of day is not said: midnight, in the sender's time zone", "")
    return made._replace(remarks=tuple(reading.remarks))


def _leaf(node: Node) -> Node | None:
    if not node.children and node.name.startswith("@"):
        return node
    return None if is_null(node) else attribute(node, "value") or attribute(inner(node, "low"), "value")


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "cda-date": entry(
            "A TS or the beginning of an IVL_TS as year, month or day, as far as it is known.",
            read_date,
            makes="partialDate",
        ),
        "cda-date-alone": entry(
            "The same of a moment that another row takes as a whole: its time of day is not lost.",
            read_date_alone,
            makes="partialDate",
        ),
        "cda-day": entry("Likewise as a day; what is less precise gives nothing and a remark.", read_day, makes="day"),
        "cda-instant": entry(
            "Likewise as a moment; a day alone is its midnight, one without an offset has the sender's time zone, and"
            " a remark says so.",
            read_instant,
            makes="instant",
        ),
    }
)
