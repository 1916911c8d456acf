"""What every event handler is given: the message, who sent it, to whom, when; and the case that it is about."""

from dataclasses import dataclass
from datetime import datetime

from adapter.base.errors import NotFound
from adapter.domain.case import Case, Role
from adapter.mapping.from_fhir.message import ReceivedMessage
from adapter.mapping.to_fhir.message_header import Endpoint
from adapter.store.unit import Unit
from adapter.workflow.node import Node, OwnOrganisation, Partner


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A message on its way in; `at` is this node's time."""

    node: Node
    organisation: OwnOrganisation
    partner: Partner
    message: ReceivedMessage
    at: datetime

    @property
    def actor(self) -> str:
        """The partner as events name it."""
        return f"partner:{self.partner.id}"

    @property
    def side(self) -> Role:
        """The partner's side."""
        return self.partner.role

    @property
    def source(self) -> Endpoint:
        """Where we are."""
        return Endpoint(url=self.organisation.base_url, name=self.organisation.name)

    @property
    def destination(self) -> Endpoint:
        """Where the partner is, as configured; an address in the message is never used."""
        return Endpoint(url=self.partner.fhir, name=self.partner.id)

    def case(self, unit: Unit) -> Case:
        """Return the case that the message's Task names.

        Raises:
            NotFound: there is none, or it is another partner's.
        """
        found = unit.cases.get(self.organisation.id, self.message.task["id"])
        if found is None or found.partner != self.partner.id:
            raise NotFound("there is no case with this Task", where="MessageHeader.focus")
        return found
