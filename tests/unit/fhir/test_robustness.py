"""Whatever bytes come: an AdapterError or problems that say something, from every reader, and never anything else."""

import random
import time
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.base.errors import AdapterError
from adapter.cli.main import run
from adapter.fhir.codec import parse, parse_json, parse_xml, to_json, to_xml
from adapter.fhir.fhirpath import FhirPathError, compile_expression
from adapter.fhir.judgement import judge_bytes
from adapter.intake.canonical import read_report, read_request, sniff

ROOT = Path(__file__).parents[3]
SAMPLES = sorted((ROOT / "examples" / "samples").glob("*.json"))
PROFILED = sorted((ROOT / "profiles" / "package" / "example").glob("*.json"))
SOON = 20
SPLICES = [
    b"{", b"}", b"[", b"]", b'"', b":", b",", b"null", b"-0", b"1e999", b"1e99999999999999999999", b"\\ud800", b"\\u0000",
    b"\xff", b"\x00", b"\xef\xbb\xbf", b"<", b">", b"<!--", b"]]>", b"<?a?>", b"&#x9;", b"&nbsp;", b'xmlns="urn:x"', b'"a":1,' * 3,
    b"[" * 200, b"<a>" * 300, b"\xc0\xaf", "\U0001f600".encode(), b"urn:uuid:", b"<!DOCTYPE a>", b"/", b" ", b"\n", b"1" * 5000,
]  # fmt: skip


def _spoilt(data: bytes, rng: random.Random) -> bytes:
    """Return the bytes with some pieces replaced, taken away, doubled or put elsewhere."""
    for _ in range(rng.randint(1, 4)):
        at, to = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
        to = min(to, at + 40)
        piece = rng.choice([rng.choice(SPLICES), data[at:to] * 2, b"", data[to : to + 30]])
        data = data[:at] + piece + data[to:]
    return data


def _refusal_of(read, data: bytes):
    """Return the problems of a refusal, None where there is none."""
    try:
        read(data)
    except AdapterError as error:
        return error.problems
    return None


def _holds(data: bytes) -> None:
    """Let every reader have the bytes."""
    problems = judge_bytes(data)
    for one in problems:
        assert one.text
        assert one.code
        assert one.severity in ("fatal", "error", "warning", "information")
    for read in (parse, read_request, read_report, sniff):
        assert _refusal_of(read, data) != []
    try:
        resource = parse(data)
        written = to_xml(resource)
    except AdapterError:
        return
    assert to_json(parse_json(to_json(resource))) == to_json(resource)
    assert parse_xml(to_xml(parse_xml(written))) == parse_xml(written)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(data):
    _holds(data)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(SAMPLES + PROFILED), st.integers(0, 2**32))
def test_spoilt_documents_of_ours_have_an_answer(file, seed):
    _holds(_spoilt(file.read_bytes(), random.Random(seed)))  # noqa: S311 - nothing is secret here


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(PROFILED), st.integers(0, 2**32))
def test_spoilt_xml_of_ours_has_an_answer(file, seed):
    _holds(_spoilt(to_xml(parse_json(file.read_bytes())), random.Random(seed)))  # noqa: S311 - as above


def test_spoilt_official_examples_have_an_answer(examples):
    rng = random.Random(4)  # noqa: S311 - as above
    small = [file for pair in examples for file in pair if file.stat().st_size < 8000]
    for file in rng.sample(small, 150):
        _holds(_spoilt(file.read_bytes(), rng))


@pytest.mark.parametrize(
    "verb", [["validate", "-", "--json"], ["convert", "-", "--to", "xml"], ["check", "-"], ["map", "-"]]
)
def test_the_command_line_has_an_answer_for_any_bytes(verb, monkeypatch, capsys):
    rng = random.Random(5)  # noqa: S311 - as above
    spoilt = [_spoilt(file.read_bytes(), rng) for file in SAMPLES + PROFILED[:6]]
    for data in [b"", b"\xff\xfe", b"{", b"<", b"MSH|", b"null", *spoilt]:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(data)))
        status = run(verb)
        told = capsys.readouterr()
        assert status in (0, 1, 65)
        assert (told.out if status < 2 else told.err).strip()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("100000000000000000000000000000.5 ~ 1.5", [False]),
        ("1" + "0" * 5000 + " = 1", [False]),
        ("100000000000000000000000000000.5 ~ 100000000000000000000000000000.5", [True]),
    ],
)
def test_numbers_of_many_digits_do_not_end_an_expression(source, found):
    assert compile_expression(source)({"resourceType": "Patient"}) == found


@pytest.mark.parametrize("source", ["-@2020", "-@T10:00", "-'a'", "-true"])
def test_what_is_no_number_has_no_minus(source):
    with pytest.raises(FhirPathError):
        compile_expression(source)({"resourceType": "Patient"})


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(["+", "-", "*", "/", "div", "mod", "~", "=", "<"]),
    *[st.from_regex(r"[1-9][0-9]{0,40}(\.[0-9]{1,40})?", fullmatch=True)] * 2,
)
def test_arithmetic_has_an_answer_or_says_that_it_has_none(operator, left, right):
    try:
        found = compile_expression(f"{left} {operator} {right}")({"resourceType": "Patient"})
    except FhirPathError:
        return
    assert len(found) <= 1


@pytest.mark.parametrize("unit", ["<", "!<", "<<", "^", "memberOf ", "( ", '"'])
def test_an_expression_constraint_of_many_operators_is_judged_soon(unit):
    rule = {"property": "constraint", "op": "=", "value": unit * 20_000}
    included = {"system": "http://snomed.info/sct", "filter": [rule]}
    value_set = {"resourceType": "ValueSet", "status": "active", "compose": {"include": [included]}}
    start = time.monotonic()
    judge_bytes(to_json(value_set))
    assert time.monotonic() - start < SOON
