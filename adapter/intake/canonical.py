"""Reads the canonical formats `second-opinion-request/1` and `second-opinion-report/1`.

In this order: limits and JSON syntax, the format's name, then the published schema and what it cannot say; from there
on every problem is told at once, each with its JSON pointer (RFC 6901) and without what was sent.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final, Literal

from adapter.base.errors import InputError, Invalid, Problem, UnknownFormat
from adapter.domain import report, request
from adapter.domain.report import SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.intake.assembly import build_report, build_request
from adapter.intake.consistency import report_problems, request_problems
from adapter.intake.schemas import MAX_PROBLEMS, schema
from adapter.intake.strict_json import MAX_BYTES, read_json

Kind = Literal["request", "report"]

_KINDS: Final[dict[str, Kind]] = {"second-opinion-request": "request", "second-opinion-report": "report"}
_CHECKS: Final[dict[Kind, tuple[str, Callable[[Any], Iterable[Problem]]]]] = {
    "request": ("second-opinion-request-1", request_problems),
    "report": ("second-opinion-report-1", report_problems),
}


def read_request(data: bytes, *, max_bytes: int = MAX_BYTES) -> SecondOpinionRequest:
    """Return the request in `data`.

    Raises:
        TooLarge: more than `max_bytes`, nested too deep, or too many values.
        Unreadable: not UTF-8, not JSON, or a member given twice.
        UnknownFormat: `format` names another format or version.
        Invalid: anything else that is wrong, all of it.
    """
    return request_from(read_json(data, max_bytes=max_bytes))


def read_report(data: bytes, *, max_bytes: int = MAX_BYTES) -> SecondOpinionReport:
    """Return the report in `data`; raises as `read_request` does."""
    return report_from(read_json(data, max_bytes=max_bytes))


def request_from(raw: Any) -> SecondOpinionRequest:
    """Return the request that parsed JSON states; raises as `read_request` does."""
    document = _of_format(raw, request.FORMAT)
    _refuse(problems_of("request", document), "request")
    return build_request(document)


def report_from(raw: Any) -> SecondOpinionReport:
    """Return the report that parsed JSON states; raises as `read_request` does."""
    document = _of_format(raw, report.FORMAT)
    _refuse(problems_of("report", document), "report")
    return build_report(document)


def problems_of(kind: Kind, document: dict[str, Any]) -> list[Problem]:
    """Return everything that is wrong with a canonical document of this kind, each with its JSON pointer."""
    folder, beyond = _CHECKS[kind]
    problems = schema(folder).problems(document)
    return [*problems, *islice(beyond(document), MAX_PROBLEMS - len(problems))]


def sniff(data: bytes, *, max_bytes: int = MAX_BYTES) -> Kind | None:
    """Return which canonical format `data` says it is, of any version; None = neither, or not readable at all."""
    try:
        return kind_of(read_json(data, max_bytes=max_bytes))
    except InputError:
        return None


def kind_of(raw: Any) -> Kind | None:
    """Return which canonical format parsed JSON says it is, of any version; None = neither."""
    named = raw.get("format") if isinstance(raw, dict) else None
    return _KINDS.get(named.partition("/")[0]) if isinstance(named, str) else None


def _of_format(raw: Any, supported: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise Invalid(f"this is no JSON object: send one object with the format {supported}", where="")
    if raw.get("format") != supported:
        said = "is missing" if "format" not in raw else "names another format or version"
        raise UnknownFormat(f"`format` {said}: only {supported} is read here", where="/format")
    return raw


def _refuse(problems: list[Problem], kind: str) -> None:
    if problems:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise Invalid(f"the {kind} has {count}: correct what is named and send it again", problems=problems)
