"""Who takes part: the patient, a proxy, the treating and the consulting provider, the referrer, the insurance."""

from dataclasses import dataclass

from adapter.domain.values import Address, HumanName, Identifier, Money, PartialDate, Telecom


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """The person whom the second opinion is about; `language` is a BCP 47 tag."""

    name: HumanName
    identifiers: tuple[Identifier, ...] = ()
    birth_date: PartialDate | None = None
    gender: str | None = None
    address: Address | None = None
    telecom: tuple[Telecom, ...] = ()
    language: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Proxy:
    """Who asks for the patient.

    Attributes:
        basis: "parent", "guardian", "power-of-attorney", "spouse" or "other".
        patient_agrees: "yes", "no" or "unverified"; None = not stated.
    """

    relationship: str | None = None
    name: HumanName | None = None
    telecom: tuple[Telecom, ...] = ()
    birth_date: PartialDate | None = None
    identifiers: tuple[Identifier, ...] = ()
    basis: str | None = None
    patient_agrees: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Organization:
    """A hospital, practice or other provider; `country` is ISO 3166-1 alpha-2, None = not stated."""

    name: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    country: str | None = None
    address: Address | None = None
    telecom: tuple[Telecom, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Practitioner:
    """A doctor or another professional."""

    name: HumanName | None = None
    identifiers: tuple[Identifier, ...] = ()
    telecom: tuple[Telecom, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """The treating side: an organisation, a person in it, or both.

    Attributes:
        role: "specialist", "gp", "dentist", "midwife", "nurse" or "therapist"; None = not stated.
        specialty: a token such as "neurology"; None = not stated.
    """

    organization: Organization | None = None
    practitioner: Practitioner | None = None
    role: str | None = None
    specialty: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsultingProvider(Provider):
    """The side that is asked; the further members are facts for the insurer's rules, None = not stated.

    Attributes:
        contracted: "yes", "no" or "unknown": a contract with the patient's insurer.
        reimbursed_percent: what the policy pays without a contract, in percent.
        approved_for: ids of the listed procedures for which an approval exists; None = not stated.
        operates: whether this provider is to perform the planned operation.
        linked_to_treating: any tie to the treating provider.
    """

    contracted: str | None = None
    reimbursed_percent: float | None = None
    approved_for: tuple[str, ...] | None = None
    operates: bool | None = None
    financial_interest: bool | None = None
    linked_to_treating: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Referrer:
    """Who referred the patient, and when."""

    practitioner: Practitioner | None = None
    organization: Organization | None = None
    role: str | None = None
    date: PartialDate | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Insurer:
    """The insurer by its national number (IK, UZOVI)."""

    system: str
    value: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Insurance:
    """The patient's insurance; every member may be unknown (None).

    Attributes:
        scheme: "gkv", "pkv" or "zvw".
        plan: the insurer's label, where several share a number.
        policy_type: "natura", "restitutie" or "combinatie".
        deductible_used: what has been used of this calendar year's deductible.
    """

    insurer: Insurer | None = None
    member_id: str | None = None
    scheme: str | None = None
    plan: str | None = None
    policy_type: str | None = None
    supplementary: bool | None = None
    active: bool | None = None
    deductible_used: Money | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyRecipient:
    """Somebody else who gets a copy, for example the GP; `what` is "request" or "report"."""

    practitioner: Practitioner | None = None
    organization: Organization | None = None
    what: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientIdentity:
    """Who a patient is, as one message tells it; None or empty = not stated."""

    identifiers: tuple[Identifier, ...] = ()
    name: HumanName | None = None
    birth_date: PartialDate | None = None
