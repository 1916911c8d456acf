"""What HL7 v2 has no field for: observations whose OBX-3 is of the coding system 99SO.

The intake's tables read the same (`mappings/intake/hl7v2/facts.csv`, `hl7v2-report/report.csv`), so others can too.
HL7 v2.8 chapter 7.4.2 "OBX"; table 0396: coding systems that begin with 99 are local.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from adapter.mapping.to_v2.people import xpn
from adapter.mapping.to_v2.providers import language
from adapter.mapping.to_v2.script import Script, digits
from adapter.mapping.to_v2.stated import Stated

SYSTEM: Final = "99SO"
_LANGUAGES: Final = frozenset({"interpreter", "patient-language"})
_SUB_ID_SINCE: Final = 7
"""The minor version from which OBX-4 must say something."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind of observation.

    Attributes:
        path: of the leaf, or of the part that becomes one value.
        name: OBX-3.1.
        type: OBX-2; of TX, a text with line breaks goes as FT.
    """

    path: tuple[str, ...]
    name: str
    type: str = "ST"


_STATEMENTS: Final = (
    ("shareRecords", "share-records"),
    ("returnReport", "return-report"),
    ("askInsurer", "ask-insurer"),
)


def _consents() -> Iterator[Fact]:
    for member, name in _STATEMENTS:
        for leaf, suffix, kind in (
            ("given", "", "ST"),
            ("by", "-by", "ST"),
            ("on", "-on", "DT"),
            ("until", "-until", "DT"),
        ):
            yield Fact(("consent", member, leaf), f"{name}{suffix}", kind)


OF_REQUEST: Final = (
    Fact(("replaces",), "replaces"),
    Fact(("requestedBy",), "requested-by"),
    Fact(("initiatedBy",), "initiated-by"),
    Fact(("referral",), "referral"),
    Fact(("discussedWithTreating",), "discussed-with-treating"),
    Fact(("plannedProcedure", "informedOn"), "informed-on", "DT"),
    Fact(("plannedProcedure", "indicatedOn"), "indicated-on", "DT"),
    Fact(("plannedProcedure", "urgency"), "urgency"),
    Fact(("plannedProcedure", "bodySite"), "body-site", "TX"),
    Fact(("treating", "role"), "treating-role"),
    Fact(("treating", "specialty"), "treating-specialty"),
    Fact(("consulting", "role"), "consulting-role"),
    Fact(("consulting", "specialty"), "consulting-specialty"),
    Fact(("consulting", "approvedFor"), "approved-for"),
    Fact(("consulting", "operates"), "operates"),
    Fact(("consulting", "financialInterest"), "financial-interest"),
    Fact(("consulting", "linkedToTreating"), "linked-to-treating"),
    Fact(("consulting", "contracted"), "contracted"),
    Fact(("insurance", "policyType"), "policy-type"),
    Fact(("insurance", "supplementary"), "supplementary"),
    Fact(("insurance", "active"), "insured"),
    Fact(("insurance", "deductibleUsed"), "deductible-used", "MO"),
    Fact(("consultation", "mode"), "consultation-mode"),
    Fact(("consultation", "date"), "consultation-date", "DT"),
    Fact(("consultation", "interpreter"), "interpreter"),
    Fact(("visits",), "visits", "NM"),
    Fact(("priorOpinions",), "prior-opinions", "NM"),
    Fact(("care", "type"), "care-type"),
    Fact(("care", "inBasicCover"), "in-basic-cover"),
    Fact(("care", "subjectInBasicCover"), "subject-in-basic-cover"),
    *_consents(),
    Fact(("proxy", "name"), "proxy-name", "XPN"),
    Fact(("proxy", "basis"), "proxy-basis"),
    Fact(("proxy", "relationship"), "proxy-relationship", "TX"),
    Fact(("proxy", "patientAgrees"), "proxy-agreed"),
    Fact(("questions",), "question", "TX"),
)
OF_REPORT: Final = (
    Fact(("concordance",), "concordance"),
    Fact(("necessity",), "necessity"),
    Fact(("alternatives",), "alternative", "TX"),
    Fact(("summary",), "summary", "TX"),
    Fact(("urgentFinding",), "urgent-finding", "TX"),
    Fact(("afterwards",), "afterwards"),
    Fact(("examined", "talk"), "talk"),
    Fact(("examined", "mode"), "consultation-mode"),
    Fact(("examined", "physical"), "examination"),
    Fact(("reviewed",), "reviewed"),
    Fact(("replaces",), "replaces"),
    Fact(("patientSummary", "text"), "patient-summary", "TX"),
    Fact(("patientSummary", "language"), "patient-language"),
)


class Observations:
    """Numbers the OBX beneath one OBR or TXA."""

    __slots__ = ("_count", "_script")

    def __init__(self, script: Script) -> None:
        """Begin with OBX-1 = 1."""
        self._script = script
        self._count = 0

    def add(self, name: str, kind: str, value: str, sub_id: str = "", more: Mapping[int, str] | None = None) -> None:
        """Add an OBX; without a value none.

        Args:
            name: OBX-3, as it is written.
            kind: OBX-2.
            value: OBX-5, as it is written.
            sub_id: OBX-4.
            more: further fields by their number.
        """
        if not value:
            return
        self._count += 1
        sub_id = sub_id or (str(self._count) if self._script.minor >= _SUB_ID_SINCE else "")
        fields = {1: str(self._count), 2: kind, 3: name, 4: sub_id, 5: value, 11: "F", **(more or {})}
        self._script.add("OBX", fields)

    def add_facts(self, document: Stated, facts: tuple[Fact, ...]) -> None:
        """Add an OBX for every fact that is stated."""
        for fact in facts:
            found = document.part(*fact.path)
            if found is None:
                continue
            several = isinstance(found.value, list)
            for number, one in enumerate(document.parts(*fact.path) if several else [found], 1):
                kind, value = _value(self._script, one, fact)
                self.add(self._script.parts(fact.name, "", SYSTEM), kind, value, str(number) if several else "")

    def add_text(self, name: str, at: Stated, member: str, sub_id: str) -> None:
        """Add a text that belongs to a number, such as the answer to a question."""
        kind, value = _value(self._script, at.part(member), Fact((), name, "TX"))
        self.add(self._script.parts(name, "", SYSTEM), kind, value, sub_id)


def _value(script: Script, at: Stated | None, fact: Fact) -> tuple[str, str]:
    """Return OBX-2 and OBX-5."""
    kind, value = fact.type, ""
    if at is None:
        return kind, value
    match fact.type:
        case "XPN":
            value = xpn(script, at)
        case "MO":
            value = script.parts(str(at.take("value")), str(at.take("currency")))
        case "DT":
            value = digits(at.take())
        case "TX":
            kind = "FT" if "\n" in str(at.value).strip() else "TX"
            value = script.text(at, formatted=True)
        case _ if isinstance(at.value, bool):
            value = "Y" if at.take() else "N"
        case _ if fact.name in _LANGUAGES:
            value = language(script, at)
        case _:
            value = script.text(at)
    return kind, value
