"""tell-status-by-v2: RRI^I12 to the system that asked by HL7 v2; the state alone, so no consent is needed."""

from adapter.domain.case import TaskStatus
from adapter.fhir.designations import designation
from adapter.fhir.systems import BUSINESS_STATUS, STATUS_REASON
from adapter.mapping.to_v2.standing import Standing, write_standing
from adapter.store.work import WorkItem
from adapter.workflow.node import Node
from adapter.workflow.outgoing.v2_letter import letter_for


def tell_status_by_v2(node: Node, item: WorkItem) -> None:
    """Tell where the case stood when the work was written down.

    Raises:
        PeerError: as the sender.
        SetupError: the door, or its address for replies, is no longer in the settings.
    """
    letter = letter_for(node, item)
    detail = item.detail
    if letter.status is not None:
        standing = Standing(
            status=TaskStatus(detail["status"]),
            business_status=detail["business_status"],
            reason=detail["reason"],
            number=detail["number"],
            text=_words(detail["business_status"], detail["reason"], node.organisation(item.org).language),
            day=letter.letterhead.at.date().isoformat(),
        )
        letter.send(write_standing(letter.request, standing, letterhead=letter.letterhead, codes=letter.codes))
    at = node.clock.now()
    with node.store.transaction() as unit:
        if letter.status is not None:
            told = {"to": letter.door.id, "status": detail["status"], "businessStatus": detail["business_status"]}
            unit.events.append(item.org, item.case_id, "system-told", "node", at, told)
        unit.work.finish(item.id, at)


def _words(business_status: str | None, reason: str | None, language: str) -> str:
    stated = ((BUSINESS_STATUS, business_status), (STATUS_REASON, reason))
    return "; ".join(designation(system, code, language) for system, code in stated if code)
