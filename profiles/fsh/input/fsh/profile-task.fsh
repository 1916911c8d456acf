// The workflow.
Profile: SecondOpinionTask
Parent: Task
Id: SecondOpinionTask
Title: "Task of a second opinion"
Description: "The work that is asked of the consulting side, and where it stands. It keeps what HL7 Clinical Order Workflows' coordination-task asks (identifier, code, one focus that is a request) and what the Dutch Twiin coordination task asks (no draft, ready or on-hold; a reason with rejected and cancelled; no patient number in for). Both are restated here, since their packages are not a dependency."
* insert OurArtefact
* obeys so-task-1
* extension contains ReplacesMessage named replacesMessage 0..1 and DevelopmentClock named developmentClock 0..1
* identifier 1..* MS
* identifier insert SlicedBy(pattern, type)
* identifier contains placer 1..1 MS and filler 0..1 MS
* identifier[placer].type 1..1
* identifier[placer].type = $V2-0203#PLAC
* identifier[placer].system 1..1
* identifier[placer].value 1..1
* identifier[filler].type 1..1
* identifier[filler].type = $V2-0203#FILL
* identifier[filler].system = $FillerId (exactly)
* identifier[filler].system 1..1
* identifier[filler].value 1..1
* groupIdentifier 1..1 MS
* groupIdentifier.system 1..1
* groupIdentifier.value 1..1
* status from SecondOpinionTaskStatuses (required)
* status MS
* statusReason from SecondOpinionStatusReasonCodes (extensible)
* statusReason MS
* businessStatus from SecondOpinionBusinessStatusCodes (required)
* businessStatus MS
* intent = #order (exactly)
* code 1..1 MS
* code = $TaskCode#fulfill
* focus 1..1 MS
* focus only Reference(ServiceRequest)
* for only Reference(Patient)
* for MS
* for.identifier 0..0
* authoredOn 1..1 MS
* lastModified 1..1 MS
* requester MS
* owner MS
* restriction.period.start 0..0
* input insert SlicedBy(pattern, type)
* input contains
    question 0..* MS and
    consent 0..3 MS and
    eligibility 0..1 and
    recordsPackage 0..1 MS and
    consultationMode 0..1 and
    interpreter 0..1 and
    priorOpinions 0..1 and
    discussedWithTreating 0..1
* input[question].type = SecondOpinionTaskInputType#question
* input[question].value[x] only string
* input[consent].type = SecondOpinionTaskInputType#consent
* input[consent].value[x] only Reference(Consent)
* input[eligibility].type = SecondOpinionTaskInputType#eligibility
* input[eligibility].value[x] only Reference(CoverageEligibilityRequest)
* input[recordsPackage].type = SecondOpinionTaskInputType#records-package
* input[recordsPackage].value[x] only Reference(Bundle)
* input[consultationMode].type = SecondOpinionTaskInputType#consultation-mode
* input[consultationMode].value[x] only CodeableConcept
* input[consultationMode].value[x] from SecondOpinionConsultationModeCodes (required)
* input[interpreter].type = SecondOpinionTaskInputType#interpreter
* input[interpreter].value[x] only CodeableConcept
* input[priorOpinions].type = SecondOpinionTaskInputType#prior-opinions
* input[priorOpinions].value[x] only unsignedInt
* input[discussedWithTreating].type = SecondOpinionTaskInputType#discussed-with-treating
* input[discussedWithTreating].value[x] only boolean
* output insert SlicedBy(pattern, type)
* output contains
    opinionReport 0..* MS and
    concordance 0..1 MS and
    necessity 0..1 MS and
    answer 0..* MS
* output[opinionReport].type = SecondOpinionTaskOutputType#opinion-report
* output[opinionReport].value[x] only Reference(Bundle or DiagnosticReport)
* output[concordance].type = SecondOpinionTaskOutputType#concordance
* output[concordance].value[x] only CodeableConcept
* output[concordance].value[x] from SecondOpinionConcordanceCodes (required)
* output[necessity].type = SecondOpinionTaskOutputType#necessity
* output[necessity].value[x] only CodeableConcept
* output[necessity].value[x] from SecondOpinionNecessityCodes (required)
* output[answer].extension contains QuestionNumber named number 1..1
* output[answer].type = SecondOpinionTaskOutputType#answer
* output[answer].value[x] only string

Invariant: so-task-1
Severity: #warning
Description: "Who declines, takes back or cannot complete should say why."
Expression: "(status = 'rejected' or status = 'cancelled' or status = 'failed') implies statusReason.exists()"
