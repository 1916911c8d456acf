"""The verb `convert`: FHIR JSON to XML or back, without loss."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from adapter.cli.inputs import read_input


class Format(StrEnum):
    """What to write."""

    json = "json"
    xml = "xml"


def convert(
    file: Annotated[str, typer.Argument(help="A FHIR R4 resource in JSON or XML, or - for standard input.")],
    to: Annotated[Format, typer.Option(help="The format to write.")],
) -> None:
    """Turn FHIR JSON into XML or back; everything but XML comments is kept, decimals with their digits."""
    from adapter.fhir.codec import parse, to_json, to_xml

    resource = parse(read_input(file))
    out = to_json(resource, pretty=True) if to is Format.json else to_xml(resource, pretty=True)
    sys.stdout.buffer.write(out)
    sys.stdout.buffer.flush()
