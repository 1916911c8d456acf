"""The trace of a foreign message: from its own fields through the canonical document to the elements that leave."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from adapter.mapping.tables.account import FieldTrace

_PARTS: Final = "; "


def through(rows: Iterable[FieldTrace], canonical: Sequence[Mapping[str, str | None]]) -> list[dict[str, str | None]]:
    """Return one row per field of the message, in its order.

    Args:
        rows: the account of the message: fields to canonical pointers.
        canonical: the trace of the canonical document: pointers to elements.

    Returns:
        `source` in the sender's terms, `target` (None = nowhere), `note`, and `via`, the canonical pointers.
    """
    by_pointer = {str(row["source"]): row for row in canonical}
    traced: list[dict[str, str | None]] = []
    for row in rows:
        beyond = [one for pointer in _pointers(row.target) for one in _at_or_beneath(pointer, by_pointer)]
        targets = dict.fromkeys(part for one in beyond for part in (one["target"] or "").split(_PARTS) if part)
        notes = dict.fromkeys(one["note"] for one in beyond if one["note"])
        said = [f"by {row.transform}" if row.transform and row.target else "", row.note, *notes]
        traced.append(
            {
                "source": row.source,
                "target": _PARTS.join(targets) or None,
                "note": _PARTS.join(str(one) for one in said if one),
                "via": row.target,
            }
        )
    return traced


def _pointers(target: str | None) -> list[str]:
    return target.split(_PARTS) if target else []


def _at_or_beneath(pointer: str, by_pointer: Mapping[str, Mapping[str, str | None]]) -> list[Mapping[str, str | None]]:
    there = by_pointer.get(pointer)
    if there is not None:
        return [there]
    return [row for source, row in by_pointer.items() if source.startswith(f"{pointer}/")]
