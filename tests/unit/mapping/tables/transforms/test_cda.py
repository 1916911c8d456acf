import base64
import gzip
import hashlib
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.fhir import systems
from adapter.intake.readers.cda import read_cda
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Given, Outcome
from adapter.mapping.tables.transforms import TRANSFORMS

GM = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"
PDF = b"%PDF-1.4 TEST"


def element(xml: str) -> Node:
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    return read_cda(
        f'<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="{xsi}">{xml}</ClinicalDocument>'.encode()
    ).root


@pytest.fixture
def transformed(shipped_context, library):
    def transform(name: str, xml: str, codes: str | None = None) -> Outcome:
        node = next(one for one in element(xml).children if one.name != "original")
        found = TRANSFORMS[name].bind(Given(codes=library.maps[codes] if codes else None))
        made = found(node, shipped_context)
        places = {leaf.path for leaf in node.leaves()}
        for one in (made, *made.also):
            assert set(one.used) <= places
            assert {remark.source for remark in one.remarks} <= places
        return made

    return transform


def kinds(made: Outcome) -> list[RemarkKind]:
    return [one.kind for one in made.remarks]


@pytest.mark.parametrize(
    ("root", "system"),
    [
        ("2.16.840.1.113883.2.4.6.3", systems.BSN),
        ("1.2.276.0.76.4.8", systems.KVNR),
        ("1.2.276.0.76.4.16", systems.LANR),
        ("1.2.276.0.76.4.17", systems.BSNR),
        ("1.2.276.0.76.4.5", systems.IK),
        ("2.16.840.1.113883.2.4.6.1", systems.AGB),
        ("2.16.528.1.1007.3.3", systems.URA),
        ("2.16.528.1.1007.3.1", systems.UZI_PERSON),
        ("2.16.840.1.113883.2.4.6.4", systems.UZOVI),
        ("1.2.3", "urn:oid:1.2.3"),
    ],
)
def test_a_number_belongs_to_the_system_of_its_root(transformed, root, system):
    made = transformed("cda-id", f'<id root="{root}" extension=" 47  11 "/>')
    assert (made.value, made.remarks) == ({"system": system, "value": "47 11"}, ())
    assert set(made.used.values()) == {"/system", "/value"}


def test_a_root_alone_is_the_number(transformed):
    made = transformed("cda-id", '<id root="9d2f0b0e-5a3c-4a44-9a0e-2a9a4b1c7d01"/>')
    assert made.value == {"system": systems.URI, "value": "urn:uuid:9d2f0b0e-5a3c-4a44-9a0e-2a9a4b1c7d01"}


def test_a_number_whose_root_is_no_oid_becomes_one_of_its_sender_and_is_told(transformed):
    made = transformed("cda-id", '<id root="KIS" extension="4711"/>')
    assert made.value["system"].startswith(systems.CANONICAL)
    assert kinds(made) == [RemarkKind.UNMAPPED]


@pytest.mark.parametrize("name", ["cda-id", "cda-key"])
@pytest.mark.parametrize("sent", ["<id/>", '<id nullFlavor="UNK"/>', '<id nullFlavor="MSK" root="1.2" extension="4"/>'])
def test_a_nullflavor_is_no_number(transformed, name, sent):
    assert transformed(name, sent).value is None


def test_an_id_is_its_extension_or_its_root(transformed):
    assert transformed("cda-key", '<id root="1.2" extension="A 1"/>').value == "A 1"
    assert transformed("cda-key", '<id root="1.2"/>').value == "1.2"


def test_of_the_numbers_of_an_insurer_the_national_one_is_taken(transformed):
    ids = '<id root="1.2.276.0.76.4.7" extension="54321"/><id root="1.2.276.0.76.4.5" extension="109575004"/>'
    made = transformed("cda-insurer", f"<scopingOrganization>{ids}<name>AOK</name></scopingOrganization>")
    assert made.value == {"system": systems.IK, "value": "109575004", "name": "AOK"}
    assert transformed("cda-insurer", "<x><name>AOK</name></x>").value is None


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("<given>Ada</given><family>Test</family>", {"given": ["Ada"], "family": "Test"}),
        (
            '<prefix qualifier="AC">Dr.</prefix><prefix qualifier="VV">van der </prefix><family>Test</family>',
            {"prefix": ["Dr."], "family": "van der Test"},
        ),
        ("<given>J</given><family>T</family><suffix>MD</suffix>", {"given": ["J"], "family": "T", "suffix": ["MD"]}),
        ("<family>Jansen</family><family>Test</family>", {"family": "Jansen Test"}),
        ("P. van der Test", {"text": "P. van der Test"}),
        ("<given>Ada</given>", {"given": ["Ada"], "text": "Ada"}),
        ('<given>Ada</given><family nullFlavor="UNK"/>', {"given": ["Ada"], "text": "Ada"}),
        ("", None),
    ],
)
def test_a_name_is_told_in_its_parts(transformed, sent, name):
    assert transformed("cda-name", f"<name>{sent}</name>").value == name


def test_a_name_that_is_not_given_is_none(transformed):
    assert transformed("cda-name", '<name nullFlavor="MSK"><family>x</family></name>').value is None


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        (
            "<streetName>A</streetName><houseNumber>1</houseNumber><postalCode>1</postalCode><country>DEU</country>",
            {"line": ["A 1"], "postalCode": "1", "country": "DE"},
        ),
        ("<streetAddressLine>A</streetAddressLine><streetAddressLine>B</streetAddressLine>", {"line": ["A", "B"]}),
        ("Weg 1, Stadt", {"line": ["Weg 1, Stadt"]}),
        ('<country code="NL">Nederland</country>', {"country": "NL"}),
        ("", None),
    ],
)
def test_an_address_is_told_in_its_parts(transformed, sent, address):
    assert transformed("cda-address", f"<addr>{sent}</addr>").value == address


def test_a_country_that_nobody_knows_is_told(transformed):
    assert kinds(transformed("cda-address", "<addr><city>X</city><country>Nowhere</country></addr>")) == [
        RemarkKind.UNMAPPED
    ]


@pytest.mark.parametrize(
    ("sent", "telecom"),
    [
        ('value="tel: +49-1" use="HP"', {"system": "phone", "value": "+49-1", "use": "home"}),
        ('value="tel:+49-1" use="WP MC"', {"system": "phone", "value": "+49-1", "use": "mobile"}),
        ('value="mailto:a@b.example"', {"system": "email", "value": "a@b.example"}),
        ('value="https://a.example/x"', {"system": "url", "value": "https://a.example/x"}),
        ('value="0711 5550"', {"system": "phone", "value": "0711 5550"}),
        ('value="a@b.example"', {"system": "email", "value": "a@b.example"}),
        ('value="skype:ada"', {"system": "other", "value": "skype:ada"}),
        ('value="tel:"', None),
        ('nullFlavor="UNK"', None),
        ('nullFlavor="UNK" value="tel:1"', None),
    ],
)
def test_a_telecom_is_of_the_kind_of_its_scheme(transformed, sent, telecom):
    assert transformed("cda-telecom", f"<telecom {sent}/>").value == telecom


def test_a_role_without_a_person_is_no_practitioner(transformed):
    device = "<assignedAuthor><id root='1.2' extension='1'/><assignedAuthoringDevice/></assignedAuthor>"
    assert transformed("cda-practitioner", device).value is None


def test_an_author_is_a_person_or_a_device_as_text(transformed):
    person = "<assignedPerson><name><prefix>Dr.</prefix><family>Test</family></name></assignedPerson>"
    device = "<assignedAuthoringDevice><softwareName>EPD</softwareName></assignedAuthoringDevice>"
    for inside, text in ((person, "Dr. Test"), (device, "EPD"), ("", None)):
        made = transformed("cda-author", f"<author><assignedAuthor>{inside}</assignedAuthor></author>")
        assert made.value == text


@pytest.mark.parametrize(
    ("sent", "values"),
    [
        (
            'code="M17.1" codeSystem="2.16.840.1.113883.6.96" displayName="D"',
            ("http://snomed.info/sct", "M17.1", None, "D"),
        ),
        ('code="M17.1" codeSystem="1.2.276.0.76.5.999" codeSystemName="icd10gm2026"', (GM, "M17.1", "2026", None)),
        ('code="M17.1" codeSystem="1.2.276.0.76.5.424"', (GM, "M17.1", None, None)),
        ('code="M17.1" codeSystemName="ICD-10-GM"', (GM, "M17.1", None, None)),
        ('code="1" codeSystem="1.2.3" codeSystemName="ICD-10"', ("urn:oid:1.2.3", "1", None, None)),
        ('code="1" codeSystem="1.2.3" codeSystemVersion="7"', ("urn:oid:1.2.3", "1", "7", None)),
    ],
)
def test_a_code_belongs_to_the_system_of_its_oid_and_german_catalogues_have_their_year(transformed, sent, values):
    made = transformed("cda-code", f"<value {sent}/>")
    assert (made.value, *(one.value for one in made.also)) == values


def test_a_code_without_a_known_system_is_not_taken_and_its_text_is(transformed):
    made = transformed("cda-code", '<value code="X" displayName="Knie"/>')
    assert (made.value, *(one.value for one in made.also)) == (None, None, None, "Knie")
    assert kinds(made) == [RemarkKind.UNMAPPED]


def test_of_a_nullflavored_code_the_text_and_the_translations_are_taken(transformed):
    other = '<translation code="1" codeSystem="1.2.3" displayName="D"/>'
    made = transformed("cda-code", f'<value nullFlavor="OTH" code="X" codeSystem="1.2">{other}</value>')
    assert (made.value, *(one.value for one in made.also)) == ("urn:oid:1.2.3", "1", None, "D")
    made = transformed("cda-code", '<value nullFlavor="OTH"><originalText>Own words</originalText></value>')
    assert (made.value, *(one.value for one in made.also)) == (None, None, None, "Own words")
    assert transformed("cda-code", '<value nullFlavor="UNK"/>').also[-1].value is None


def test_a_code_is_mapped_by_itself_or_by_a_translation(transformed):
    assert transformed("cda-mapped", '<x code="M"/>', "cda-gender").value == "male"
    other = '<x code="männlich"><translation code="F"/></x>'
    assert transformed("cda-mapped", other, "cda-gender").value == "female"
    made = transformed("cda-mapped", '<x code="Q"/>', "cda-gender")
    assert (made.value, kinds(made)) == (None, [RemarkKind.UNMAPPED])
    assert transformed("cda-mapped", '<x code="M" nullFlavor="UNK"/>', "cda-gender").value is None


@pytest.mark.parametrize(
    ("name", "sent", "value", "remarks"),
    [
        ("cda-date", 'value="2026"', "2026", []),
        ("cda-date", 'value="202603121200+0100"', "2026-03-12", [RemarkKind.TRUNCATED]),
        ("cda-date-alone", 'value="202603121200+0100"', "2026-03-12", []),
        ("cda-day", 'value="202603"', None, [RemarkKind.UNREADABLE]),
        ("cda-instant", 'value="20260312080500.000-0500"', "2026-03-12T08:05:00.000-05:00", []),
        ("cda-instant", 'value="20260312"', "2026-03-12T00:00:00+01:00", [RemarkKind.DEFAULTED]),
        ("cda-instant", 'value="202603120805"', "2026-03-12T08:05:00+01:00", [RemarkKind.DEFAULTED]),
        ("cda-instant", 'value="202603"', None, [RemarkKind.UNREADABLE]),
        ("cda-instant", 'value="20260230"', None, [RemarkKind.UNREADABLE]),
        ("cda-instant", 'nullFlavor="UNK"', None, []),
    ],
)
def test_a_time_is_told_as_far_as_it_is_known(transformed, name, sent, value, remarks):
    made = transformed(name, f"<effectiveTime {sent}/>")
    assert (made.value, kinds(made)) == (value, remarks)


def test_of_an_interval_the_beginning_counts(transformed):
    made = transformed("cda-date", '<effectiveTime><low value="2025"/><high value="2026"/></effectiveTime>')
    assert made.value == "2025"
    assert transformed("cda-date", '<effectiveTime><high value="2026"/></effectiveTime>').value is None


def deflated(data: bytes, window: int) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, window)
    return packing.compress(data) + packing.flush()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ('representation="B64"', b64(PDF)),
        ('representation="B64"', "\n  ".join(b64(PDF))),
        ('representation="B64" compression="GZ"', b64(gzip.compress(PDF, mtime=0))),
        ('representation="B64" compression="DF"', b64(deflated(PDF, -15))),
        ('representation="B64" compression="ZL"', b64(deflated(PDF, 15))),
        (f'representation="B64" integrityCheck="{b64(hashlib.sha1(PDF, usedforsecurity=False).digest())}"', b64(PDF)),
        (
            f'representation="B64" integrityCheckAlgorithm="SHA-256" integrityCheck="{b64(hashlib.sha256(PDF).digest())}"',
            b64(PDF),
        ),
    ],
)
def test_the_bytes_of_a_record_are_those_that_were_put_in(transformed, said, text):
    made = transformed("cda-record", f"<text {said}>{text}</text>")
    assert base64.b64decode(made.value["data"]) == PDF
    assert made.value["contentType"] == "application/pdf"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ('representation="B64"', "%%%"),
        ('representation="B64"', "AAA"),
        ('representation="B64" compression="GZ"', b64(PDF)),
        ('representation="B64" compression="Z"', b64(PDF)),
        ('representation="B64" compression="DF"', b64(deflated(PDF, -15)[:-2])),
        ('representation="B64" integrityCheck="AAAA"', b64(PDF)),
        ('representation="B64" integrityCheckAlgorithm="MD5" integrityCheck="AAAA"', b64(PDF)),
    ],
)
def test_bytes_that_are_not_what_they_say_are_a_record_without_content(transformed, said, text):
    made = transformed("cda-record", f"<text {said}>{text}</text>")
    assert set(made.value) == {"id"}
    assert kinds(made) == [RemarkKind.UNREADABLE]


def test_what_becomes_too_much_is_not_unpacked(transformed, monkeypatch):
    monkeypatch.setattr("adapter.mapping.tables.transforms.cda_records.MOST_BYTES", 1000)
    bomb = b64(deflated(b"\0" * 100_000, -15))
    assert "data" not in transformed("cda-record", f'<text representation="B64" compression="DF">{bomb}</text>').value


def test_a_text_is_a_record_too_and_an_address_is_none(transformed):
    made = transformed("cda-record", '<text mediaType="text/plain" language="de">Größe</text>')
    assert base64.b64decode(made.value["data"]).decode() == "Größe"
    assert (made.value["contentType"], made.value["language"]) == ("text/plain", "de")
    made = transformed("cda-record", '<text mediaType="application/pdf"><reference value="http://x.example/"/></text>')
    assert (made.value, kinds(made)) == (None, [RemarkKind.LOST])


@pytest.mark.parametrize("name", sorted(one for one in TRANSFORMS if one.startswith("cda-")))
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["id", "name", "text", "value", "effectiveTime", "assignedAuthor", "section"]),
    st.dictionaries(
        st.sampled_from(
            ["root", "extension", "value", "code", "codeSystem", "nullFlavor", "representation", "compression"]
        ),
        st.text("A1.:/-+ Zé", max_size=12),
        max_size=4,
    ),
    st.lists(
        st.tuples(
            st.sampled_from(["family", "given", "low", "translation", "originalText", "name", "id", "title", "text"]),
            st.text("A1.:/- é", max_size=12),
        ),
        max_size=4,
    ),
)
def test_no_transform_fails_or_speaks_of_what_is_not_there(shipped_context, library, name, outer, said, inner):
    attributes = "".join(f' {key}="{value}"' for key, value in said.items())
    inside = "".join(f"<{one}>{text}</{one}>" for one, text in inner)
    node = next(one for one in element(f"<{outer}{attributes}>{inside}</{outer}>").children)
    made = TRANSFORMS[name].bind(Given(codes=library.maps["cda-gender"]))(node, shipped_context)
    places = {leaf.path for leaf in node.leaves()}
    for one in (made, *made.also):
        assert set(one.used) <= places | {node.path}
        assert {remark.source for remark in one.remarks} <= places | {node.path}
