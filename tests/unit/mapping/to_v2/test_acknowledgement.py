"""https://www.hl7.eu/refactored/segMSA.html and segERR: what a sender is told, in its own terms and its own version."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hl7apy.core import Message
from hl7apy.parser import parse_message
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import (
    DuplicateDiffers,
    Invalid,
    NotPermitted,
    Problem,
    StoreUnavailable,
    TooLarge,
    UnknownFormat,
    Unreadable,
)
from adapter.mapping.to_v2.acknowledged import read_acknowledgement
from adapter.mapping.to_v2.acknowledgement import Code, commit_code, refusal_code, write_acknowledgement
from adapter.mapping.to_v2.header import read_header

AT = datetime(2026, 4, 10, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
VERSIONS = ["2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.8"]
MISSING = Problem("give the birth date", "PID-7", "required")
UNKNOWN = Problem("this code is in no table", "DG1[2]-3[2].1", "code-invalid")


def message(version="2.5", encoding="^~\\&", charset="", more=""):
    c, r = encoding[0], encoding[1]
    return (
        f"MSH|{encoding}|EPD{c}1.2.3{c}ISO|ZKH|ADAPTER{r}X|SO|20260410||REF{c}I12{c}REF_I12|ID-1|T|{version}"
        f"|||{more}|||{charset}\rRF1|1\rPID|1\r"
    ).encode()


def answer(raw, code=Code.ACCEPT, problems=(), **more):
    return write_acknowledgement(read_header(raw), code, id="0123456789abcdef0123", at=AT, problems=problems, **more)


def segments(acknowledgement, mark="|"):
    return [one.split(mark) for one in acknowledgement.decode("latin-1").split("\r")[:-1]]


def judged(acknowledgement):
    """Let hl7apy read an acknowledgement, and hold it against its own tables of the version."""
    read = parse_message(acknowledgement.decode("utf-8"), find_groups=False)
    assert isinstance(read, Message)
    return read


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("problems", [(), (MISSING, UNKNOWN, Problem("no such partner", "/a/b", "not-found"))])
def test_the_judge_reads_what_we_write_in_every_version(version, problems):
    code = Code.ERROR if problems else Code.ACCEPT
    read = judged(answer(message(version), code, problems))
    assert version < "2.4" or read.validate()  # it knows no structure that MSH-9.3 does not name
    assert all(one.validate() for one in read.children)
    assert read.msh.msh_12.value == version
    assert read.msa.msa_1.value == code
    assert read.msa.msa_2.value == "ID-1"
    assert read.msh.msh_9.msh_9_1.value == "ACK"
    assert len(read.err) == (0 if not problems else 3 if version >= "2.5" else 1)


def test_the_header_is_turned_round_and_keeps_the_sender_s_bytes():
    (msh, *_) = segments(answer(message(charset="8859/1")))
    assert msh[2:6] == ["ADAPTER", "SO", "EPD^1.2.3^ISO", "ZKH"]
    assert msh[6:12] == ["20260410093000+0200", "", "ACK^I12^ACK", "0123456789abcdef0123", "T", "2.5"]
    assert msh[17] == "8859/1"


def test_a_place_is_named_by_segment_field_repetition_and_component():
    told = segments(answer(message(), Code.ERROR, [MISSING, UNKNOWN, Problem("no such segment", "RF1", "required")]))
    assert [one[2:5] for one in told if one[0] == "ERR"] == [
        ["PID^1^7^1", "101^Required field missing^HL70357", "E"],
        ["DG1^2^3^2^1", "103^Table value not found^HL70357", "E"],
        ["RF1^1", "101^Required field missing^HL70357", "E"],
    ]
    assert [one[8] for one in told if one[0] == "ERR"] == [MISSING.text, UNKNOWN.text, "no such segment"]


def test_before_2_5_the_places_repeat_in_one_segment():
    told = segments(answer(message("2.4"), Code.ERROR, [MISSING, UNKNOWN]))
    (err,) = [one for one in told if one[0] == "ERR"]
    assert [one.split("^")[:3] for one in err[1].split("~")] == [["PID", "1", "7"], ["DG1", "2", "3"]]
    assert told[1] == ["MSA", "AE", "ID-1", "PID-7: give the birth date", "", "", "101^Required field missing^HL70357"]


@pytest.mark.parametrize(
    ("problem", "version", "code"),
    [
        (Problem("x", "MSH-9", "not-supported"), "2.5", "200"),
        (Problem("x", "MSH-9.2", "value"), "2.5", "201"),
        (Problem("x", "MSH-11", "value"), "2.5", "202"),
        (Problem("x", "MSH-12", "value"), "2.5", "203"),
        (Problem("x", "MSH-12", "required"), "2.5", "101"),
        (Problem("x", "line 3", "structure"), "2.5", "100"),
        (Problem("x", "PID-3", "structure"), "2.5", "102"),
        (Problem("x", "OBX-5", "too-long"), "2.5", "104"),
        (Problem("x", "OBX-5", "too-long"), "2.7", "104"),
        (Problem("x", "RF1-6", "not-found"), "2.5", "204"),
        (Problem("x", "MSH-10", "duplicate"), "2.5", "205"),
        (Problem("x", None, "transient"), "2.5", "207"),
        (Problem("x", None, "suppressed", "warning"), "2.5", "0"),
        (Problem("x", "PV1-2", "code-invalid", "warning"), "2.5", "103"),
        (Problem("x", "MSH-11", "informational", "information"), "2.5", "0"),
    ],
)
def test_every_kind_of_problem_has_its_code_of_table_0357(problem, version, code):
    err = next(one for one in segments(answer(message(version), Code.ERROR, [problem])) if one[0] == "ERR")
    assert err[3].split("^")[0] == code


@pytest.mark.parametrize(
    ("error", "refusal", "commit"),
    [
        (Invalid("x", problems=[MISSING, Problem("x", "MSH-12", "value")]), "AE", "CE"),
        (Invalid("x", where="MSH-12"), "AR", "CR"),
        (Invalid("x", problems=[Problem("x", "MSH-9.2"), Problem("x", "MSH-11[2]")]), "AR", "CR"),
        (Invalid("x", where="MSH-10"), "AE", "CE"),
        (DuplicateDiffers("x"), "AE", "CE"),
        (Unreadable("x"), "AR", "CE"),
        (TooLarge("x"), "AR", "CE"),
        (UnknownFormat("x"), "AR", "CR"),
        (NotPermitted("x"), "AR", "CR"),
        (StoreUnavailable("x"), "AR", "CE"),
    ],
)
def test_content_is_an_error_and_the_kind_of_message_is_rejected(error, refusal, commit):
    assert (refusal_code(error), commit_code(error)) == (refusal, commit)


def test_the_delimiters_of_the_message_are_those_of_its_answer_and_texts_are_escaped():
    raw = b"MSH#*!?%#A#B#C#D#2026##REF*I12#7#P#2.5"
    told = answer(raw, Code.ERROR, [Problem("not # or * or ! or ? or % but |^~&", "PID-3[2].4")])
    assert told.startswith(b"MSH#*!?%#C#D#A#B#")
    err = segments(told, "#")[2]
    assert err[2] == "PID*1*3*2*4"
    assert err[8] == "not ?F? or ?S? or ?R? or ?E? or ?T? but |^~&"


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        (b"MSH|^~|A|B", "^~\\&"),
        (b"MSH|^_\\&|A|B", "^_\\&"),
        (b"MSH|^~\\&#|A|B", "^~\\&#"),
        (b"MSH||A|B", "^~\\&"),
        (b"MSH|^^^^|A|B", "^~\\&"),
        (b"MSH|abcd|A|B", "^~\\&"),
        (b"MSH&|&A", "|~\\@"),
        (b"MSH^^~\\&^A", "$~\\&"),
    ],
)
def test_delimiters_that_are_none_are_replaced_and_missing_ones_filled_in(raw, written):
    told = answer(raw, Code.REJECT, [Problem("no")])
    assert told[4 : 4 + len(written)].decode() == written
    assert read_header(told).writing.encoding == written


def test_our_words_are_in_the_character_set_of_the_message_and_ascii_where_it_is_unknown():
    problem = Problem("Größe 5 €", "PID-5")
    for name, codec, seen in (
        ("8859/1", "latin-1", "Größe 5 ?"),
        ("8859/15", "iso8859-15", "Größe 5 €"),
        ("UNICODE UTF-8", "utf-8", "Größe 5 €"),
        ("ISO IR87", "ascii", "Gr??e 5 ?"),
        ("", "ascii", "Gr??e 5 ?"),
        ("8859/15~ISO IR87", "iso8859-15", "Größe 5 €"),
    ):
        told = answer(message(charset=name), Code.ERROR, [problem])
        assert told.decode(codec).split("\r")[2].split("|")[8] == seen


@pytest.mark.parametrize("raw", [b"", b"PID|1", b"MSH", b"MSHABC", b"MSH\r\rPID", b"\x00\xff" * 50, b"MS|H"])
def test_without_a_readable_header_the_answer_is_the_best_possible(raw):
    assert read_header(raw) is None
    told = answer(raw, Code.REJECT, [Problem("the message begins with MSH", None, "structure")])
    assert told.startswith(b"MSH|^~\\&|||||20260410093000+0200||ACK|0123456789abcdef0123|P|2.5.1\rMSA|AR||the message")
    judged(told)


@pytest.mark.parametrize(
    "before", [b"", b"\xef\xbb\xbf", b"\r\n", b"FHS|^~\\&|X\rBHS|^~\\&|Y\r", b"\x0b", b"garbage\r"]
)
def test_the_header_is_found_behind_what_stands_before_it(before):
    assert read_header(before + message()).control_id == "ID-1"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_the_header_is_found_in_utf_16_and_answered_in_ascii(codec):
    raw = message(charset="UNICODE UTF-16").decode().encode(codec)
    assert read_header(raw).control_id == "ID-1"
    assert segments(answer(raw))[0][9:] == ["0123456789abcdef0123", "T", "2.5"]


def test_the_application_s_answer_in_enhanced_mode_says_whether_it_wants_one_itself():
    assert segments(answer(message(), final=True))[0][14:16] == ["NE", "NE"]
    assert segments(answer(message(), final=True, wants_commit=True))[0][14:16] == ["AL", "NE"]


def test_more_than_a_hundred_problems_are_counted():
    told = segments(answer(message(), Code.ERROR, [MISSING] * 250))
    assert len(told) == 2 + 101
    assert told[-1][8] == "150 more are not listed"


texts = st.text(max_size=30)


@given(
    st.sampled_from(VERSIONS),
    st.sampled_from(["^~\\&", "^_\\&", "*!?%", "^~\\&#"]),
    st.lists(st.builds(Problem, texts, st.sampled_from(["PID-3[2].4", "RF1", "/a", None, "line 2"])), max_size=4),
    st.sampled_from(list(Code)),
)
def test_what_we_write_we_read(version, encoding, problems, code):
    told = answer(message(version, encoding, charset="UNICODE UTF-8"), code, problems)
    read = read_acknowledgement(told)
    assert (read.code, read.control_id) == (code, "ID-1")
    assert len(read.problems) == len(problems)
    assert [one.where for one in read.problems] == [
        one.where if one.where in ("PID-3[2].4", "RF1") and version >= "2.5" else
        {"PID-3[2].4": "PID-3", "RF1": "RF1"}.get(one.where) for one in problems
    ]  # fmt: skip


@given(st.binary(max_size=300))
def test_whatever_the_message_is_there_is_an_answer_that_breaks_no_frame(raw):
    for one in (raw, b"MSH|^~\\&|" + raw, b"MSH" + raw):
        told = answer(one, Code.REJECT, [Problem("no", "MSH-9")])
        assert not {0x0B, 0x1C} & set(told)
        assert read_acknowledgement(told).code is Code.REJECT
        assert all(line[:3] in (b"MSH", b"MSA", b"ERR") for line in told.split(b"\r")[:-1])


@given(st.binary(max_size=200))
def test_whatever_a_partner_answers_is_read_or_not(raw):
    for one in (raw, b"MSH|^~\\&|A\rMSA|AE|1\rERR|" + raw, b"MSH|^~\\&|A\rERR|||" + raw + b"\rMSA|AR|1|" + raw):
        read = read_acknowledgement(one)
        assert read is None or all(len(problem.text) <= 300 for problem in read.problems)


def test_what_a_partner_says_is_shown_without_what_looks_like_an_identifier():
    raw = b"MSH|^~\\&|A\rMSA|AE|1\rERR||PID^1^3^1^1|204^Unknown key^HL70357|E||||Patient 123456782 is \\T\\ not known"
    (problem,) = read_acknowledgement(raw).problems
    assert (problem.text, problem.where, problem.severity) == ("Patient ... is not known", "PID-3.1", "error")


@pytest.mark.parametrize(
    ("segment", "passing"),
    [
        ("ERR|||207^x^HL70357|E", True),
        ("ERR|||206^x^HL70357|E\rERR|||207^x^HL70357|E", True),
        ("ERR|||207^x^HL70357|E\rERR|||101^x^HL70357|E", False),
        ("ERR|PID^1^3^207&x", True),
        ("ERR|||101^x^HL70357|E", False),
        ("", False),
    ],
)
def test_a_trouble_of_the_partner_s_own_passes(segment, passing):
    read = read_acknowledgement(f"MSH|^~\\&|A\rMSA|AR|1|busy\r{segment}".encode())
    assert (read.passing, read.accepted) == (passing, False)


@pytest.mark.parametrize("raw", [b"", b"MSH|^~\\&|A", b"MSH|^~\\&|A\rMSA|XX|1", b"MSA|AA|1", b"MSH|^~\\&|A\rMSA"])
def test_what_is_no_acknowledgement_is_none(raw):
    assert read_acknowledgement(raw) is None
