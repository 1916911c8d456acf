"""The account of an intake: where every field of a foreign message went, and what was lost on the way.

It holds places and reasons, never a value of the message, and is kept with the case.
"""

from dataclasses import dataclass
from typing import Any, Final

from adapter.base.errors import Problem
from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.tables.account import FieldTrace

_ISSUES: Final = {
    RemarkKind.LOST: ("not-supported", "information"),
    RemarkKind.DEFAULTED: ("informational", "information"),
    RemarkKind.UNMAPPED: ("code-invalid", "warning"),
    RemarkKind.TRUNCATED: ("too-long", "warning"),
    RemarkKind.UNREADABLE: ("value", "warning"),
    RemarkKind.DOUBTED: ("invalid", "warning"),
}
"""How the loss report says each: IssueType and severity (https://hl7.org/fhir/R4/valueset-issue-type.html)."""


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a message.

    Attributes:
        format: the table that read it.
        rows: one for every field that says something, in the order of the message.
        remarks: the loss report.
    """

    format: str
    rows: tuple[FieldTrace, ...]
    remarks: tuple[Remark, ...]

    def losses(self) -> list[Problem]:
        """Return the loss report as issues, each with its place in the sender's terms."""
        return [Problem(f"{one.kind.value}: {one.text}", one.source, *_ISSUES[one.kind]) for one in self.remarks]

    def as_json(self) -> dict[str, Any]:
        """Return the account as JSON data, as it is kept with the case."""
        return {
            "format": self.format,
            "rows": [row._asdict() for row in self.rows],
            "remarks": [
                {"kind": one.kind.value, "source": one.source, "target": one.target, "text": one.text}
                for one in self.remarks
            ],
        }


def account_from(stored: dict[str, Any]) -> Account:
    """Return the account that `as_json` gave."""
    return Account(
        stored["format"],
        tuple(FieldTrace(**row) for row in stored["rows"]),
        tuple(Remark(RemarkKind(one["kind"]), one["source"], one["target"], one["text"]) for one in stored["remarks"]),
    )
