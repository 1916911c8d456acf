// Extensions of the request and of who stands around it.
Extension: RequestedBy
Id: requested-by
Title: "Requested by"
Description: "Who asks for the second opinion, in the exact word of the request."
Context: ServiceRequest
* insert OurArtefact
* value[x] 1..1
* value[x] only code
* value[x] from SecondOpinionWhoAsks (required)

Extension: InitiatedBy
Id: initiated-by
Title: "Initiated by"
Description: "Whose idea the second opinion was; reasonCode has it as P (patient) or O (provider)."
Context: ServiceRequest
* insert OurArtefact
* value[x] 1..1
* value[x] only code
* value[x] from SecondOpinionWhoseIdea (required)

Extension: Referral
Id: referral
Title: "Referral"
Description: "Who referred the patient; absent means unknown."
Context: ServiceRequest
* insert OurArtefact
* value[x] 1..1
* value[x] only code
* value[x] from SecondOpinionReferralKindCodes (required)

Extension: ReferralDate
Id: referral-date
Title: "Date of the referral"
Description: "When the patient was referred, as precisely as it is known."
Context: ServiceRequest
* insert OurArtefact
* value[x] 1..1
* value[x] only dateTime

Extension: InformedOn
Id: informed-on
Title: "Informed on"
Description: "The day on which the patient was told of the right to a second opinion before the planned operation."
Context: ServiceRequest
* insert OurArtefact
* value[x] 1..1
* value[x] only date

Extension: CopyTo
Id: copy-to
Title: "Copy to"
Description: "Somebody else who gets a copy of the request or of the report."
Context: ServiceRequest
* insert OurArtefact
* value[x] 0..0
* extension contains what 0..1 and recipient 1..1
* extension[what].value[x] 1..1
* extension[what].value[x] only code
* extension[what].value[x] obeys so-copy-1
* extension[recipient].value[x] 1..1
* extension[recipient].value[x] only Reference(PractitionerRole or Practitioner or Organization)

Invariant: so-copy-1
Severity: #error
Description: "What is copied is the request or the report."
Expression: "$this = 'request' or $this = 'report'"

Extension: SupplementaryCover
Id: supplementary-cover
Title: "Supplementary cover"
Description: "Whether there is a supplementary insurance beside this one; absent means unknown."
Context: Coverage
* insert OurArtefact
* value[x] 1..1
* value[x] only boolean

Extension: ProxyBasis
Id: proxy-basis
Title: "Right of a representative"
Description: "The right by which this person asks for the patient."
Context: RelatedPerson
* insert OurArtefact
* value[x] 1..1
* value[x] only code
* value[x] from SecondOpinionProxyBasisCodes (required)

Extension: PatientAgrees
Id: patient-agrees
Title: "Patient agrees"
Description: "Whether the patient agrees with what this person asks."
Context: RelatedPerson
* insert OurArtefact
* value[x] 1..1
* value[x] only code
* value[x] from SecondOpinionPatientAgreesCodes (required)

Extension: ReplacesMessage
Id: replaces-message
Title: "Replaces message"
Description: "The message that this one corrects, by its sender's number."
Context: MessageHeader, Task
* insert OurArtefact
* value[x] 1..1
* value[x] only Identifier
* valueIdentifier.system 1..1
* valueIdentifier.value 1..1

Extension: DevelopmentClock
Id: development-clock
Title: "Development clock"
Description: "This was made under a development clock, which stood at this moment: never a real case."
Context: DomainResource
* insert OurArtefact
* value[x] 1..1
* value[x] only instant
