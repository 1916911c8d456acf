// How our words relate to those of others. Where nothing fits, that is said.
RuleSet: MapHead(word, words, source, target)
* url = "https://second-opinion.example/fhir/ConceptMap/{word}"
* version = "0.1.0"
* name = "{words}"
* insert OurInstance
* group[0].source = "{source}"
* group[0].target = "{target}"

RuleSet: First(code, target, how)
* group[0].element[0].code = #{code}
* group[0].element[0].target[0].code = #{target}
* group[0].element[0].target[0].equivalence = #{how}

RuleSet: Next(code, target, how)
* group[0].element[+].code = #{code}
* group[0].element[=].target[0].code = #{target}
* group[0].element[=].target[0].equivalence = #{how}

RuleSet: NextUnmatched(code)
* group[0].element[+].code = #{code}
* group[0].element[=].target[0].equivalence = #unmatched

Instance: so-afterwards-to-v2-0282
InstanceOf: ConceptMap
Usage: #definition
* insert MapHead(so-afterwards-to-v2-0282, SecondOpinionAfterwardsToDisposition, [[https://second-opinion.example/fhir/CodeSystem/so-afterwards]], [[http://terminology.hl7.org/CodeSystem/v2-0282]])
* title = "What happens afterwards as disposition"
* description = "The member afterwards of a request as ServiceRequest.orderDetail; SO (second opinion) is always said beside it."
* insert First(return, RP, equivalent)
* insert Next(transfer, AM, equivalent)
* insert Next(report-only, WR, equivalent)

Instance: so-initiated-by-to-v2-0336
InstanceOf: ConceptMap
Usage: #definition
* insert MapHead(so-initiated-by-to-v2-0336, SecondOpinionInitiatedByToReferralReason, [[https://second-opinion.example/fhir/CodeSystem/so-initiator]], [[http://terminology.hl7.org/CodeSystem/v2-0336]])
* title = "Whose idea it was as referral reason"
* description = "The member initiatedBy of a request as ServiceRequest.reasonCode; S (second opinion) is always said beside it."
* insert First(patient, P, equivalent)
* insert Next(gp, O, wider)
* insert Next(specialist, O, wider)

Instance: so-urgency-to-request-priority
InstanceOf: ConceptMap
Usage: #definition
* insert MapHead(so-urgency-to-request-priority, SecondOpinionUrgencyToPriority, [[https://second-opinion.example/fhir/CodeSystem/so-urgency]], [[http://hl7.org/fhir/request-priority]])
* title = "Urgency of the operation as priority"
* description = "The urgency of the planned operation as ServiceRequest.priority."
* insert First(elective, routine, equivalent)
* insert Next(urgent, urgent, equivalent)
* insert Next(emergency, stat, equivalent)

Instance: so-proxy-basis-to-role
InstanceOf: ConceptMap
Usage: #definition
* insert MapHead(so-proxy-basis-to-role, SecondOpinionProxyBasisToRole, [[https://second-opinion.example/fhir/CodeSystem/so-proxy-basis]], [[http://terminology.hl7.org/CodeSystem/v3-RoleCode]])
* title = "Right of a representative as relationship"
* description = "The right of a representative as RelatedPerson.relationship."
* insert First(parent, PRN, equivalent)
* insert Next(guardian, GUARD, equivalent)
* insert Next(power-of-attorney, POWATT, equivalent)
* insert Next(spouse, SPS, equivalent)
* insert NextUnmatched(other)

Instance: so-provider-role-to-practitioner-role
InstanceOf: ConceptMap
Usage: #definition
* insert MapHead(so-provider-role-to-practitioner-role, SecondOpinionProviderRoleToPractitionerRole, [[https://second-opinion.example/fhir/CodeSystem/so-provider-role]], [[http://terminology.hl7.org/CodeSystem/practitioner-role]])
* title = "Role of a provider in HL7's words"
* description = "The role of a provider as PractitionerRole.code; HL7's list is coarser."
* insert First(specialist, doctor, wider)
* insert Next(gp, doctor, wider)
* insert Next(dentist, doctor, wider)
* insert Next(nurse, nurse, equivalent)
* insert NextUnmatched(midwife)
* insert NextUnmatched(therapist)

Instance: so-coverage-finding-to-crd
InstanceOf: ConceptMap
Usage: #definition
* insert MapHead(so-coverage-finding-to-crd, SecondOpinionCoverageFindingToCRD, [[https://second-opinion.example/fhir/CodeSystem/so-coverage-finding]], [[http://hl7.org/fhir/us/davinci-crd/CodeSystem/coverage-information-codes]])
* title = "Coverage findings in the words of Da Vinci CRD"
* description = "The results of our findings have the meanings of Da Vinci CRD's coverage information."
* insert First(covered, covered, equivalent)
* insert Next(not-covered, not-covered, equivalent)
* insert Next(conditional, conditional, equivalent)
* insert Next(indeterminate, indeterminate, equivalent)

Instance: so-business-status-to-bser
InstanceOf: ConceptMap
Usage: #definition
* insert MapHead(so-business-status-to-bser, SecondOpinionBusinessStatusToBSeR, [[https://second-opinion.example/fhir/CodeSystem/so-business-status]], [[http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS]])
* title = "Business status in the words of BSeR and 360X"
* description = "Our business status in the codes of BSeR, which are harmonised with IHE 360X. Most of ours have no counterpart there: BSeR knows neither consent nor records nor what happens after the report."
* insert First(new, 2.0, equivalent)
* insert Next(sent, 2.0, wider)
* insert Next(accepted, 3.0, equivalent)
* insert Next(awaiting-records, 3.0, wider)
* insert Next(rejected, 4.0, equivalent)
* insert Next(cancellation-requested, 5.2, equivalent)
* insert Next(appointment-booked, 5.1.1, equivalent)
* insert Next(appointment-no-show, 5.1.2, equivalent)
* insert Next(cancelled, 6.0, equivalent)
* insert Next(report-issued, 7.0, equivalent)
* insert NextUnmatched(awaiting-decision)
* insert NextUnmatched(failed)
* insert NextUnmatched(awaiting-consent)
* insert NextUnmatched(awaiting-information)
* insert NextUnmatched(records-complete)
* insert NextUnmatched(under-review)
* insert NextUnmatched(examination-needed)
* insert NextUnmatched(preliminary-opinion)
* insert NextUnmatched(consent-revoked)
* insert NextUnmatched(report-delivered-treating)
* insert NextUnmatched(report-delivered-patient)
* insert NextUnmatched(discussed-with-patient)
* insert NextUnmatched(care-taken-over)
* insert NextUnmatched(closed)
