"""Reads the canonical formats: `second-opinion-request/1`, `-report/1`, `-records/1` and `-event/1`.

In this order: limits and JSON syntax, the format's name, then the published schema and what it cannot say; from there
on every problem is told at once, each with its JSON pointer (RFC 6901) and without what was sent.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final, Literal, NamedTuple, cast

from adapter.base.errors import InputError, Invalid, Problem, UnknownFormat
from adapter.domain import report, request
from adapter.domain.report import SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.standing_alone import EVENT_FORMAT, RECORDS_FORMAT, RecordsAlone, WordAboutCase
from adapter.intake.assembly import build_records, build_report, build_request, build_word
from adapter.intake.consistency import records_problems, report_problems, request_problems
from adapter.intake.schemas import MAX_PROBLEMS, schema
from adapter.intake.strict_json import MAX_BYTES, read_json

Kind = Literal["request", "report", "records", "event"]
Stated = SecondOpinionRequest | SecondOpinionReport | RecordsAlone | WordAboutCase


class _Format(NamedTuple):
    """A canonical format: its name, the folder of its schema, what the schema cannot say, and the domain's value."""

    name: str
    folder: str
    beyond: Callable[[Any], Iterable[Problem]]
    build: Callable[[dict[str, Any]], Stated]


_FORMATS: Final[dict[Kind, _Format]] = {
    "request": _Format(request.FORMAT, "second-opinion-request-1", request_problems, build_request),
    "report": _Format(report.FORMAT, "second-opinion-report-1", report_problems, build_report),
    "records": _Format(RECORDS_FORMAT, "second-opinion-records-1", records_problems, build_records),
    "event": _Format(EVENT_FORMAT, "second-opinion-event-1", lambda _: (), build_word),
}
_KINDS: Final[dict[str, Kind]] = {one.name.partition("/")[0]: kind for kind, one in _FORMATS.items()}


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
    return cast("SecondOpinionRequest", stated_by("request", raw))


def report_from(raw: Any) -> SecondOpinionReport:
    """Return the report that parsed JSON states; raises as `read_request` does."""
    return cast("SecondOpinionReport", stated_by("report", raw))


def stated_by(kind: Kind, raw: Any) -> Stated:
    """Return what parsed JSON of this kind states; raises as `read_request` does."""
    document = _of_format(raw, _FORMATS[kind].name)
    problems = problems_of(kind, document)
    if problems:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise Invalid(f"the {kind} has {count}: correct what is named and send it again", problems=problems)
    return _FORMATS[kind].build(document)


def built(kind: Kind, document: dict[str, Any]) -> Stated:
    """Return what a document states in which `problems_of` found nothing."""
    return _FORMATS[kind].build(document)


def problems_of(kind: Kind, document: dict[str, Any]) -> list[Problem]:
    """Return everything that is wrong with a canonical document of this kind, each with its JSON pointer."""
    problems = schema(_FORMATS[kind].folder).problems(document)
    return [*problems, *islice(_FORMATS[kind].beyond(document), MAX_PROBLEMS - len(problems))]


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
