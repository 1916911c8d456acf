"""`second-opinion map`: what would leave for a request, as a FHIR R4 Bundle, and where every field of it went."""

import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from adapter.domain.clearance import Cleared, Refusal
    from adapter.domain.parties import Organization
    from adapter.domain.records import Record
    from adapter.domain.request import SecondOpinionRequest
    from adapter.fhir.resource import Resource
    from adapter.mapping.to_fhir.expressed import ExpressedRequest

_ZONES: Final = {"NL": "Europe/Amsterdam", "DE": "Europe/Berlin"}
"""Where days end, by the country of the treating organisation; elsewhere they end in UTC."""


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
) -> None:
    """Show what would leave: the request as a FHIR Bundle, with the records that the patient agreed to and no others.

    Example: second-opinion map request.json --as message --to xml
    """
    if source not in (Source.auto, Source.json):
        raise typer.BadParameter(f"{source.value} is not read yet, it comes later; give --from json")
    from adapter.base.errors import Problem, Withheld
    from adapter.domain.clearance import Refusal
    from adapter.fhir.codec import to_json, to_xml
    from adapter.intake.canonical import read_request
    from adapter.intake.record_content import resolve_contents
    from adapter.mapping.to_fhir.bundles import transaction_bundle
    from adapter.mapping.to_fhir.request import express_request

    data = sys.stdin.buffer.read() if file == "-" else _read(file)
    request = read_request(data)
    moment = _moment(at) if at is not None else request.sent.at
    base = Path.cwd() if file == "-" else Path(file).parent
    resolved = resolve_contents(request, base=base, uploaded=lambda _: None)
    release, cleared, withheld = _judge(request, moment)
    _tell(withheld)
    contents = {record: one.content for record, one in resolved.items()}
    expressed = express_request(request, contents=contents, cleared=cleared)
    if form is Form.message:
        if isinstance(release, Refusal):
            text = f"without the patient's consent to share there is no message: {release.text}"
            raise Withheld(text, problems=[Problem(text, "/consent/shareRecords")])
        bundle = _message(expressed, release)
    else:
        sources = {one.content.sha256: one.source for one in resolved.values()}
        bundle = transaction_bundle(expressed, read=lambda sha256: _bytes(sources[sha256]))
    if trace is not None:
        _write_trace(trace, data, expressed, bundle, withheld, form)
    write: Callable[..., bytes] = to_json if to is Syntax.json else to_xml
    sys.stdout.buffer.write(write(bundle, pretty=True))
    sys.stdout.buffer.flush()


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as missing:
        raise typer.BadParameter(f"{file}: cannot be read ({missing.strerror})") from missing


def _moment(text: str) -> "datetime":
    from adapter.domain.values import Instant

    try:
        return Instant(text).at
    except ValueError as wrong:
        raise typer.BadParameter("--at is an instant with an offset, such as 2026-03-12T08:05:00+01:00") from wrong


def _judge(
    request: "SecondOpinionRequest", moment: "datetime"
) -> "tuple[Cleared[SecondOpinionRequest] | Refusal, list[Cleared[Record]], list[Refusal]]":
    """Ask the gate for the request itself and for every record."""
    from adapter.domain.clearance import Refusal
    from adapter.domain.consent import Purpose
    from adapter.domain.consent_reading import grants_from_request, recipient_for
    from adapter.rules.consent_gate import clear

    grants = grants_from_request(request)
    recipient = recipient_for(request, Purpose.SHARE_RECORDS)

    def ask(item: Any, record: "Record | None") -> Any:
        return clear(
            item,
            grants=grants,
            purpose=Purpose.SHARE_RECORDS,
            recipient=recipient,
            moment=moment,
            time_zone=_zone(request),
            record=record,
        )

    answers = [ask(record, record) for record in request.records]
    cleared = [answer for answer in answers if not isinstance(answer, Refusal)]
    return ask(request, None), cleared, [answer for answer in answers if isinstance(answer, Refusal)]


def _zone(request: "SecondOpinionRequest") -> "ZoneInfo":
    from zoneinfo import ZoneInfo

    organization = request.treating.organization
    return ZoneInfo(_ZONES.get((organization.country if organization else None) or "", "UTC"))


def _tell(withheld: Iterable["Refusal"]) -> None:
    for refusal in withheld:
        typer.echo(f"withheld {refusal.record}: {refusal.where}: {refusal.text}", err=True)


def _recipient_country(request: "SecondOpinionRequest") -> str | None:
    organization = request.consulting.organization
    return organization.country if organization else None


def _message(expressed: "ExpressedRequest", release: "Cleared[SecondOpinionRequest]") -> "Resource":
    """Return the message with addresses that stand for the two organisations; nothing is sent from here."""
    from adapter.mapping.to_fhir.bundles import message_bundle
    from adapter.mapping.to_fhir.message_header import Endpoint

    request = expressed.request

    def endpoint(place: str, organization: "Organization | None") -> Endpoint:
        return Endpoint(
            url=f"urn:uuid:{expressed.ids.of('Endpoint', place)}", name=organization.name if organization else None
        )

    return message_bundle(
        expressed,
        release=release,
        source=endpoint("treating", request.treating.organization),
        destination=endpoint("consulting", request.consulting.organization),
        recipient_country=_recipient_country(request),
    )


def _bytes(source: "Path | bytes") -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def _write_trace(
    target: Path,
    data: bytes,
    expressed: "ExpressedRequest",
    bundle: "Resource",
    withheld: Iterable["Refusal"],
    form: Form,
) -> None:
    import orjson

    from adapter.base.data import shipped
    from adapter.intake.strict_json import read_json
    from adapter.mapping.to_fhir.crossing import Crossing
    from adapter.mapping.trace import trace, withheld_members
    from adapter.mapping.trace_table import load_trace_table

    table = load_trace_table(shipped("mappings") / "intake" / "second-opinion-request-1")
    document = read_json(data)
    country = _recipient_country(expressed.request)
    crossing = Crossing(country=country, ids=expressed.ids) if form is Form.message else None
    reasons = withheld_members(document, withheld, crossing)
    rows = trace(table, document, expressed, bundle, withheld=reasons)
    target.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2) + b"\n")
