"""What comes in at the front door beside requests and reports: records alone, and a word about a case."""

from pathlib import Path
from typing import Final

from adapter.base.errors import IllegalTransition, NotFound, Problem
from adapter.domain.case import Case, Role
from adapter.domain.standing_alone import RecordsAlone, Word, WordAboutCase
from adapter.fhir.outcomes import outcome_of
from adapter.intake.record_content import resolve_contents
from adapter.store.unit import Unit
from adapter.workflow.arrival import Arrival
from adapter.workflow.caller import Caller
from adapter.workflow.decisions import Decision, Verb, decide_within, find_case
from adapter.workflow.node import Node, OwnOrganisation
from adapter.workflow.once import Answer, once

_DECISIONS: Final = {
    (Role.TREATING, Word.CANCEL): Verb.CANCEL,
    (Role.CONSULTING, Word.ACCEPT): Verb.ACCEPT,
    (Role.CONSULTING, Word.REJECT): Verb.REJECT,
}
_NOT_STATED: Final = "other"
"""The reason of a sender that gives none, where the lifecycle wants one."""


def keep_records(node: Node, organisation: OwnOrganisation, arrival: Arrival, alone: RecordsAlone) -> Answer:
    """Keep records that belong to no request yet; the answer names each by its sha256, as a request can.

    Raises:
        Invalid: a record's content is missing, or not the one that was hashed.
        DuplicateDiffers: the message id was used before for something else.
    """

    def uploaded(sha256: str) -> Path | None:
        return node.store.blobs.path(organisation.id, sha256)

    contents = resolve_contents(alone, base=None, uploaded=uploaded)
    for resolved in contents.values():
        if isinstance(resolved.source, bytes):
            node.store.blobs.write(organisation.id, resolved.source)
    kept = [
        Problem(f"kept; a request can name this record by its sha256 {one.content.sha256}", f"/records/{number}")
        for number, one in enumerate(contents.values())
    ]
    told = [
        Problem(
            "these are records alone, no request: nothing is sent to anybody", None, "informational", "information"
        ),
        *(Problem(one.text, one.where, "informational", "information") for one in arrival.taken.told(kept)),
        *arrival.losses(),
    ]
    answer = Answer(status=202, body=outcome_of(told))
    return once(
        node, organisation.id, arrival.sender, alone.message_id, arrival.body, lambda _: answer, arrival.media_type
    )


def hear_word(
    node: Node, organisation: OwnOrganisation, caller: Caller, arrival: Arrival, word: WordAboutCase
) -> Answer:
    """Do what a word about a case says, or tell how the case stands.

    Raises:
        NotFound: there is no such case of this organisation.
        IllegalTransition: it is not possible now, or not this side's to say.
        DuplicateDiffers: the message id was used before for something else.
    """

    def act(unit: Unit) -> Answer:
        case = _named(unit, organisation, word.case)
        if word.event is not Word.QUERY:
            case = _decided(unit, case, word)
        told = [Problem(_standing(case), None, "informational", "information"), *arrival.losses()]
        return Answer(status=202, body=outcome_of(told), task_id=case.id)

    def _decided(unit: Unit, case: Case, word: WordAboutCase) -> Case:
        verb = _DECISIONS.get((organisation.role, word.event))
        if verb is None:
            text = f"{word.event.value} is not for a {organisation.role.value} organisation to say"
            raise IllegalTransition(text, where="/event")
        reason = None if verb is Verb.ACCEPT else word.reason or _NOT_STATED
        number = word.number if verb is Verb.ACCEPT else None
        decision = Decision(verb=verb, reason=reason, number=number)
        at = node.clock.now()
        return decide_within(unit, case, decision, by=organisation.role, actor=caller.actor, at=at)

    return once(node, organisation.id, arrival.sender, word.message_id, arrival.body, act, arrival.media_type)


def _named(unit: Unit, organisation: OwnOrganisation, name: str) -> Case:
    """Find a case by its number, or by the id of its request."""
    try:
        return find_case(unit, organisation.id, name)
    except NotFound:
        found = unit.cases.by_request(organisation.id, organisation.role, name)
        if found is None:
            raise NotFound("there is no such case", where="/case") from None
        return found


def _standing(case: Case) -> str:
    business = f", {case.business_status}" if case.business_status else ""
    return f"the case is {case.status.value}{business}"
