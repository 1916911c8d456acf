"""What the command says of the shipped samples, byte for byte: a change of it is seen and reviewed.

`make golden` writes the expected files anew; the difference is read before it is committed.
"""

import os
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.cli.main import run

EXPECTED = Path(__file__).with_name("commands")
REWRITE = os.environ.get("GOLDEN") == "rewrite"
CALLS = {
    "message.json": ["map", "--as", "message", "--to", "json"],
    "message.xml": ["map", "--as", "message", "--to", "xml"],
    "check.json": ["check", "--json"],
    "check.en.txt": ["check", "--lang", "en"],
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("sample", ["request-de", "request-nl"])
def test_the_command_says_what_it_said(sample, call, capfdbinary):
    verb, *options = CALLS[call]
    status = run([verb, str(shipped("samples") / f"{sample}.json"), *options])
    said = capfdbinary.readouterr()
    assert status == 0, said.err.decode()
    expected = EXPECTED / f"{sample}.{call}"
    if REWRITE:
        EXPECTED.mkdir(exist_ok=True)
        expected.write_bytes(said.out)
    assert expected.exists(), "there is nothing to compare with yet: make golden"
    assert said.out.decode() == expected.read_bytes().decode()


def test_nothing_is_expected_that_nothing_makes():
    made = {f"{sample}.{call}" for sample in ("request-de", "request-nl") for call in CALLS}
    assert {file.name for file in EXPECTED.iterdir()} <= made
