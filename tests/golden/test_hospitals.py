"""Every hospital's samples become what its folder expects; `GOLDEN=rewrite` writes the expected files."""

import os
from functools import cache
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.intake.formats import Formats, load_formats
from adapter.intake.hospitals.rehearsal import become, expected_of, rehearse, samples_of, written

HOSPITALS = Path(__file__).parents[2] / "mappings" / "hospitals"
REWRITE = os.environ.get("GOLDEN") == "rewrite"
SAMPLES = sorted(HOSPITALS.glob("*/samples/*.*"))
NAMES = sorted(file.parent.name for file in HOSPITALS.glob("*/profile.toml"))


@cache
def formats() -> Formats:
    for sample in SAMPLES if REWRITE else ():  # a folder without what is expected is refused
        expected_of(sample).parent.mkdir(exist_ok=True)
        expected_of(sample).touch()
    return load_formats(shipped("mappings"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: f"{file.parts[-3]}/{file.name}")
def test_a_sample_becomes_what_is_expected(sample):
    made = written(become(sample, formats()))
    if REWRITE:
        expected_of(sample).write_bytes(made)
    assert made.decode() == expected_of(sample).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_hospital_knows_its_own_samples_and_has_one_for_every_format_that_it_sends(name):
    assert list(rehearse(formats().hospitals.named(name), formats())) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_hospital_has_three_messages_at_least(name):
    assert len(samples_of(formats().hospitals.named(name))) >= 3
