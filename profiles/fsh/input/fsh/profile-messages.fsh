// What goes between two nodes.
Profile: SecondOpinionMessageHeader
Parent: MessageHeader
Id: SecondOpinionMessageHeader
Title: "Header of a message"
Description: "From whom, to whom, about which Task, and in answer to what. Its id is the message's: a repeat has the same."
* insert OurArtefact
* obeys so-header-1
* id 1..1
* extension contains ReplacesMessage named replacesMessage 0..1 and DevelopmentClock named developmentClock 0..1
* event[x] only Coding
* event[x] from SecondOpinionEvents (required)
* destination 1..1
* destination.receiver only Reference(Organization)
* sender only Reference(Organization)
* reason from SecondOpinionHeaderReasons (extensible)
* focus 0..1
* focus only Reference(Task)

Invariant: so-header-1
Severity: #error
Description: "A message that answers none is about a Task."
Expression: "response.exists() or focus.exists()"

Profile: SecondOpinionMessage
Parent: Bundle
Id: SecondOpinionMessage
Title: "Message"
Description: "A message Bundle: the header first, then the Task and what the event carries. The bytes of records travel inside a records package only."
* insert OurArtefact
* type = #message (exactly)
* timestamp 1..1
* entry insert SlicedBy(type, resource)
* entry contains
    header 1..1 and
    task 0..1 and
    consent 0..3 and
    record 0..* and
    bytes 0..0
* entry.fullUrl 1..1
* entry[header].resource 1..1
* entry[header].resource only SecondOpinionMessageHeader
* entry[task].resource 1..1
* entry[task].resource only SecondOpinionTask
* entry[consent].resource 1..1
* entry[consent].resource only SecondOpinionConsent
* entry[record].resource 1..1
* entry[record].resource only SecondOpinionRecordAnnounced
* entry[bytes].resource 1..1
* entry[bytes].resource only Binary
