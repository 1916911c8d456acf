"""The operation $validate: what is asked about which resource, and the OperationOutcome that answers.

https://hl7.org/fhir/R4/resource-operation-validate.html
A resource that is not valid, or not even FHIR, is an answer with its issues. An error means that nothing can be said
of it: the address, the mode or the media type is wrong, or a profile that is named is not here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from adapter.base.errors import Invalid, Problem, UnknownFormat, Unreadable
from adapter.fhir.codec import media_type_of
from adapter.fhir.judgement import found_in, judge, read, unreadable
from adapter.fhir.outcomes import outcome_of
from adapter.fhir.profiles import is_known
from adapter.fhir.resource import Resource
from adapter.fhir.validate import located
from adapter.fhir.validate.validator import limited
from adapter.workflow.validation_parameters import MODES, ValidationParameters, has_resource, read_parameters

_OF_STORED: Final = frozenset({"update", "delete", "profile"})
_WITH_CONTENT: Final = frozenset({"create", "update"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What the address of a call to $validate says.

    Attributes:
        kind: the resource type; None = any.
        id: of the stored resource that is meant; None = none is.
        mode: of MODES; None = the address does not say.
        profiles: canonical URLs that the address names.
        offered: the interactions that the server has for a type ("read", "create", ...).
        stored: gives the stored resource, or raises where there is none or the caller may not read it.
    """

    kind: str | None
    id: str | None
    mode: str | None
    profiles: tuple[str, ...]
    offered: Callable[[str], Collection[str]]
    stored: Callable[[], Resource]


def validate_content(question: Question, body: bytes, media_type: str | None) -> Resource:
    """Return the OperationOutcome with all issues, or with "All OK".

    Args:
        question: from the address.
        body: a resource, or Parameters around one; empty where a stored resource is meant.
        media_type: of the body; None = look at it.

    Raises:
        Unreadable: there is nothing to judge.
        UnknownFormat: neither JSON nor XML by its media type, or another FHIR version.
        TooLarge: nested too deep to be looked at.
        Invalid: the mode or the parameters are wrong, or a profile that is named is not here.
        NotFound, Gone, NotPermitted: of the stored resource.
    """
    noted: list[Problem] = []
    asked = ValidationParameters()
    if body.strip():
        if media_type is not None:
            media_type_of(body, media_type)
        try:
            sent, noted = read(body, media_type, max_bytes=len(body))
        except (Unreadable, Invalid, UnknownFormat) as refused:
            _check(question, asked, sent=True)
            return outcome_of(unreadable(refused))
        asked = _asked(question, sent)
    asked = _with_address(question, asked)
    _check(question, asked, sent=asked.resource is not None)
    if asked.resource is None:
        return outcome_of([*asked.remarks, *_of_stored(question, asked)])
    found = _located(_of_sent(question, asked, noted), asked, body, media_type)
    return outcome_of([*asked.remarks, *limited(found)])


def _asked(question: Question, sent: Resource) -> ValidationParameters:
    """Return what was asked; Parameters sent to their own address are judged themselves, unless they carry one."""
    if sent.get("resourceType") != "Parameters" or (question.kind == "Parameters" and not has_resource(sent)):
        return ValidationParameters(resource=sent)
    return read_parameters(sent)


def _with_address(question: Question, asked: ValidationParameters) -> ValidationParameters:
    if question.mode is not None and asked.mode not in (None, question.mode):
        raise Invalid("the address and the parameters name different modes", where="mode")
    profiles = tuple(dict.fromkeys(question.profiles + asked.profiles))
    return replace(asked, mode=asked.mode or question.mode, profiles=profiles)


def _check(question: Question, asked: ValidationParameters, *, sent: bool) -> None:
    """Refuse what cannot be asked."""
    mode = asked.mode or question.mode
    problems = [
        Problem(f"the profile {url} is not here, so nothing can be held against it", "profile", "not-found")
        for url in asked.profiles or question.profiles
        if not is_known(url)
    ]
    if mode is not None and mode not in MODES:
        problems.append(Problem(f"mode is one of {', '.join(MODES)}", "mode", "code-invalid"))
    elif mode in _OF_STORED and question.id is None:
        said = f"mode {mode} is about a stored resource: use its address, (type)/(id)/$validate"
        problems.append(Problem(f"{said}; to judge what you send, leave the mode out", "mode", "not-supported"))
    elif mode == "profile" and sent:
        said = "mode profile judges the stored resource: send none; to judge what you send, leave the mode out"
        problems.append(Problem(said, "mode", "invalid"))
    elif mode == "profile" and not (asked.profiles or question.profiles):
        problems.append(Problem("mode profile needs a profile", "profile", "required"))
    if not sent and (question.id is None or mode in _WITH_CONTENT):
        said = "there is nothing to validate: send a resource, or Parameters with one in `resource`"
        if not problems:
            raise Unreadable(said, where="resource")
        problems.append(Problem(said, "resource", "required"))
    if problems:
        raise Invalid("this cannot be validated as it is asked", problems=problems)


def _of_stored(question: Question, asked: ValidationParameters) -> list[Problem]:
    resource = question.stored()
    if asked.mode == "delete":
        return _not_offered(question, "delete", str(resource["resourceType"]))
    return judge(resource, asked.profiles)


def _of_sent(question: Question, asked: ValidationParameters, noted: list[Problem]) -> list[Problem]:
    if asked.mode == "delete":  # "the server ignores the content"
        return _of_stored(question, asked)
    if asked.mode == "update":
        question.stored()
    name = asked.resource.get("resourceType")
    kind = name if type(name) is str else "Resource"
    found = []
    if question.kind not in (None, kind):
        said = f"must be of the type in the address, {question.kind}"
        found.append(Problem(said, kind, "invalid"))
    elif question.id is not None and asked.resource.get("id") != question.id:
        found.append(Problem("must have the id of the address", f"{kind}.id", "invalid"))
    if asked.mode is not None:
        found += _not_offered(question, asked.mode, kind)
    left_out = [_below(one, asked.place, kind) for one in noted]
    told = {one.where for one in left_out if one is not None}
    found += [one for one in left_out if one is not None]
    return found + [one for one in found_in(asked.resource, asked.profiles) if one.where not in told]


def _below(problem: Problem, place: str | None, kind: str) -> Problem | None:
    """Return a problem of what was sent as one of the resource inside it; None where it is of something else."""
    if place is None:
        return problem
    where = problem.where or ""
    return replace(problem, where=kind + where[len(place) :]) if where.startswith(place) else None


def _not_offered(question: Question, mode: str, kind: str) -> list[Problem]:
    """Return why the interaction would fail, as a mode without errors promises that it would not."""
    if mode in question.offered(kind):
        return []
    said = f"this node does not offer {mode} for {kind}: requests go to its intake, messages to $process-message"
    return [Problem(said, kind, "not-supported")]


def _located(found: list[Problem], asked: ValidationParameters, body: bytes, media_type: str | None) -> list[Problem]:
    """Return the problems with line and column in the body, their places still told from the resource on."""
    if asked.place is None:
        return located(found, body, media_type)
    placed = [replace(one, where=None if one.where is None else _within(asked.place, one.where)) for one in found]
    spots: list[Any] = located(placed, body, media_type)
    return [replace(one, line=spot.line, column=spot.column) for one, spot in zip(found, spots, strict=True)]


def _within(place: str, where: str) -> str:
    return place + where[len(where.partition(".")[0]) :]
