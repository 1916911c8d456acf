// The opinion, as a document and as a report, and the patient's own copy.
RuleSet: OpinionType(path)
* {path}.coding insert SlicedBy(pattern, $this)
* {path}.coding contains opinion 1..1 and consultNote 0..1
* {path}.coding[opinion] = $LOINC#24611-6
* {path}.coding[consultNote] = $LOINC#11488-4

RuleSet: OpinionHead
* insert OurArtefact
* identifier 1..1
* identifier.system 1..1
* identifier.system = $ReportId (exactly)
* identifier.value 1..1
* status from SecondOpinionDocumentStatuses (required)
* insert OpinionType(type)
* subject 1..1
* subject only Reference(Patient)
* author 1..1
* author only Reference(Practitioner)
* custodian 1..1
* section insert SlicedBy(pattern, code)
* section ^slicing.rules = #closed

RuleSet: OpinionSection(slice, code)
* section[{slice}].title 1..1
* section[{slice}].code 1..1
* section[{slice}].code = SecondOpinionSection#{code}
* section[{slice}].text 1..1

Profile: SecondOpinionComposition
Parent: Composition
Id: SecondOpinionComposition
Title: "Opinion, Composition"
Description: "Heads the opinion: concordance and necessity as codes where the report states them, an answer to each question, what was reviewed, the part for the patient."
* insert OpinionHead
* obeys so-opinion-1 and so-opinion-2
* extension contains
    Concordance named concordance 0..1 MS and
    Necessity named necessity 0..1 MS and
    UrgentFinding named urgentFinding 0..1 MS
* event 1..1
* event.code 1..1
* event.code = $SCT#77406008
* event.detail 1..1
* event.detail only Reference(ServiceRequest)
* section contains
    urgentFinding 0..1 and
    answers 0..1 and
    documentsReviewed 1..1 and
    examination 0..1 and
    summary 0..1 and
    assessment 1..1 and
    alternatives 0..1 and
    forThePatient 0..1 MS and
    signedDocument 0..1
* insert OpinionSection(urgentFinding, urgent-finding)
* insert OpinionSection(answers, answers)
* section[answers].entry only Reference(QuestionnaireResponse)
* insert OpinionSection(documentsReviewed, documents-reviewed)
* section[documentsReviewed].entry only Reference(DocumentReference)
* insert OpinionSection(examination, examination)
* insert OpinionSection(summary, summary)
* insert OpinionSection(assessment, assessment)
* section[assessment].entry 1..1
* section[assessment].entry only Reference(DiagnosticReport)
* insert OpinionSection(alternatives, alternatives)
* section[alternatives].entry only Reference(CarePlan)
* insert OpinionSection(forThePatient, for-the-patient)
* insert OpinionSection(signedDocument, signed-document)
* section[signedDocument].entry only Reference(DocumentReference)

Invariant: so-opinion-1
Severity: #error
Description: "An opinion that is not preliminary is attested."
Expression: "status = 'preliminary' or attester.exists()"

Invariant: so-opinion-2
Severity: #error
Description: "What is urgent stands where a person reads it, too."
Expression: "extension.where(url = 'https://second-opinion.example/fhir/StructureDefinition/urgent-finding').exists() implies section.code.coding.where(code = 'urgent-finding').exists()"

Profile: SecondOpinionDiagnosticReport
Parent: DiagnosticReport
Id: SecondOpinionDiagnosticReport
Title: "Opinion, DiagnosticReport"
Description: "The opinion for systems that take a report and no document: the conclusion in words and codes, and the signed document."
* insert OurArtefact
* extension contains UrgentFinding named urgentFinding 0..1 MS
* identifier 2..*
* identifier insert SlicedBy(value, system)
* identifier contains report 1..1 and message 1..1
* identifier[report].system 1..1
* identifier[report].system = $ReportId (exactly)
* identifier[report].value 1..1
* identifier[message].system 1..1
* identifier[message].system = $MessageId (exactly)
* identifier[message].value 1..1
* basedOn 1..1 MS
* basedOn only Reference(ServiceRequest)
* status from SecondOpinionReportStatuses (required)
* insert OpinionType(code)
* subject 1..1
* subject only Reference(Patient)
* effective[x] 1..1
* effective[x] only dateTime
* issued 1..1
* performer 1..1
* performer only Reference(Organization)
* resultsInterpreter 1..1
* resultsInterpreter only Reference(Practitioner)
* conclusion MS
* conclusionCode 0..2 MS
* conclusionCode.coding 1..1
* conclusionCode.coding.system 1..1
* conclusionCode insert SlicedBy(value, coding.system)
* conclusionCode ^slicing.rules = #closed
* conclusionCode contains concordance 0..1 MS and necessity 0..1 MS
* conclusionCode[concordance] from SecondOpinionConcordanceCodes (required)
* conclusionCode[concordance].coding.system = "https://second-opinion.example/fhir/CodeSystem/so-concordance" (exactly)
* conclusionCode[necessity] from SecondOpinionNecessityCodes (required)
* conclusionCode[necessity].coding.system = "https://second-opinion.example/fhir/CodeSystem/so-necessity" (exactly)
* presentedForm 0..1 MS
* presentedForm.extension contains AttachmentSha256 named sha256 0..1
* presentedForm.contentType 1..1

RuleSet: DocumentOf(system)
* insert OurArtefact
* type = #document (exactly)
* identifier 1..1
* identifier.system 1..1
* identifier.system = {system} (exactly)
* identifier.value 1..1
* timestamp 1..1
* entry.fullUrl 1..1
* entry insert SlicedBy(type, resource)
* entry ^slicing.rules = #closed

RuleSet: EntryOf(slice, type)
* entry[{slice}].resource 1..1
* entry[{slice}].resource only {type}

Profile: SecondOpinionBundle
Parent: Bundle
Id: SecondOpinionBundle
Title: "Opinion"
Description: "The opinion as a document Bundle; it goes back to the treating side only with the patient's consent to that."
* insert DocumentOf($MessageId)
* entry contains
    composition 1..1 and
    patient 1..1 and
    organization 1..1 and
    author 1..1 and
    report 1..1 and
    answers 0..1 and
    alternatives 0..1 and
    document 0..* and
    bytes 0..1
* insert EntryOf(composition, SecondOpinionComposition)
* insert EntryOf(patient, Patient)
* insert EntryOf(organization, Organization)
* insert EntryOf(author, Practitioner)
* insert EntryOf(report, SecondOpinionDiagnosticReport)
* insert EntryOf(answers, QuestionnaireResponse)
* insert EntryOf(alternatives, CarePlan)
* insert EntryOf(document, DocumentReference)
* insert EntryOf(bytes, Binary)

Profile: SecondOpinionPatientCopyComposition
Parent: Composition
Id: SecondOpinionPatientCopyComposition
Title: "Patient's copy, Composition"
Description: "Heads the patient's own copy of an opinion, which is made for every report."
* insert OpinionHead
* section contains
    urgentFinding 0..1 and
    forThePatient 0..1 MS and
    answers 0..1 and
    summary 0..1 and
    alternatives 0..1 and
    signedDocument 0..1
* insert OpinionSection(urgentFinding, urgent-finding)
* insert OpinionSection(forThePatient, for-the-patient)
* insert OpinionSection(answers, answers)
* insert OpinionSection(summary, summary)
* insert OpinionSection(alternatives, alternatives)
* insert OpinionSection(signedDocument, signed-document)

Profile: SecondOpinionPatientCopy
Parent: Bundle
Id: SecondOpinionPatientCopy
Title: "Patient's copy"
Description: "The patient's own copy of an opinion as a document Bundle."
* insert DocumentOf($MessageId)
* entry contains
    composition 1..1 and
    patient 1..1 and
    organization 1..1 and
    author 1..1 and
    document 0..1 and
    bytes 0..1
* insert EntryOf(composition, SecondOpinionPatientCopyComposition)
* insert EntryOf(patient, Patient)
* insert EntryOf(organization, Organization)
* insert EntryOf(author, Practitioner)
* insert EntryOf(document, DocumentReference)
* insert EntryOf(bytes, Binary)

Profile: SecondOpinionPatientCommunication
Parent: Communication
Id: SecondOpinionPatientCommunication
Title: "Hand-over of the patient's copy"
Description: "The patient's copy on its way to the patient: in-progress until somebody confirms that it was handed over."
* insert OurArtefact
* obeys so-copy-2
* basedOn 1..1
* basedOn only Reference(ServiceRequest)
* category 1..1
* category = $CommunicationCategory#notification
* subject 1..1
* subject only Reference(Patient)
* recipient 1..1
* recipient only Reference(Patient)
* sender 1..1
* sender only Reference(Organization)
* payload 1..2

Invariant: so-copy-2
Severity: #error
Description: "It is completed when the patient has received it, and then it says when."
Expression: "(status = 'completed') = received.exists()"
