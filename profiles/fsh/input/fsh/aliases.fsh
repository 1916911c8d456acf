// Systems of others, by short names; those of our own stand in codesystems-*.fsh and naming.fsh.
Alias: $SCT = http://snomed.info/sct
Alias: $LOINC = http://loinc.org
Alias: $V2-0003 = http://terminology.hl7.org/CodeSystem/v2-0003
Alias: $V2-0203 = http://terminology.hl7.org/CodeSystem/v2-0203
Alias: $V2-0282 = http://terminology.hl7.org/CodeSystem/v2-0282
Alias: $V2-0336 = http://terminology.hl7.org/CodeSystem/v2-0336
Alias: $ActCode = http://terminology.hl7.org/CodeSystem/v3-ActCode
Alias: $ActReason = http://terminology.hl7.org/CodeSystem/v3-ActReason
Alias: $Participation = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
Alias: $RoleCode = http://terminology.hl7.org/CodeSystem/v3-RoleCode
Alias: $PractitionerRole = http://terminology.hl7.org/CodeSystem/practitioner-role
Alias: $ConsentScope = http://terminology.hl7.org/CodeSystem/consentscope
Alias: $BenefitCategory = http://terminology.hl7.org/CodeSystem/ex-benefitcategory
Alias: $CommunicationCategory = http://terminology.hl7.org/CodeSystem/communication-category
Alias: $TaskCode = http://hl7.org/fhir/CodeSystem/task-code
Alias: $TaskStatus = http://hl7.org/fhir/task-status
Alias: $RequestIntent = http://hl7.org/fhir/request-intent
Alias: $RequestPriority = http://hl7.org/fhir/request-priority
Alias: $CompositionStatus = http://hl7.org/fhir/composition-status
Alias: $FhirTypes = http://hl7.org/fhir/fhir-types

// Numbers that this project gives.
Alias: $RequestId = https://second-opinion.example/fhir/sid/request-id
Alias: $FillerId = https://second-opinion.example/fhir/sid/filler-id
Alias: $CaseId = https://second-opinion.example/fhir/sid/case-id
Alias: $MessageId = https://second-opinion.example/fhir/sid/message-id
Alias: $RecordId = https://second-opinion.example/fhir/sid/record-id
Alias: $ReportId = https://second-opinion.example/fhir/sid/report-id
Alias: $PackageId = https://second-opinion.example/fhir/sid/package-id

// Code systems that the concept maps point to and that are not in FHIR R4 itself.
Alias: $BSeRStatus = http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS
Alias: $CRDCodes = http://hl7.org/fhir/us/davinci-crd/CodeSystem/coverage-information-codes
