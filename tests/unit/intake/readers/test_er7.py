import base64

import hl7
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.base.errors import InputError, Invalid, TooLarge, Unreadable
from adapter.intake.readers.er7 import Er7Message, read_message, read_messages
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.v2_location import location


def leaves(data: bytes) -> dict[str, str]:
    return {leaf.path: leaf.text for leaf in read_message(data).root.leaves()}


def test_a_place_is_named_by_segment_field_repetition_component_and_subcomponent(message):
    found = leaves(message("PID|1||4711^^^A&1.2&ISO^MR~12", "OBX|1|NM", "OBX|2|NM||x||y"))
    assert found["PID-3.1"] == "4711"
    assert found["PID-3.4.2"] == "1.2"
    assert found["PID-3.5"] == "MR"
    assert found["PID-3[2]"] == "12"
    assert found["OBX[2]-6"] == "y"


def test_what_is_empty_is_no_leaf_and_two_quotation_marks_are_one(message):
    found = leaves(message('PID|1||^^^~|||""||'))
    assert found["PID-6"] == '""'
    assert not [path for path in found if path.startswith("PID-3")]


def test_the_delimiters_themselves_are_the_first_two_fields_of_the_header(message):
    found = leaves(message())
    assert (found["MSH-1"], found["MSH-2"], found["MSH-3"], found["MSH-9.2"]) == ("|", "^~\\&", "APP", "I12")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\n\r", "\r\r\n\n", "\r \t\r"])
def test_every_line_end_ends_a_segment(message, end):
    root = read_message(message("PID|1||1", "RF1|||||1", end=end)).root
    assert [segment.name for segment in root.children] == ["MSH", "PID", "RF1"]


def test_other_delimiters_are_obeyed():
    found = leaves(b"MSH#*_!+#A#B#C#D#20260312##REF*I12#1#T#2.4\rPID#1##7*8+9_10##a^b~c\\d")
    assert found["PID-3.2.2"] == "9"
    assert found["PID-3[2]"] == "10"
    assert found["PID-5"] == "a^b~c\\d"


def test_what_is_not_declared_does_not_delimit():
    found = leaves(b"MSH|^|A|B|C|D|20260312||REF^I12|1|T|2.4\rPID|1||7~8&9\\T\\^0")
    assert found["PID-3.1"] == "7~8&9\\T\\"


def test_segment_names_in_small_letters_are_read_with_a_remark(message):
    read = read_message(message("pid|1||4711"))
    assert read.root.value("PID", "3") == "4711"
    assert [remark.kind for remark in read.remarks] == [RemarkKind.DEFAULTED]


def test_a_line_without_a_segment_name_continues_the_one_before(message):
    read = read_message(message("OBX|1|TX|a||first", "second & third", "", "and|more|F"))
    assert read.root.value("OBX", "5") == "first\nsecond & third\n\nand"
    assert read.root.value("OBX", "6") == "more"
    assert [remark.source for remark in read.remarks] == ["OBX"]


def test_three_letters_alone_are_text_unless_they_name_a_segment(message):
    read = read_message(message("NTE|1||first", "EKG", "PV2", "NTE|2||x"))
    assert read.root.value("NTE", "3") == "first\nEKG"
    assert [segment.name for segment in read.root.children] == ["MSH", "NTE", "PV2", "NTE"]


def test_segments_of_the_house_are_kept(message):
    assert leaves(message("ZPI|x^y"))["ZPI-1.2"] == "y"


def test_text_fields_keep_delimiters_that_nobody_escaped(message):
    found = leaves(message("OBX|1|TX|a||Müller & Sohn^Co~Zeile 2", "NTE|1||A & B"))
    assert found["OBX-5"] == "Müller & Sohn^Co"
    assert found["OBX-5[2]"] == "Zeile 2"
    assert found["NTE-3"] == "A & B"


def test_escape_sequences_are_put_in_place(message):
    assert leaves(message("NTE|1||a\\T\\b\\F\\c\\.br\\d"))["NTE-3"] == "a&b|c\nd"


def test_blank_byte_order_mark_frame_and_padding_are_no_part_of_a_message(message):
    plain = leaves(message("PID|1||4711"))
    for before, after in (
        (b"\xef\xbb\xbf", b""),
        (b"\x0b", b"\x1c\r"),
        (b"\r\n ", b"\x00\x00"),
        (b"", b"\x1c\rjunk|x"),
    ):
        assert leaves(before + message("PID|1||4711") + after) == plain


def test_what_stands_before_the_header_is_told(message):
    read = read_message(b"2026-03-12 INFO received: " + message("PID|1||4711"))
    assert [remark.kind for remark in read.remarks] == [RemarkKind.LOST]


def test_every_missing_field_of_the_header_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        read_message(b"MSH|^~\\&|A|B|C|D|20260312|||\rPID|1")
    assert [problem.where for problem in refused.value.problems] == ["MSH-9", "MSH-10", "MSH-12"]


@pytest.mark.parametrize("version", ["3.0", "2", "2.0", "2.55", "abc", '""', "2.10"])
def test_a_version_that_is_none_is_refused(message, version):
    with pytest.raises(Invalid) as refused:
        read_message(message("PID|1", version=version))
    assert refused.value.problems[0].where == "MSH-12"


@pytest.mark.parametrize("version", ["2.3", "2.3.1", "2.5.1^NLD", "2.8.2", "v2.4"])
def test_every_version_that_is_in_use_is_read(message, version):
    assert read_message(message("PID|1", version=version)).remarks == ()


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.9"])
def test_older_and_newer_versions_are_read_with_a_remark(message, version):
    read = read_message(message("PID|1", version=version))
    assert [remark.source for remark in read.remarks] == ["MSH-12"]


def test_a_second_patient_is_refused_where_it_stands(message):
    with pytest.raises(Invalid) as refused:
        read_message(message("PID|1||4711||A^B", "PID|2||4712||C^D"))
    assert refused.value.problems[0].where == "PID[2]-3"


def test_the_same_patient_may_stand_there_twice(message):
    assert len(list(read_message(message("PID|1||4711||A^B", "PID|2||4711||A^B")).root.every("PID"))) == 2


def test_a_value_that_was_cut_off_is_told():
    read = read_message(b"MSH|^~\\&#|A|B|C|D|20260312||REF^I12|1|T|2.8\rPID|1||4711||Langenhagen#^B")
    assert [(remark.kind, remark.source) for remark in read.remarks] == [(RemarkKind.TRUNCATED, "PID-5.1")]


def test_a_long_value_is_the_one_that_was_sent(message):
    record = base64.b64encode(bytes(range(256)) * 1200).decode()
    wrapped = "\r\n".join(record[at : at + 76] for at in range(0, len(record), 76))
    for value in (record, wrapped):
        read = read_message(message(f"OBX|1|ED|a^b||X&Y^application^pdf^Base64^{value}||||||F", "NTE|1||x"))
        assert read.root.value("OBX", "5", "5").replace("\n", "") == record
        assert read.root.first("OBX").first("5").first("1").first("2").text == "Y"
        assert read.root.value("OBX", "11") == "F"
        assert read.root.value("NTE", "3") == "x"


def test_long_text_and_many_repetitions_are_cut_alike(message):
    long = "a & b ^ c " * 20_000
    read = read_message(message(f"OBX|1|TX|a||{long}~second||||||F", f"ZZZ|{long}~x&y"))
    assert [field.text for field in read.root.first("OBX").every("5")] == [long, "second"]
    assert read.root.first("ZZZ").every("1").__next__().children
    assert read.root.value("ZZZ", "1") == "a "


def test_limits_are_told(message):
    with pytest.raises(TooLarge):
        read_message(message("PID|1"), max_bytes=10)
    with pytest.raises(TooLarge):
        read_message(message("ZZZ|" + "~" * 300_000))
    with pytest.raises(TooLarge):
        read_message(message(*["ZZZ|1"] * 20_001))
    with pytest.raises(TooLarge):
        read_message(message("ZZZ|" + "a^" * 300_000))


def test_one_message_is_asked_for_and_each_of_several_is_read_by_itself(message):
    both = message("PID|1||1") + b"MSH|^~\\&|A\r" + message("PID|1||2")
    with pytest.raises(Invalid):
        read_message(both)
    _batch, read = read_messages(both)
    assert [type(one) for one in read] == [Er7Message, Invalid, Er7Message]
    assert read[2].root.value("PID", "3") == "2"


def test_no_message_at_all_is_unreadable():
    for data in (b"", b"\x0b\x1c\r", b"PID|1||4711", b"<xml/>", b"MSHA", b"MSH"):
        with pytest.raises(Unreadable):
            read_message(data)


def test_every_real_message_is_read_and_every_place_can_be_found_again(real_messages):
    for data in real_messages:
        read = read_message(data)
        for leaf in read.root.leaves():
            place = location(leaf.path)
            assert place is not None
            segments = list(read.root.every(place.segment))
            node = list(segments[place.sequence - 1].every(str(place.field)))[(place.repetition or 1) - 1]
            for number in (place.component, place.subcomponent):
                node = node if number is None else node.first(str(number))
            assert node is leaf


@settings(max_examples=300)
@given(st.data())
def test_a_real_message_that_was_damaged_is_read_or_refused_and_nothing_else(real_messages, data):
    message = bytearray(data.draw(st.sampled_from(real_messages))[:6000])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(len(message) - 1, 0)))
        match data.draw(st.sampled_from(["flip", "cut", "double", "insert"])):
            case "flip" if message:
                message[at] = data.draw(st.integers(0, 255))
            case "cut":
                del message[at : at + data.draw(st.integers(1, 200))]
            case "double":
                message[at:at] = message[at : at + 100]
            case _:
                message[at:at] = data.draw(
                    st.sampled_from([b"\r", b"|", b"^", b"~", b"\\", b"&", b"\x00", b"\xff", b"MSH|"])
                )
    try:
        read = read_messages(bytes(message))[1]
    except InputError:
        return
    assert all(isinstance(one, Er7Message | InputError) for one in read)


@given(st.binary(max_size=200))
def test_any_bytes_behind_a_header_are_read_or_refused(data):
    header = b"MSH|^~\\&|A|B|C|D|20260312||REF^I12|1|T|2.4||||||8859/1\r"
    read = read_messages(header + data)[1]
    assert all(one.problems if isinstance(one, InputError) else one.root.children for one in read)


def test_the_values_are_those_that_another_reader_finds(real_messages):
    compared = 0
    for data in real_messages:
        read = read_message(data)
        if read.codec != "utf-8" or read.header.delimiters.escape != "\\":
            continue
        text = data.decode("utf-8-sig").replace("\r\n", "\r").replace("\n", "\r").strip()
        other = hl7.parse(text)
        for leaf in read.root.leaves():
            place = location(leaf.path)
            field = other.segments(place.segment)[place.sequence - 1]
            if place.segment == "MSH" or "\\" in str(field):
                continue  # python-hl7 counts MSH otherwise, and puts escape sequences in place another way
            numbers = (place.field, place.repetition, place.component or 1, place.subcomponent or 1)
            found = other.extract_field(place.segment, place.sequence, *numbers)
            if place.component is None:
                assert leaf.text.startswith(found), leaf.path  # a text whose delimiters are characters
            else:
                assert leaf.text == found, leaf.path
            compared += 1
    assert compared > 1000
