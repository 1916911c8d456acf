"""Fields of HL7 v2 as the reader makes them, and the shipped codes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapter.intake.readers.er7 import read_message
from adapter.mapping.source import Node
from adapter.mapping.tables.library import Library, load_library
from adapter.mapping.tables.outcome import Context, Given, Outcome
from adapter.mapping.tables.transforms import TRANSFORMS

CODES = Path(__file__).parents[5] / "mappings" / "codes"


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(CODES)


@pytest.fixture(scope="session")
def shipped_context(context, library) -> Context:
    """Return the context with the shipped ConceptMaps and identifier systems."""
    return replace(context, systems=library.systems, maps=library.maps)


@pytest.fixture(scope="session")
def v2_field() -> Callable[[str], Node]:
    """Make a field as it stands in a message; its place is ZZZ-1."""

    def make(text: str) -> Node:
        data = f"MSH|^~\\&|A|B|C|D|20260312||REF^I12|1|T|2.5||||||UTF-8\rZZZ|{text}"
        return read_message(data.encode()).root.first("ZZZ").first("1") or Node("1", "ZZZ-1", "")

    return make


@pytest.fixture(scope="session")
def transformed(v2_field, shipped_context, library) -> Callable[..., Outcome]:
    """Apply a transform to a field, with the shipped codes."""

    def make(name: str, text: str, *, argument: str | None = None, codes: str | None = None) -> Outcome:
        given = Given(argument, library.maps[codes] if codes else None)
        return TRANSFORMS[name].bind(given)(v2_field(text), shipped_context)

    return make
