"""Every system, profile, extension and policy address that FHIR resources of ours use, each with its source.

R4 terminologies: https://hl7.org/fhir/R4/terminologies-systems.html
Codes with their displays stand in `adapter.fhir.coding`.
"""

from typing import Final

from adapter.fhir.resource import Resource

CANONICAL: Final = "https://second-opinion.example/fhir"
"""The base of everything that is our own; nothing else in the program spells it out."""

# --- General terminologies -------------------------------------------------------------------------------------
SNOMED: Final = "http://snomed.info/sct"  # https://hl7.org/fhir/R4/snomedct.html
LOINC: Final = "http://loinc.org"  # https://hl7.org/fhir/R4/loinc.html
DICOM: Final = "http://dicom.nema.org/resources/ontology/DCM"  # PS3.16 Annex D
UCUM: Final = "http://unitsofmeasure.org"  # https://hl7.org/fhir/R4/valueset-ucum-units.html
BCP47: Final = "urn:ietf:bcp:47"  # languages, https://hl7.org/fhir/R4/valueset-languages.html
URI: Final = "urn:ietf:rfc:3986"  # identifiers that are URIs, https://hl7.org/fhir/R4/identifier-registry.html
ISO3166: Final = "urn:iso:std:iso:3166"  # countries, https://hl7.org/fhir/R4/iso3166.html

ICD10: Final = "http://hl7.org/fhir/sid/icd-10"  # https://hl7.org/fhir/R4/icd.html
ICD10_OID: Final = "urn:oid:2.16.840.1.113883.6.3"
ICD10_NL: Final = "http://hl7.org/fhir/sid/icd-10-nl"
ICD10_NL_OID: Final = "urn:oid:2.16.840.1.113883.6.3.2"
ICD10_GM: Final = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"  # basisprofil-de-r4
ICD10_GM_DIMDI: Final = "http://fhir.de/CodeSystem/dimdi/icd-10-gm"  # its name before 2020
ICD10_GM_SID: Final = "http://hl7.org/fhir/sid/icd-10-gm"
ICD10_GM_OID: Final = "urn:oid:1.2.276.0.76.5.409"
OPS: Final = "http://fhir.de/CodeSystem/bfarm/ops"  # basisprofil-de-r4
OPS_DIMDI: Final = "http://fhir.de/CodeSystem/dimdi/ops"  # its name before 2020
KDL: Final = "http://dvmd.de/fhir/CodeSystem/kdl"  # https://simplifier.net/kdl

# --- HL7 v2 and v3 tables -------------------------------------------------------------------------------------
V2_EVENT: Final = "http://terminology.hl7.org/CodeSystem/v2-0003"  # https://hl7.org/fhir/R4/v2/0003/
V2_IDENTIFIER_TYPE: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"  # https://hl7.org/fhir/R4/v2/0203/
V2_DISPOSITION: Final = "http://terminology.hl7.org/CodeSystem/v2-0282"  # https://hl7.org/fhir/R4/v2/0282/
V2_REFERRAL_REASON: Final = "http://terminology.hl7.org/CodeSystem/v2-0336"  # https://hl7.org/fhir/R4/v2/0336/
V3_ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"  # https://hl7.org/fhir/R4/v3/ActCode/cs.html
V3_ACT_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
V3_CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
V3_PARTICIPATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
V3_ROLE: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
V3_DATA_OPERATION: Final = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"

# --- FHIR's own code systems ----------------------------------------------------------------------------------
TASK_CODE: Final = "http://hl7.org/fhir/CodeSystem/task-code"  # https://hl7.org/fhir/R4/codesystem-task-code.html
CONSENT_SCOPE: Final = "http://terminology.hl7.org/CodeSystem/consentscope"
CONDITION_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CONDITION_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/condition-category"
COVERAGE_CLASS: Final = "http://terminology.hl7.org/CodeSystem/coverage-class"
BENEFIT_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/ex-benefitcategory"
BENEFIT_TYPE: Final = "http://terminology.hl7.org/CodeSystem/benefit-type"
BENEFIT_NETWORK: Final = "http://terminology.hl7.org/CodeSystem/benefit-network"
BENEFIT_UNIT: Final = "http://terminology.hl7.org/CodeSystem/benefit-unit"
BENEFIT_TERM: Final = "http://terminology.hl7.org/CodeSystem/benefit-term"
ADJUDICATION_ERROR: Final = "http://terminology.hl7.org/CodeSystem/adjudication-error"
AUTH_SUPPORT: Final = "http://terminology.hl7.org/CodeSystem/coverageeligibilityresponse-ex-auth-support"
PROCESS_PRIORITY: Final = "http://terminology.hl7.org/CodeSystem/processpriority"
ELIGIBILITY_PURPOSE: Final = "http://hl7.org/fhir/eligibilityrequest-purpose"
RESPONSE_CODE: Final = "http://hl7.org/fhir/response-code"
ORGANIZATION_TYPE: Final = "http://terminology.hl7.org/CodeSystem/organization-type"
PRACTITIONER_ROLE: Final = "http://terminology.hl7.org/CodeSystem/practitioner-role"
PROVENANCE_PARTICIPANT: Final = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
DATA_ABSENT_REASON: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
COMMUNICATION_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/communication-category"
DIAGNOSTIC_SERVICE: Final = "http://terminology.hl7.org/CodeSystem/v2-0074"  # DiagnosticReport.category
LIST_ORDER: Final = "http://terminology.hl7.org/CodeSystem/list-order"
LIFECYCLE: Final = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"  # AuditEvent.subtype, BALP
RESTFUL_INTERACTION: Final = "http://hl7.org/fhir/restful-interaction"
ENDPOINT_CONNECTION: Final = "http://terminology.hl7.org/CodeSystem/endpoint-connection-type"
CDEX_TEMP: Final = "http://hl7.org/fhir/us/davinci-cdex/CodeSystem/cdex-temp"  # data-request-*, HL7 Da Vinci CDex
MIME_FORMAT: Final = "urn:ietf:bcp:13"  # media types as Coding.system

# --- National systems: the Netherlands (Nictiz) ---------------------------------------------------------------
BSN: Final = "http://fhir.nl/fhir/NamingSystem/bsn"  # citizen service number
URA: Final = "http://fhir.nl/fhir/NamingSystem/ura"  # care provider organisation, UZI register
URA_OID: Final = "urn:oid:2.16.528.1.1007.3.3"
UZI_PERSON: Final = "http://fhir.nl/fhir/NamingSystem/uzi-nr-pers"
UZI_SYSTEM: Final = "http://fhir.nl/fhir/NamingSystem/uzi-nr-sys"
UZI_ROLE: Final = "http://fhir.nl/fhir/NamingSystem/uzi-rolcode"
AGB: Final = "http://fhir.nl/fhir/NamingSystem/agb-z"  # care provider, Vektis
AGB_OID: Final = "urn:oid:2.16.840.1.113883.2.4.6.1"
BIG: Final = "http://fhir.nl/fhir/NamingSystem/big"  # professional register
KVK: Final = "http://fhir.nl/fhir/NamingSystem/kvk"  # chamber of commerce
UZOVI: Final = "http://fhir.nl/fhir/NamingSystem/uzovi"  # insurer, Vektis
UZOVI_OID: Final = "urn:oid:2.16.840.1.113883.2.4.6.4"

# --- National systems: Germany (basisprofil-de-r4, KBV, gematik) ----------------------------------------------
KVNR: Final = "http://fhir.de/sid/gkv/kvid-10"  # insured person, statutory
KVNR_PKV: Final = "http://fhir.de/sid/pkv/kvid-10"  # insured person, private
IK: Final = "http://fhir.de/sid/arge-ik/iknr"  # institution: insurers, hospitals
IK_OID: Final = "urn:oid:1.2.276.0.76.4.5"
LANR: Final = "https://fhir.kbv.de/NamingSystem/KBV_NS_Base_ANR"  # physician
BSNR: Final = "https://fhir.kbv.de/NamingSystem/KBV_NS_Base_BSNR"  # practice site
EFN: Final = "http://fhir.de/sid/bundesaerztekammer/efn"
TELEMATIK: Final = "https://gematik.de/fhir/sid/telematik-id"
SITE: Final = "http://fhir.de/sid/dkgev/standortnummer"  # hospital site
IDENTIFIER_TYPE_DE: Final = "http://fhir.de/CodeSystem/identifier-type-de-basis"  # KVZ10, basisprofil-de-r4
INSURANCE_KIND_DE: Final = "http://fhir.de/CodeSystem/versicherungsart-de-basis"  # GKV, PKV, SEL, BEI

BSN_OID: Final = "urn:oid:2.16.840.1.113883.2.4.6.3"  # as CDA and HL7 v2 name it
KVNR_OID: Final = "urn:oid:1.2.276.0.76.4.8"  # as CDA and HL7 v2 name it

NATIONAL_PATIENT_SYSTEMS: Final = {BSN: "NL", BSN_OID: "NL", KVNR: "DE", KVNR_PKV: "DE", KVNR_OID: "DE"}
"""The patient numbers that must not leave their own country, with that country."""

# --- Our own identifier systems -------------------------------------------------------------------------------
REQUEST_ID: Final = f"{CANONICAL}/sid/request-id"  # the request's business key (placer number)
ORDER_ID: Final = f"{CANONICAL}/sid/filler-id"  # given by the consulting side on acceptance (filler number)
CASE_ID: Final = f"{CANONICAL}/sid/case-id"
MESSAGE_ID: Final = f"{CANONICAL}/sid/message-id"
RECORD_ID: Final = f"{CANONICAL}/sid/record-id"  # unique within a request
REPORT_ID: Final = f"{CANONICAL}/sid/report-id"
PACKAGE_ID: Final = f"{CANONICAL}/sid/package-id"
OPAQUE_ID: Final = f"{CANONICAL}/sid/opaque-id"  # stands for an identifier that is not told

# --- Our own code systems; their codes stand in `adapter.fhir.coding` -----------------------------------------
BUSINESS_STATUS: Final = f"{CANONICAL}/CodeSystem/so-business-status"
TASK_INPUT: Final = f"{CANONICAL}/CodeSystem/so-task-input-type"
TASK_OUTPUT: Final = f"{CANONICAL}/CodeSystem/so-task-output-type"
CONCORDANCE: Final = f"{CANONICAL}/CodeSystem/so-concordance"
NECESSITY: Final = f"{CANONICAL}/CodeSystem/so-necessity"
COVERAGE_RULE: Final = f"{CANONICAL}/CodeSystem/so-coverage-rule"
COVERAGE_FINDING: Final = f"{CANONICAL}/CodeSystem/so-coverage-finding"
COVERAGE_OUTCOME: Final = f"{CANONICAL}/CodeSystem/so-coverage-outcome"
STATUS_REASON: Final = f"{CANONICAL}/CodeSystem/so-status-reason"
MESSAGE_EVENT: Final = f"{CANONICAL}/CodeSystem/so-message-event"
INITIATOR: Final = f"{CANONICAL}/CodeSystem/so-initiator"
REFERRAL_KIND: Final = f"{CANONICAL}/CodeSystem/so-referral-kind"
PROVIDER_ROLE: Final = f"{CANONICAL}/CodeSystem/so-provider-role"
SPECIALTY: Final = f"{CANONICAL}/CodeSystem/so-specialty"
CARE_TYPE: Final = f"{CANONICAL}/CodeSystem/so-care-type"
POLICY_TYPE: Final = f"{CANONICAL}/CodeSystem/so-policy-type"
INSURANCE_SCHEME: Final = f"{CANONICAL}/CodeSystem/so-insurance-scheme"
CONSULTATION_MODE: Final = f"{CANONICAL}/CodeSystem/so-consultation-mode"
PROXY_BASIS: Final = f"{CANONICAL}/CodeSystem/so-proxy-basis"
AFTERWARDS: Final = f"{CANONICAL}/CodeSystem/so-afterwards"  # mapped to V2_DISPOSITION
URGENCY: Final = f"{CANONICAL}/CodeSystem/so-urgency"  # of the planned operation, mapped to a request priority
PATIENT_AGREES: Final = f"{CANONICAL}/CodeSystem/so-patient-agrees"
SECTION: Final = f"{CANONICAL}/CodeSystem/so-section"
CASE_EVENT: Final = f"{CANONICAL}/CodeSystem/so-case-event"  # AuditEvent.subtype

# --- Our own extensions ---------------------------------------------------------------------------------------
_EXTENSION: Final = f"{CANONICAL}/StructureDefinition"
EXT_SHA256: Final = f"{_EXTENSION}/attachment-sha256"  # valueString, lower-case hex; Attachment
EXT_NECESSITY: Final = f"{_EXTENSION}/necessity"  # valueCodeableConcept; DiagnosticReport, Composition
EXT_CONCORDANCE: Final = f"{_EXTENSION}/concordance"  # valueCodeableConcept; DiagnosticReport, Composition
EXT_COVERAGE_FINDING: Final = f"{_EXTENSION}/coverage-finding"  # complex; CoverageEligibilityResponse
EXT_ESTIMATE: Final = f"{_EXTENSION}/estimate"  # valueBoolean: not a decision of the insurer
EXT_REQUESTED_BY: Final = f"{_EXTENSION}/requested-by"  # valueCode; ServiceRequest
EXT_INITIATED_BY: Final = f"{_EXTENSION}/initiated-by"  # valueCode; ServiceRequest
EXT_REFERRAL: Final = f"{_EXTENSION}/referral"  # valueCode, and valueDate in its own extension; ServiceRequest
EXT_REFERRAL_DATE: Final = f"{_EXTENSION}/referral-date"  # valueDateTime; ServiceRequest
EXT_INFORMED_ON: Final = f"{_EXTENSION}/informed-on"  # valueDate: told of the right to a second opinion; plan
EXT_SUPPLEMENTARY: Final = f"{_EXTENSION}/supplementary-cover"  # valueBoolean; Coverage
EXT_PROXY_BASIS: Final = f"{_EXTENSION}/proxy-basis"  # valueCode; RelatedPerson
EXT_PATIENT_AGREES: Final = f"{_EXTENSION}/patient-agrees"  # valueCode; RelatedPerson
EXT_COPY_TO: Final = f"{_EXTENSION}/copy-to"  # complex: what, recipient; ServiceRequest
EXT_REPLACES_MESSAGE: Final = f"{_EXTENSION}/replaces-message"  # valueIdentifier; MessageHeader, Task
EXT_URGENT_FINDING: Final = f"{_EXTENSION}/urgent-finding"  # valueString; DiagnosticReport, Composition
EXT_QUESTION_NUMBER: Final = f"{_EXTENSION}/question-number"  # valuePositiveInt, from 1; Task.output
EXT_CLOCK: Final = f"{_EXTENSION}/development-clock"  # valueInstant: made under a development clock
EXT_MANIFEST: Final = f"{_EXTENSION}/manifest"  # complex; the records package

# --- Extensions and profiles of others ------------------------------------------------------------------------
EXT_SIDE_DE: Final = "http://fhir.de/StructureDefinition/seitenlokalisation"  # basisprofil-de-r4, on Coding
SIDE_DE: Final = "https://fhir.kbv.de/CodeSystem/KBV_CS_SFHIR_ICD_SEITENLOKALISATION"  # L, R, B
EXT_TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"  # R4 core, on string
EXT_DATA_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
PCF_CONSENT: Final = "https://profiles.ihe.net/ITI/PCF/StructureDefinition/IHE.PCF.consentIntermediate"
COW_TASK: Final = "http://hl7.org/fhir/uv/cow/StructureDefinition/coordination-task"
TWIIN_TASK: Final = "https://fhir.twiin.nl/ig/workflow/StructureDefinition/twiin-coordination-task"


def profile(name: str) -> Resource:
    """Return the `meta` of a resource that claims a profile of ours, by the profile's name.

    https://hl7.org/fhir/R4/resource-definitions.html#Meta.profile
    """
    return {"profile": [f"{_EXTENSION}/{name}"]}


def policy(country: str | None, direction: str) -> str:
    """Return the address of the policy under which a consent stands.

    Args:
        country: of the organisation that keeps the consent, ISO 3166-1 alpha-2; None = not stated.
        direction: "share-records", "return-report" or "ask-insurer".
    """
    return f"{CANONICAL}/policy/{(country or 'unspecified').lower()}/{direction}"
