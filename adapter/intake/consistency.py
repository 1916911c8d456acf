"""What a JSON schema cannot say about a canonical request or report: check digits, ids that must exist, contradictions.

The checks look at the JSON as it came and pass over what the schema has already refused, so that all problems are
told at once. Only what cannot be true is a contradiction; what is merely unusual is not ours to refuse.
"""

import binascii
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from adapter.base.errors import Problem
from adapter.intake import national_systems
from adapter.intake.calendar import is_day, is_instant, is_partial_date
from adapter.intake.strict_json import pointer

_STATEMENTS: Final = ("shareRecords", "returnReport", "askInsurer")
_CONTENTS: Final = ("path", "url", "data")
_OPINIONS: Final = ("necessity", "concordance", "answers", "summary", "document")

Path = tuple[str | int, ...]


def request_problems(raw: Any) -> Iterator[Problem]:
    """Yield what is wrong with a request beyond its schema."""
    if not isinstance(raw, dict):
        return
    yield from _identifiers(raw, ())
    yield from _replaces(raw)
    yield from _birth(raw)
    yield from _referral(raw)
    yield from _procedure(raw)
    yield from _records(raw)
    yield from _consents(raw)


def report_problems(raw: Any) -> Iterator[Problem]:
    """Yield what is wrong with a report beyond its schema."""
    if not isinstance(raw, dict):
        return
    yield from _identifiers(raw, ())
    yield from _replaces(raw)
    yield from _says_something(raw)
    yield from _answers(raw)
    if isinstance(raw.get("document"), dict):
        yield from _content(raw["document"], ("document",))


def records_problems(raw: Any) -> Iterator[Problem]:
    """Yield what is wrong with records alone beyond their schema."""
    if not isinstance(raw, dict):
        return
    yield from _identifiers(raw, ())
    yield from _birth(raw)
    yield from _records(raw)


def _identifiers(value: Any, path: Path) -> Iterator[Problem]:
    """National numbers, wherever `identifiers` or `insurer` stands."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _identifiers(item, (*path, index))
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "insurer":
                yield from _national(inner, (*path, name))
            elif name == "identifiers" and isinstance(inner, list):
                for index, item in enumerate(inner):
                    yield from _national(item, (*path, name, index))
            else:
                yield from _identifiers(inner, (*path, name))


def _national(stated: Any, path: Path) -> Iterator[Problem]:
    system, value = _text(stated, "system"), _text(stated, "value")
    fault = national_systems.fault(system, value) if system and value else None
    if fault:
        yield Problem(fault, pointer((*path, "value")), "value")


def _replaces(raw: dict[str, Any]) -> Iterator[Problem]:
    if raw.get("replaces") is not None and raw["replaces"] == raw.get("messageId", raw.get("id")):
        said = "a message cannot replace itself: give the correction a new `messageId`"
        yield Problem(said, pointer(("replaces",)), "invariant")


def _birth(raw: dict[str, Any]) -> Iterator[Problem]:
    born, sent = _text(raw.get("patient"), "birthDate"), _text(raw, "sent")
    if born and sent and is_partial_date(born) and is_instant(sent) and born > sent[: len(born)]:
        yield Problem("the date of birth lies after the request was sent", "/patient/birthDate", "invariant")


def _referral(raw: dict[str, Any]) -> Iterator[Problem]:
    if raw.get("referral") == "none" and raw.get("referrer"):
        said = "`referral` says that nobody referred the patient: correct it, or leave the referrer out"
        yield Problem(said, "/referrer", "invariant")


def _procedure(raw: dict[str, Any]) -> Iterator[Problem]:
    planned = raw.get("plannedProcedure")
    if not isinstance(planned, dict) or not isinstance(code := planned.get("code"), dict):
        return
    for name in ("laterality", "bodySite"):
        if name in code and name in planned and code[name] != planned[name]:
            said = f"this differs from /plannedProcedure/{name}: state it once"
            yield Problem(said, f"/plannedProcedure/code/{name}", "invariant")


def _records(raw: dict[str, Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, record in _objects(raw.get("records")):
        name = _text(record, "id")
        if name in seen:
            said = "another record has this id already: give every record its own"
            yield Problem(said, pointer(("records", index, "id")), "invariant")
        if name:
            seen.add(name)
        yield from _content(record, ("records", index))


def _content(holder: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Exactly one of path, url and data; or sha256 alone."""
    given = [name for name in _CONTENTS if name in holder]
    if not given and "sha256" not in holder:
        said = "the content is missing: give `path`, `url` or `data`, or `sha256` of an uploaded record"
        yield Problem(said, pointer(path), "required")
    for name in given[1:]:
        said = f"the content is given twice: keep `{given[0]}` or `{name}`"
        yield Problem(said, pointer((*path, name)), "invariant")
    data = holder.get("data")
    if isinstance(data, str) and not _is_base64(data):
        said = "this is not base64: use the standard alphabet with padding and no line breaks"
        yield Problem(said, pointer((*path, "data")), "value")


def _is_base64(text: str) -> bool:
    try:
        binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return False
    return bool(text)


def _consents(raw: dict[str, Any]) -> Iterator[Problem]:
    stated = raw.get("consent")
    if not isinstance(stated, dict):
        return
    known = {_text(record, "id") for _, record in _objects(raw.get("records"))}
    for name in _STATEMENTS:
        statement = stated.get(name)
        if isinstance(statement, dict):
            yield from _consent(statement, ("consent", name), known)
            if statement.get("given") is True and statement.get("by") == "representative" and not raw.get("proxy"):
                said = "a representative consented: say in `proxy` who that is and on what basis"
                yield Problem(said, "/proxy", "required")


def _consent(statement: dict[str, Any], path: Path, known: set[str | None]) -> Iterator[Problem]:
    if statement.get("given") is True and "by" not in statement:
        said = "a permission says who gave it: `patient` or `representative`"
        yield Problem(said, pointer((*path, "by")), "required")
    first, last = _day(statement, "on"), _day(statement, "until")
    if first and last and last < first:
        yield Problem("the consent ends before it begins", pointer((*path, "until")), "invariant")
    named = statement.get("records")
    for index, record in enumerate(named if isinstance(named, list) else ()):
        if isinstance(record, str) and record not in known:
            yield Problem("no record has this id", pointer((*path, "records", index)), "invariant")
    form = _text(statement, "document")
    if form and form not in known:
        yield Problem("no record has this id", pointer((*path, "document")), "invariant")


def _says_something(raw: dict[str, Any]) -> Iterator[Problem]:
    if all(raw.get(name) in (None, []) for name in _OPINIONS):
        said = "the report says nothing: give the document itself, a summary, or answers to the questions"
        yield Problem(said, "/document", "required")


def _answers(raw: dict[str, Any]) -> Iterator[Problem]:
    seen: set[int | Decimal] = set()
    for index, answer in _objects(raw.get("answers")):
        number = answer.get("question")
        if not isinstance(number, int | Decimal):
            continue
        if number in seen:
            said = "this question is answered already: give one answer to each"
            yield Problem(said, pointer(("answers", index, "question")), "invariant")
        seen.add(number)


def _objects(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield index, item


def _text(holder: Any, name: str) -> str | None:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else None


def _day(holder: dict[str, Any], name: str) -> date | None:
    text = _text(holder, name)
    return date.fromisoformat(text) if text and is_day(text) else None
