"""A table, loaded: the rows of one format, compiled, with what is needed to recognise its messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.mapping.tables.matching import Matcher
from adapter.mapping.tables.recognition import Recognition
from adapter.mapping.tables.row import Row
from adapter.mapping.tables.target import Target


@dataclass(frozen=True, slots=True)
class Required:
    """A target that must be filled, and the rows that could do it; the first is the one that says so."""

    target: Target
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a format, in the order in which they are heard.

    Attributes:
        format: its name, which is that of its folder.
        title: what people call it.
        reader: who makes the tree: "er7", "fhir" or "cda".
        produces: the document that it makes: "second-opinion-request/1" or "second-opinion-report/1".
        recognition: which messages it is for.
        families: which nodes adopt which (see `adoption`).
        rows: the rows.
        matcher: their selectors.
        sourceless: numbers of the rows without a source.
        required: what must be filled.
        schema: of the document that it makes.
    """

    format: str
    title: str
    reader: str
    produces: str
    recognition: Recognition
    families: Mapping[str, frozenset[str]]
    rows: tuple[Row, ...]
    matcher: Matcher
    sourceless: tuple[int, ...]
    required: tuple[Required, ...]
    schema: Mapping[str, Any] = field(repr=False)
