"""Provenance: what all of this was made from, by whom and when.

https://hl7.org/fhir/R4/provenance.html
"""

from collections.abc import Sequence

from adapter.fhir import systems
from adapter.fhir.coding import concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.datatypes import present, reference
from adapter.mapping.to_fhir.identity import message_identifier


def request_provenance(
    *,
    id_: str,
    targets: Sequence[str],
    author: str | None,
    organization: str | None,
    recorded: str,
    message_id: str,
    replaces: str | None,
) -> Resource:
    """Return the Provenance of a request's resources.

    Args:
        id_: of the resource.
        targets: `Type/id` of what was made.
        author: who sent the request; None = not stated.
        organization: for which organisation; None = not stated.
        recorded: when, as FHIR instant.
        message_id: of the message it was made from.
        replaces: the message that it corrects; None = none.
    """
    entities = [("source", message_id), ("revision", replaces)]
    return checked(
        present(
            {
                "resourceType": "Provenance",
                "id": id_,
                "target": [reference(target) for target in targets],
                "recorded": recorded,
                "activity": concept(systems.V3_DATA_OPERATION, "CREATE"),
                "agent": [
                    present(
                        {
                            "type": concept(systems.PROVENANCE_PARTICIPANT, "author"),
                            "who": reference(author) if author else {"display": "treating provider, not named"},
                            "onBehalfOf": reference(organization) if organization and organization != author else None,
                        }
                    )
                ],
                "entity": [
                    {"role": role, "what": {"identifier": message_identifier(number)}}
                    for role, number in entities
                    if number is not None
                ],
            }
        )
    )
