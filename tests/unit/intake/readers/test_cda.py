import base64
import codecs
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.base.errors import InputError, Invalid, TooLarge, UnknownFormat, Unreadable
from adapter.intake.readers.cda import MAX_ATTRIBUTES, MAX_FIELDS, read_cda
from adapter.intake.readers.cda_narrative import LONGEST_REFERENCE
from adapter.intake.readers.cda_tree import MAX_LEVELS
from adapter.mapping.remarks import RemarkKind

CUSTODIAN = (
    "<custodian><assignedCustodian><representedCustodianOrganization>"
    '<id root="1.5" extension="7"/></representedCustodianOrganization></assignedCustodian></custodian>'
)


def cda(inside: str = "", *, namespace: str = ' xmlns="urn:hl7-org:v3"', before: str = "") -> bytes:
    xsi, sdtc = "http://www.w3.org/2001/XMLSchema-instance", "urn:hl7-org:sdtc"
    return (
        f'{before}<ClinicalDocument{namespace} xmlns:xsi="{xsi}" xmlns:sdtc="{sdtc}">{inside}</ClinicalDocument>'
    ).encode()


def section(inside: str) -> str:
    return f"<component><structuredBody><component><section>{inside}</section></component></structuredBody></component>"


def leaves(data: bytes) -> dict[str, str]:
    found = {leaf.path: leaf.text for leaf in read_cda(data).root.leaves()}
    del found["/ClinicalDocument"]  # the document itself
    return found


def test_a_place_is_an_xpath_that_counts_where_a_name_repeats():
    assert leaves(cda('<id root="1.2" extension="A"/><title>T</title><author><time value="1"/></author><author/>')) == {
        "/ClinicalDocument/id/@root": "1.2",
        "/ClinicalDocument/id/@extension": "A",
        "/ClinicalDocument/title": "T",
        "/ClinicalDocument/author[1]/time/@value": "1",
    }


def test_other_namespaces_are_told_by_their_prefix():
    found = leaves(cda('<sdtc:raceCode code="X"/><value xsi:type="CD" xml:lang="de"/><z xmlns="urn:other">1</z>'))
    assert found == {
        "/ClinicalDocument/sdtc:raceCode/@code": "X",
        "/ClinicalDocument/value/@xsi:type": "CD",
        "/ClinicalDocument/value/@xml:lang": "de",
        "/ClinicalDocument/other:z": "1",
    }


def test_the_text_of_an_element_with_attributes_is_its_first_child():
    title = read_cda(cda('<title language="de"> Arzt<b/>brief </title>')).root.first("title")
    assert [(child.name, child.path, child.text) for child in title.children[:2]] == [
        ("1", "/ClinicalDocument/title", "Arzt brief"),
        ("@language", "/ClinicalDocument/title/@language", "de"),
    ]
    assert title.leading() == "Arzt brief"


def test_sections_stand_beneath_the_document_in_their_order_whatever_they_are_in():
    inner = "<component><section><title>inner</title></section></component>"
    data = cda(section(f"<title>outer</title>{inner}") + section("<title>last</title>"))
    root = read_cda(data).root
    assert [one.value("title") for one in root.every("section")] == ["outer", "inner", "last"]
    assert "section/component/section/title" in next(path for path, text in leaves(data).items() if text == "inner")


def test_a_narrative_is_one_text_and_its_layout_stands_beneath_it():
    found = leaves(cda(section('<text><paragraph styleCode="Bold">One</paragraph><paragraph>Two</paragraph></text>')))
    place = "/ClinicalDocument/component/structuredBody/component/section/text"
    assert found == {place: "One\nTwo", f"{place}/paragraph[1]/@styleCode": "Bold"}


def test_a_reference_is_looked_up_in_the_narrative():
    entry = (
        '<entry><observation><value><originalText><reference value="#a"/></originalText></value></observation></entry>'
    )
    found = leaves(cda(section(f'<text><content ID="a">Knee pain</content></text>{entry}')))
    place = next(path for path in found if path.endswith("originalText/reference"))
    assert (found[place], found[f"{place}/@value"]) == ("Knee pain", "#a")


@pytest.mark.parametrize("address", ["#b", "", "http://evil.example/x", "file:///etc/passwd", "#"])
def test_a_reference_to_anything_else_leads_nowhere(address):
    entry = f'<entry><act><text><reference value="{address}"/></text></act></entry>'
    found = leaves(cda(section(f'<text><content ID="a">Knee pain</content></text>{entry}')))
    assert not [path for path in found if path.endswith("/reference")]


def test_of_a_long_text_that_is_referred_to_the_beginning_is_taken_with_a_remark():
    entry = '<entry><act><text><reference value="#a"/></text></act></entry>'
    reading = read_cda(cda(section(f'<text><content ID="a">{"x" * 9000}</content></text>{entry}')))
    assert [one.kind for one in reading.remarks] == [RemarkKind.TRUNCATED]
    assert max(len(leaf.text) for leaf in reading.root.leaves() if leaf.path.endswith("reference")) == LONGEST_REFERENCE


def test_the_document_itself_is_a_leaf_byte_for_byte():
    data = cda("<title>Ä</title>", before='<?xml version="1.0"?>\r\n<!-- TEST -->')
    assert base64.b64decode(read_cda(data).root.value("original")) == data


@pytest.mark.parametrize(
    ("codec", "declared"), [("iso8859-1", "ISO-8859-1"), ("cp1252", "windows-1252"), ("iso8859-15", "iso-8859-15")]
)
def test_an_encoding_that_the_document_declares_is_heard(codec, declared):
    text = cda("<title>Jürgen Größe</title>").decode()
    data = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(codec)
    assert leaves(data) == {"/ClinicalDocument/title": "Jürgen Größe"}


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf_16_is_read_by_its_mark(mark):
    codec = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    text = '<?xml version="1.0" encoding="UTF-16"?>' + cda("<title>Größe</title>").decode()
    assert leaves(mark + text.encode(codec)) == {"/ClinicalDocument/title": "Größe"}


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0" encoding="EBCDIC-CP-BE"?><ClinicalDocument/>',
        b'<?xml version="1.0" encoding="nonsense"?><ClinicalDocument/>',
        b'<?xml version="1.0" encoding="utf-7"?><ClinicalDocument/>',
        codecs.BOM_UTF16_LE + b"<\x00C",
        codecs.BOM_UTF16_LE + b"<\x00C\x00x",
        b"<ClinicalDocument>\xff</ClinicalDocument>",
        b"<ClinicalDocument>",
        b"",
        b'<!DOCTYPE x [<!ENTITY a "b">]><ClinicalDocument>&a;</ClinicalDocument>',
        b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><ClinicalDocument/>',
        b"<ClinicalDocument><?x y?></ClinicalDocument>",
    ],
)
def test_what_is_no_safe_xml_is_unreadable(data):
    with pytest.raises(Unreadable):
        read_cda(data)


@pytest.mark.parametrize("namespace", ['xmlns="urn:hl7-org/cda"', 'xmlns="http://hl7.org/fhir"'])
def test_a_clinical_document_of_another_standard_is_refused(namespace):
    with pytest.raises(UnknownFormat):
        read_cda(f"<ClinicalDocument {namespace}/>".encode())
    with pytest.raises(UnknownFormat):
        read_cda(b'<Message xmlns="urn:hl7-org:v3"/>')


def test_a_document_without_a_namespace_is_read_with_a_remark():
    reading = read_cda(b"<ClinicalDocument><title>T</title></ClinicalDocument>")
    assert reading.root.value("title") == "T"
    assert [one.kind for one in reading.remarks] == [RemarkKind.DEFAULTED]


def test_two_patients_are_refused_with_the_line_of_the_second():
    with pytest.raises(Invalid) as refused:
        read_cda(cda("<recordTarget/>\n\n<recordTarget/>"))
    assert [(one.where, one.line) for one in refused.value.problems] == [("/ClinicalDocument/recordTarget[2]", 3)]


@pytest.mark.parametrize("name", ["component", "x", "text"])
def test_a_document_that_is_nested_too_deep_is_refused(name):
    with pytest.raises(TooLarge):
        read_cda(cda(f"<{name}>" * MAX_LEVELS + f"</{name}>" * MAX_LEVELS))


def test_a_document_of_too_many_elements_is_refused():
    with pytest.raises(TooLarge):
        read_cda(cda("<x/>" * (MAX_FIELDS + 1)))


def test_an_element_of_too_many_attributes_is_refused():
    said = " ".join(f'a{number}="x"' for number in range(MAX_ATTRIBUTES + 1))
    with pytest.raises(TooLarge) as refused:
        read_cda(cda(f"\n<x {said}/>"))
    assert refused.value.problems[0].line == 2


def test_many_references_to_a_long_text_share_it():
    entry = '<entry><act><text><reference value="#a"/></text></act></entry>' * 20_000
    root = read_cda(cda(section(f'<text><content ID="a">{"x " * 200_000}</content></text>{entry}'))).root
    texts = {id(leaf.text) for leaf in root.leaves() if leaf.path.endswith("reference")}
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("inside", "sender"),
    [
        ('<id root="1.2" extension="A"/><setId root="1.3" extension="B"/>', "cda:1.3"),
        ('<id root="1.2" extension="A"/><setId nullFlavor="UNK"/>', "cda:1.2"),
        (f'<id root="9d2f0b0e-5a3c-4a44-9a0e-2a9a4b1c7d01"/>{CUSTODIAN}', "cda:1.5|7"),
        ("", "cda:"),
    ],
)
def test_the_sender_is_in_whose_system_the_number_counts(inside, sender):
    assert read_cda(cda(inside)).sender == sender


@pytest.mark.parametrize(
    ("inside", "is_change"),
    [
        ('<versionNumber value="2"/>', True),
        ('<versionNumber value="1"/>', False),
        ('<versionNumber value="2"/><relatedDocument typeCode="RPLC"/>', False),
        ('<versionNumber value="two"/>', False),
        ("", False),
    ],
)
def test_a_later_version_that_names_no_earlier_one_is_a_change(inside, is_change):
    assert read_cda(cda(inside)).is_change is is_change


names = st.sampled_from(["id", "component", "section", "text", "td", "reference", "originalText", "sdtc:x", "title"])
attributes = st.dictionaries(
    st.sampled_from(["root", "nullFlavor", "ID", "value", "xsi:type"]),
    st.sampled_from(["#a", "a", "", "1.2"]),
    max_size=2,
)
trees = st.recursive(
    st.tuples(names, attributes, st.sampled_from(["", " ", "a", "Knie\nlinks"]), st.just([])),
    lambda inner: st.tuples(names, attributes, st.sampled_from(["", "b"]), st.lists(inner, max_size=4)),
    max_leaves=20,
)


def written(tree) -> str:
    name, said, text, inner = tree
    told = "".join(f' {key}="{value}"' for key, value in said.items())
    return f"<{name}{told}>{text}{''.join(map(written, inner))}</{name}>x"


@settings(max_examples=200, deadline=None)
@given(st.lists(trees, max_size=4))
def test_every_attribute_and_text_is_a_leaf_with_a_place_of_its_own(found):
    data = cda("".join(map(written, found)))
    root = read_cda(data).root
    places = [leaf.path for leaf in root.leaves()]
    assert len(set(places)) == len(places)
    said = sum(1 for one in _every(found) for value in one[1].values() if value)
    assert sum("/@" in place for place in places) == said


def _every(found):
    for one in found:
        yield one
        yield from _every(one[3])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 40))
def test_a_damaged_document_is_read_or_refused(junk, at, length):
    data = cda(section('<text><content ID="a">K</content></text><entry><act><id root="1"/></act></entry>'))
    with suppress(InputError):
        assert read_cda(data[:at] + junk + data[at + length :]).root.value("original")
