"""`second-opinion map`: what would leave for a request, as a FHIR R4 Bundle, and where every field of it went."""

import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapter.cli.inputs import read_input

if TYPE_CHECKING:
    from datetime import datetime

    from adapter.fhir.resource import Resource
    from adapter.intake.taking import Taken
    from adapter.workflow.offline import OfflineRequest


class Source(StrEnum):
    """The formats of requests."""

    auto = "auto"
    json = "json"
    hl7v2 = "hl7v2"
    fhir = "fhir"
    cda = "cda"


class Form(StrEnum):
    """What to make of the request."""

    transaction = "transaction"
    message = "message"


class Syntax(StrEnum):
    """How to write it."""

    json = "json"
    xml = "xml"


def map(  # noqa: A001 -- the verb's name
    file: Annotated[str, typer.Argument(help="The request; - reads standard input.")],
    *,
    source: Annotated[Source, typer.Option("--from", help="Format of FILE.")] = Source.auto,
    form: Annotated[Form, typer.Option("--as", help="For a FHIR server, or for the consulting side.")] = (
        Form.transaction
    ),
    to: Annotated[Syntax, typer.Option("--to", help="JSON or XML.")] = Syntax.json,
    at: Annotated[
        str | None, typer.Option("--at", help="Judge consent at this instant; else when the request was sent.")
    ] = None,
    trace: Annotated[Path | None, typer.Option("--trace", help="Write here where every field went.")] = None,
    hospital: Annotated[
        str | None, typer.Option("--hospital", help="Whose rows and codes are heard; else the message's sender tells.")
    ] = None,
    hospitals: Annotated[
        Path | None, typer.Option("--hospitals", help="A folder of hospitals beside the shipped ones.")
    ] = None,
    values: Annotated[
        bool, typer.Option("--values", help="Show the values in the trace, too: they are patient data.")
    ] = False,
) -> None:
    """Show what would leave: the request as a FHIR Bundle, with the records that the patient agreed to and no others.

    Example: second-opinion map request.json --as message --to xml
    """
    from adapter.base.errors import UnknownFormat
    from adapter.domain.standing_alone import RecordsAlone
    from adapter.fhir.codec import to_json, to_xml
    from adapter.intake.taking import name_of
    from adapter.workflow.offline import express_offline, express_records, take_offline

    data = read_input(file)
    base = Path.cwd() if file == "-" else Path(file).parent
    moment = _moment(at) if at is not None else None
    if source is not Source.auto and (found := name_of(data)) != source.value:
        raise UnknownFormat(
            f"this is {found}, and --from says {source.value}: leave --from out, or give the right file"
        )
    taken = take_offline(data, hospital=hospital, hospitals=hospitals)
    _warn(taken)
    if isinstance(taken.stated, RecordsAlone):
        typer.echo("a record only: there is no request in it", err=True)
        bundle = express_records(taken, base)
        rows = _own_rows(taken)
    else:
        offline = express_offline(taken, base, moment)
        for refusal in offline.release.withheld:
            typer.echo(f"withheld {refusal.record}: {refusal.where}: {refusal.text}", err=True)
        bundle = offline.message() if form is Form.message else offline.transaction()
        rows = _rows(data, offline, bundle, form) if trace is not None else []
    if trace is not None:
        _write_trace(trace, [*_with_values(rows, data, taken)] if values else rows)
    write: Callable[..., bytes] = to_json if to is Syntax.json else to_xml
    sys.stdout.buffer.write(write(bundle, pretty=True))
    sys.stdout.buffer.flush()


def _warn(taken: "Taken") -> None:
    for loss in taken.account.losses() if taken.account is not None else ():
        if loss.severity == "warning":
            typer.echo(f"warning: {loss.where}: {loss.text}" if loss.where else f"warning: {loss.text}", err=True)


def _moment(text: str) -> "datetime":
    from adapter.domain.values import Instant

    try:
        return Instant(text).at
    except ValueError as wrong:
        raise typer.BadParameter("--at is an instant with an offset, such as 2026-03-12T08:05:00+01:00") from wrong


def _own_rows(taken: "Taken") -> list[dict[str, str | None]]:
    rows = taken.account.rows if taken.account is not None else ()
    return [{"source": row.source, "target": row.target, "note": row.note} for row in rows]


def _rows(data: bytes, offline: "OfflineRequest", bundle: "Resource", form: Form) -> list[dict[str, str | None]]:
    from adapter.base.data import shipped
    from adapter.intake.strict_json import read_json
    from adapter.mapping.to_fhir.crossing import Crossing
    from adapter.mapping.trace import trace, withheld_members
    from adapter.mapping.trace_table import load_trace_table
    from adapter.mapping.trace_through import through

    table = load_trace_table(shipped("mappings") / "intake" / "second-opinion-request-1")
    mapped = offline.taken.mapped
    document = read_json(data) if mapped is None else mapped.document
    crossing = Crossing(country=offline.recipient_country, ids=offline.expressed.ids) if form is Form.message else None
    reasons = withheld_members(document, offline.release.withheld, crossing)
    rows = trace(table, document, offline.expressed, bundle, withheld=reasons)
    return rows if mapped is None else through(mapped.rows, rows)


def _with_values(rows: list[dict[str, str | None]], data: bytes, taken: "Taken") -> Iterator[dict[str, str | None]]:
    from adapter.intake.strict_json import read_json
    from adapter.intake.taking import field_values
    from adapter.mapping.trace import values_of

    stated = values_of(read_json(data)) if taken.mapped is None else field_values(data)
    return ({**row, "value": stated.get(str(row["source"]))} for row in rows)


def _write_trace(target: Path, rows: list[dict[str, str | None]]) -> None:
    import orjson

    try:
        target.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as wrong:
        raise typer.BadParameter(f"--trace {target}: cannot be written ({wrong.strerror})") from wrong
