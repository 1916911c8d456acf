// The patient's three statements, each a Consent of its own.
Profile: SecondOpinionConsent
Parent: Consent
Id: SecondOpinionConsent
Title: "Consent around a second opinion"
Description: "One statement of the patient, permit or deny, in the intermediate shape of IHE Privacy Consent on FHIR (its constraints are restated here, since its package is not a dependency): the policy by its address, no policyRule, no verification, no action, class or code, records named one by one. IHE also wants the organisation that keeps what is released; where a request names none, ours has none."
* insert OurArtefact
* scope = $ConsentScope#patient-privacy
* category 2..* MS
* category insert SlicedBy(pattern, $this)
* category contains consentDocument 1..1 MS and disclosure 1..1 MS
* category[consentDocument] = $LOINC#59284-0
* category[disclosure] = $ActCode#IDSCL
* patient 1..1 MS
* dateTime 1..1 MS
* performer 1..1 MS
* organization 0..1 MS
* source[x] 1..1 MS
* source[x] only Reference(DocumentReference)
* policy 1..1 MS
* policy.authority 0..0
* policy.uri 1..1
* policyRule 0..0
* verification 0..0
* provision 1..1 MS
* provision.type 1..1 MS
* provision.period MS
* provision.actor 0..1 MS
* provision.actor.role = $Participation#IRCP
* provision.action 0..0
* provision.securityLabel 0..0
* provision.purpose 1..1 MS
* provision.class 0..0
* provision.code 0..0
* provision.data MS
* provision.data.meaning = #instance (exactly)
* provision.provision 0..0

Profile: SecondOpinionConsentShare
Parent: SecondOpinionConsent
Id: SecondOpinionConsentShare
Title: "Consent: records out"
Description: "Whether the request and the records may go to the consulting provider."
* insert OurArtefact
* obeys so-consent-1
* provision.purpose = $ActReason#TREAT

Profile: SecondOpinionConsentReturn
Parent: SecondOpinionConsent
Id: SecondOpinionConsentReturn
Title: "Consent: report back"
Description: "Whether the opinion may go back to the treating provider. Without it the treating side learns the state of the Task alone."
* insert OurArtefact
* obeys so-consent-2
* provision.purpose = $ActReason#TREAT

Profile: SecondOpinionConsentInsurer
Parent: SecondOpinionConsent
Id: SecondOpinionConsentInsurer
Title: "Consent: ask the insurer"
Description: "Whether the insurer may be asked if it pays."
* insert OurArtefact
* obeys so-consent-3
* provision.purpose = $ActReason#HPAYMT

Invariant: so-consent-1
Severity: #error
Description: "The policy is that for records out, of the country of who keeps them."
Expression: "policy.uri.matches('^https://second-opinion.example/fhir/policy/[a-z]+/share-records$')"

Invariant: so-consent-2
Severity: #error
Description: "The policy is that for the report back, of the country of who keeps it."
Expression: "policy.uri.matches('^https://second-opinion.example/fhir/policy/[a-z]+/return-report$')"

Invariant: so-consent-3
Severity: #error
Description: "The policy is that for asking the insurer."
Expression: "policy.uri.matches('^https://second-opinion.example/fhir/policy/[a-z]+/ask-insurer$')"
