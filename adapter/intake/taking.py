"""Takes in a message of any format: what it asks or reports in canonical form, and what became of each of its fields.

The canonical JSON is what later steps read; whoever sent something else finds the way of every field in the account.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

import orjson

from adapter.base.errors import Invalid, Problem, UnknownFormat
from adapter.intake.account import Account
from adapter.intake.canonical import Kind, Stated, built, kind_of, problems_of, stated_by
from adapter.intake.formats import DEFAULT_ZONE, Formats
from adapter.intake.readers.cda import read_cda
from adapter.intake.readers.er7 import read_message
from adapter.intake.readers.er7_header import sender_of
from adapter.intake.readers.fhir_graph import read_fhir
from adapter.intake.readers.reading import Reading
from adapter.intake.strict_json import MAX_BYTES, read_json
from adapter.intake.syntax import Syntax, syntax_of
from adapter.mapping.tables.account import Mapped
from adapter.mapping.tables.engine import apply
from adapter.mapping.tables.origin import in_sender_terms
from adapter.mapping.tables.outcome import Context


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A message that was understood.

    Attributes:
        stated: what it says.
        mapped: what a table made of it; None where it is a canonical document itself.
        account: where every field went and what was lost; None likewise.
        sender: which system sent it, where message ids are its own ("hl7v2:APP|FACILITY"); None = the house.
        is_change: whether the message says that it changes an earlier one, without naming which.
        hospital: whose rows and codes were heard, by the name of its folder; None = those that count for anybody.
    """

    stated: Stated
    mapped: Mapped | None = None
    account: Account | None = None
    sender: str | None = None
    is_change: bool = False
    hospital: str | None = None

    @property
    def place(self) -> str | None:
        """Where the message says what it is, in the sender's terms."""
        return "/format" if self.mapped is None else _SAYS_WHAT[self.mapped.table.reader]

    def told(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems of the canonical document as problems of the message that came."""
        return in_sender_terms(problems, self.mapped) if self.mapped is not None else list(problems)


def take(
    body: bytes,
    media_type: str | None,
    *,
    formats: Callable[[], Formats],
    expected: Kind = "request",
    zone: ZoneInfo | None = None,
    hospital: str | None = None,
) -> Taken:
    """Return what a message says.

    Args:
        body: the message.
        media_type: what its sender called it; None = not said.
        formats: gives the tables; asked only for a message that is not canonical.
        expected: what is taken here, for the words of a refusal where the message does not say what it is.
        zone: of the sender, for moments without an offset; None = Central Europe's.
        hospital: whose rows and codes are heard, by the name of its folder; None = the message's sender tells.

    Raises:
        InputError: it cannot be read, or is wrong; every problem in the sender's own terms.
        SetupError: no hospital has this name.
    """
    if hospital is not None:
        formats().hospitals.named(hospital)
    syntax = syntax_of(body, media_type)
    if syntax is Syntax.JSON and not _is_fhir(body):
        raw = read_json(body, max_bytes=MAX_BYTES)
        return Taken(stated=stated_by(kind_of(raw) or expected, raw))
    return _mapped(syntax, _READERS[syntax](body), formats(), zone, hospital)


def field_values(body: bytes, media_type: str | None = None) -> dict[str, str]:
    """Return the value of every field of a foreign message by its place, as its account names it.

    They are patient data: for the sender's own people, who ask for them, and for nobody else.

    Raises:
        InputError: the message cannot be read.
    """
    values: dict[str, str] = {}
    for leaf in _READERS[syntax_of(body, media_type)](body).root.leaves():
        values.setdefault(leaf.path, leaf.text or "")  # what a reader adds stands behind the field itself
    return values


def name_of(body: bytes, media_type: str | None = None) -> Literal["json", "fhir", "hl7v2", "cda"]:
    """Return what people call the format of a message: json (canonical), fhir, hl7v2 or cda.

    Raises:
        UnknownFormat: it is none that is read here.
    """
    match syntax_of(body, media_type):
        case Syntax.ER7:
            return "hl7v2"
        case Syntax.CDA:
            return "cda"
        case Syntax.JSON if not _is_fhir(body):
            return "json"
        case _:
            return "fhir"


def _is_fhir(body: bytes) -> bool:
    try:
        raw = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return False  # its reader says what is wrong with it
    return isinstance(raw, dict) and "resourceType" in raw and "format" not in raw


def _mapped(syntax: Syntax, reading: Reading, formats: Formats, zone: ZoneInfo | None, named: str | None) -> Taken:
    hospital = formats.hospital(named, _TABLES_OF[syntax], reading.root)
    heard = formats.heard_from(hospital)
    table = heard.claiming(_TABLES_OF[syntax], reading.root)
    if table is None:
        said = (
            f"{reading.kind} neither asks for a second opinion nor reports one: no table claims it. "
            "What is read, and how it must say so, is listed in docs/reference/mappings"
        )
        raise UnknownFormat(said, where=_SAYS_WHAT[_TABLES_OF[syntax]])
    if (fault := table.recognition.version_fault(reading.root)) is not None:
        raise UnknownFormat(fault)
    local = hospital.profile.zone if hospital is not None else zone or ZoneInfo(DEFAULT_ZONE)
    context = Context(local, reading.sender, heard.library.systems, heard.library.maps)
    mapped = apply(table, reading.root, context)
    kind = cast("Kind", kind_of(mapped.document))
    wrong = [*mapped.problems, *in_sender_terms(problems_of(kind, mapped.document), mapped)]
    _refuse(reading.with_lines(wrong), kind)
    return Taken(
        stated=built(kind, mapped.document),
        mapped=mapped,
        account=Account(table.format, mapped.rows, (*reading.remarks, *mapped.remarks)),
        sender=reading.sender,
        is_change=reading.is_change,
        hospital=hospital.name if hospital is not None else None,
    )


def canonical_bytes(document: Mapping[str, Any]) -> bytes:
    """Return a canonical document as JSON."""
    return orjson.dumps(document, default=_number)


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError


def _refuse(problems: list[Problem], kind: Kind) -> None:
    if problems:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise Invalid(f"the {kind} has {count}: correct what is named and send it again", problems=problems)


def _er7(body: bytes) -> Reading:
    message = read_message(body)
    header = message.header
    sender = sender_of(header.part(3), header.part(4))
    kind = "^".join(filter(None, (header.part(9), header.part(9, 2))))
    return Reading(message.root, sender, kind, message.remarks, is_change=header.part(9, 2) == "I13")


_READERS: Final[Mapping[Syntax, Callable[[bytes], Reading]]] = {
    Syntax.ER7: _er7,
    Syntax.CDA: read_cda,
    Syntax.JSON: read_fhir,
    Syntax.FHIR_XML: read_fhir,
}
_SAYS_WHAT: Final = {"er7": "MSH-9", "fhir": None, "cda": "/ClinicalDocument/code"}
_TABLES_OF: Final = {Syntax.ER7: "er7", Syntax.CDA: "cda", Syntax.FHIR_XML: "fhir", Syntax.JSON: "fhir"}
