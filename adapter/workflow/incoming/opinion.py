"""report: the opinion comes back to the treating side, if the patient agreed to that."""

from adapter.base.errors import Invalid, Withheld
from adapter.domain.clearance import Refusal
from adapter.domain.consent import Purpose
from adapter.domain.lifecycle import CaseEvent
from adapter.fhir.bundles import unbundle
from adapter.mapping.from_fhir.opinion import read_opinion
from adapter.rules.consent_gate import clear
from adapter.store.unit import Unit
from adapter.workflow.advance import advance
from adapter.workflow.grants import grants_of_case
from adapter.workflow.incoming.scene import Scene


def take_report(unit: Unit, scene: Scene) -> str:
    """Store the opinion and complete the case.

    Raises:
        Withheld: the patient did not agree that the report comes here; nothing of it is kept with the case.
        Invalid: there is no document, or it is no opinion.
        IllegalTransition: no report is due.
    """
    case = scene.case(unit)
    document = scene.message.document
    if document is None:
        raise Invalid("a report message carries the opinion as a document Bundle", where="Bundle.entry")
    verdict = clear(
        document,
        grants=grants_of_case(unit, case),
        purpose=Purpose.RETURN_REPORT,
        recipient=scene.organisation.recipient,
        moment=scene.at,
        time_zone=scene.organisation.zone,
    )
    if isinstance(verdict, Refusal):
        raise Withheld("the patient did not agree that the report goes to the treating side", where="Consent")
    opinion = read_opinion(document)
    # the patient, the organisations and the request are ours already; what is new is the opinion itself
    parts = unbundle(document)
    known = unit.resources.known(case.org, parts)
    new = [one for one in parts if (one["resourceType"], one["id"]) not in known]
    unit.resources.put_all(case.org, case.id, [document, *new], scene.at)
    changed = advance(
        unit,
        case,
        CaseEvent.REPORTED,
        by=scene.side,
        actor=scene.actor,
        at=scene.at,
        outputs=scene.message.task.get("output", []),
        detail={
            "message": scene.message.id,
            "report": opinion.report_id,
            "necessity": opinion.necessity,
            "concordance": opinion.concordance,
        },
        keep={"opinion": document["id"]},
    )
    return changed.id
