"""The sample requests as transactions, and their traces, byte for byte; `GOLDEN=rewrite` writes the expected files anew.

https://hl7.org/fhir/R4/http.html#transaction
"""

import os
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.cli.main import run

EXPECTED = Path(__file__).with_name("requests")
REWRITE = os.environ.get("GOLDEN") == "rewrite"
CALLS = {
    "transaction.json": ["--as", "transaction", "--to", "json"],
    "transaction.xml": ["--as", "transaction", "--to", "xml"],
}


def compare(name: str, made: bytes) -> None:
    file = EXPECTED / name
    if REWRITE:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(made)
    assert file.exists(), "there is nothing to compare with yet: make golden"
    assert made == file.read_bytes()


@pytest.mark.parametrize("sample", ["request-de", "request-nl"])
@pytest.mark.parametrize("call", CALLS)
def test_a_sample_becomes_the_same_transaction(sample, call, capfdbinary):
    status = run(["map", str(shipped("samples") / f"{sample}.json"), *CALLS[call]])
    said = capfdbinary.readouterr()
    assert status == 0, said.err.decode()
    compare(f"{sample}.{call}", said.out)


@pytest.mark.parametrize("sample", ["request-de", "request-nl"])
@pytest.mark.parametrize("form", ["transaction", "message"])
def test_every_field_of_a_sample_goes_where_it_went(sample, form, tmp_path, capfdbinary):
    status = run(
        ["map", str(shipped("samples") / f"{sample}.json"), "--as", form, "--trace", str(tmp_path / "trace.json")]
    )
    assert status == 0, capfdbinary.readouterr().err.decode()
    compare(f"{sample}.{form}.trace.json", (tmp_path / "trace.json").read_bytes())
