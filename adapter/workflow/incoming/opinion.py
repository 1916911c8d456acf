"""report: the opinion comes back to the treating side, if the patient agreed to that."""

from typing import Final

from adapter.base.errors import Invalid, Problem, Withheld
from adapter.domain.case import Case
from adapter.domain.clearance import Refusal
from adapter.domain.consent import Purpose
from adapter.domain.lifecycle import CaseEvent
from adapter.fhir.bundles import unbundle
from adapter.fhir.resource import Resource
from adapter.mapping.from_fhir.opinion import read_opinion
from adapter.mapping.from_fhir.patient import identity_of
from adapter.rules.consent_gate import clear
from adapter.rules.same_patient import Likeness, compare
from adapter.store.unit import Unit
from adapter.workflow.advance import advance
from adapter.workflow.grants import grants_of_case
from adapter.workflow.incoming.scene import Scene

_PLACES: Final = {"identifiers": "Patient.identifier", "birth_date": "Patient.birthDate", "name": "Patient.name"}


def take_report(unit: Unit, scene: Scene) -> str:
    """Store the opinion and complete the case.

    Raises:
        Withheld: the patient did not agree that the report comes here; nothing of it is kept with the case.
        Invalid: there is no document, or it is no opinion, or it is about another patient.
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
    _ensure_same_patient(unit, case, parts)
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


def _ensure_same_patient(unit: Unit, case: Case, parts: list[Resource]) -> None:
    """Refuse an opinion whose Patient is another one than the case's; what cannot be compared is taken."""
    ours = [identity_of(one.resource) for one in unit.resources.of_case(case.org, case.id, {"Patient"})]
    for theirs in (identity_of(one) for one in parts if one["resourceType"] == "Patient"):
        for known in ours:
            found = compare(theirs, known)
            if found.likeness is Likeness.OTHER:
                text = "the opinion is about another patient than the case: check which case it answers"
                problems = [Problem(text, _PLACES[one], "business-rule") for one in found.differing]
                raise Invalid("the opinion does not fit the case", problems=problems)
