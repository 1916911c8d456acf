"""How a message to the hospital's own system is addressed and written: as its referral was, or as its folder says."""

from dataclasses import dataclass, replace
from typing import Final

from adapter.base.errors import SetupError
from adapter.base.ids import opaque_id
from adapter.domain.case import Case
from adapter.domain.request import SecondOpinionRequest
from adapter.exchange.mllp.sender import Line
from adapter.intake.canonical import read_request
from adapter.intake.hospitals.folder import Hospital
from adapter.mapping.to_v2.counterparts import Counterparts
from adapter.mapping.to_v2.er7 import codec_of
from adapter.mapping.to_v2.header import Header, read_header
from adapter.mapping.to_v2.script import UTF8, Letterhead, Script
from adapter.store.work import WorkItem
from adapter.workflow.hl7v2.door import Door
from adapter.workflow.node import Node

STATUS: Final = "RRI^I12"
REPORT: Final = "ORU^R01"
NOTHING: Final = "none"
_ID_LENGTH: Final = 20  # of MSH-10 before version 2.7
_PLAIN: Final = ("ASCII", "646")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What is needed to write to the system that asked.

    Attributes:
        request: what it asked, in canonical form.
        letterhead: what MSH says.
        codes: the tables, with those of the hospital.
        status: the format for states; None = it is not told.
        report: the format for reports; None = it is not sent.
    """

    node: Node
    door: Door
    line: Line
    case: Case
    item: WorkItem
    request: SecondOpinionRequest
    letterhead: Letterhead
    codes: Counterparts
    status: str | None
    report: str | None

    def send(self, message: bytes) -> None:
        """Send a message; a repetition has the same MSH-10.

        Raises:
            PeerError: as the sender.
        """
        if self.node.lines is None:
            raise SetupError("this node has no lines out for HL7 v2")
        self.node.lines.send(message, self.line, answered=self.door.reply_acknowledged)


def letter_for(node: Node, item: WorkItem) -> Letter:
    """Return what is needed to write to the system from which a case came.

    Raises:
        SetupError: the door, or its address for replies, is no longer in the settings; or the case is gone.
    """
    door = node.doors.get((item.org, item.detail["door"]))
    if door is None or door.reply is None:
        raise SetupError("the door's address for replies is no longer in the settings; add it again and replay")
    with node.store.read() as unit:
        case = unit.cases.get(item.org, item.case_id)
    if case is None:
        raise SetupError("the case that this work is about is missing from the store")
    hospital = _hospital(node, case)
    header = read_header(node.store.original(case.org, case.detail["referral"]))
    if header is None:
        raise SetupError("the referral that this work is about has lost its header")
    profile = hospital.profile if hospital is not None else None
    library = hospital.library if hospital is not None else node.formats.library
    return Letter(
        node=node,
        door=door,
        line=door.reply,
        case=case,
        item=item,
        request=read_request(node.store.original(case.org, case.detail["request"])),
        letterhead=replace(_letterhead(node, item, header, hospital), accept=_accept(door, header)),
        codes=Counterparts(library, f"hl7v2:{header.part(3)}|{header.part(4)}"),
        status=_format(door.reply_status, profile.status if profile else STATUS, STATUS),
        report=_format(door.reply_report, profile.report if profile else REPORT, None),
    )


def _format(set_up: str | None, usual: str | None, only: str | None) -> str | None:
    """Return the format that counts: of the door, else of the hospital; None = nothing that goes over this line."""
    found = set_up or usual
    is_v2 = found is not None and found != NOTHING and "^" in found
    return found if is_v2 and (only is None or found == only) else None


def _accept(door: Door, header: Header) -> str:
    """Return MSH-15: in the mode in which the referral came; the state and the report ask for no application's word."""
    if not door.reply_acknowledged:
        return "NE"
    return "AL" if header.part(15) or header.part(16) else ""


def _hospital(node: Node, case: Case) -> Hospital | None:
    name = node.organisation(case.org).hospital or case.detail.get("hospital")
    return node.formats.hospitals.by_name.get(name) if name else None


def _letterhead(node: Node, item: WorkItem, header: Header, hospital: Hospital | None) -> Letterhead:
    organisation = node.organisation(item.org)
    named = opaque_id(organisation.id, "hl7v2-message", item.id, key=organisation.id_key).replace("-", "")
    dialect = hospital.profile.dialect if hospital is not None else None
    said = header.first(18)
    listed = codec_of(said) != "ascii" or any(word in said.upper() for word in _PLAIN)
    mirrored = Letterhead(
        id=named[:_ID_LENGTH],
        at=item.created_at.astimezone(organisation.zone).replace(microsecond=0),
        sender=(header.first(5), header.first(6)),
        receiver=(header.first(3), header.first(4)),
        processing=header.first(11) or "P",
        version=header.first(12) or "2.5.1",
        character_set=said if said and listed else UTF8,
        field=header.writing.field,
        encoding=header.writing.encoding,
        answers=header.control_id or None,
    )
    if dialect is None:
        return mirrored
    as_said = Letterhead(
        id=mirrored.id,
        at=mirrored.at,
        processing=mirrored.processing,
        version=dialect.version,
        character_set=dialect.charset,
        field=dialect.delimiters[0],
        encoding=dialect.delimiters[1:],
        answers=mirrored.answers,
    )
    written = Script(as_said, Counterparts(node.formats.library))
    names = [written.escaped(header.part(number)) for number in (5, 6, 3, 4)]
    receiver = (written.escaped(dialect.application) or names[2], written.escaped(dialect.facility) or names[3])
    return Letterhead(
        **{name: getattr(as_said, name) for name in as_said.__slots__ if name not in ("sender", "receiver")},
        sender=(names[0], names[1]),
        receiver=receiver,
    )
