// The events between two nodes, the operation that takes them, what a node must be able to do, what can be subscribed to.
RuleSet: EventHead(id, name, title, what)
* url = "https://second-opinion.example/fhir/MessageDefinition/{id}"
* version = "0.1.0"
* name = "{name}"
* title = "{title}"
* description = "{what}"
* insert OurInstance
* responseRequired = #always
* focus[0].code = #Task
* focus[0].profile = Canonical(SecondOpinionTask)
* focus[0].min = 1
* focus[0].max = "1"

Instance: so-request
InstanceOf: MessageDefinition
Usage: #definition
* insert EventHead(so-request, SecondOpinionRequestEvent, [[Request]], [[Treating to consulting side: the request with everything that belongs to it; of its records what they are, never their bytes.]])
* eventCoding = $V2-0003#I12 "REF/RRI - Patient referral"
* category = #consequence

Instance: so-cancel
InstanceOf: MessageDefinition
Usage: #definition
* insert EventHead(so-cancel, SecondOpinionCancelEvent, [[Cancellation]], [[Treating to consulting side: the request is taken back, or a stop is asked for once work has begun.]])
* eventCoding = $V2-0003#I14 "REF/RRI - Cancel patient referral"
* category = #consequence

Instance: so-query
InstanceOf: MessageDefinition
Usage: #definition
* insert EventHead(so-query, SecondOpinionQueryEvent, [[Query of the state]], [[Either side: how does the Task stand? The answer holds it.]])
* eventCoding = $V2-0003#I15 "REF/RRI - Request patient referral status"
* category = #currency

Instance: so-status
InstanceOf: MessageDefinition
Usage: #definition
* insert EventHead(so-status, SecondOpinionStatusEvent, [[Status]], [[Consulting to treating side: where the Task stands; nothing clinical.]])
* eventCoding = SecondOpinionMessageEvent#status "Status of the request"
* category = #consequence

Instance: so-records
InstanceOf: MessageDefinition
Usage: #definition
* insert EventHead(so-records, SecondOpinionRecordsEvent, [[Records]], [[Treating to consulting side: the records package, a document Bundle with a manifest.]])
* eventCoding = SecondOpinionMessageEvent#records "Records package"
* category = #consequence

Instance: so-report
InstanceOf: MessageDefinition
Usage: #definition
* insert EventHead(so-report, SecondOpinionReportEvent, [[Report]], [[Consulting to treating side: the opinion, a document Bundle, only with the patient's consent to that.]])
* eventCoding = SecondOpinionMessageEvent#report "Opinion report"
* category = #consequence

Instance: so-closed
InstanceOf: MessageDefinition
Usage: #definition
* insert EventHead(so-closed, SecondOpinionClosedEvent, [[Closed]], [[Either side: how the loop was closed, in Task.businessStatus.]])
* eventCoding = SecondOpinionMessageEvent#closed "Loop closed"
* category = #consequence

Instance: so-process-message
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://second-opinion.example/fhir/OperationDefinition/so-process-message"
* version = "0.1.0"
* name = "SecondOpinionProcessMessage"
* title = "Take a message of a second opinion"
* description = "HL7's $process-message as a node has it: at the base, synchronous, for partners alone. The same message again has no second effect and gets the same answer; the same id with another content is refused with 409."
* insert OurInstance
* kind = #operation
* affectsState = true
* code = #process-message
* base = "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message"
* resource[0] = #MessageHeader
* system = true
* type = false
* instance = false
* parameter[0].name = #content
* parameter[0].use = #in
* parameter[0].min = 1
* parameter[0].max = "1"
* parameter[0].documentation = "A message Bundle by the profile SecondOpinionMessage."
* parameter[0].type = #Bundle
* parameter[1].name = #return
* parameter[1].use = #out
* parameter[1].min = 0
* parameter[1].max = "1"
* parameter[1].documentation = "The answering message, with response.code ok, transient-error or fatal-error."
* parameter[1].type = #Bundle

RuleSet: Taken(mode, id)
* messaging.supportedMessage[+].mode = #{mode}
* messaging.supportedMessage[=].definition = Canonical({id})

RuleSet: Side(id, name, title, what)
* url = "https://second-opinion.example/fhir/CapabilityStatement/{id}"
* version = "0.1.0"
* name = "{name}"
* title = "{title}"
* description = "{what}"
* insert OurInstance
* kind = #requirements
* fhirVersion = #4.0.1
* format[0] = #json
* format[1] = #xml
* rest.mode = #server
* rest.operation[0].name = "process-message"
* rest.operation[0].definition = Canonical(so-process-message)

Instance: so-treating-side
InstanceOf: CapabilityStatement
Usage: #definition
* insert Side(so-treating-side, SecondOpinionTreatingSide, Treating side, [[What the node of a treating provider sends and takes.]])
* messaging.supportedMessage[0].mode = #sender
* messaging.supportedMessage[0].definition = Canonical(so-request)
* insert Taken(sender, so-cancel)
* insert Taken(sender, so-query)
* insert Taken(sender, so-records)
* insert Taken(sender, so-closed)
* insert Taken(receiver, so-query)
* insert Taken(receiver, so-status)
* insert Taken(receiver, so-report)
* insert Taken(receiver, so-closed)

Instance: so-consulting-side
InstanceOf: CapabilityStatement
Usage: #definition
* insert Side(so-consulting-side, SecondOpinionConsultingSide, Consulting side, [[What the node of a consulting provider sends and takes.]])
* messaging.supportedMessage[0].mode = #receiver
* messaging.supportedMessage[0].definition = Canonical(so-request)
* insert Taken(receiver, so-cancel)
* insert Taken(receiver, so-query)
* insert Taken(receiver, so-records)
* insert Taken(receiver, so-closed)
* insert Taken(sender, so-query)
* insert Taken(sender, so-status)
* insert Taken(sender, so-report)
* insert Taken(sender, so-closed)

Instance: so-task-changed
InstanceOf: Basic
Usage: #definition
Title: "Topic: a Task has changed"
Description: "The subscription topic for changes of a second opinion's Task, as the Subscriptions R5 Backport guide carries topics in R4: a Basic with the elements of R5 as extensions."
* modifierExtension[0].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.status"
* modifierExtension[0].valueCode = #active
* extension[0].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.url"
* extension[0].valueUri = "https://second-opinion.example/fhir/SubscriptionTopic/so-task-changed"
* extension[1].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.version"
* extension[1].valueString = "0.1.0"
* extension[2].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.title"
* extension[2].valueString = "A second opinion's Task has changed"
* extension[3].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.date"
* extension[3].valueDateTime = "2026-11-22"
* extension[4].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.description"
* extension[4].valueMarkdown = "Tells that a Task was made or changed, by its id alone: what changed is read, and only as far as the reader may see it."
* extension[5].url = "http://hl7.org/fhir/4.3/StructureDefinition/extension-SubscriptionTopic.resourceTrigger"
* extension[5].extension[0].url = "description"
* extension[5].extension[0].valueMarkdown = "A Task is made or changed."
* extension[5].extension[1].url = "resource"
* extension[5].extension[1].valueUri = "http://hl7.org/fhir/StructureDefinition/Task"
* extension[5].extension[2].url = "supportedInteraction"
* extension[5].extension[2].valueCode = #create
* extension[5].extension[3].url = "supportedInteraction"
* extension[5].extension[3].valueCode = #update
* code = $FhirTypes#SubscriptionTopic
