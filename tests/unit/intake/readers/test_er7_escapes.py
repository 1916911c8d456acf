import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.intake.readers.er7_delimiters import Delimiters
from adapter.intake.readers.er7_escapes import unescaper

USUAL = Delimiters("|", "^", "~", "\\", "&", "#")
unescape = unescaper(USUAL, "iso8859-1")

CASES = {
    r"a\F\b\S\c\T\d\R\e\E\f\P\g": r"a|b^c&d~e\f#g",
    r"\L\ ": "# ",
    r"one\.br\two": "one\ntwo",
    r"one\.sp\two": "one\ntwo",
    r"one\.sp+2\two": "one\n\ntwo",
    r"\.in+4\x\.ti-2\y\.fi\z\.nf\ ": "xyz ",
    r"a\.sk3\b": "a   b",
    r"a\.ce\b": "a\nb",
    r"\H\loud\N\ ": "loud ",
    r"\XFC\ ": "ü ",
    r"\X4A50\ ": "JP ",
    r"a\X0D\b\X0A\c\X0D0A\d": "a\nb\nc\nd",
    r"\Z12\ ": r"\Z12" + "\\ ",
    r"\M242844\ ": r"\M242844" + "\\ ",
    r"\unknown\ ": r"\unknown" + "\\ ",
    r"C:\TEMP\x": r"C:\TEMP\x",
    r"\\server\share": r"\\server\share",
    "\\": "\\",
    r"\.sp99999\ ": r"\.sp99999" + "\\ ",
}


@pytest.mark.parametrize("sent", CASES)
def test_a_sequence_becomes_what_it_stands_for_and_an_unknown_one_stays(sent):
    assert unescape(sent) == CASES[sent]


def test_a_switch_to_another_single_byte_set_holds_until_the_next():
    greek = "αβ".encode("iso8859-7").decode("iso8859-1")
    assert unescape(rf"ä\C2D46\{greek}\C2842\plain\C2D41\ö") == "äαβplainö"


def test_hexadecimal_data_that_are_no_text_stay_as_they_are():
    assert unescaper(USUAL, "utf-8")(r"\XFF\ ") == r"\XFF" + "\\ "
    assert unescaper(USUAL, "utf-8")(r"\XC3BC\ ") == "ü "


def test_without_an_escape_character_nothing_is_escaped():
    assert unescaper(Delimiters("|", "^"), "utf-8")(r"a\T\b") == r"a\T\b"


def test_another_escape_character_is_heard():
    assert unescaper(Delimiters("|", "^", "~", "!", "&"), "utf-8")(r"a!T!b\T\c") == r"a&b\T\c"


def escape(text: str) -> str:
    codes = {
        "\\": r"\E\ ".strip(),
        "|": r"\F\ ".strip(),
        "^": r"\S\ ".strip(),
        "~": r"\R\ ".strip(),
        "&": r"\T\ ".strip(),
    }
    return "".join(codes.get(one, one) for one in text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255)))
def test_what_was_escaped_comes_back(text):
    assert unescape(escape(text)) == text


@given(st.text(st.sampled_from("\\.XCHNEbrsp+0123 FT"), max_size=40))
def test_any_text_is_taken(text):
    assert len(unescape(text)) <= 200 * max(len(text), 1)
