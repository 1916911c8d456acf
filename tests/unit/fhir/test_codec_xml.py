"""https://hl7.org/fhir/R4/xml.html."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import Invalid, TooLarge, Unreadable
from adapter.fhir.codec import parse_json, parse_xml, read_xml, to_json, to_xml

_HEAD = '<Patient xmlns="http://hl7.org/fhir">'
_DIV = '<div xmlns="http://www.w3.org/1999/xhtml">'


def _patient(inside: str) -> bytes:
    return f"{_HEAD}{inside}</Patient>".encode()


@pytest.mark.parametrize(
    ("xml", "json"),
    [
        ('<id value="a"/><active value="true"/>', '"id":"a","active":true'),
        ('<birthDate id="b" value="1970"/>', '"birthDate":"1970","_birthDate":{"id":"b"}'),
        (
            '<birthDate><extension url="u"><valueCode value="unknown"/></extension></birthDate>',
            '"_birthDate":{"extension":[{"url":"u","valueCode":"unknown"}]}',
        ),
        (
            '<name><given value="A"/><given><extension url="u"><valueCode value="x"/></extension></given></name>',
            '"name":[{"given":["A",null],"_given":[null,{"extension":[{"url":"u","valueCode":"x"}]}]}]',
        ),
        (
            '<name><given><extension url="u"><valueDecimal value="1.10"/></extension></given></name>',
            '"name":[{"_given":[{"extension":[{"url":"u","valueDecimal":1.10}]}]}]',
        ),
        (
            '<name id="n"><family value="&lt;&amp;&quot;&#10;&#233;"/></name>',
            '"name":[{"id":"n","family":"<&\\"\\né"}]',
        ),
        ('<multipleBirthInteger value="-1"/>', '"multipleBirthInteger":-1'),
        (
            '<contained><Organization><id value="o"/><name value="O"/></Organization></contained>',
            '"contained":[{"resourceType":"Organization","id":"o","name":"O"}]',
        ),
        (
            f'<text><status value="empty"/>{_DIV}<p>a <b>b</b> &#228;<br/></p></div></text>',
            '"text":{"status":"empty","div":"' + _DIV.replace('"', '\\"') + '<p>a <b>b</b> ä<br/></p></div>"}',
        ),
    ],
)
def test_xml_and_json_say_the_same(xml, json):
    resource = parse_json(f'{{"resourceType":"Patient",{json}}}'.encode())
    assert parse_xml(_patient(xml)) == resource
    assert parse_xml(to_xml(resource)) == resource
    assert parse_xml(to_xml(resource, pretty=True)) == resource
    assert parse_json(to_json(parse_xml(_patient(xml)))) == resource


def test_elements_are_written_in_the_order_of_the_definitions():
    written = to_xml({"resourceType": "Patient", "gender": "other", "active": True, "id": "a"})
    assert re.findall(rb"<(\w+)", written) == [b"Patient", b"id", b"active", b"gender"]


def test_comments_are_dropped_and_a_stylesheet_before_the_root_is_skipped():
    data = b"<?xml-stylesheet href='a'?><!-- a -->" + _patient("<!-- b --><id value='a'/><!-- c -->")
    assert parse_xml(data) == {"resourceType": "Patient", "id": "a"}


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE Patient [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + _patient('<id value="&a;"/>'),
        b"<!DOCTYPE Patient>" + _patient(""),
        _patient('<id value="&nope;"/>'),
        _patient("<text>&nope;</text>"),
        _patient("<?php evil ?>"),
        _patient("<id value='a'>"),
        b"",
        b"<",
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + _patient('<id value="a"/>'),
        _patient("<id value='\xff'/>").decode().encode("latin-1"),
        _patient("").decode().encode("utf-16"),
        _patient('<name><family value="&#0;"/></name>'),
        _patient("<a>" * 300 + "</a>" * 300),
    ],
)
def test_what_no_safe_parser_takes_is_refused(data):
    with pytest.raises(Unreadable):
        parse_xml(data)


def test_nesting_beyond_the_limit_is_refused():
    deep = '<extension url="u">' * 120 + "</extension>" * 120
    with pytest.raises(TooLarge, match="deeper"):
        parse_xml(_patient(deep))


@pytest.mark.parametrize(
    ("inside", "where"),
    [
        ("<nope/>", "Patient.nope"),
        ('<name><family value="a"/></name><name><nope/><text value="b"/></name>', "Patient.name[1].nope"),
        ('<active value="true"/><id value="a"/>', "Patient.id"),
        ('<id value="a"/><id value="b"/>', "Patient.id"),
        (
            '<active value="true"/><active><extension url="u"><valueCode value="x"/></extension></active>',
            "Patient.active",
        ),
        ("text", "Patient"),
        ('<id value="a">text</id>', "Patient.id"),
        ('<id other="a" value="a"/>', "Patient.id"),
        ('<name value="a"><family value="b"/></name>', "Patient.name[0]"),
        ("<id/>", "Patient.id"),
        ("<name/>", "Patient.name[0]"),
        ('<active value="yes"/>', "Patient.active"),
        ('<multipleBirthInteger value="01"/>', "Patient.multipleBirthInteger"),
        ('<multipleBirthInteger value="1e999"/>', "Patient.multipleBirthInteger"),
        ("<contained/>", "Patient.contained[0]"),
        ("<contained><Nope/></contained>", "Patient.contained[0].Nope"),
        ("<contained><Patient/><Patient/></contained>", "Patient.contained[0]"),
        ('<id xmlns="http://other" value="a"/>', "Patient.id"),
        ("<contained><Patient><nope/></Patient></contained>", "Patient.contained[0].nope"),
    ],
)
def test_what_r4_has_no_place_for_is_named_with_its_line(inside, where):
    with pytest.raises(Invalid) as caught:
        parse_xml(_patient("\n\n" + inside))
    assert [(problem.where, problem.line) for problem in caught.value.problems] == [
        (where, 3 if where != "Patient" else 1)
    ]


def test_all_problems_come_together_and_the_rest_is_read():
    resource, problems = read_xml(_patient('<nope/><id value="a"/><nope/>'))
    assert resource == {"resourceType": "Patient", "id": "a"}
    assert len(problems) == 2


@pytest.mark.parametrize("root", ["<Patient/>", '<Nope xmlns="http://hl7.org/fhir"/>', '<x xmlns="urn:hl7-org:v3"/>'])
def test_what_is_no_resource_of_r4_is_refused(root):
    with pytest.raises(Invalid):
        parse_xml(root.encode())


@pytest.mark.parametrize(
    ("member", "where"),
    [
        ({"nope": 1}, "Patient.nope"),
        ({"Jane Doe": 1}, "Patient.?"),
        ({"active": "true"}, "Patient.active"),
        ({"id": 1}, "Patient.id"),
        ({"multipleBirthInteger": True}, "Patient.multipleBirthInteger"),
        ({"name": {"family": "a"}}, "Patient.name"),
        ({"name": ["a"]}, "Patient.name[0]"),
        ({"name": [{}]}, "Patient.name[0]"),
        ({"name": []}, "Patient.name"),
        ({"birthDate": None}, "Patient.birthDate"),
        ({"_birthDate": {}}, "Patient.birthDate"),
        ({"birthDate": "1970", "_birthDate": {}}, "Patient.birthDate"),
        ({"name": [{"family": "a\x00"}]}, "Patient.name[0].family"),
        ({"text": {"status": "empty", "div": "<div>"}}, "Patient.text.div"),
        ({"text": {"status": "empty", "div": "<div/>"}}, "Patient.text.div"),
        ({"text": {"status": "empty", "div": 1}}, "Patient.text.div"),
        ({"contained": [{"id": "a"}]}, "Patient.contained[0]"),
        ({"contained": ["a"]}, "Patient.contained[0]"),
        ({"name": [{"given": ["a"], "_given": {}}]}, "Patient.name[0].given"),
        ({"extension": [{"url": 1, "valueCode": "a"}]}, "Patient.extension[0].url"),
    ],
)
def test_what_xml_cannot_say_is_refused_by_name(member, where):
    with pytest.raises(Invalid) as caught:
        to_xml({"resourceType": "Patient", **member})
    assert [problem.where for problem in caught.value.problems] == [where]


def test_named_entities_of_html_in_a_narrative_become_characters():
    resource = {"resourceType": "Patient", "text": {"status": "empty", "div": f"{_DIV}a&nbsp;&eacute;&lt;</div>"}}
    assert parse_xml(to_xml(resource))["text"]["div"] == f"{_DIV}a\xa0é&lt;</div>"


def test_a_narrative_does_not_take_along_what_its_surroundings_declare():
    data = _patient(f'<text><status value="empty"/>{_DIV}a</div></text>').replace(
        b"<Patient", b'<Patient xmlns:x="urn:y"'
    )
    assert parse_xml(data)["text"]["div"] == f"{_DIV}a</div>"


def test_an_attachment_of_more_than_ten_million_characters_passes():
    resource = {"resourceType": "Binary", "contentType": "application/pdf", "data": "AAAA" * 3_000_000}
    assert parse_xml(to_xml(resource)) == resource


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1
)
_EXTENSION = st.fixed_dictionaries({"url": _TEXT, "valueString": _TEXT})
_PART = st.fixed_dictionaries({"extension": st.lists(_EXTENSION, min_size=1, max_size=2)}, optional={"id": _TEXT})


@st.composite
def _names(draw):
    pairs = draw(st.lists(st.tuples(st.none() | _TEXT, st.none() | _PART).filter(any), min_size=1, max_size=4))
    name = {"family": draw(_TEXT)}
    if any(value is not None for value, _ in pairs):
        name["given"] = [value for value, _ in pairs]
    if any(part is not None for _, part in pairs):
        name["_given"] = [part for _, part in pairs]
    return name


@given(st.lists(_names(), min_size=1, max_size=3), st.booleans(), st.integers(-(2**31), 2**31 - 1))
def test_values_nulls_and_extensions_survive_the_way_through_xml(names, active, births):
    resource = {"resourceType": "Patient", "active": active, "name": names, "multipleBirthInteger": births}
    assert parse_xml(to_xml(resource)) == resource
    assert parse_xml(to_xml(resource, pretty=True)) == resource
