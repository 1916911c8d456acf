"""`$validate`: may this be FHIR R4, and what is wrong with it; nothing of what is sent is kept.

https://hl7.org/fhir/R4/resource-operation-validate.html
"""

# ruff: noqa: A002 -- id is the address's own word

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from adapter.api.bodies import limited_body
from adapter.api.capability import interactions
from adapter.api.representation import respond, wanted
from adapter.api.scope import Scope, Scoped
from adapter.api.stored import readable
from adapter.base.errors import Invalid, NotFound, Problem
from adapter.fhir.definitions.registry import definitions
from adapter.workflow.validation import Question, validate_content

router = APIRouter(prefix="/fhir")
_ANY = "Resource"
_KNOWN = ("profile", "mode")


@router.post("/$validate")
async def validate_any(request: Request, scope: Scoped) -> Response:
    """Judge a resource of any type; whoever may call at all may ask."""
    return await _answer(request, scope, None, None)


@router.post("/{kind}/$validate")
async def validate_type(kind: str, request: Request, scope: Scoped) -> Response:
    """Judge a resource of a type."""
    return await _answer(request, scope, kind, None)


@router.get("/{kind}/{id}/$validate")
@router.post("/{kind}/{id}/$validate")
async def validate_instance(kind: str, id: str, request: Request, scope: Scoped) -> Response:
    """Judge a stored resource, or another content for it."""
    return await _answer(request, scope, kind, id)


async def _answer(request: Request, scope: Scope, kind: str | None, id: str | None) -> Response:
    wanted(request)
    question = _question(request, scope, kind, id)
    body = await limited_body(request, scope.service.max_body_bytes)
    media_type = request.headers.get("content-type")
    return respond(await run_in_threadpool(validate_content, question, body, media_type), request)


def _question(request: Request, scope: Scope, kind: str | None, id: str | None) -> Question:
    """Return what the address asks.

    Raises:
        NotFound: R4 has no such resource type.
        Invalid: a parameter that is not known, or a mode twice.
    """
    if kind is not None and kind != _ANY and kind not in definitions().resource_types:
        raise NotFound("R4 has no resource type of this name")
    stated = request.query_params
    # what begins with an underscore is about the answer, and others read it
    unknown = [name for name in stated if name not in _KNOWN and not name.startswith("_")]
    modes = stated.getlist("mode")
    problems = [
        Problem(f"only {' and '.join(_KNOWN)} may stand in the address", "?", "not-supported") for _ in unknown[:1]
    ]
    if len(modes) > 1:
        problems.append(Problem("mode may be given once", "mode", "structure"))
    if problems:
        raise Invalid("the address has parameters that $validate does not know", problems=problems)
    return Question(
        kind=None if kind == _ANY else kind,
        id=id,
        mode=modes[0] if modes else None,
        profiles=tuple(one for one in stated.getlist("profile") if one),
        offered=interactions,
        stored=lambda: readable(scope, str(kind), str(id)).resource,
    )
