// Code systems of our own, each with the words for it in German and Dutch.

CodeSystem: SecondOpinionBusinessStatus
Id: so-business-status
Title: "Business status of a second opinion"
Description: "Where a case stands, finer than Task.status."
* insert OurCodes
* ^content = #complete
* #new "New"
* #new insert Words([[Neu]], [[Nieuw]])
* #sent "Sent"
* #sent insert Words([[Gesendet]], [[Verstuurd]])
* #awaiting-decision "Waiting for the consulting provider's decision"
* #awaiting-decision insert Words([[Wartet auf die Entscheidung der Zweitmeinungsstelle]], [[Wacht op het besluit van de consulterende zorgverlener]])
* #rejected "Rejected"
* #rejected insert Words([[Abgelehnt]], [[Afgewezen]])
* #cancelled "Cancelled"
* #cancelled insert Words([[Storniert]], [[Geannuleerd]])
* #cancellation-requested "Cancellation asked for"
* #cancellation-requested insert Words([[Stornierung erbeten]], [[Annulering gevraagd]])
* #failed "Failed"
* #failed insert Words([[Nicht gelungen]], [[Mislukt]])
* #awaiting-consent "Waiting for the patient's consent"
* #awaiting-consent insert Words([[Wartet auf die Einwilligung der Patientin, des Patienten]], [[Wacht op toestemming van de patiënt]])
* #awaiting-records "Waiting for the records"
* #awaiting-records insert Words([[Wartet auf die Unterlagen]], [[Wacht op de stukken]])
* #awaiting-information "Waiting for further information"
* #awaiting-information insert Words([[Wartet auf weitere Angaben]], [[Wacht op nadere informatie]])
* #accepted "Accepted"
* #accepted insert Words([[Angenommen]], [[Geaccepteerd]])
* #records-complete "Records complete"
* #records-complete insert Words([[Unterlagen vollständig]], [[Stukken compleet]])
* #under-review "Under review"
* #under-review insert Words([[In Begutachtung]], [[In beoordeling]])
* #appointment-booked "Appointment booked"
* #appointment-booked insert Words([[Termin vereinbart]], [[Afspraak gemaakt]])
* #appointment-no-show "Patient did not come"
* #appointment-no-show insert Words([[Termin nicht wahrgenommen]], [[Niet verschenen]])
* #examination-needed "Further examination needed"
* #examination-needed insert Words([[Weitere Untersuchung nötig]], [[Verder onderzoek nodig]])
* #preliminary-opinion "Preliminary opinion given"
* #preliminary-opinion insert Words([[Vorläufige Meinung abgegeben]], [[Voorlopig oordeel gegeven]])
* #consent-revoked "Consent withdrawn"
* #consent-revoked insert Words([[Einwilligung widerrufen]], [[Toestemming ingetrokken]])
* #report-issued "Report issued"
* #report-issued insert Words([[Bericht erstellt]], [[Verslag uitgebracht]])
* #report-delivered-treating "Report delivered to the treating provider"
* #report-delivered-treating insert Words([[Bericht an die behandelnde Seite übergeben]], [[Verslag bij de behandelaar bezorgd]])
* #report-delivered-patient "Report delivered to the patient"
* #report-delivered-patient insert Words([[Bericht der Patientin, dem Patienten übergeben]], [[Verslag aan de patiënt gegeven]])
* #discussed-with-patient "Discussed with the patient"
* #discussed-with-patient insert Words([[Mit der Patientin, dem Patienten besprochen]], [[Besproken met de patiënt]])
* #care-taken-over "Care taken over by the consulting provider"
* #care-taken-over insert Words([[Behandlung von der Zweitmeinungsstelle übernommen]], [[Behandeling overgenomen door de consulterende zorgverlener]])
* #closed "Closed"
* #closed insert Words([[Abgeschlossen]], [[Afgesloten]])

CodeSystem: SecondOpinionStatusReason
Id: so-status-reason
Title: "Reason for a status"
Description: "Why a request was declined, taken back or not completed."
* insert OurCodes
* ^content = #complete
* #conflict-of-interest "Conflict of interest"
* #conflict-of-interest insert Words([[Interessenkonflikt]], [[Belangenconflict]])
* #wrong-specialty "Wrong specialty"
* #wrong-specialty insert Words([[Falsches Fachgebiet]], [[Verkeerd vakgebied]])
* #no-capacity "No capacity"
* #no-capacity insert Words([[Keine Kapazität]], [[Geen capaciteit]])
* #out-of-scope "Out of scope"
* #out-of-scope insert Words([[Nicht im Leistungsumfang]], [[Buiten het aanbod]])
* #already-first-opinion-provider "Has given the first opinion"
* #already-first-opinion-provider insert Words([[Hat die Erstmeinung abgegeben]], [[Heeft de eerste mening gegeven]])
* #patient-withdrew "Patient withdrew"
* #patient-withdrew insert Words([[Patientin oder Patient hat zurückgezogen]], [[Patiënt heeft zich teruggetrokken]])
* #consent-revoked "Consent withdrawn"
* #consent-revoked insert Words([[Einwilligung widerrufen]], [[Toestemming ingetrokken]])
* #not-needed "No longer needed"
* #not-needed insert Words([[Nicht mehr nötig]], [[Niet meer nodig]])
* #records-insufficient "Records insufficient"
* #records-insufficient insert Words([[Unterlagen reichen nicht aus]], [[Stukken onvoldoende]])
* #patient-deceased "Patient has died"
* #patient-deceased insert Words([[Patientin oder Patient verstorben]], [[Patiënt is overleden]])
* #other "Other reason"
* #other insert Words([[Anderer Grund]], [[Andere reden]])

CodeSystem: SecondOpinionTaskInputType
Id: so-task-input-type
Title: "Inputs of the Task"
Description: "What a Task of a second opinion is given."
* insert OurCodes
* ^content = #complete
* #question "Question to the consulting provider"
* #question insert Words([[Frage an die Zweitmeinungsstelle]], [[Vraag aan de consulterende zorgverlener]])
* #consent "Consent"
* #consent insert Words([[Einwilligung]], [[Toestemming]])
* #eligibility "Coverage eligibility"
* #eligibility insert Words([[Leistungsanspruch]], [[Recht op vergoeding]])
* #records-package "Records package"
* #records-package insert Words([[Unterlagenpaket]], [[Dossierpakket]])
* #record "Record"
* #record insert Words([[Unterlage]], [[Stuk]])
* #supplemental-query "Query for further data"
* #supplemental-query insert Words([[Abfrage weiterer Daten]], [[Zoekvraag naar verdere gegevens]])
* #consultation-mode "How doctor and patient meet"
* #consultation-mode insert Words([[Form der Begegnung]], [[Vorm van het consult]])
* #interpreter "Interpreter needed for this language"
* #interpreter insert Words([[Dolmetscher für diese Sprache nötig]], [[Tolk nodig voor deze taal]])
* #prior-opinions "Earlier second opinions on the same question"
* #prior-opinions insert Words([[Frühere Zweitmeinungen zur selben Frage]], [[Eerdere second opinions over dezelfde vraag]])
* #discussed-with-treating "Wish for a second opinion discussed with the treating provider"
* #discussed-with-treating insert Words([[Wunsch nach einer Zweitmeinung mit der behandelnden Seite besprochen]], [[Wens van een second opinion besproken met de behandelaar]])

CodeSystem: SecondOpinionTaskOutputType
Id: so-task-output-type
Title: "Outputs of the Task"
Description: "What a Task of a second opinion yields."
* insert OurCodes
* ^content = #complete
* #opinion-report "Opinion report"
* #opinion-report insert Words([[Bericht der Zweitmeinung]], [[Verslag van de second opinion]])
* #concordance "Concordance with the first opinion"
* #concordance insert Words([[Übereinstimmung mit der Erstmeinung]], [[Overeenstemming met de eerste mening]])
* #necessity "Necessity of the planned operation"
* #necessity insert Words([[Notwendigkeit des geplanten Eingriffs]], [[Noodzaak van de geplande operatie]])
* #answer "Answer to a question"
* #answer insert Words([[Antwort auf eine Frage]], [[Antwoord op een vraag]])

CodeSystem: SecondOpinionMessageEvent
Id: so-message-event
Title: "Message events"
Description: "Events between two nodes beside I12 to I15 of HL7 v2 table 0003."
* insert OurCodes
* ^content = #complete
* #status "Status of the request"
* #status insert Words([[Stand der Anfrage]], [[Status van de aanvraag]])
* #information-request "Further information wanted"
* #information-request insert Words([[Weitere Angaben erbeten]], [[Nadere informatie gevraagd]])
* #records "Records package"
* #records insert Words([[Unterlagenpaket]], [[Dossierpakket]])
* #report "Opinion report"
* #report insert Words([[Bericht der Zweitmeinung]], [[Verslag van de second opinion]])
* #addendum "Addition to or replacement of a report"
* #addendum insert Words([[Ergänzung oder Ersatz eines Berichts]], [[Aanvulling op of vervanging van een verslag]])
* #closed "Loop closed"
* #closed insert Words([[Vorgang abgeschlossen]], [[Zaak afgesloten]])

CodeSystem: SecondOpinionCaseEvent
Id: so-case-event
Title: "Events of a case"
Description: "The lines of a case's story, as the subtype of its audit records."
* insert OurCodes
* ^content = #complete
* #requested "Second opinion requested"
* #requested insert Words([[Zweitmeinung angefragt]], [[Second opinion aangevraagd]])
* #corrected "Request corrected"
* #corrected insert Words([[Anfrage berichtigt]], [[Aanvraag gecorrigeerd]])
* #coverage-decided "Coverage decided"
* #coverage-decided insert Words([[Leistungsanspruch beurteilt]], [[Vergoeding beoordeeld]])
* #coverage-not-asked "Coverage not asked"
* #coverage-not-asked insert Words([[Leistungsanspruch nicht erfragt]], [[Vergoeding niet gevraagd]])
* #records-judged "Release of the records judged"
* #records-judged insert Words([[Freigabe der Unterlagen beurteilt]], [[Vrijgave van stukken beoordeeld]])
* #waiting-for-consent "Waiting for consent"
* #waiting-for-consent insert Words([[Wartet auf Einwilligung]], [[Wacht op toestemming]])
* #received "Received"
* #received insert Words([[Empfangen]], [[Ontvangen]])
* #accepted "Accepted"
* #accepted insert Words([[Angenommen]], [[Geaccepteerd]])
* #rejected "Declined"
* #rejected insert Words([[Abgelehnt]], [[Afgewezen]])
* #records-received "Records delivered"
* #records-received insert Words([[Unterlagen zugestellt]], [[Stukken bezorgd]])
* #no-records-sent "No records sent"
* #no-records-sent insert Words([[Keine Unterlagen gesendet]], [[Geen stukken verstuurd]])
* #started "Review begun"
* #started insert Words([[Begutachtung begonnen]], [[Beoordeling begonnen]])
* #appointment "Appointment made"
* #appointment insert Words([[Termin vereinbart]], [[Afspraak gemaakt]])
* #missed "Patient did not come"
* #missed insert Words([[Patientin oder Patient nicht erschienen]], [[Patiënt niet verschenen]])
* #reported "Opinion reported"
* #reported insert Words([[Zweitmeinung abgegeben]], [[Second opinion gegeven]])
* #patient-copy-made "Patient's copy made"
* #patient-copy-made insert Words([[Exemplar für die Patientin, den Patienten erstellt]], [[Exemplaar voor de patiënt gemaakt]])
* #report-sent "Report sent back"
* #report-sent insert Words([[Bericht zurückgesendet]], [[Verslag teruggestuurd]])
* #report-withheld "Report withheld"
* #report-withheld insert Words([[Bericht zurückgehalten]], [[Verslag niet gedeeld]])
* #status-sent "State told"
* #status-sent insert Words([[Stand mitgeteilt]], [[Status gemeld]])
* #closed-sent "Closing told"
* #closed-sent insert Words([[Abschluss mitgeteilt]], [[Afsluiting gemeld]])
* #cancel-sent "Cancellation told"
* #cancel-sent insert Words([[Stornierung mitgeteilt]], [[Annulering gemeld]])
* #system-told "Own system told"
* #system-told insert Words([[Eigenes System informiert]], [[Eigen systeem geïnformeerd]])
* #report-to-system "Report given to the own system"
* #report-to-system insert Words([[Bericht an das eigene System gegeben]], [[Verslag aan het eigen systeem gegeven]])
* #report-kept-from-system "Report kept from the own system"
* #report-kept-from-system insert Words([[Bericht nicht an das eigene System gegeben]], [[Verslag niet aan het eigen systeem gegeven]])
* #discussed "Discussed with the patient"
* #discussed insert Words([[Mit der Patientin, dem Patienten besprochen]], [[Besproken met de patiënt]])
* #handed-over "Report handed to the patient"
* #handed-over insert Words([[Bericht übergeben]], [[Verslag aan de patiënt gegeven]])
* #taken-over "Care taken over"
* #taken-over insert Words([[Behandlung übernommen]], [[Behandeling overgenomen]])
* #coverage-check-offered "Coverage check offered for the treatment"
* #coverage-check-offered insert Words([[Prüfung des Anspruchs auf die Behandlung angeboten]], [[Vergoedingscheck voor de behandeling aangeboden]])
* #not-sent "Taken back before it was sent"
* #not-sent insert Words([[Vor dem Versand zurückgenommen]], [[Ingetrokken voor verzending]])
* #cancelled "Cancelled"
* #cancelled insert Words([[Storniert]], [[Geannuleerd]])
* #abort-requested "Stop asked for"
* #abort-requested insert Words([[Abbruch erbeten]], [[Stoppen gevraagd]])
* #failed "Could not be completed"
* #failed insert Words([[Nicht gelungen]], [[Mislukt]])
* #copied-to-server "Copied to the organisation's FHIR server"
* #copied-to-server insert Words([[Auf den FHIR-Server der Einrichtung kopiert]], [[Naar de FHIR-server van de organisatie gekopieerd]])
* #sent "Sent"
* #sent insert Words([[Gesendet]], [[Verstuurd]])
* #information-requested "Further information wanted"
* #information-requested insert Words([[Weitere Angaben erbeten]], [[Nadere informatie gevraagd]])
* #work-failed "Not done, kept for the operator"
* #work-failed insert Words([[Nicht erledigt, für den Betrieb aufgehoben]], [[Niet gedaan, bewaard voor de beheerder]])
