// Extensions of records, coverage answers and opinions.
Invariant: so-sha-1
Severity: #error
Description: "A SHA-256 is 64 hexadecimal digits, in lower case."
Expression: "$this.matches('^[0-9a-f]{64}$')"

Extension: AttachmentSha256
Id: attachment-sha256
Title: "SHA-256 of an attachment"
Description: "The SHA-256 of the bytes; Attachment.hash of R4 is SHA-1 by definition."
Context: Attachment
* insert OurArtefact
* value[x] 1..1
* value[x] only string
* value[x] obeys so-sha-1

Extension: RecordsManifest
Id: manifest
Title: "Line of a manifest"
Description: "What the records package says of one record: by this the recipient verifies what came."
Context: List.entry
* insert OurArtefact
* value[x] 0..0
* extension contains record 1..1 and sha256 1..1 and size 1..1 and contentType 1..1 and language 0..1 and type 0..1
* extension[record].value[x] 1..1
* extension[record].value[x] only string
* extension[sha256].value[x] 1..1
* extension[sha256].value[x] only string
* extension[sha256].value[x] obeys so-sha-1
* extension[size].value[x] 1..1
* extension[size].value[x] only unsignedInt
* extension[contentType].value[x] 1..1
* extension[contentType].value[x] only code
* extension[language].value[x] 1..1
* extension[language].value[x] only code
* extension[type].value[x] 1..1
* extension[type].value[x] only CodeableConcept

Extension: Estimate
Id: estimate
Title: "Estimate"
Description: "This answer is an estimate from rules, not a decision of the insurer."
Context: CoverageEligibilityResponse
* insert OurArtefact
* value[x] 1..1
* value[x] only boolean

Extension: CoverageFinding
Id: coverage-finding
Title: "Coverage finding"
Description: "What one rule says: its reason, its result, where the rule comes from, and on which day it was applied. Without a result it is a notice, which decides nothing."
Context: CoverageEligibilityResponse
* insert OurArtefact
* value[x] 0..0
* extension contains
    code 1..1 and
    rule 0..1 and
    pack 0..1 and
    result 0..1 and
    source 0..* and
    law 0..1 and
    date 0..1 and
    missing 0..* and
    text 1..*
* extension[code].value[x] 1..1
* extension[code].value[x] only code
* extension[rule].value[x] 1..1
* extension[rule].value[x] only string
* extension[pack].value[x] 1..1
* extension[pack].value[x] only string
* extension[result].value[x] 1..1
* extension[result].value[x] only code
* extension[result].value[x] from SecondOpinionCoverageFindingCodes (required)
* extension[source].value[x] 1..1
* extension[source].value[x] only string
* extension[law].value[x] 1..1
* extension[law].value[x] only string
* extension[date].value[x] 1..1
* extension[date].value[x] only date
* extension[missing].value[x] 1..1
* extension[missing].value[x] only string
* extension[text].value[x] 0..0
* extension[text].extension contains lang 1..1 and content 1..1
* extension[text].extension[lang].value[x] 1..1
* extension[text].extension[lang].value[x] only code
* extension[text].extension[content].value[x] 1..1
* extension[text].extension[content].value[x] only string

Extension: Necessity
Id: necessity
Title: "Necessity"
Description: "Whether the planned operation is needed now, in the consulting provider's judgement."
Context: DiagnosticReport, Composition
* insert OurArtefact
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from SecondOpinionNecessityCodes (required)

Extension: Concordance
Id: concordance
Title: "Concordance"
Description: "Whether the second opinion agrees with the first."
Context: DiagnosticReport, Composition
* insert OurArtefact
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from SecondOpinionConcordanceCodes (required)

Extension: UrgentFinding
Id: urgent-finding
Title: "Urgent finding"
Description: "Something that cannot wait until the report is read."
Context: DiagnosticReport, Composition
* insert OurArtefact
* value[x] 1..1
* value[x] only string

Extension: QuestionNumber
Id: question-number
Title: "Number of the question"
Description: "Which question of the request this answers, counted from 1."
Context: Task.output
* insert OurArtefact
* value[x] 1..1
* value[x] only positiveInt
