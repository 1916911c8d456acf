// The request and the operation that it is about.
Profile: SecondOpinionServiceRequest
Parent: ServiceRequest
Id: SecondOpinionServiceRequest
Title: "Request for a second opinion"
Description: "Asks a consulting provider for a second opinion: an order where a physician refers the patient, else the patient's proposal."
* insert OurArtefact
* obeys so-sr-1 and so-sr-2
* extension contains
    RequestedBy named requestedBy 0..1 MS and
    InitiatedBy named initiatedBy 0..1 MS and
    Referral named referral 0..1 MS and
    ReferralDate named referralDate 0..1 and
    CopyTo named copyTo 0..*
* identifier 1..* MS
* identifier insert SlicedBy(pattern, type)
* identifier contains placer 1..1 MS and filler 0..1 MS
* identifier[placer].type 1..1
* identifier[placer].type = $V2-0203#PLAC
* identifier[placer].system 1..1
* identifier[placer].value 1..1
* identifier[filler].type 1..1
* identifier[filler].type = $V2-0203#FILL
* identifier[filler].system 1..1
* identifier[filler].value 1..1
* requisition 1..1 MS
* requisition.system 1..1
* requisition.value 1..1
* intent MS
* intent from SecondOpinionRequestIntents (required)
* category 1..* MS
* category insert SlicedBy(pattern, $this)
* category contains referral 1..1 MS
* category[referral] = $SCT#3457005
* priority MS
* code 1..1 MS
* code = $SCT#77406008
* code.text 1..1
* orderDetail 1..* MS
* orderDetail insert SlicedBy(pattern, $this)
* orderDetail contains secondOpinion 1..1 MS and return 0..1 MS and takeOver 0..1 MS and reportOnly 0..1 MS
* orderDetail[secondOpinion] = $V2-0282#SO
* orderDetail[return] = $V2-0282#RP
* orderDetail[takeOver] = $V2-0282#AM
* orderDetail[reportOnly] = $V2-0282#WR
* quantity[x] only Quantity
* subject only Reference(Patient)
* occurrence[x] only dateTime
* authoredOn 1..1 MS
* requester MS
* performerType MS
* performer 0..1 MS
* reasonCode 1..* MS
* reasonCode insert SlicedBy(pattern, $this)
* reasonCode contains secondOpinion 1..1 MS and patientPreference 0..1 MS and providerOrdered 0..1 MS
* reasonCode[secondOpinion] = $V2-0336#S
* reasonCode[patientPreference] = $V2-0336#P
* reasonCode[providerOrdered] = $V2-0336#O
* reasonReference only Reference(Condition)
* reasonReference MS
* insurance only Reference(Coverage)
* insurance MS
* supportingInfo MS
* note MS

Invariant: so-sr-1
Severity: #error
Description: "SNOMED CT 281036007 is a follow-up consultation, not a second opinion: use 77406008."
Expression: "(code | category | reasonCode).coding.where(system = 'http://snomed.info/sct' and code = '281036007').empty()"

Invariant: so-sr-2
Severity: #error
Description: "The patient goes back, is taken over, or only a report is asked for: at most one of RP, AM and WR."
Expression: "orderDetail.coding.where(system = 'http://terminology.hl7.org/CodeSystem/v2-0282' and (code = 'RP' or code = 'AM' or code = 'WR')).count() <= 1"

Profile: SecondOpinionPlannedOperation
Parent: ServiceRequest
Id: SecondOpinionPlannedOperation
Title: "Planned operation"
Description: "The operation or treatment that the second opinion is about. It belongs to the treating provider; nothing here changes or cancels it."
* insert OurArtefact
* extension contains InformedOn named informedOn 0..1 MS
* intent = #plan (exactly)
* doNotPerform 0..0
* code 1..1 MS
* subject only Reference(Patient)
* occurrence[x] only dateTime
* occurrence[x] MS
* authoredOn MS
* authoredOn ^definition = "The day on which the operation was recommended."
* requester MS
* performer 0..1 MS
* reasonReference only Reference(Condition)
* bodySite MS
