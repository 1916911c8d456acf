// Records: announced with a request, and packaged with their bytes.
RuleSet: RecordOfACase
* insert OurArtefact
* masterIdentifier 1..1 MS
* identifier 1..* MS
* identifier insert SlicedBy(value, system)
* identifier contains record 1..1 MS
* identifier[record].system 1..1
* identifier[record].system = $RecordId (exactly)
* identifier[record].value 1..1
* status = #current (exactly)
* docStatus 0..0
* type MS
* subject 1..1 MS
* subject only Reference(Patient)
* date 1..1
* securityLabel MS
* content 1..1
* content.attachment.extension contains AttachmentSha256 named sha256 0..1 MS
* content.attachment.contentType MS
* content.attachment.language MS
* content.attachment.data 0..0
* content.attachment.title 1..1 MS
* content.attachment.creation MS

Profile: SecondOpinionRecordAnnounced
Parent: DocumentReference
Id: SecondOpinionRecordAnnounced
Title: "Record, announced"
Description: "Metadata of a record that the patient's consent lets go, without the bytes and without an address of them. Fits IHE MHD (master identifier, one content, no docStatus, no inline data) but for the address, which MHD demands and a record that is only announced does not have."
* insert RecordOfACase
* content.attachment.url 0..0

Profile: SecondOpinionRecordPackaged
Parent: DocumentReference
Id: SecondOpinionRecordPackaged
Title: "Record, packaged"
Description: "A record that lies beside its bytes, in a records package or a transaction. Fits the minimal DocumentReference of IHE MHD (restated here, since its package is not a dependency)."
* insert RecordOfACase
* content.attachment.extension[sha256] 1..1
* content.attachment.contentType 1..1
* content.attachment.url 1..1 MS
* content.attachment.size 1..1 MS
* content.attachment.hash 1..1 MS

Profile: SecondOpinionManifest
Parent: List
Id: SecondOpinionManifest
Title: "Manifest of a records package"
Description: "What is in the package, record by record, with size and SHA-256: the recipient verifies by it."
* insert OurArtefact
* status = #current (exactly)
* mode = #snapshot (exactly)
* title 1..1
* subject 1..1
* subject only Reference(Patient)
* date 1..1
* entry.extension contains RecordsManifest named manifest 1..1
* entry.item only Reference(DocumentReference)
* emptyReason 0..0

Profile: SecondOpinionPackageComposition
Parent: Composition
Id: SecondOpinionPackageComposition
Title: "Records package, Composition"
Description: "Heads a records package: a manifest and the documents, for the request that the event names."
* insert OurArtefact
* identifier 1..1
* identifier.system 1..1
* identifier.system = $PackageId (exactly)
* identifier.value 1..1
* status = #final (exactly)
* type = $LOINC#57133-1
* subject 1..1
* subject only Reference(Patient)
* author 1..1
* custodian 1..1
* event 1..1
* event.code 1..1
* event.code = $SCT#77406008
* event.detail 1..1
* event.detail only Reference(ServiceRequest)
* section insert SlicedBy(pattern, code)
* section contains manifest 1..1 and documents 1..1
* section[manifest].code 1..1
* section[manifest].code = SecondOpinionSection#manifest
* section[manifest].entry 1..1
* section[manifest].entry only Reference(List)
* section[documents].code 1..1
* section[documents].code = SecondOpinionSection#documents
* section[documents].entry only Reference(DocumentReference)

Profile: SecondOpinionPackageBundle
Parent: Bundle
Id: SecondOpinionPackageBundle
Title: "Records package"
Description: "A document Bundle with the records that the patient's consent lets go: Composition, manifest, and for each record its DocumentReference and its bytes."
* insert OurArtefact
* type = #document (exactly)
* identifier 1..1
* identifier.system 1..1
* identifier.system = $PackageId (exactly)
* identifier.value 1..1
* timestamp 1..1
* entry insert SlicedBy(type, resource)
* entry ^slicing.rules = #closed
* entry contains
    composition 1..1 and
    patient 1..1 and
    organization 0..1 and
    manifest 1..1 and
    record 0..* and
    bytes 0..*
* entry.fullUrl 1..1
* entry[composition].resource 1..1
* entry[composition].resource only SecondOpinionPackageComposition
* entry[patient].resource 1..1
* entry[patient].resource only Patient
* entry[organization].resource 1..1
* entry[organization].resource only Organization
* entry[manifest].resource 1..1
* entry[manifest].resource only SecondOpinionManifest
* entry[record].resource 1..1
* entry[record].resource only SecondOpinionRecordPackaged
* entry[bytes].resource 1..1
* entry[bytes].resource only Binary
