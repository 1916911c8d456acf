// Code systems of our own, each with the words for it in German and Dutch.

CodeSystem: SecondOpinionInitiator
Id: so-initiator
Title: "Who asks for a second opinion"
Description: "Who asks, or whose idea it was."
* insert OurCodes
* ^content = #complete
* #patient "Patient"
* #patient insert Words([[Patientin oder Patient]], [[Patiënt]])
* #representative "Representative"
* #representative insert Words([[Vertretung]], [[Vertegenwoordiger]])
* #family "Family"
* #family insert Words([[Angehörige]], [[Familie]])
* #gp "General practitioner"
* #gp insert Words([[Hausärztin, Hausarzt]], [[Huisarts]])
* #specialist "Medical specialist"
* #specialist insert Words([[Fachärztin, Facharzt]], [[Medisch specialist]])

CodeSystem: SecondOpinionReferralKind
Id: so-referral-kind
Title: "Kind of referral"
Description: "Who referred the patient to the consulting provider."
* insert OurCodes
* ^content = #complete
* #none "No referral"
* #none insert Words([[Keine Überweisung]], [[Geen verwijzing]])
* #first-provider "By the treating provider"
* #first-provider insert Words([[Durch die behandelnde Seite]], [[Door de eerste zorgverlener]])
* #gp "By the general practitioner"
* #gp insert Words([[Durch die Hausärztin, den Hausarzt]], [[Door de huisarts]])
* #other-physician "By another physician"
* #other-physician insert Words([[Durch eine andere Ärztin, einen anderen Arzt]], [[Door een andere arts]])
* #non-physician "By somebody who is no physician"
* #non-physician insert Words([[Durch eine nichtärztliche Person]], [[Door iemand die geen arts is]])

CodeSystem: SecondOpinionProviderRole
Id: so-provider-role
Title: "Role of a provider"
Description: "The kind of professional, as insurers' rules tell them apart."
* insert OurCodes
* ^content = #complete
* #specialist "Medical specialist"
* #specialist insert Words([[Fachärztin, Facharzt]], [[Medisch specialist]])
* #gp "General practitioner"
* #gp insert Words([[Hausärztin, Hausarzt]], [[Huisarts]])
* #dentist "Dentist"
* #dentist insert Words([[Zahnärztin, Zahnarzt]], [[Tandarts]])
* #midwife "Midwife"
* #midwife insert Words([[Hebamme]], [[Verloskundige]])
* #nurse "Nurse"
* #nurse insert Words([[Pflegefachperson]], [[Verpleegkundige]])
* #therapist "Therapist"
* #therapist insert Words([[Therapeutin, Therapeut]], [[Therapeut]])

CodeSystem: SecondOpinionSpecialty
Id: so-specialty
Title: "Specialty"
Description: "Medical fields as the shipped rule packs name them; a sender may use a token that is not listed here."
* insert OurCodes
* ^content = #fragment
* #angiology "Angiology"
* #angiology insert Words([[Angiologie]], [[Angiologie]])
* #cardiac-surgery "Cardiac surgery"
* #cardiac-surgery insert Words([[Herzchirurgie]], [[Hartchirurgie]])
* #cardiology "Cardiology"
* #cardiology insert Words([[Kardiologie]], [[Cardiologie]])
* #endocrinology-diabetology "Endocrinology and diabetology"
* #endocrinology-diabetology insert Words([[Endokrinologie und Diabetologie]], [[Endocrinologie en diabetologie]])
* #ent "Otorhinolaryngology"
* #ent insert Words([[Hals-Nasen-Ohren-Heilkunde]], [[Keel-, neus- en oorheelkunde]])
* #gastroenterology "Gastroenterology"
* #gastroenterology insert Words([[Gastroenterologie]], [[Maag-, darm- en leverziekten]])
* #general-surgery "General surgery"
* #general-surgery insert Words([[Allgemeinchirurgie]], [[Algemene chirurgie]])
* #gp-diabetology "General practice, diabetology"
* #gp-diabetology insert Words([[Allgemeinmedizin, Diabetologie]], [[Huisartsgeneeskunde, diabetologie]])
* #gynaecology "Gynaecology"
* #gynaecology insert Words([[Frauenheilkunde]], [[Gynaecologie]])
* #internal-diabetology "Internal medicine, diabetology"
* #internal-diabetology insert Words([[Innere Medizin, Diabetologie]], [[Interne geneeskunde, diabetologie]])
* #neurology "Neurology"
* #neurology insert Words([[Neurologie]], [[Neurologie]])
* #neuroradiology "Neuroradiology"
* #neuroradiology insert Words([[Neuroradiologie]], [[Neuroradiologie]])
* #neurosurgery "Neurosurgery"
* #neurosurgery insert Words([[Neurochirurgie]], [[Neurochirurgie]])
* #orthopaedics "Orthopaedics"
* #orthopaedics insert Words([[Orthopädie]], [[Orthopedie]])
* #orthopaedics-trauma "Orthopaedics and trauma surgery"
* #orthopaedics-trauma insert Words([[Orthopädie und Unfallchirurgie]], [[Orthopedie en traumachirurgie]])
* #paediatric-cardiology "Paediatric cardiology"
* #paediatric-cardiology insert Words([[Kinderkardiologie]], [[Kindercardiologie]])
* #paediatric-gastroenterology "Paediatric gastroenterology"
* #paediatric-gastroenterology insert Words([[Kindergastroenterologie]], [[Kindergastro-enterologie]])
* #paediatric-surgery "Paediatric surgery"
* #paediatric-surgery insert Words([[Kinderchirurgie]], [[Kinderchirurgie]])
* #paediatrics "Paediatrics"
* #paediatrics insert Words([[Kinder- und Jugendmedizin]], [[Kindergeneeskunde]])
* #pain-medicine "Pain medicine"
* #pain-medicine insert Words([[Schmerzmedizin]], [[Pijngeneeskunde]])
* #phoniatrics "Phoniatrics and paedaudiology"
* #phoniatrics insert Words([[Phoniatrie und Pädaudiologie]], [[Foniatrie en audiologie]])
* #plastic-surgery "Plastic surgery"
* #plastic-surgery insert Words([[Plastische Chirurgie]], [[Plastische chirurgie]])
* #prm "Physical and rehabilitation medicine"
* #prm insert Words([[Physikalische und rehabilitative Medizin]], [[Revalidatiegeneeskunde]])
* #radiology-endovascular "Endovascular radiology"
* #radiology-endovascular insert Words([[Endovaskuläre Radiologie]], [[Endovasculaire radiologie]])
* #radiotherapy "Radiotherapy"
* #radiotherapy insert Words([[Strahlentherapie]], [[Radiotherapie]])
* #trauma-surgery "Trauma surgery"
* #trauma-surgery insert Words([[Unfallchirurgie]], [[Traumachirurgie]])
* #urology "Urology"
* #urology insert Words([[Urologie]], [[Urologie]])
* #vascular-surgery "Vascular surgery"
* #vascular-surgery insert Words([[Gefäßchirurgie]], [[Vaatchirurgie]])
* #visceral-surgery "Visceral surgery"
* #visceral-surgery insert Words([[Viszeralchirurgie]], [[Viscerale chirurgie]])

CodeSystem: SecondOpinionConsultationMode
Id: so-consultation-mode
Title: "How doctor and patient meet"
Description: "The way in which the consultation takes place."
* insert OurCodes
* ^content = #complete
* #in-person "In person"
* #in-person insert Words([[Vor Ort]], [[Op locatie]])
* #phone "By telephone"
* #phone insert Words([[Telefonisch]], [[Telefonisch]])
* #video "By video"
* #video insert Words([[Per Video]], [[Via beeldbellen]])

CodeSystem: SecondOpinionProxyBasis
Id: so-proxy-basis
Title: "Right of a representative"
Description: "The right by which somebody asks for the patient."
* insert OurCodes
* ^content = #complete
* #parent "Parent"
* #parent insert Words([[Elternteil]], [[Ouder]])
* #guardian "Guardian"
* #guardian insert Words([[Vormund, rechtliche Betreuung]], [[Voogd of curator]])
* #power-of-attorney "Power of attorney"
* #power-of-attorney insert Words([[Vollmacht]], [[Volmacht]])
* #spouse "Spouse"
* #spouse insert Words([[Ehegattin, Ehegatte]], [[Echtgenoot]])
* #other "Other basis"
* #other insert Words([[Andere Grundlage]], [[Andere grondslag]])

CodeSystem: SecondOpinionPatientAgrees
Id: so-patient-agrees
Title: "Whether the patient agrees"
Description: "Whether the patient agrees with a request that somebody else makes."
* insert OurCodes
* ^content = #complete
* #yes "Agrees"
* #yes insert Words([[Stimmt zu]], [[Stemt in]])
* #no "Does not agree"
* #no insert Words([[Stimmt nicht zu]], [[Stemt niet in]])
* #unverified "Not verified"
* #unverified insert Words([[Nicht geprüft]], [[Niet nagegaan]])

CodeSystem: SecondOpinionAfterwards
Id: so-afterwards
Title: "What happens after the second opinion"
Description: "The member afterwards of a request."
* insert OurCodes
* ^content = #complete
* #return "Back to the treating provider"
* #return insert Words([[Zurück zur behandelnden Stelle]], [[Terug naar de behandelende zorgaanbieder]])
* #transfer "The consulting provider takes over"
* #transfer insert Words([[Die Stelle der Zweitmeinung übernimmt]], [[De zorgaanbieder van de second opinion neemt over]])
* #report-only "A report only"
* #report-only insert Words([[Nur ein Bericht]], [[Alleen een verslag]])

CodeSystem: SecondOpinionUrgency
Id: so-urgency
Title: "Urgency of the planned operation"
Description: "The urgency of the planned operation of a request."
* insert OurCodes
* ^content = #complete
* #elective "Elective"
* #elective insert Words([[Planbar]], [[Planbaar]])
* #urgent "Urgent"
* #urgent insert Words([[Dringend]], [[Spoedeisend]])
* #emergency "Emergency"
* #emergency insert Words([[Notfall]], [[Noodgeval]])
