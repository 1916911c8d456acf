"""records: the package arrives; every byte is held against the manifest and against what was announced."""

from adapter.base.errors import Invalid, Problem
from adapter.domain.case import Role, TaskStatus
from adapter.domain.lifecycle import CaseEvent
from adapter.fhir.bundles import unbundle
from adapter.mapping.from_fhir.package import ReceivedPackage, read_package
from adapter.mapping.from_fhir.request_view import read_request_view
from adapter.store.unit import Unit
from adapter.workflow.advance import advance
from adapter.workflow.incoming.scene import Scene
from adapter.workflow.outgoing.tell import tell_status


def take_records(unit: Unit, scene: Scene) -> str:
    """Store the records; an accepted case is then under review.

    Raises:
        Invalid: there is no package, or it is not what its manifest or the request said.
        IllegalTransition: the case does not wait for records.
    """
    case = scene.case(unit)
    if scene.message.document is None:
        raise Invalid("a records message carries the package as a document Bundle", where="Bundle.entry")
    package = read_package(scene.message.document)
    _agree(unit, scene, package)
    for item in package.items:
        scene.node.store.blobs.write(case.org, item.data)
    kept = [one for one in unbundle(scene.message.document) if one["resourceType"] in ("Composition", "List")]
    unit.resources.put_all(case.org, case.id, kept, scene.at)
    case = advance(
        unit,
        case,
        CaseEvent.RECORDS_RECEIVED,
        by=scene.side,
        actor=scene.actor,
        at=scene.at,
        detail={"message": scene.message.id, "records": [item.record_id for item in package.items]},
        keep={"records": [{"id": item.record_id, "sha256": item.sha256} for item in package.items]},
    )
    if case.status is TaskStatus.ACCEPTED:
        case = advance(unit, case, CaseEvent.STARTED, by=Role.CONSULTING, actor="node", at=scene.at)
        tell_status(unit, case, scene.at)
    return case.id


def _agree(unit: Unit, scene: Scene, package: ReceivedPackage) -> None:
    """Refuse records that the request did not announce, or with other bytes."""
    stored = unit.resources.of_case(scene.organisation.id, scene.message.task["id"])
    announced = {one.record_id: one.sha256 for one in read_request_view([one.resource for one in stored]).records}
    problems = []
    for item in package.items:
        if item.record_id not in announced:
            problems.append(Problem("the package has a record that the request did not announce", "List.entry"))
        elif announced[item.record_id] not in (None, item.sha256):
            problems.append(
                Problem("a record is not the one that the request announced (sha256 differs)", "List.entry")
            )
    if problems:
        raise Invalid("the records package does not fit the request", problems=problems)
