import pytest

from adapter.base.errors import Unreadable
from adapter.intake.readers.er7 import read_message
from adapter.mapping.remarks import RemarkKind

NAME = "Jürgen"


def family(data: bytes) -> str | None:
    return read_message(data).root.value("PID", "5")


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("8859/1", "iso8859-1"),
        ("ISO 8859-1", "iso8859-1"),
        ("ISO-8859-1", "iso8859-1"),
        ("iso8859/1", "iso8859-1"),
        ("ISO IR100", "iso8859-1"),
        ("LATIN1", "iso8859-1"),
        ("8859/15", "iso8859-15"),
        ("8859/15~ISO IR87", "iso8859-15"),
        ("UNICODE UTF-8", "utf-8"),
        ("UTF-8", "utf-8"),
        ("UTF8", "utf-8"),
        ("UNICODE", "utf-8"),
        ("WINDOWS-1252", "cp1252"),
        ("CP1252", "cp1252"),
        ("ANSI", "cp1252"),
        ("IBM850", "cp850"),
        ("GB 18030-2000", "gb18030"),
        ("", "utf-8"),
    ],
)
def test_the_declared_character_set_is_read(message, charset, codec):
    assert family(message(f"PID|1||4711||{NAME}", charset=charset, codec=codec)) == NAME


def test_the_euro_of_8859_15_is_no_currency_sign(message):
    assert family(message("PID|1||4711||€", charset="8859/15", codec="iso8859-15")) == "€"


def test_bytes_of_windows_under_the_name_of_8859_1_are_read_with_a_remark(message):
    read = read_message(message("PID|1||4711||„J“", charset="8859/1", codec="cp1252"))
    assert read.root.value("PID", "5") == "„J“"
    assert [remark.kind for remark in read.remarks] == [RemarkKind.DEFAULTED]


def test_undeclared_bytes_that_are_not_utf_8_are_read_as_windows_with_a_remark(message):
    read = read_message(message(f"PID|1||4711||{NAME}", codec="cp1252"))
    assert read.root.value("PID", "5") == NAME
    assert [remark.source for remark in read.remarks] == ["MSH-18"]


def test_a_single_byte_set_whose_bytes_are_utf_8_is_believed_and_doubted(message):
    read = read_message(message(f"PID|1||4711||{NAME}", charset="8859/1", codec="utf-8"))
    assert read.root.value("PID", "5") == "JÃ¼rgen"
    assert [remark.source for remark in read.remarks] == ["MSH-18"]


@pytest.mark.parametrize("charset", ["UNICODE UTF-8", "ASCII"])
def test_a_wrong_declaration_is_told_with_the_byte(message, charset):
    data = message(f"PID|1||4711||{NAME}", charset=charset, codec="cp1252")
    with pytest.raises(Unreadable) as refused:
        read_message(data)
    assert refused.value.problems[0].where == "MSH-18"
    place = data.index(b"\xfc") + 1
    assert f"byte {place} " in refused.value.text


def test_a_broken_character_far_inside_a_long_message_is_told_with_its_byte(message):
    data = message("OBX|1|ED|a||^application^pdf^Base64^" + "QUJD" * 400_000, f"PID|1||{NAME}", charset="UTF-8")
    data = data.replace(NAME.encode(), NAME.encode("cp1252"))
    with pytest.raises(Unreadable) as refused:
        read_message(data)
    place = data.index(b"\xfc") + 1
    assert f"byte {place} " in refused.value.text


def test_a_name_that_nobody_knows_matters_only_where_it_is_needed(message):
    read = read_message(message("PID|1||4711||Anna", charset="KLINGON"))
    assert [remark.source for remark in read.remarks] == ["MSH-18"]
    with pytest.raises(Unreadable):
        read_message(message(f"PID|1||4711||{NAME}", charset="KLINGON"))


def test_a_delimiter_inside_of_a_wide_character_does_not_delimit(message):
    data = message("PID|1||4711||功能", charset="BIG5", codec="big5")
    assert b"\\" in data.split(b"\r")[1]
    assert family(data) == "功能"
