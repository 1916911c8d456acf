"""HL7 v2 messages as bytes."""

from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[4] / "mappings" / "intake"
FOREIGN = Path(__file__).parents[4].parent / "shared" / "data" / "07-hl7v2"


@pytest.fixture
def message() -> Callable[..., bytes]:
    """Make a message of a header's further fields and segments."""

    def make(*segments: str, charset: str = "", version: str = "2.5.1", codec: str = "utf-8", end: str = "\r") -> bytes:
        header = rf"MSH|^~\&|APP|FAC|APP2|FAC2|20260312080500||REF^I12|M1|T|{version}||||||{charset}"
        return (end.join([header, *segments]) + end).encode(codec)

    return make


@pytest.fixture(scope="session")
def real_messages() -> list[bytes]:
    """Return every HL7 v2 message at hand: our samples, and those of others where they are there."""
    files = [*SAMPLES.glob("hl7v2*/samples/*.hl7"), *FOREIGN.rglob("*.hl7"), *FOREIGN.rglob("Message*.txt")]
    return [file.read_bytes() for file in sorted(files)]
