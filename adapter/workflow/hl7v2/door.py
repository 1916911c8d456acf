"""A door for HL7 v2: one address of one organisation, with whom it lets in and how it answers."""

from dataclasses import dataclass
from typing import Literal

from adapter.base.errors import Invalid, NotPermitted
from adapter.exchange.mllp.sender import Line
from adapter.mapping.to_v2.header import Header
from adapter.workflow.caller import Caller, CallerKind

Mode = Literal["auto", "original", "enhanced"]
MEDIA_TYPE = "x-application/hl7-v2+er7"


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """An address where HL7 v2 messages come in.

    Attributes:
        id: the system that speaks there, as events name it.
        org: whose door it is; whoever speaks there is a system of this organisation's own.
        mode: how it answers; auto = as MSH-15 and MSH-16 ask.
        senders: (MSH-3, MSH-4) of who may send, "" = any; empty = whoever reaches the door.
        receivers: (MSH-5, MSH-6) of what is for us, in the same way.
        processing_ids: what MSH-11 may say.
        max_message_bytes: the longest message.
        reply: where application acknowledgements of the enhanced mode go; None = back on the same connection.
        reply_acknowledged: whether an acknowledgement that goes there asks for a commit acknowledgement itself.
        reply_status: in which format states of a case go there (RRI^I12, none); None = as the hospital's folder says,
            and RRI^I12 where it has none.
        reply_report: in which format reports do (ORU^R01, MDM^T02, RRI^I12, none); None likewise, and ORU^R01.
    """

    id: str
    org: str
    mode: Mode = "auto"
    senders: frozenset[tuple[str, str]] = frozenset()
    receivers: frozenset[tuple[str, str]] = frozenset()
    processing_ids: frozenset[str] = frozenset("PTD")
    max_message_bytes: int = 64 * 1024 * 1024
    reply: Line | None = None
    reply_acknowledged: bool = True
    reply_status: str | None = None
    reply_report: str | None = None

    @property
    def caller(self) -> Caller:
        """Who speaks here; the port tells it, not what the message claims."""
        return Caller(kind=CallerKind.CLIENT, id=self.id, org=self.org, scopes=frozenset({"intake"}))

    def admit(self, header: Header) -> None:
        """Let a message in by its header.

        Raises:
            NotPermitted: it is of somebody else, or for somebody else.
            Invalid: it is of a kind of processing that is not done here.
        """
        if not _listed(self.senders, header, 3):
            said = "this sending application and facility are not set up here; the operator adds them to mllp.senders"
            raise NotPermitted(said, where="MSH-3")
        if not _listed(self.receivers, header, 5):
            said = "this message is for another receiver; send it to that one, or put our application and facility here"
            raise NotPermitted(said, where="MSH-5")
        if (said_id := header.part(11)) and said_id not in self.processing_ids:
            taken = ", ".join(sorted(self.processing_ids))
            raise Invalid(f"messages of this processing id are not taken here, but {taken}", where="MSH-11")


def _listed(known: frozenset[tuple[str, str]], header: Header, number: int) -> bool:
    application, facility = header.part(number), header.part(number + 1)
    either = {(application, facility), (application, ""), ("", facility)}
    return not known or not known.isdisjoint(either)
