"""A megabyte of any trouble is answered soon, and never by anything but problems or an AdapterError.

The figures are the bench's (`python -m bench worst_cases`); here are loose watchdogs.
"""

import importlib.util
import time
from pathlib import Path

import pytest

from adapter.base.errors import AdapterError
from adapter.fhir.codec import parse, to_json, to_xml
from adapter.fhir.judgement import judge_bytes
from adapter.fhir.validate import MOST_PROBLEMS
from adapter.intake.canonical import read_request

SOON = 20
"""Seconds for one call; the bench asks for one."""


def _inputs():
    place = Path(__file__).parents[3] / "bench" / "worst_inputs.py"
    spec = importlib.util.spec_from_file_location("worst_inputs", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.INPUTS


INPUTS = _inputs()


def _convert(data: bytes) -> None:
    resource = parse(data)
    to_json(resource)
    to_xml(resource)


@pytest.mark.parametrize("name", INPUTS)
def test_a_megabyte_of_any_trouble_is_answered_soon(name):
    data = INPUTS[name]()
    assert 600_000 < len(data) < 1_150_000
    for work in (judge_bytes, _convert, read_request):
        start = time.monotonic()
        try:
            found = work(data)
        except AdapterError as error:
            found = error.problems
            assert found
        assert time.monotonic() - start < SOON
        if work is judge_bytes:
            assert len(found) <= MOST_PROBLEMS + 1
            assert all(one.text and one.code and one.severity for one in found)
