"""I12: a treating partner asks for a second opinion; the case opens as received."""

from dataclasses import replace

from adapter.base.errors import DuplicateDiffers, Invalid
from adapter.domain.case import Case, Role, TaskStatus
from adapter.domain.lifecycle import CaseEvent
from adapter.fhir.resource import Resource
from adapter.mapping.from_fhir.request_view import RequestView, read_request_view
from adapter.store.unit import Unit
from adapter.workflow.advance import advance
from adapter.workflow.incoming.scene import Scene


def take_request(unit: Unit, scene: Scene) -> str:
    """Open the case and return the id of its Task.

    Raises:
        Invalid: the request is incomplete, or not addressed to a consulting organisation.
        DuplicateDiffers: the case, or a resource id of it, is known already.
    """
    org = scene.organisation.id
    if scene.organisation.role is not Role.CONSULTING:
        raise Invalid(
            "requests for a second opinion go to a consulting organisation", where="MessageHeader.destination"
        )
    view = read_request_view(scene.message.resources)
    _refuse_known(unit, org, scene.message.resources)
    case = Case(
        org=org,
        id=scene.message.task["id"],
        number=view.case_number,
        request_id=view.request_id,
        role=Role.CONSULTING,
        partner=scene.partner.id,
        status=TaskStatus.REQUESTED,
        business_status="new",
        opened_at=scene.at,
        changed_at=scene.at,
        detail={"records": [], "afterwards": view.afterwards, "message": scene.message.id},
    )
    case = replace(case, version=unit.cases.add(case))
    unit.resources.put_all(org, case.id, scene.message.resources, scene.at)
    opened = {"from": scene.partner.id, "message": scene.message.id, **_summary(view)}
    unit.events.append(org, case.id, "requested", scene.actor, scene.at, opened)
    advance(unit, case, CaseEvent.RECEIVED, by=Role.CONSULTING, actor="node", at=scene.at)
    return case.id


def _refuse_known(unit: Unit, org: str, resources: list[Resource]) -> None:
    known = unit.resources.known(org, resources)
    if known:
        text = "this request, or a resource with one of its ids, has been received before in another message"
        raise DuplicateDiffers(text, where=f"{min(known)[0]}.id")


def _summary(view: RequestView) -> dict[str, object]:
    return {"questions": len(view.questions), "records": [one.record_id for one in view.records]}
