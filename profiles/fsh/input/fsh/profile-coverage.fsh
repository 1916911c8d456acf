// The question to the insurer and its answer.
Profile: SecondOpinionEligibilityRequest
Parent: CoverageEligibilityRequest
Id: SecondOpinionEligibilityRequest
Title: "Question to the insurer"
Description: "Asks whether a second opinion is covered, with the least that the rules need: never records, notes, clinical questions or diagnoses in words."
* insert OurArtefact
* status = #active (exactly)
* purpose 1..*
* serviced[x] 1..1 MS
* serviced[x] only date
* provider MS
* insurer 1..1 MS
* supportingInfo 0..0
* insurance 1..1
* item 1..1
* item.supportingInfoSequence 0..0
* item.category 1..1
* item.category = $BenefitCategory#3
* item.productOrService 1..1
* item.productOrService = $SCT#77406008
* item.modifier 0..1
* item.diagnosis.diagnosis[x] 1..1
* item.diagnosis.diagnosis[x] only CodeableConcept
* item.diagnosis.diagnosis[x].coding 1..*
* item.diagnosis.diagnosis[x].text 0..0

Profile: SecondOpinionEligibilityResponse
Parent: CoverageEligibilityResponse
Id: SecondOpinionEligibilityResponse
Title: "Answer about coverage"
Description: "Says whether a second opinion is covered and why. From rules it is marked as an estimate and says nothing about whether the insurance is in force; an open answer has findings and no item."
* insert OurArtefact
* obeys so-cer-1
* extension contains Estimate named estimate 0..1 MS and CoverageFinding named finding 0..* MS
* status = #active (exactly)
* serviced[x] only date
* requestor MS
* request only Reference(CoverageEligibilityRequest)
* outcome = #complete (exactly)
* disposition 1..1 MS
* insurance 0..1
* insurance.item 0..1
* insurance.item.excluded 1..1 MS
* insurance.item.benefit MS
* error 0..0

Invariant: so-cer-1
Severity: #error
Description: "An estimate cannot say that the insurance is in force: only the insurer knows."
Expression: "extension.where(url = 'https://second-opinion.example/fhir/StructureDefinition/estimate' and value = true).exists() implies insurance.inforce.empty()"
