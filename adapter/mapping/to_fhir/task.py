"""Task: the work that is asked of the consulting side, with how it is to be done as inputs.

https://hl7.org/fhir/R4/task.html; in the shape of HL7 Clinical Order Workflows' coordination task.
`for` never carries a patient's number.
"""

from collections.abc import Sequence

from adapter.domain.request import SecondOpinionRequest
from adapter.domain.values import Identifier
from adapter.fhir import systems
from adapter.fhir.coding import concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.datatypes import as_instant, as_language, present, reference
from adapter.mapping.to_fhir.identity import case_identifier, request_identifier

Party = tuple[str | None, Identifier | None]
"""A reference and the business identifier beside it; None = not stated."""


def coordination_task(
    request: SecondOpinionRequest,
    *,
    id_: str,
    focus: str,
    patient: str,
    requester: Party,
    owner: Party,
    consents: Sequence[str],
    eligibility: str | None,
) -> Resource:
    """Return the Task as the request makes it: requested, for the owner to take up."""
    sent = as_instant(request.sent)
    until = request.answer_by
    return checked(
        present(
            {
                "resourceType": "Task",
                "id": id_,
                "meta": systems.profile("SecondOpinionTask"),
                "identifier": [request_identifier(request)],
                "groupIdentifier": case_identifier(request.case),
                "status": "requested",
                "businessStatus": concept(systems.BUSINESS_STATUS, "new"),
                "intent": "order",
                "priority": request.priority,
                "code": concept(systems.TASK_CODE, "fulfill"),
                "focus": reference(focus),
                "for": reference(patient),
                "authoredOn": sent,
                "lastModified": sent,
                "requester": _party(requester),
                "owner": _party(owner),
                "restriction": {"period": {"end": until.isoformat()}} if until else None,
                "input": _inputs(request, consents, eligibility),
            }
        )
    )


def _party(party: Party) -> Resource | None:
    local, identifier = party
    return reference(local, identifier) if local else None


def _inputs(request: SecondOpinionRequest, consents: Sequence[str], eligibility: str | None) -> list[Resource]:
    inputs = [_input("question", "valueString", question) for question in request.questions]
    inputs += [_input("consent", "valueReference", reference(consent)) for consent in consents]
    if eligibility is not None:
        inputs.append(_input("eligibility", "valueReference", reference(eligibility)))
    consultation = request.consultation
    if consultation is not None and consultation.mode:
        mode = concept(systems.CONSULTATION_MODE, consultation.mode)
        inputs.append(_input("consultation-mode", "valueCodeableConcept", mode))
    if consultation is not None and consultation.interpreter:
        inputs.append(_input("interpreter", "valueCodeableConcept", as_language(consultation.interpreter)))
    if request.prior_opinions is not None:
        inputs.append(_input("prior-opinions", "valueUnsignedInt", request.prior_opinions))
    if request.discussed_with_treating is not None:
        inputs.append(_input("discussed-with-treating", "valueBoolean", request.discussed_with_treating))
    return inputs


def _input(kind: str, element: str, value: object) -> Resource:
    return {"type": concept(systems.TASK_INPUT, kind), element: value}
