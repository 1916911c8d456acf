"""What is wrong with a message as ERR segments that name segment, field and component.

HL7 v2.5 chapter 2, section 2.15.5 "ERR": one segment a problem, with ERL and CWE; before 2.5 one segment with a
repetition a problem (section 2.24.5 of version 2.4: segment, sequence, field, code).
"""

from collections.abc import Sequence
from typing import Final

from adapter.base.errors import Problem
from adapter.mapping.to_v2.er7 import Writing
from adapter.mapping.to_v2.error_codes import TEXTS, condition_code, severity_code
from adapter.mapping.v2_location import Location, location

MOST: Final = 100
ERR_AS_OF_2_5: Final = 5
_TABLE: Final = "HL70357"


def error_segments(writing: Writing, problems: Sequence[Problem], issue: str, minor_version: int) -> list[str]:
    """Return the ERR segments; none where there are no problems.

    Args:
        writing: how the message is written.
        problems: what is wrong, or only to be said; all of it up to `MOST`.
        issue: the issue type of those that have none.
        minor_version: the 5 of version 2.5.1.
    """
    if len(problems) > MOST:
        more = Problem(f"{len(problems) - MOST} more are not listed", code="informational", severity="information")
        problems = [*problems[:MOST], more]
    if minor_version >= ERR_AS_OF_2_5:
        return [_segment(writing, one, issue) for one in problems]
    return [writing.segment("ERR", writing.repetition.join(_older(writing, one, issue) for one in problems))] * bool(
        problems
    )


def _segment(writing: Writing, problem: Problem, issue: str) -> str:
    code = condition_code(problem, issue)
    place = location(problem.where)
    return writing.segment(
        "ERR",
        "",
        _place(writing, place) if place is not None else "",
        writing.component.join((code, TEXTS[code], _TABLE)),
        severity_code(problem),
        writing.text(problem.code or issue),
        "",
        "" if place is not None else writing.text(problem.where or ""),
        writing.text(problem.text),
    )


def _place(writing: Writing, place: Location) -> str:
    parts = (place.segment, place.sequence, place.field, place.repetition, place.component, place.subcomponent)
    return writing.component.join("" if one is None else str(one) for one in parts).rstrip(writing.component)


def _older(writing: Writing, problem: Problem, issue: str) -> str:
    code = condition_code(problem, issue)
    place = location(problem.where)
    text = problem.text if place is not None or not problem.where else f"{problem.where}: {problem.text}"
    said = writing.subcomponent.join(
        (code, TEXTS[code], _TABLE, writing.text(problem.code or issue), writing.text(text))
    )
    where = (place.segment, str(place.sequence), str(place.field or "")) if place is not None else ("", "", "")
    return writing.component.join((*where, said))
