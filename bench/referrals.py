"""Referrals in HL7 v2 for the benches: REF^I12 with a PDF, invented, each under its own ids."""

import base64
import itertools
from collections.abc import Iterator

_PDF = base64.b64encode(b"%PDF-1.4\n" + b"TEST " * 300).decode()
_SEGMENTS = (
    "MSH|^~\\&|KIS|KLINIK-A|PVS|PRAXIS-B|20260312080500+0100||REF^I12^REF_I12|{id}|P|2.5.1||||||UNICODE UTF-8",
    (
        "RF1|P^Pending^HL70283|R^Routine^HL70280|MED^Medical^HL70281|SO^Second Opinion^HL70282|O^Outpatient^HL70284"
        "|REF-{id}|20260312|20260324|20260311|S^Second Opinion^HL70336"
    ),
    (
        "PRD|RP^Referring Provider^HL70286|Doktor^Dora^^^^Dr. med.|||||838382210^LANR"
        "|||Klinik A (TEST)^^^^^ARGE-IK^IK^^^260800008|Testweg 1^^Stuttgart^^70173^DEU^O"
    ),
    (
        "PRD|RT^Referred to Provider^HL70286|Schneider^Emma^^^^Dr. med.|||||754236710^LANR"
        "|||Praxis B (TEST)^^^^^KBV^BSNR^^^724444400|Testallee 2^^Berlin^^10115^DEU^O"
    ),
    (
        "PID|1||T000111223^^^GKV^NH~4711{id}^^^KLINIK-A^PI||Tester^Tess^TEST||19600402|F|||Lindenweg 3^^Stuttgart^"
        "^70173^DEU^H||^PRN^PH^^49^711^5550111||DEU^German^HL70296|M"
    ),
    "NK1|1|Tester^Toni^TEST|SPO^Spouse^HL70063",
    (
        "IN1|1|TEST|109575004^^^ARGE-IK^NIIP|Testkasse (TEST)||||||||20200101||GKV^gesetzlich^HL70086|Tester^Tess"
        "|SEL^Self^HL70063||||||||||||||||||T000111223"
    ),
    "DG1|1||M17.1^Sonstige Gonarthrose^I10||20250610|W",
    "PR1|1||5-822.g1^Knieendoprothese^OPS2026|Knieendoprothese|20260330|P",
    "AL1|1|DA^Drug allergy^HL70127|P^Penicillin^L|SV^Severe^HL70128|Exanthem",
    "OBR|1|REF-{id}||SO^Zweitmeinung^99SO|||20260311",
    "OBX|1|TX|question^Frage^99SO||Ist der Eingriff notwendig?||||||F",
    "OBR|2||LAB-77^KLINIK-A|11502-2^Laboratory report^LN|||20260301083000+0100",
    "OBX|2|NM|718-7^Hemoglobin^LN||13.9|g/dL|13.5-17.5||||F|||20260301083000+0100",
    "OBX|3|NM|1988-5^CRP^LN||12|mg/L|0-5|H|||F|||20260301083000+0100",
    "OBR|3||DOK-88^KLINIK-A|18748-4^Diagnostic imaging study^LN|||20260215",
    "OBX|4|ED|18748-4^Knie, Befund^LN||^application^pdf^Base64^{pdf}||||||F|||20260215",
    "NTE|1||Rueckruf erbeten.",
)


def referrals(prefix: str) -> Iterator[bytes]:
    """Return endless referrals; `prefix` opens every id, so that two streams to one node do not meet."""
    text = "".join(f"{one}\r" for one in _SEGMENTS).replace("{pdf}", _PDF)
    before = text.split("{id}")
    return (f"{prefix}{number:07d}".join(before).encode() for number in itertools.count())
