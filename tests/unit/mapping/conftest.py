"""One case as values: a request with two records and two questions, its FHIR resources, and a report about it."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from adapter.base.ids import opaque_id
from adapter.domain.clearance import GATE_SEAL, Cleared
from adapter.domain.consent import ConsentStatement, ConsentStatements, Purpose
from adapter.domain.parties import ConsultingProvider, Insurance, Insurer, Organization, Patient, Practitioner, Provider
from adapter.domain.records import Record, RecordContent
from adapter.domain.report import Answer, Examined, PatientSummary, ReportDocument, SecondOpinionReport
from adapter.domain.request import PlannedProcedure, SecondOpinionRequest
from adapter.domain.values import Coding, HumanName, Identifier, Instant, PartialDate
from adapter.fhir import systems
from adapter.fhir.validate import validate
from adapter.mapping.from_fhir.request_view import RequestView, read_request_view
from adapter.mapping.to_fhir.directory import organization_resource
from adapter.mapping.to_fhir.expressed import ExpressedRequest
from adapter.mapping.to_fhir.message_header import Endpoint
from adapter.mapping.to_fhir.messages import Envelope
from adapter.mapping.to_fhir.opinion import ExpressedOpinion, express_report
from adapter.mapping.to_fhir.package import records_package
from adapter.mapping.to_fhir.request import express_request

AT = datetime(2026, 4, 12, 8, 30, tzinfo=UTC)
GIVEN = ConsentStatement(given=True, by="patient", on=date(2026, 4, 9))


def content_of(data: bytes) -> RecordContent:
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return RecordContent(sha256=hashlib.sha256(data).hexdigest(), sha1=sha1, size_bytes=len(data))


def a_request(**changes) -> SecondOpinionRequest:
    first = Organization(
        name="Haus A (TEST)", identifiers=(Identifier(system=systems.URA, value="00009001"),), country="NL"
    )
    second = Organization(
        name="Haus B (TEST)", identifiers=(Identifier(system=systems.URA, value="00009002"),), country="NL"
    )
    stated = SecondOpinionRequest(
        id="REQ-1",
        message_id="MSG-1",
        case="CASE-1",
        sent=Instant("2026-04-10T09:30:00+02:00"),
        patient=Patient(
            name=HumanName(family="de Vries", given=("Anna",)),
            identifiers=(Identifier(system=systems.BSN, value="999911120"),),
            birth_date=PartialDate("1980-06-15"),
            language="nl",
        ),
        treating=Provider(organization=first, role="specialist"),
        consulting=ConsultingProvider(organization=second, role="specialist"),
        insurance=Insurance(insurer=Insurer(system=systems.UZOVI, value="3343", name="PNOzorg")),
        planned_procedure=PlannedProcedure(text="Microdiscectomie", date=date(2026, 5, 20)),
        questions=("Is de operatie nodig?", "Welke alternatieven zijn er?"),
        afterwards="return",
        answer_by=date(2026, 5, 10),
        consent=ConsentStatements(share_records=GIVEN, return_report=GIVEN, ask_insurer=GIVEN),
        records=(
            Record(
                id="DOC-1",
                type=Coding(system=systems.LOINC, code="57133-1"),
                title="Brief <1> & meer",
                content_type="application/pdf",
                date=PartialDate("2026-04"),
                language="nl",
            ),
            Record(id="DOC-2", title="MRI", content_type="application/dicom", confidentiality="R"),
        ),
    )
    return replace(stated, **changes)


def a_report(**changes) -> SecondOpinionReport:
    stated = SecondOpinionReport(
        id="REP-1",
        message_id="MSG-REP-1",
        case="CASE-1",
        issued=Instant("2026-04-28T15:00:00+02:00"),
        status="final",
        author=Practitioner(
            name=HumanName(family="Jansen", given=("Sofie",), prefix=("prof.",)),
            identifiers=(Identifier(system=systems.UZI_PERSON, value="900022222"),),
        ),
        reviewed=("DOC-1",),
        examined=Examined(talk=True, mode="video", physical=False),
        necessity="no",
        concordance="alternative-recommended",
        answers=(Answer(question=1, text="Nee.\nNiet nu."), Answer(question=2, text="Fysiotherapie <6 weken>.")),
        alternatives=("Fysiotherapie",),
        summary="Conservatief beleid is redelijk.",
        patient_summary=PatientSummary(language="nl", text="Een operatie is nu niet nodig."),
        document=ReportDocument(content_type="application/pdf", language="nl"),
    )
    return replace(stated, **changes)


@dataclass(frozen=True)
class CaseValues:
    """A request with the bytes of its records, and everything that was made of it."""

    data: dict[str, bytes]
    request: SecondOpinionRequest = field(default_factory=a_request)

    @property
    def contents(self) -> dict[str, RecordContent]:
        return {name: content_of(data) for name, data in self.data.items()}

    @property
    def cleared(self) -> list[Cleared[Record]]:
        about = {"seal": GATE_SEAL, "recipient": "B", "purpose": Purpose.SHARE_RECORDS, "at": AT, "grant": None}
        return [Cleared(record, **about) for record in self.request.records if record.id in self.data]

    @property
    def expressed(self) -> ExpressedRequest:
        return express_request(self.request, contents=self.contents, cleared=self.cleared)

    @property
    def view(self) -> RequestView:
        return read_request_view(self.expressed.resources)

    @property
    def envelope(self) -> Envelope:
        return Envelope(
            id=opaque_id("a message"),
            at=AT,
            source=Endpoint(url="https://a.example/fhir", name="A"),
            destination=Endpoint(url="https://b.example/fhir"),
            sender=organization_resource(self.request.treating.organization, opaque_id("sender")),
            receiver=organization_resource(self.request.consulting.organization, opaque_id("receiver")),
        )

    def package(self, **changes):
        by_sha256 = {self.contents[name].sha256: data for name, data in self.data.items()}
        expressed = self.expressed
        parts = {
            "task": expressed.task,
            "service_request": expressed.service_request,
            "patient": expressed.patient,
            "documents": list(expressed.documents.values()),
            "cleared": self.cleared,
            "contents": self.contents,
            "read": by_sha256.__getitem__,
            "author": self.envelope.sender,
            "at": AT,
            "id": "PACK-1",
        }
        return records_package(**{**parts, **changes})

    def opinion(
        self, report: SecondOpinionReport | None = None, document: bytes | None = b"%PDF-1.7 signed"
    ) -> ExpressedOpinion:
        return express_report(
            report or a_report(),
            view=self.view,
            content=None if document is None else content_of(document),
            document=document,
            author=self.request.consulting.organization,
            resources=self.expressed.resources,
        )


def errors_in(resource) -> list[tuple[str | None, str]]:
    """What our validator says of a resource, warnings left out."""
    return [(one.where, one.text) for one in validate(resource) if one.severity in ("error", "fatal")]


@pytest.fixture
def values():
    return CaseValues(data={"DOC-1": b"%PDF-1.4 letter", "DOC-2": bytes(range(256))})


@pytest.fixture
def make_report():
    return a_report


@pytest.fixture
def make_values():
    def make(data=None, **changes) -> CaseValues:
        return CaseValues(data=data or {}, request=a_request(**changes))

    return make


@pytest.fixture
def errors():
    return errors_in
