// One value set for each code system of our own, and the narrower ones that profiles bind to.

ValueSet: SecondOpinionBusinessStatusCodes
Id: so-business-status
Title: "Business status of a second opinion"
Description: "All codes of so-business-status."
* insert OurArtefact
* include codes from system SecondOpinionBusinessStatus

ValueSet: SecondOpinionTaskInputTypeCodes
Id: so-task-input-type
Title: "Inputs of the Task"
Description: "All codes of so-task-input-type."
* insert OurArtefact
* include codes from system SecondOpinionTaskInputType

ValueSet: SecondOpinionTaskOutputTypeCodes
Id: so-task-output-type
Title: "Outputs of the Task"
Description: "All codes of so-task-output-type."
* insert OurArtefact
* include codes from system SecondOpinionTaskOutputType

ValueSet: SecondOpinionConcordanceCodes
Id: so-concordance
Title: "Concordance with the first opinion"
Description: "All codes of so-concordance."
* insert OurArtefact
* include codes from system SecondOpinionConcordance

ValueSet: SecondOpinionNecessityCodes
Id: so-necessity
Title: "Necessity of the planned operation"
Description: "All codes of so-necessity."
* insert OurArtefact
* include codes from system SecondOpinionNecessity

ValueSet: SecondOpinionCoverageFindingCodes
Id: so-coverage-finding
Title: "Result of a coverage finding"
Description: "All codes of so-coverage-finding."
* insert OurArtefact
* include codes from system SecondOpinionCoverageFinding

ValueSet: SecondOpinionCoverageOutcomeCodes
Id: so-coverage-outcome
Title: "Coverage decision"
Description: "All codes of so-coverage-outcome."
* insert OurArtefact
* include codes from system SecondOpinionCoverageOutcome

ValueSet: SecondOpinionStatusReasonCodes
Id: so-status-reason
Title: "Reason for a status"
Description: "All codes of so-status-reason."
* insert OurArtefact
* include codes from system SecondOpinionStatusReason

ValueSet: SecondOpinionMessageEventCodes
Id: so-message-event
Title: "Message events"
Description: "All codes of so-message-event."
* insert OurArtefact
* include codes from system SecondOpinionMessageEvent

ValueSet: SecondOpinionInitiatorCodes
Id: so-initiator
Title: "Who asks for a second opinion"
Description: "All codes of so-initiator."
* insert OurArtefact
* include codes from system SecondOpinionInitiator

ValueSet: SecondOpinionReferralKindCodes
Id: so-referral-kind
Title: "Kind of referral"
Description: "All codes of so-referral-kind."
* insert OurArtefact
* include codes from system SecondOpinionReferralKind

ValueSet: SecondOpinionProviderRoleCodes
Id: so-provider-role
Title: "Role of a provider"
Description: "All codes of so-provider-role."
* insert OurArtefact
* include codes from system SecondOpinionProviderRole

ValueSet: SecondOpinionSpecialtyCodes
Id: so-specialty
Title: "Specialty"
Description: "All codes of so-specialty."
* insert OurArtefact
* include codes from system SecondOpinionSpecialty

ValueSet: SecondOpinionCareTypeCodes
Id: so-care-type
Title: "Type of care"
Description: "All codes of so-care-type."
* insert OurArtefact
* include codes from system SecondOpinionCareType

ValueSet: SecondOpinionPolicyTypeCodes
Id: so-policy-type
Title: "Type of policy"
Description: "All codes of so-policy-type."
* insert OurArtefact
* include codes from system SecondOpinionPolicyType

ValueSet: SecondOpinionInsuranceSchemeCodes
Id: so-insurance-scheme
Title: "Insurance scheme"
Description: "All codes of so-insurance-scheme."
* insert OurArtefact
* include codes from system SecondOpinionInsuranceScheme

ValueSet: SecondOpinionConsultationModeCodes
Id: so-consultation-mode
Title: "How doctor and patient meet"
Description: "All codes of so-consultation-mode."
* insert OurArtefact
* include codes from system SecondOpinionConsultationMode

ValueSet: SecondOpinionProxyBasisCodes
Id: so-proxy-basis
Title: "Right of a representative"
Description: "All codes of so-proxy-basis."
* insert OurArtefact
* include codes from system SecondOpinionProxyBasis

ValueSet: SecondOpinionPatientAgreesCodes
Id: so-patient-agrees
Title: "Whether the patient agrees"
Description: "All codes of so-patient-agrees."
* insert OurArtefact
* include codes from system SecondOpinionPatientAgrees

ValueSet: SecondOpinionSectionCodes
Id: so-section
Title: "Sections of a document"
Description: "All codes of so-section."
* insert OurArtefact
* include codes from system SecondOpinionSection

ValueSet: SecondOpinionCoverageReasonCodes
Id: so-coverage-rule
Title: "Reason of a coverage finding"
Description: "All codes of so-coverage-rule."
* insert OurArtefact
* include codes from system SecondOpinionCoverageReason

ValueSet: SecondOpinionCaseEventCodes
Id: so-case-event
Title: "Events of a case"
Description: "All codes of so-case-event."
* insert OurArtefact
* include codes from system SecondOpinionCaseEvent

ValueSet: SecondOpinionAfterwardsCodes
Id: so-afterwards
Title: "What happens after the second opinion"
Description: "All codes of so-afterwards."
* insert OurArtefact
* include codes from system SecondOpinionAfterwards

ValueSet: SecondOpinionUrgencyCodes
Id: so-urgency
Title: "Urgency of the planned operation"
Description: "All codes of so-urgency."
* insert OurArtefact
* include codes from system SecondOpinionUrgency
