"""REF^I12 and REF^I13: a request for a second opinion as an HL7 v2 referral.

HL7 v2.8 chapter 11.3 "Patient referral and response" and 11.8.1 "RF1". What the gate did not clear is not in it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from adapter.domain.clearance import Cleared
from adapter.domain.records import Record
from adapter.domain.request import SecondOpinionRequest
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.to_fhir.crossing import Crossing, hidden_numbers
from adapter.mapping.to_v2.clinical import add_diagnoses, add_insurance, add_procedure
from adapter.mapping.to_v2.counterparts import Counterparts
from adapter.mapping.to_v2.documents import coded, ed
from adapter.mapping.to_v2.facts import OF_REQUEST, Fact, Observations
from adapter.mapping.to_v2.people import xcn
from adapter.mapping.to_v2.providers import REFERRED_TO, REFERRING, add_patient, add_provider
from adapter.mapping.to_v2.script import Letterhead, Script, Written, digits
from adapter.mapping.to_v2.stated import Stated, document_of

_SECOND_OPINION: Final = ("SO", "Second Opinion")
_DISPOSITIONS: Final = {"RP": "Return Patient After Evaluation", "AM": "Assume Management", "WR": "Send Written Report"}
_FIRST_PROVIDER: Final = "first-provider"
_ONE_REFERRER: Final = "the sender of a referral is taken for who referred"
_RECORD_IDS: Final = "the receiver numbers the records itself"
_NAMED: Final = "the records that go are those that the patient named"

Read = Callable[[Record], str]
"""Gives a record's bytes in base64."""


def write_referral(
    cleared: Cleared[SecondOpinionRequest],
    records: Sequence[Cleared[Record]],
    *,
    read: Read,
    letterhead: Letterhead,
    codes: Counterparts,
    crossing: Crossing | None = None,
    is_change: bool = False,
) -> Written:
    """Return a referral, with what HL7 v2 cannot carry of the request.

    Args:
        cleared: the request, as the gate lets it go.
        records: those records that may go, and no others.
        read: gives their bytes.
        letterhead: what MSH says; MSH-7 should be the moment at which the request was sent.
        codes: the tables.
        crossing: the border that it crosses; None = none, so that every number may go.
        is_change: whether it changes a referral that was sent before (I13).
    """
    document = Stated(_visible(document_of(cleared.item), [one.item for one in records], crossing))
    script = Script(letterhead, codes)
    script.begin("REF", "I13" if is_change else "I12", "REF_I12")
    _settle_header(document, letterhead)
    _add_rf1(script, document)
    add_provider(script, document.part("treating"), REFERRING)
    add_provider(script, document.part("consulting"), REFERRED_TO)
    _settle_referrer(document)
    patient = document.part("patient")
    assert patient is not None, "a request has a patient"  # noqa: S101 - the domain's own type says so
    add_patient(script, patient)
    add_insurance(script, document)
    add_diagnoses(script, document)
    add_procedure(script, document)
    _add_facts(script, document)
    for number, record in enumerate(records):
        _add_record(script, document.parts("records")[number], number, read(record.item))
    _settle_records(document)
    notes = script.text(document, "notes", formatted=True)
    if notes:
        script.add("NTE", {1: "1", 3: notes})
    return script.written(document)


def _visible(stated: dict[str, Any], records: Sequence[Record], crossing: Crossing | None) -> dict[str, Any]:
    """Return the document with those records alone, and without numbers that stay; they are not even reported."""
    stated = {**stated, "records": [document_of(one) for one in records]}
    if crossing is None:
        return stated
    hidden: set[str] = set()
    for who in ("patient", "proxy"):
        hidden |= hidden_numbers(stated.get(who, {}).get("identifiers", ()), crossing)
    for who in {"patient", "proxy"} & stated.keys():
        kept = [one for one in stated[who].get("identifiers", ()) if one["value"] not in hidden]
        stated[who] = {**stated[who], "identifiers": kept}
    insurance = stated.get("insurance", {})
    if crossing.hides_member(insurance.get("memberId"), insurance.get("scheme"), hidden):
        stated["insurance"] = {name: value for name, value in insurance.items() if name != "memberId"}
    return stated


def _settle_header(document: Stated, letterhead: Letterhead) -> None:
    document.take("id")
    if document.take("messageId") != letterhead.id:
        document.remark(RemarkKind.DEFAULTED, "the message has an id of its own", "messageId")
    sent = document.take("sent")
    if sent is not None and letterhead.at.isoformat() != str(sent).replace("Z", "+00:00"):
        document.remark(RemarkKind.DEFAULTED, "the message tells when it was written itself", "sent")


def _add_rf1(script: Script, document: Stated) -> None:
    disposition = script.code(document, "v2-0282", "afterwards")
    dispositions = [script.parts(*_SECOND_OPINION, "HL70282")]
    if disposition:
        dispositions.append(script.parts(disposition, _DISPOSITIONS.get(disposition, ""), "HL70282"))
    reasons = [script.parts("S", "Second Opinion", "HL70336")]
    if document.value.get("initiatedBy") == "patient":
        document.take("initiatedBy")
        reasons.append(script.parts("P", "Patient Preference", "HL70336"))
    priority = script.code(document, "v2-0280", "priority")
    script.add(
        "RF1",
        {
            1: script.parts("P", "Pending", "HL70283"),
            2: script.parts(priority, "", "HL70280") if priority else "",
            4: script.repeated(dispositions),
            6: script.text(document, "id"),
            8: digits(document.take("answerBy")),
            9: digits(document.take("referrer", "date")),
            10: script.repeated(reasons),
        },
    )


def _settle_referrer(document: Stated) -> None:
    """Say what becomes of the referrer: HL7 v2 has the referring provider alone, who is the treating side here."""
    treating, referrer = document.value["treating"], document.value.get("referrer", {})
    referral = document.value.get("referral")
    if referral is None:
        document.remark(RemarkKind.DEFAULTED, _ONE_REFERRER, "referral")
    if referral not in (None, _FIRST_PROVIDER):
        for member in ("practitioner", "organization", "role"):
            document.lose("who referred has no place where it is not the sender", "referrer", member)
        return
    for who in ("practitioner", "organization"):
        for member in ("name", "identifiers"):
            said = treating.get(who, {}).get(member)
            part = document.part("referrer", who, member)
            if part is not None and part.value == said:
                _take_all(part)
            if referrer.get(who, {}).get(member) != said:
                document.remark(RemarkKind.DEFAULTED, _ONE_REFERRER, "referrer", who, member)


def _take_all(part: Stated) -> None:
    if isinstance(part.value, dict):
        for name in part.value:
            _take_all(part.part(name) or part)
    elif isinstance(part.value, list):
        for one in part.parts():
            _take_all(one)
    else:
        part.take()


def _add_facts(script: Script, document: Stated) -> None:
    """Add what has no field, behind an OBR of its own; the copies stand there too."""
    copies = [
        script.parts(*xcn(script, person)) for one in document.parts("copyTo") if (person := one.part("practitioner"))
    ]
    script.add(
        "OBR",
        {
            1: "1",
            2: script.text(document, "id"),
            4: script.parts("SO", "Second opinion", "99SO"),
            28: script.repeated(copies),
        },
    )
    observations = Observations(script)
    heard = document.value.get("initiatedBy") == "patient"  # RF1-10 says so
    facts: list[Fact] = [one for one in OF_REQUEST if not (heard and one.path == ("initiatedBy",))]
    if document.value.get("case") != document.value.get("id"):
        facts.insert(0, Fact(("case",), "case"))
    else:
        document.take("case")
    observations.add_facts(document, tuple(facts))
    for index, one in enumerate(document.parts("copyTo")):
        if one.part("practitioner") is None:
            one.lose("HL7 v2 names people, not organisations, who get a copy")
            document.remark(
                RemarkKind.LOST, "HL7 v2 names people, not organisations, who get a copy", "copyTo", str(index)
            )


def _add_record(script: Script, record: Stated, number: int, data: str) -> None:
    """Add a record behind an OBR of its own."""
    kind = record.part("type")
    name = coded(script, record, kind, title="title")
    if not name:
        name = script.parts("", "Record")
        record.remark(RemarkKind.DEFAULTED, "an observation must be named: Record", "title")
    elif "title" not in record.value and kind is not None and "display" not in kind.value:
        record.remark(RemarkKind.DEFAULTED, "a record without a title is called by its code", "title")
    author = script.text(record, "author")
    restricted = script.code(record, "v2-0272", "confidentiality")
    date = digits(record.take("date"))
    script.add("OBR", {1: str(number + 2), 4: name, 7: date})
    more = {13: restricted, 14: date, 16: script.parts("", author) if author else ""}
    value = ed(script, record, data)
    Observations(script).add(name, "ED", value, more=more)
    for member in ("data", "sha256"):
        record.take(member)


def _settle_records(document: Stated) -> None:
    for record in document.parts("records"):
        record.lose(_RECORD_IDS, "id")
    for statement in document.value.get("consent", {}):
        document.lose(_NAMED, "consent", statement, "records")
        document.lose("the signed form is one of the records", "consent", statement, "document")
