"""What the canonical request says about consent, as grants for the gate.

In a request the recipients are not spelled out, because the request itself implies them: the records go to the
consulting provider, the report to the treating provider, the question about payment to the insurer.
"""

from collections.abc import Iterable
from typing import Final

from adapter.domain.consent import ConsentGrant, ConsentStatement, Purpose, Recipient
from adapter.domain.parties import Insurance, Organization, Provider, Proxy
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.values import HumanName, Identifier

AUTHORISED_BASES: Final = frozenset({"parent", "guardian", "power-of-attorney"})
"""What gives a representative the right to consent without asking the patient."""


def grants_from_request(request: SecondOpinionRequest) -> tuple[ConsentGrant, ...]:
    """Return one grant per statement of the request, permissions and refusals alike; nothing said gives none."""
    stated = (
        (Purpose.SHARE_RECORDS, request.consent.share_records),
        (Purpose.RETURN_REPORT, request.consent.return_report),
        (Purpose.ASK_INSURER, request.consent.ask_insurer),
    )
    may = may_consent(request.proxy)
    return tuple(
        _grant(purpose, statement, recipient_for(request, purpose), may) for purpose, statement in stated if statement
    )


def may_consent(proxy: Proxy | None) -> bool:
    """Tell whether the proxy's right to consent is stated: by its basis, or by the patient's agreement.

    The patient's "no" takes it away whatever the basis.
    """
    if proxy is None or proxy.patient_agrees == "no":
        return False
    return proxy.patient_agrees == "yes" or proxy.basis in AUTHORISED_BASES


def recipient_for(request: SecondOpinionRequest, purpose: Purpose) -> Recipient:
    """Return whom the request means for this purpose; an empty recipient where it says nothing."""
    match purpose:
        case Purpose.SHARE_RECORDS:
            return _provider_recipient(request.consulting)
        case Purpose.RETURN_REPORT:
            return _provider_recipient(request.treating)
        case Purpose.ASK_INSURER:
            return insurer_recipient(request.insurance)


def organization_recipient(organization: Organization | None) -> Recipient:
    """Return an organisation as the gate knows it; None = an empty recipient, which nothing matches."""
    if organization is None:
        return Recipient()
    return Recipient(identifiers=_tokens(organization.identifiers), name=organization.name)


def insurer_recipient(insurance: Insurance | None) -> Recipient:
    """Return the insurer as the gate knows it; None = an empty recipient, which nothing matches."""
    insurer = insurance.insurer if insurance else None
    if insurer is None:
        return Recipient()
    return Recipient(identifiers=frozenset({f"{insurer.system}|{insurer.value}"}), name=insurer.name)


def _provider_recipient(provider: Provider) -> Recipient:
    """Return the provider's organisation; where none is stated, the person alone is meant."""
    if provider.organization is not None or provider.practitioner is None:
        return organization_recipient(provider.organization)
    practitioner = provider.practitioner
    name = _written(practitioner.name) if practitioner.name else None
    return Recipient(identifiers=_tokens(practitioner.identifiers), name=name)


def _grant(
    purpose: Purpose,
    statement: ConsentStatement,
    recipient: Recipient,
    representative_may: bool,  # noqa: FBT001
) -> ConsentGrant:
    by_representative = statement.by == "representative"
    return ConsentGrant(
        purpose=purpose,
        permits=statement.given,
        recipients=recipient.identifiers,
        recipient_name=recipient.name,
        by_representative=by_representative,
        representative_may=by_representative and representative_may,
        since=statement.on,
        until=statement.until,
        records=None if statement.records is None else frozenset(statement.records),
    )


def _tokens(identifiers: Iterable[Identifier]) -> frozenset[str]:
    return frozenset(f"{one.system}|{one.value}" for one in identifiers)


def _written(name: HumanName) -> str:
    return name.text or " ".join((*name.prefix, *name.given, name.family or "", *name.suffix)).strip()
