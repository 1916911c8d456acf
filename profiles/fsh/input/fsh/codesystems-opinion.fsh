// Code systems of our own, each with the words for it in German and Dutch.

CodeSystem: SecondOpinionConcordance
Id: so-concordance
Title: "Concordance with the first opinion"
Description: "Whether the second opinion agrees with the first."
* insert OurCodes
* ^content = #complete
* #agree "Agrees"
* #agree insert Words([[Stimmt zu]], [[Eens]])
* #agree-with-modification "Agrees with a modification"
* #agree-with-modification insert Words([[Stimmt mit einer Änderung zu]], [[Eens, met een wijziging]])
* #disagree-diagnosis "Disagrees with the diagnosis"
* #disagree-diagnosis insert Words([[Stimmt der Diagnose nicht zu]], [[Niet eens met de diagnose]])
* #disagree-treatment "Disagrees with the treatment"
* #disagree-treatment insert Words([[Stimmt der Behandlung nicht zu]], [[Niet eens met de behandeling]])
* #alternative-recommended "Recommends an alternative"
* #alternative-recommended insert Words([[Empfiehlt eine Alternative]], [[Adviseert een alternatief]])
* #more-diagnostics-needed "More diagnostics needed"
* #more-diagnostics-needed insert Words([[Weitere Diagnostik nötig]], [[Meer onderzoek nodig]])
* #insufficient-information "Information insufficient"
* #insufficient-information insert Words([[Angaben reichen nicht aus]], [[Te weinig informatie]])

CodeSystem: SecondOpinionNecessity
Id: so-necessity
Title: "Necessity of the planned operation"
Description: "Whether the planned operation is needed now."
* insert OurCodes
* ^content = #complete
* #yes "Needed"
* #yes insert Words([[Nötig]], [[Nodig]])
* #no "Not needed now"
* #no insert Words([[Derzeit nicht nötig]], [[Nu niet nodig]])
* #undecided "Undecided"
* #undecided insert Words([[Offen]], [[Onbeslist]])

CodeSystem: SecondOpinionSection
Id: so-section
Title: "Sections of a document"
Description: "Sections of the opinion, of the patient's copy and of the records package."
* insert OurCodes
* ^content = #complete
* #urgent-finding "Urgent finding"
* #urgent-finding insert Words([[Dringender Befund]], [[Dringende bevinding]])
* #answers "Questions and answers"
* #answers insert Words([[Fragen und Antworten]], [[Vragen en antwoorden]])
* #documents-reviewed "Documents reviewed"
* #documents-reviewed insert Words([[Gesichtete Unterlagen]], [[Beoordeelde stukken]])
* #examination "Examination"
* #examination insert Words([[Untersuchung]], [[Onderzoek]])
* #summary "Findings and summary"
* #summary insert Words([[Befund und Zusammenfassung]], [[Bevindingen en samenvatting]])
* #assessment "Assessment"
* #assessment insert Words([[Beurteilung]], [[Beoordeling]])
* #alternatives "Alternatives"
* #alternatives insert Words([[Alternativen]], [[Alternatieven]])
* #for-the-patient "Part for the patient"
* #for-the-patient insert Words([[Für die Patientin, den Patienten]], [[Voor de patiënt]])
* #signed-document "Signed document"
* #signed-document insert Words([[Originaldokument]], [[Origineel document]])
* #manifest "Manifest of the records"
* #manifest insert Words([[Verzeichnis der Unterlagen]], [[Inhoudsopgave van de stukken]])
* #documents "Documents"
* #documents insert Words([[Unterlagen]], [[Stukken]])
