"""TOML with lines: every key has its place, and whatever stands in a file is told and never a crash."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import SetupError
from adapter.intake.hospitals.checklist import read_checklist
from adapter.intake.hospitals.profile import read_profile
from adapter.intake.hospitals.toml_file import Part, read_toml
from adapter.intake.schemas import schema

TEXT = """# a comment
name = "x"
"quoted" = 1
many = [
  "a = b",
]

[one.two]
dotted.key = 3
[[list]]
a = 1
[[list.inner]]
b = 1
[[list]]
a = 2
[[list.inner]]
b = 2
[[list.inner]]
b = 3
"""
LINES = {
    ("name",): 2,
    ("quoted",): 3,
    ("many",): 4,
    ("one", "two"): 8,
    ("one", "two", "dotted", "key"): 9,
    ("one", "two", "dotted", "other"): 9,
    ("one", "two", "missing"): 8,
    ("list", 0, "a"): 11,
    ("list", 0, "inner", 0, "b"): 13,
    ("list", 1): 14,
    ("list", 1, "inner", 0, "b"): 17,
    ("list", 1, "inner", 1, "b"): 19,
    ("list", 1, "inner", 1, "missing"): 18,
    ("missing",): 1,
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["NL", "nl", "north", "a|b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["name", "title", "roles", "country", "time_zone", "language", "recognise", "in", "out", "hl7v2", "way", "x"]
ITEM_KEYS = ["id", "before", "by", "documents", "member", "says", "unless", "reached", "only", "rows", "text", "rule"]


@pytest.mark.parametrize(("place", "line"), LINES.items())
def test_a_place_is_the_line_of_its_key_or_of_the_nearest_above_it(tmp_path, place, line):
    file = tmp_path / "profile.toml"
    file.write_text(TEXT, encoding="utf-8")
    assert read_toml(file).where(*place) == f"{tmp_path.name}/profile.toml:{line}"


@pytest.mark.parametrize("content", [b"\xff", b"a = ", b"a = 1\na = 2\n"])
def test_what_is_no_toml_is_told(tmp_path, content):
    file = tmp_path / "profile.toml"
    file.write_bytes(content)
    with pytest.raises(SetupError):
        read_toml(file)


@given(said=st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_whatever_stands_in_a_profile_is_told(said):
    part = Part(said, (), "profile.toml", {})
    read_profile(part, "north")
    assert part.problems
    assert all(one.where == "profile.toml:1" and one.text for one in part.problems)


@given(items=st.lists(st.dictionaries(st.sampled_from(ITEM_KEYS), VALUES), min_size=1, max_size=3))
def test_whatever_stands_in_a_checklist_is_told(items):
    part = Part({"item": items}, (), "checklist.toml", {})
    read_checklist(part, schema("second-opinion-request-1").document)
    assert part.problems


def test_the_text_is_what_the_standard_reader_reads(tmp_path):
    file = tmp_path / "profile.toml"
    file.write_text(TEXT, encoding="utf-8")
    assert read_toml(file).said == tomllib.loads(TEXT)
