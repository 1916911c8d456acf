"""What `consent` and `proxy` of the canonical request mean for the gate."""

from datetime import date

import pytest

from adapter.domain.consent import ConsentStatement, ConsentStatements, Purpose, Recipient
from adapter.domain.consent_reading import grants_from_request, insurer_recipient, may_consent, organization_recipient
from adapter.domain.parties import (
    ConsultingProvider,
    Insurance,
    Insurer,
    Organization,
    Patient,
    Practitioner,
    Provider,
    Proxy,
)
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.values import HumanName, Identifier, Instant

SAID = ConsentStatement(given=True, by="patient", on=date(2026, 4, 9), until=date(2026, 12, 31), records=("DOC-1",))


def an_organization(value):
    return Organization(name=f"Hospital {value}", identifiers=(Identifier(system="urn:ura", value=value),))


def a_request(**changed):
    stated = {
        "id": "R",
        "message_id": "M",
        "case": "C",
        "sent": Instant("2026-04-10T09:30:00+02:00"),
        "patient": Patient(name=HumanName(family="TEST")),
        "treating": Provider(organization=an_organization("1")),
        "consulting": ConsultingProvider(organization=an_organization("2")),
    }
    return SecondOpinionRequest(**stated | changed)


def test_nothing_said_gives_no_grant():
    assert grants_from_request(a_request()) == ()


def test_every_statement_gives_one_grant_for_the_recipient_that_the_request_implies():
    insurance = Insurance(insurer=Insurer(system="urn:uzovi", value="3343"))
    said = ConsentStatements(share_records=SAID, return_report=SAID, ask_insurer=ConsentStatement(given=False))
    share, back, ask = grants_from_request(a_request(consent=said, insurance=insurance))
    assert (share.purpose, share.recipients) == (Purpose.SHARE_RECORDS, {"urn:ura|2"})
    assert (back.purpose, back.recipients) == (Purpose.RETURN_REPORT, {"urn:ura|1"})
    assert (ask.purpose, ask.recipients, ask.permits) == (Purpose.ASK_INSURER, {"urn:uzovi|3343"}, False)
    assert (share.since, share.until, share.records) == (SAID.on, SAID.until, {"DOC-1"})
    assert (ask.since, ask.until, ask.records) == (None, None, None)


def test_an_empty_list_of_records_names_none_and_is_not_all():
    said = ConsentStatements(share_records=ConsentStatement(given=True, by="patient", records=()))
    assert grants_from_request(a_request(consent=said))[0].records == frozenset()


def test_a_provider_without_organisation_is_known_by_its_practitioner():
    doctor = Practitioner(name=HumanName(family="Jansen", given=("Sofie",)), identifiers=())
    said = ConsentStatements(share_records=SAID)
    grant = grants_from_request(a_request(consent=said, consulting=ConsultingProvider(practitioner=doctor)))[0]
    assert (grant.recipients, grant.recipient_name) == (frozenset(), "Sofie Jansen")


@pytest.mark.parametrize(
    ("proxy", "may"),
    [
        (None, False),
        (Proxy(), False),
        (Proxy(basis="parent"), True),
        (Proxy(basis="guardian"), True),
        (Proxy(basis="power-of-attorney", patient_agrees="unverified"), True),
        (Proxy(basis="spouse"), False),
        (Proxy(basis="other", patient_agrees="unverified"), False),
        (Proxy(basis="spouse", patient_agrees="yes"), True),
        (Proxy(patient_agrees="yes"), True),
        (Proxy(basis="parent", patient_agrees="no"), False),
    ],
)
def test_a_representative_may_consent_by_basis_or_by_the_patients_agreement_and_never_against_a_no(proxy, may):
    by_proxy = ConsentStatements(share_records=ConsentStatement(given=True, by="representative"))
    grant = grants_from_request(a_request(consent=by_proxy, proxy=proxy))[0]
    assert may_consent(proxy) is may
    assert (grant.by_representative, grant.representative_may) == (True, may)


def test_what_is_not_stated_is_an_empty_recipient():
    assert organization_recipient(None) == insurer_recipient(None) == insurer_recipient(Insurance()) == Recipient()
    assert Recipient().label == ""
