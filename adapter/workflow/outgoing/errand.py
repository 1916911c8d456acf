"""What every piece of outgoing work is given: the case, its partner, and the means to send and to record."""

from dataclasses import dataclass
from datetime import datetime

from adapter.base.errors import Invalid, SetupError
from adapter.base.ids import opaque_id
from adapter.domain.case import Case
from adapter.domain.clearance import Cleared, Refusal
from adapter.fhir.own_output import ensure_valid
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.directory import organization_resource
from adapter.mapping.to_fhir.message_header import Endpoint
from adapter.mapping.to_fhir.messages import Envelope
from adapter.store.unit import Unit
from adapter.store.work import WorkItem
from adapter.workflow.node import Node, OwnOrganisation, Partner


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """One piece of work on its way out; `at` is this node's time at this attempt."""

    node: Node
    organisation: OwnOrganisation
    partner: Partner
    case: Case
    item: WorkItem
    at: datetime

    @property
    def message_id(self) -> str:
        """The MessageHeader.id; the same at every attempt."""
        return opaque_id(self.organisation.id, "message", self.item.id, key=self.organisation.id_key)

    @property
    def source(self) -> Endpoint:
        """Where we are."""
        return Endpoint(url=self.organisation.base_url, name=self.organisation.name)

    @property
    def destination(self) -> Endpoint:
        """Where the partner is."""
        return Endpoint(url=self.partner.fhir, name=self.partner.id)

    @property
    def envelope(self) -> Envelope:
        """What the message says of itself; its moment is that of the work, so that every attempt sends the same."""
        return Envelope(
            id=self.message_id,
            at=self.item.created_at,
            source=self.source,
            destination=self.destination,
            sender=organization_resource(self.organisation.party, self._id("sender")),
            receiver=organization_resource(self.partner.party, self._id("receiver")),
        )

    def _id(self, what: str) -> str:
        return opaque_id(self.organisation.id, what, self.partner.id, key=self.organisation.id_key)

    def task(self, unit: Unit) -> Resource:
        """Return the Task in the version that the work is about."""
        stored = unit.resources.get(self.case.org, "Task", self.case.id, version=self.item.detail.get("task_version"))
        if stored is None:
            raise SetupError("the Task that this work is about is missing from the store")
        return stored.resource

    def deliver(self, message: Cleared[Resource] | Refusal) -> Resource:
        """Check our own message once more, send it and return the answer.

        Raises:
            PeerError: as the exchange.
            Invalid: the gate refuses it; nothing was sent.
            Misbuilt: our own message is not valid; nothing was sent.
        """
        if isinstance(message, Refusal):
            raise Invalid(f"the gate does not let this message out: {message.text}", where=message.where)
        ensure_valid(message.item)
        return self.node.peers.send(message, self.partner)

    def reload(self, unit: Unit) -> Case:
        """Return the case as it stands now."""
        found = unit.cases.get(self.case.org, self.case.id)
        if found is None:
            raise SetupError("the case that this work is about is missing from the store")
        return found
