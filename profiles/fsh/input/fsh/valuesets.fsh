// Value sets narrower than a code system, for the elements that profiles bind.
ValueSet: SecondOpinionRequestIntents
Id: so-request-intent
Title: "Intent of a request"
Description: "order where a physician refers the patient, else proposal."
* insert OurArtefact
* $RequestIntent#order
* $RequestIntent#proposal

ValueSet: SecondOpinionTaskStatuses
Id: so-task-status
Title: "States of a second opinion's Task"
Description: "The states of R4 without draft, ready and on-hold, as HL7 Clinical Order Workflows and Twiin have them, and without entered-in-error."
* insert OurArtefact
* $TaskStatus#requested
* $TaskStatus#received
* $TaskStatus#accepted
* $TaskStatus#rejected
* $TaskStatus#in-progress
* $TaskStatus#completed
* $TaskStatus#cancelled
* $TaskStatus#failed

ValueSet: SecondOpinionDocumentStatuses
Id: so-document-status
Title: "States of an opinion as a document"
Description: "preliminary, final or amended, as Composition.status says them."
* insert OurArtefact
* $CompositionStatus#preliminary
* $CompositionStatus#final
* $CompositionStatus#amended

ValueSet: SecondOpinionReportStatuses
Id: so-report-status
Title: "States of an opinion as a report"
Description: "preliminary, final or amended, as DiagnosticReport.status says them."
* insert OurArtefact
* http://hl7.org/fhir/diagnostic-report-status#preliminary
* http://hl7.org/fhir/diagnostic-report-status#final
* http://hl7.org/fhir/diagnostic-report-status#amended

ValueSet: SecondOpinionEvents
Id: so-events
Title: "Events between two nodes"
Description: "What a message can say: the referral events of HL7 v2 and our own."
* insert OurArtefact
* $V2-0003#I12
* $V2-0003#I13
* $V2-0003#I14
* $V2-0003#I15
* include codes from system SecondOpinionMessageEvent

ValueSet: SecondOpinionHeaderReasons
Id: so-header-reason
Title: "Reasons of a message"
Description: "Second opinion (HL7 v2 table 0336) with a request, a reason for the status with a cancellation."
* insert OurArtefact
* $V2-0336#S
* include codes from system SecondOpinionStatusReason

ValueSet: SecondOpinionWhoAsks
Id: so-requested-by
Title: "Who asks"
Description: "Who asks for the second opinion."
* insert OurArtefact
* include codes from system SecondOpinionInitiator

ValueSet: SecondOpinionWhoseIdea
Id: so-initiated-by
Title: "Whose idea it was"
Description: "Whose idea the second opinion was."
* insert OurArtefact
* SecondOpinionInitiator#patient
* SecondOpinionInitiator#gp
* SecondOpinionInitiator#specialist
