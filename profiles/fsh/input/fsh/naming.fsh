// The systems of the numbers that this project gives.
RuleSet: Numbers(word, what)
* name = "SecondOpinion{word}"
* status = #active
* kind = #identifier
* date = "2026-11-22"
* publisher = "The second-opinion adapter team"
* description = "{what}"

RuleSet: NumbersAt(path)
* uniqueId[0].type = #uri
* uniqueId[0].value = "https://second-opinion.example/fhir/sid/{path}"
* uniqueId[0].preferred = true

Instance: so-request-id
InstanceOf: NamingSystem
Usage: #definition
* insert Numbers(RequestId, [[The request's own number at its sender, the placer number.]])
* insert NumbersAt(request-id)

Instance: so-filler-id
InstanceOf: NamingSystem
Usage: #definition
* insert Numbers(FillerId, [[The number that the consulting side gives on acceptance, the filler number.]])
* insert NumbersAt(filler-id)

Instance: so-case-id
InstanceOf: NamingSystem
Usage: #definition
* insert Numbers(CaseId, [[The number that everything of one case shares.]])
* insert NumbersAt(case-id)

Instance: so-message-id
InstanceOf: NamingSystem
Usage: #definition
* insert Numbers(MessageId, [[The sender's own number of a message.]])
* insert NumbersAt(message-id)

Instance: so-record-id
InstanceOf: NamingSystem
Usage: #definition
* insert Numbers(RecordId, [[The number of a record, unique within its request.]])
* insert NumbersAt(record-id)

Instance: so-report-id
InstanceOf: NamingSystem
Usage: #definition
* insert Numbers(ReportId, [[The number of a report at its author.]])
* insert NumbersAt(report-id)

Instance: so-package-id
InstanceOf: NamingSystem
Usage: #definition
* insert Numbers(PackageId, [[The number of a records package.]])
* insert NumbersAt(package-id)

Instance: so-opaque-id
InstanceOf: NamingSystem
Usage: #definition
* insert Numbers(OpaqueId, [[Stands in for a number that is not told.]])
* insert NumbersAt(opaque-id)
