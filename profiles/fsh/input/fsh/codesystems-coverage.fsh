// Code systems of our own, each with the words for it in German and Dutch.

CodeSystem: SecondOpinionCoverageFinding
Id: so-coverage-finding
Title: "Result of a coverage finding"
Description: "What one rule says about coverage; the meanings are those of Da Vinci CRD."
* insert OurCodes
* ^content = #complete
* #covered "Covered"
* #covered insert Words([[Wird übernommen]], [[Wordt vergoed]])
* #not-covered "Not covered"
* #not-covered insert Words([[Wird nicht übernommen]], [[Wordt niet vergoed]])
* #conditional "Covered under a condition"
* #conditional insert Words([[Wird unter einer Bedingung übernommen]], [[Wordt onder een voorwaarde vergoed]])
* #indeterminate "Cannot be determined"
* #indeterminate insert Words([[Lässt sich nicht bestimmen]], [[Niet te bepalen]])

CodeSystem: SecondOpinionCoverageOutcome
Id: so-coverage-outcome
Title: "Coverage decision"
Description: "The decision that follows from all findings."
* insert OurCodes
* ^content = #complete
* #ok "Covered"
* #ok insert Words([[Wird übernommen]], [[Wordt vergoed]])
* #partial "Covered in part"
* #partial insert Words([[Wird teilweise übernommen]], [[Wordt gedeeltelijk vergoed]])
* #undetermined "Cannot be said yet"
* #undetermined insert Words([[Lässt sich noch nicht sagen]], [[Nog niet te zeggen]])
* #action "Covered once something has been done"
* #action insert Words([[Wird übernommen, sobald etwas erledigt ist]], [[Vergoed zodra er iets is geregeld]])
* #denied "Not covered"
* #denied insert Words([[Wird nicht übernommen]], [[Wordt niet vergoed]])

CodeSystem: SecondOpinionCareType
Id: so-care-type
Title: "Type of care"
Description: "What kind of care the opinion is about, for the insurer's rules."
* insert OurCodes
* ^content = #complete
* #gp "Care by a general practitioner"
* #gp insert Words([[Hausärztliche Versorgung]], [[Huisartsenzorg]])
* #midwifery "Midwifery care"
* #midwifery insert Words([[Hebammenhilfe]], [[Verloskundige zorg]])
* #medical-specialist "Care by a medical specialist"
* #medical-specialist insert Words([[Fachärztliche Versorgung]], [[Medisch-specialistische zorg]])
* #mental-health "Mental health care"
* #mental-health insert Words([[Psychische Versorgung]], [[Geestelijke gezondheidszorg]])
* #dental "Dental care"
* #dental insert Words([[Zahnärztliche Versorgung]], [[Mondzorg]])
* #home-nursing "Nursing at home"
* #home-nursing insert Words([[Häusliche Krankenpflege]], [[Wijkverpleging]])
* #incapacity-assessment "Assessment of incapacity for work"
* #incapacity-assessment insert Words([[Begutachtung der Arbeitsunfähigkeit]], [[Beoordeling van arbeidsongeschiktheid]])
* #other "Other care"
* #other insert Words([[Andere Versorgung]], [[Andere zorg]])

CodeSystem: SecondOpinionInsuranceScheme
Id: so-insurance-scheme
Title: "Insurance scheme"
Description: "Under which law the patient is insured."
* insert OurCodes
* ^content = #complete
* #gkv "Statutory health insurance, Germany"
* #gkv insert Words([[Gesetzliche Krankenversicherung, Deutschland]], [[Wettelijke ziektekostenverzekering, Duitsland]])
* #pkv "Private health insurance, Germany"
* #pkv insert Words([[Private Krankenversicherung, Deutschland]], [[Particuliere ziektekostenverzekering, Duitsland]])
* #zvw "Basic health insurance, Netherlands"
* #zvw insert Words([[Basisversicherung, Niederlande]], [[Basisverzekering, Nederland]])

CodeSystem: SecondOpinionPolicyType
Id: so-policy-type
Title: "Type of policy"
Description: "Kinds of Dutch health insurance policy."
* insert OurCodes
* ^content = #complete
* #natura "Policy in kind"
* #natura insert Words([[Sachleistungspolice]], [[Naturapolis]])
* #restitutie "Reimbursement policy"
* #restitutie insert Words([[Kostenerstattungspolice]], [[Restitutiepolis]])
* #combinatie "Combined policy"
* #combinatie insert Words([[Kombinierte Police]], [[Combinatiepolis]])

CodeSystem: SecondOpinionCoverageReason
Id: so-coverage-rule
Title: "Reason of a coverage finding"
Description: "The reason codes of the rule packs that ship with this version; other packs bring their own."
* insert OurCodes
* ^content = #fragment
* #COV-INACTIVE "The insurance is not in force on the service date."
* #COV-INACTIVE insert Words([[Die Versicherung ist am Leistungsdatum nicht wirksam.]], [[De verzekering is niet actief op de behandeldatum.]])
* #DE-COPY-BY-FUND "The health fund pays the doctor for compiling the records for this second opinion."
* #DE-COPY-BY-FUND insert Words([[Die Krankenkasse trägt die Kosten für die Zusammenstellung der Unterlagen.]], [[Het ziekenfonds betaalt het samenstellen van de stukken.]])
* #DE-COPY-CHARGEABLE "Further copies: the doctor may charge the copy costs to you, nothing more."
* #DE-COPY-CHARGEABLE insert Words([[Weitere Kopien: Der Arzt darf nur die Kopierkosten berechnen.]], [[Volgende kopieën: de arts mag alleen de kopieerkosten rekenen.]])
* #DE-COPY-FIRST-FREE "The first copy of the record is free of charge."
* #DE-COPY-FIRST-FREE insert Words([[Die erste Kopie der Patientenakte ist kostenlos.]], [[De eerste kopie van het dossier is gratis.]])
* #DE-COVERED-27B "Covered in full by the health fund."
* #DE-COVERED-27B insert Words([[Die Krankenkasse trägt die Kosten voll.]], [[Volledig vergoed door het ziekenfonds.]])
* #DE-COVERED-GENERAL "Your AOK pays the advice."
* #DE-COVERED-GENERAL insert Words([[Ihre AOK trägt die Kosten für die Beratung.]], [[Uw AOK betaalt het advies.]])
* #DE-DIAGNOSIS-EXCLUDED "This diagnosis is excluded for this operation (tumour, metastasis or acute injury): no statutory claim. Ask the health fund about its other offers."
* #DE-DIAGNOSIS-EXCLUDED insert Words([[Diese Diagnose ist für diesen Eingriff ausgenommen (Tumor, Metastasen oder akute Verletzung): kein Anspruch nach dem Zweitmeinungsverfahren. Fragen Sie die Krankenkasse nach anderen Angeboten.]], [[Deze diagnose is bij deze operatie uitgesloten (tumor, uitzaaiing of acuut letsel): geen wettelijk recht. Vraag het ziekenfonds naar ander aanbod.]])
* #DE-EMERGENCY "The claim is only for plannable operations, not emergencies."
* #DE-EMERGENCY insert Words([[Der Anspruch gilt nur für planbare Eingriffe, nicht für Notfälle.]], [[Het recht geldt alleen voor planbare operaties, niet bij spoed.]])
* #DE-INDICATION-MISMATCH "The diagnosis given does not fit the listed operation; the general route applies."
* #DE-INDICATION-MISMATCH insert Words([[Die Diagnose passt nicht zum gelisteten Eingriff; es gilt der allgemeine Weg.]], [[De diagnose past niet bij de operatie op de lijst; de algemene route geldt.]])
* #DE-INFO-LATE "The treating doctor informed you less than 10 days before the operation. Your claim is not lost."
* #DE-INFO-LATE insert Words([[Die Aufklärung erfolgte weniger als zehn Tage vor dem Eingriff. Ihr Anspruch bleibt bestehen.]], [[U bent minder dan 10 dagen voor de operatie geïnformeerd. Uw recht blijft bestaan.]])
* #DE-INFO-NOT-DOCUMENTED "No date of the oral information is on file."
* #DE-INFO-NOT-DOCUMENTED insert Words([[Das Datum der mündlichen Aufklärung fehlt.]], [[De datum van de mondelinge uitleg ontbreekt.]])
* #DE-INFORM-TREATING "Please inform your treating doctor first."
* #DE-INFORM-TREATING insert Words([[Bitte informieren Sie zunächst Ihren behandelnden Arzt.]], [[Informeer eerst uw behandelend arts.]])
* #DE-NOT-GKV "Only statutory insured persons have this claim."
* #DE-NOT-GKV insert Words([[Nur gesetzlich Versicherte haben diesen Anspruch.]], [[Alleen wettelijk verzekerden hebben dit recht.]])
* #DE-NOT-INDEPENDENT "The second doctor is not independent."
* #DE-NOT-INDEPENDENT insert Words([[Der zweite Arzt ist nicht unabhängig.]], [[De tweede arts is niet onafhankelijk.]])
* #DE-NOT-KV-APPROVED "The doctor has no approval of the Kassenärztliche Vereinigung for this operation."
* #DE-NOT-KV-APPROVED insert Words([[Der Arzt hat keine Genehmigung der Kassenärztlichen Vereinigung für diesen Eingriff.]], [[De arts heeft geen toestemming van de KV voor deze operatie.]])
* #DE-NOT-LISTED "The operation is not on the statutory list; the 10-day duty does not apply."
* #DE-NOT-LISTED insert Words([[Der Eingriff steht nicht auf der gesetzlichen Liste; die Zehn-Tage-Pflicht gilt nicht.]], [[De operatie staat niet op de wettelijke lijst; de 10-dagenplicht geldt niet.]])
* #DE-NOT-PLANNED "No indication for the operation has been given yet."
* #DE-NOT-PLANNED insert Words([[Es liegt noch keine Indikation für den Eingriff vor.]], [[Er is nog geen operatie geadviseerd.]])
* #DE-NOT-SPECIALIST "Only a specialist for your diagnosis may give a second opinion."
* #DE-NOT-SPECIALIST insert Words([[Eine Zweitmeinung darf nur ein Facharzt abgeben, der auf Ihre Diagnose spezialisiert ist.]], [[Alleen een specialist voor uw diagnose mag een second opinion geven.]])
* #DE-NOT-YET-IN-FORCE "The operation was not on the statutory list on the service date; the general route applies."
* #DE-NOT-YET-IN-FORCE insert Words([[Der Eingriff stand am Leistungsdatum nicht auf der gesetzlichen Liste; es gilt der allgemeine Weg.]], [[De operatie stond op de behandeldatum niet op de wettelijke lijst; de algemene route geldt.]])
* #DE-OPERATING-PROVIDER "The opinion may not come from the doctor or institution that will operate."
* #DE-OPERATING-PROVIDER insert Words([[Die Zweitmeinung darf nicht bei dem Arzt oder der Einrichtung eingeholt werden, die operiert.]], [[De arts of instelling die opereert mag de second opinion niet geven.]])
* #DE-REGIONAL-OFFER "Offers differ by region; the postal code decides."
* #DE-REGIONAL-OFFER insert Words([[Die Angebote unterscheiden sich regional; die Postleitzahl entscheidet.]], [[Het aanbod verschilt per regio; de postcode beslist.]])
* #DE-REPEAT-CHECK "There is already an opinion on this indication; ask the fund."
* #DE-REPEAT-CHECK insert Words([[Zu dieser Indikation gibt es schon eine Zweitmeinung; bitte Kasse fragen.]], [[Er is al een second opinion over deze indicatie; vraag het ziekenfonds.]])
* #DE-RESULT-CONSENT "The result goes to the treating doctor only with your consent."
* #DE-RESULT-CONSENT insert Words([[Der behandelnde Arzt erhält das Ergebnis nur mit Ihrem Einverständnis.]], [[Uw behandelend arts krijgt de uitslag alleen met uw toestemming.]])
* #DE-SPECIALTY-NOT-ELIGIBLE "The doctor's specialty is not eligible for this operation."
* #DE-SPECIALTY-NOT-ELIGIBLE insert Words([[Die Fachrichtung ist für diesen Eingriff nicht zweitmeinungsberechtigt.]], [[Het specialisme van de arts is niet bevoegd voor deze operatie.]])
* #DE-SURGERY-PAST "The operation date has passed."
* #DE-SURGERY-PAST insert Words([[Der Operationstermin ist vorbei.]], [[De operatiedatum is voorbij.]])
* #DE-TRAUMA-SHORT "After an injury the claim exists only when at least 10 days lie between indication and operation: no statutory claim. Ask the health fund about its other offers."
* #DE-TRAUMA-SHORT insert Words([[Nach einer Verletzung gilt der Anspruch nur bei mindestens zehn Tagen zwischen Indikation und Eingriff: kein Anspruch nach dem Zweitmeinungsverfahren. Fragen Sie die Krankenkasse nach anderen Angeboten.]], [[Na letsel geldt het recht alleen als er minstens 10 dagen tussen advies en operatie zitten: geen wettelijk recht. Vraag het ziekenfonds naar ander aanbod.]])
* #DE-URGENT-EXCLUDED "Urgent operations of this kind are excluded: no statutory claim. Ask the health fund about its other offers."
* #DE-URGENT-EXCLUDED insert Words([[Dringliche Eingriffe dieser Art sind nicht umfasst: kein Anspruch nach dem Zweitmeinungsverfahren. Fragen Sie die Krankenkasse nach anderen Angeboten.]], [[Dringende operaties van deze soort vallen hier niet onder: geen wettelijk recht. Vraag het ziekenfonds naar ander aanbod.]])
* #FACT-MISSING "A fact that decides is not known; see what is missing."
* #FACT-MISSING insert Words([[Eine entscheidende Angabe fehlt; siehe die fehlenden Angaben.]], [[Een gegeven dat beslist is niet bekend; zie wat er ontbreekt.]])
* #IN-AFTERCARE-RETURN "You return to the Dijklander specialist; the advice is discussed and used for the plan."
* #IN-AFTERCARE-RETURN insert Words([[Sie kehren zurück; das Ergebnis fließt in den Behandlungsplan ein.]], [[U komt terug bij de verwijzend specialist; het advies wordt besproken en meegenomen.]])
* #IN-AFTERCARE-TRANSFER "You stay under treatment of the second doctor; this is a transfer of care and needs its own coverage check."
* #IN-AFTERCARE-TRANSFER insert Words([[Sie bleiben beim zweiten Arzt; das ist ein Behandlerwechsel und braucht eine eigene Prüfung.]], [[U blijft bij de tweede arts onder behandeling; dat is overname van zorg en vraagt een eigen vergoedingscheck.]])
* #IN-CHECK-INSURER "Ask your insurer whether it is allowed and whether there is a contract."
* #IN-CHECK-INSURER insert Words([[Fragen Sie Ihren Versicherer nach Erlaubnis und Vertrag.]], [[Vraag bij uw verzekeraar of het is toegestaan en of er een contract is.]])
* #IN-CONSENT-SHARE "Give consent for sharing your records and images, or send them yourself."
* #IN-CONSENT-SHARE insert Words([[Bitte stimmen Sie der Weitergabe zu oder senden Sie die Unterlagen selbst.]], [[Geef toestemming voor het delen van uw gegevens en beelden, of stuur ze zelf.]])
* #IN-INITIATIVE-UNKNOWN "State who started the request."
* #IN-INITIATIVE-UNKNOWN insert Words([[Bitte angeben, von wem die Anfrage ausgeht.]], [[Geef aan van wie het initiatief uitgaat.]])
* #IN-LANGUAGE "Documents from a hospital abroad must be in Dutch or English."
* #IN-LANGUAGE insert Words([[Unterlagen aus dem Ausland müssen auf Niederländisch oder Englisch vorliegen.]], [[Documenten uit een buitenlands ziekenhuis moeten in het Nederlands of Engels zijn.]])
* #IN-RECORDS-LEADTIME "Collecting records takes some time."
* #IN-RECORDS-LEADTIME insert Words([[Das Zusammenstellen der Unterlagen dauert.]], [[Het verzamelen van gegevens kost enige tijd.]])
* #IN-RECORDS-MISSING "The talk can only take place when all medical data are there."
* #IN-RECORDS-MISSING insert Words([[Das Gespräch ist erst möglich, wenn alle Unterlagen vorliegen.]], [[Het gesprek kan pas als alle medische gegevens er zijn.]])
* #IN-RESULT-TO-OWN-DOCTOR "The advice is normally shared with your own doctor too."
* #IN-RESULT-TO-OWN-DOCTOR insert Words([[Das Ergebnis geht in der Regel auch an Ihren Arzt.]], [[Het advies wordt in de regel ook met uw eigen arts gedeeld.]])
* #IN-SAME-HOSPITAL "The leaflet means another doctor, normally in another hospital."
* #IN-SAME-HOSPITAL insert Words([[Gemeint ist ein anderer Arzt, in der Regel in einem anderen Krankenhaus.]], [[Bedoeld is een andere arts, meestal in een ander ziekenhuis.]])
* #IN-SELF-ARRANGE "You find the other provider yourself and hand over the records yourself."
* #IN-SELF-ARRANGE insert Words([[Sie suchen den Behandler selbst und übergeben die Unterlagen selbst.]], [[U zoekt zelf een behandelaar en overhandigt zelf de gegevens.]])
* #NL-CONDITIONS-VARY "Conditions differ per insurer; these are general rules."
* #NL-CONDITIONS-VARY insert Words([[Die Bedingungen unterscheiden sich je Versicherer.]], [[De voorwaarden verschillen per zorgverzekeraar.]])
* #NL-CONTRACT-CHECK "Find out whether the provider has a contract with your insurer."
* #NL-CONTRACT-CHECK insert Words([[Klären Sie, ob der Behandler einen Vertrag mit Ihrem Versicherer hat.]], [[Vraag na of de zorgverlener een contract heeft met uw verzekeraar.]])
* #NL-CONTRACT-UNKNOWN "Check whether the provider has a contract; some care types have a maximum reimbursement."
* #NL-CONTRACT-UNKNOWN insert Words([[Prüfen Sie den Vertrag des Behandlers; für manche Leistungen gilt ein Höchstbetrag.]], [[Controleer of er een contract is; voor sommige zorg geldt een maximumvergoeding.]])
* #NL-COPY-EXCLUDED "Costs of a copy of your medical record are not reimbursed."
* #NL-COPY-EXCLUDED insert Words([[Kosten einer Kopie der Krankenakte werden nicht erstattet.]], [[Kosten voor een kopie van uw medisch dossier worden niet vergoed.]])
* #NL-COPY-FIRST-FREE "The provider must give the first copy free of charge."
* #NL-COPY-FIRST-FREE insert Words([[Die erste Kopie muss der Behandler kostenlos geben.]], [[De zorgverlener moet de eerste kopie gratis geven.]])
* #NL-COVERED-BASIC "Covered by basic insurance, no co-payment."
* #NL-COVERED-BASIC insert Words([[Von der Basisversicherung gedeckt, ohne Zuzahlung.]], [[Vergoed uit de basisverzekering, zonder eigen bijdrage.]])
* #NL-DEDUCTIBLE-AMOUNT-UNKNOWN "The deductible amount for this year is not in this rule pack."
* #NL-DEDUCTIBLE-AMOUNT-UNKNOWN insert Words([[Der Betrag des Selbstbehalts für dieses Jahr ist im Regelpaket nicht hinterlegt.]], [[Het bedrag van het eigen risico voor dit jaar staat nog niet in dit regelpakket.]])
* #NL-DEDUCTIBLE-APPLIES "The compulsory deductible applies."
* #NL-DEDUCTIBLE-APPLIES insert Words([[Der gesetzliche Selbstbehalt gilt.]], [[Het verplicht eigen risico geldt.]])
* #NL-DEDUCTIBLE-EXEMPT-CARE "No deductible: the opinion is about GP, midwifery or home-nursing care."
* #NL-DEDUCTIBLE-EXEMPT-CARE insert Words([[Kein Selbstbehalt: es geht um Hausarzt-, Hebammen- oder Pflegeleistung.]], [[Geen eigen risico: het gaat om huisartsenzorg, verloskundige zorg of wijkverpleging.]])
* #NL-DEDUCTIBLE-EXEMPT-MINOR "No deductible under 18."
* #NL-DEDUCTIBLE-EXEMPT-MINOR insert Words([[Kein Selbstbehalt unter 18 Jahren.]], [[Geen eigen risico onder 18 jaar.]])
* #NL-DIFFERENT-FIELD "Condition 3: a doctor in the same field as the first provider."
* #NL-DIFFERENT-FIELD insert Words([[Bedingung 3: ein Arzt desselben Fachgebiets.]], [[Voorwaarde 3: een arts in hetzelfde vakgebied als de 1e zorgverlener.]])
* #NL-GP-NO-FALLBACK "For an opinion about the GP there is usually no other doctor to refer; consider another GP."
* #NL-GP-NO-FALLBACK insert Words([[Bei einer Meinung über den Hausarzt gibt es meist keinen anderen Überweiser; erwägen Sie einen anderen Hausarzt.]], [[Bij een second opinion over de huisarts is er meestal geen andere verwijzer; overweeg een andere huisarts.]])
* #NL-INCAPACITY-EXCLUDED "A second opinion on the degree of incapacity for work is not reimbursed."
* #NL-INCAPACITY-EXCLUDED insert Words([[Eine Zweitmeinung zum Grad der Arbeitsunfähigkeit wird nicht erstattet.]], [[Een second opinion over de mate van arbeidsongeschiktheid wordt niet vergoed.]])
* #NL-INFORM-FIRST "Advice: talk to your own doctor first. This is not required."
* #NL-INFORM-FIRST insert Words([[Rat: Sprechen Sie zuerst mit Ihrem Arzt. Es ist keine Pflicht.]], [[Advies: bespreek het eerst met uw eigen arts. Het is niet verplicht.]])
* #NL-NO-RETURN "Condition 5: you go back to the first provider with the second opinion."
* #NL-NO-RETURN insert Words([[Bedingung 5: Sie gehen mit der Zweitmeinung zum ersten Behandler zurück.]], [[Voorwaarde 5: u gaat met de second opinion terug naar de 1e zorgverlener.]])
* #NL-NONCONTRACTED-NOTHING "No contract: the policy reimburses nothing (may conflict with art. 13 Zvw)."
* #NL-NONCONTRACTED-NOTHING insert Words([[Kein Vertrag: die Police erstattet nichts (möglicher Widerspruch zu Art. 13 Zvw).]], [[Geen contract: de polis vergoedt niets (mogelijk in strijd met art. 13 Zvw).]])
* #NL-NONCONTRACTED-REDUCED "No contract: only part is reimbursed (typically 75 %)."
* #NL-NONCONTRACTED-REDUCED insert Words([[Kein Vertrag: nur ein Teil wird erstattet (meist 75 %).]], [[Geen contract: slechts een deel wordt vergoed (meestal 75%).]])
* #NL-NOT-BASIC-CARE "Condition 1: the care must be under basic insurance."
* #NL-NOT-BASIC-CARE insert Words([[Bedingung 1: die Leistung muss zur Basisversicherung gehören.]], [[Voorwaarde 1: het moet zorg uit de basisverzekering zijn.]])
* #NL-NOT-COMPARABLE-LEVEL "The second provider must work at the same level as the first."
* #NL-NOT-COMPARABLE-LEVEL insert Words([[Der zweite Behandler muss auf derselben Ebene tätig sein wie der erste.]], [[De tweede behandelaar moet op hetzelfde niveau werken als de eerste.]])
* #NL-NOT-INDEPENDENT "The second provider is tied to the first one (for example the same practice)."
* #NL-NOT-INDEPENDENT insert Words([[Der zweite Behandler ist mit dem ersten verbunden (zum Beispiel dieselbe Praxis).]], [[De tweede behandelaar is verbonden aan de eerste (bijvoorbeeld dezelfde praktijk).]])
* #NL-NOT-SECOND-OPINION "A second opinion is advice only; treatment or a change of doctor is not a second opinion."
* #NL-NOT-SECOND-OPINION insert Words([[Eine Zweitmeinung ist nur eine Beratung; Behandlung oder Arztwechsel ist keine Zweitmeinung.]], [[Een second opinion is alleen een advies; behandeling of wisselen van arts is geen second opinion.]])
* #NL-OTHER-BENEFIT-HOME-NURSING "Use the benefit for nursing and care at home."
* #NL-OTHER-BENEFIT-HOME-NURSING insert Words([[Bitte die Leistung für häusliche Pflege nutzen.]], [[Gebruik de vergoeding voor verpleging en verzorging thuis.]])
* #NL-PROXY-REFUSED "The patient does not want this second opinion."
* #NL-PROXY-REFUSED insert Words([[Der Patient möchte diese Zweitmeinung nicht.]], [[De patiënt wil deze second opinion niet.]])
* #NL-PROXY-UNVERIFIED "A relative may ask only when the doctor has verified that the patient knows and agrees."
* #NL-PROXY-UNVERIFIED insert Words([[Angehörige dürfen nur anfragen, wenn die Zustimmung des Patienten geprüft ist.]], [[Familie mag alleen aanvragen als is nagegaan dat de patiënt het weet en ermee instemt.]])
* #NL-REFERRAL-MISSING "Condition 4: you need a referral from a doctor (the first provider if a doctor, or your GP)."
* #NL-REFERRAL-MISSING insert Words([[Bedingung 4: Sie brauchen eine ärztliche Überweisung.]], [[Voorwaarde 4: u heeft een verwijzing van een arts nodig (1e zorgverlener of huisarts).]])
* #NL-REPEATED-OBJECTION "Repeated opinions on one question: the doctor may refuse a new referral for a weighty reason."
* #NL-REPEATED-OBJECTION insert Words([[Wiederholte Meinungen zur selben Frage: der Arzt darf eine neue Überweisung aus gewichtigem Grund ablehnen.]], [[Herhaalde second opinions over dezelfde vraag: de arts mag een nieuwe verwijzing weigeren met een zwaarwegend argument.]])
* #NL-SINGLE-VISIT "A second opinion is one assessment; ask for one visit."
* #NL-SINGLE-VISIT insert Words([[Eine Zweitmeinung ist eine einmalige Beurteilung; bitte nur einen Termin anfragen.]], [[Een second opinion is een eenmalige beoordeling; vraag één bezoek aan.]])
* #NL-SUBJECT-NOT-BASIC "Condition 2: the diagnostics or treatment in question must be under basic insurance."
* #NL-SUBJECT-NOT-BASIC insert Words([[Bedingung 2: auch die beurteilte Diagnostik oder Behandlung muss versichert sein.]], [[Voorwaarde 2: de diagnostiek of behandeling waar het over gaat valt onder de basisverzekering.]])
* #NL-SUPPLEMENTARY-ASK "Supplementary insurance may reimburse (part) without a referral; ask your insurer."
* #NL-SUPPLEMENTARY-ASK insert Words([[Die Zusatzversicherung zahlt eventuell (teilweise) ohne Überweisung; bitte nachfragen.]], [[De aanvullende verzekering vergoedt misschien (deels) zonder verwijzing; vraag uw verzekeraar.]])
* #NO-PACK "No rule pack for this insurer."
* #NO-PACK insert Words([[Kein Regelwerk für diesen Kostenträger.]], [[Geen regels voor deze verzekeraar.]])
* #NOT-ESTABLISHED "No rule known here says that this is reimbursed; ask the insurer."
* #NOT-ESTABLISHED insert Words([[Keine hier bekannte Regel sagt, dass dies erstattet wird; bitte den Versicherer fragen.]], [[Geen regel die hier bekend is zegt dat dit wordt vergoed; vraag de verzekeraar.]])
