"""Media types, languages, currencies, countries and units: what a grammar or a short list can judge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.fhir.definitions.outside_codes import is_country, is_currency, is_language, is_media_type
from adapter.fhir.definitions.ucum import is_unit

UNITS = [
    *("mg", "mg/dL", "kg.m-2", "kg/m2", "10*9/L", "10^9/L", "/min", "1", "%", "Cel", "[degF]", "mm[Hg]", "[in_i'Hg]"),
    *("{tablet}", "mg{creat}", "(mg/kg)/h", "mmol/L", "ug/kg/min", "[iU]/mL", "k[IU]/L", "dag", "m/s2", "/{x}", "[pH]"),
    *("10*-3", "cm[H2O]", "B[10.nV]", "g.m/({beat}.m2)", "1/1000", "{score}", "mL/min/{1.73_m2}", "'", "MiBy", "m+2"),
]
NO_UNITS = [
    *(
        "tablet",
        "sec",
        "hr",
        "mgg/dl",
        "IU",
        "mg/",
        "mg//dL",
        "mg dL",
        "",
        "(mg",
        "mg)",
        "{TABLET",
        "#",
        "{a b}",
        "2mg",
    ),
    *("[iu]", "kilo", "mg..dL", "k%", "mg{a}{b}", "()", ".mg", "kk", "{ü}", "m--2", "-2", "µg", "٣"),
]


@pytest.mark.parametrize("unit", UNITS)
def test_these_are_units(unit):
    assert is_unit(unit)


@pytest.mark.parametrize("unit", NO_UNITS)
def test_these_are_no_units(unit):
    assert not is_unit(unit)


@given(st.lists(st.sampled_from([u for u in UNITS if u[0] != "/"]), min_size=1, max_size=4))
def test_units_can_be_multiplied_and_divided(units):
    assert is_unit("/".join(f"({unit})" for unit in units))
    assert is_unit(".".join(units))


@given(st.text(alphabet="mgL/.(){}[]*0123^%' ", max_size=40))
def test_any_text_gets_an_answer_and_brackets_must_match(text):
    if is_unit(text):
        assert text.count("(") == text.count(")")
        assert " " not in text


@pytest.mark.parametrize(
    ("judge", "good", "bad"),
    [
        (
            is_media_type,
            ["application/pdf", "text/plain; charset=UTF-8", 'a/b;c="d e"', "application/fhir+json", "json"],
            ["pdf", "PDF", "application/", "application /pdf", ".pdf", "a/b/c", "text/plain;", "a/b; c", "a/é"],
        ),
        (
            is_language,
            [
                "nl",
                "de-CH",
                "zh-Hant-TW",
                "sl-rozaj",
                "en-US-x-twain",
                "x-own",
                "i-klingon",
                "de-1996",
                "DE",
                "nds",
                "gsw",
            ],
            ["german", "de_DE", "xx", "qq-DE", "d", "", "de-", "-de", "de--CH", "e n", "deut", "de-x"],
        ),
        (is_currency, ["EUR", "CHF", "XXX", "ZWG"], ["EURO", "eur", "DEM", "€", ""]),
        (is_country, ["DE", "NL", "DEU", "276"], ["XX", "de", "GER1", "27", "ZZ", ""]),
    ],
)
def test_codes_with_a_grammar_or_a_list(judge, good, bad):
    assert [code for code in good if not judge(code)] == []
    assert [code for code in bad if judge(code)] == []


@given(st.text(alphabet="abz019-_/;= \n", max_size=60))
def test_a_line_break_is_part_of_no_code(text):
    for judge in (is_media_type, is_language, is_currency, is_country, is_unit):
        assert not judge(f"{text}\n")
