"""The published JSON Schemas, compiled once, and what they find wrong, in our own words.

A sentence says what to do and never repeats what was sent, which may be patient data; allowed codes are listed.
https://json-schema.org/draft/2020-12
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import Any, Final

import jsonschema_rs
import orjson

from adapter.base.data import shipped
from adapter.base.errors import Problem
from adapter.intake.calendar import FORMATS
from adapter.intake.strict_json import pointer

MAX_PROBLEMS: Final = 1000

_TYPES: Final = {
    "string": "text in quotes",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}


@dataclass(frozen=True, slots=True)
class Schema:
    """A published schema: the document itself and its compiled form."""

    document: Mapping[str, Any]
    compiled: jsonschema_rs.Draft202012Validator

    def problems(self, raw: Any) -> list[Problem]:
        """Return everything that the schema finds wrong with `raw`, at most MAX_PROBLEMS."""
        found = (problem for error in self.compiled.iter_errors(raw) for problem in self._told(error))
        return list(islice(found, MAX_PROBLEMS))

    def _told(self, error: jsonschema_rs.ValidationError) -> Iterator[Problem]:
        kind, path = error.kind, error.instance_path
        rule = self._at(error.schema_path[:-1])
        match kind:
            case jsonschema_rs.ValidationErrorKind.Required():
                member = rule.get("properties", {}).get(kind.property, {})
                said = f"this member is required: {member.get('description', 'it belongs to the others here')}"
                yield Problem(said, pointer((*path, kind.property)), "required")
            case jsonschema_rs.ValidationErrorKind.AdditionalProperties():
                known = list(rule.get("properties", ()))
                for name in kind.unexpected:
                    yield Problem(_unknown(name, known), pointer((*path, name)), "structure")
            case jsonschema_rs.ValidationErrorKind.AnyOf():
                names = [f"`{alternative['required'][0]}`" for alternative in rule["anyOf"]]
                yield Problem(f"one of these members is required: {', '.join(names)}", pointer(path), "required")
            case jsonschema_rs.ValidationErrorKind.Type():
                yield Problem(_wrong_type(rule, error.instance), pointer(path), "structure")
            case jsonschema_rs.ValidationErrorKind.Enum():
                yield Problem(f"must be one of: {', '.join(rule['enum'])}", pointer(path), "code-invalid")
            case jsonschema_rs.ValidationErrorKind.MaxItems():
                yield Problem(f"more than {rule['maxItems']} entries: leave some out", pointer(path), "too-long")
            case jsonschema_rs.ValidationErrorKind.MinProperties():
                yield Problem("an empty object says nothing: fill it, or leave it out", pointer(path), "required")
            case jsonschema_rs.ValidationErrorKind.Minimum() | jsonschema_rs.ValidationErrorKind.Maximum():
                said = f"must be a number from {rule['minimum']} to {rule['maximum']}"
                yield Problem(said, pointer(path), "value")
            case _:
                said = f"does not have the right form. {rule.get('description', 'See the published schema.')}"
                yield Problem(said, pointer(path), "value")

    def _at(self, path: Sequence[str | int]) -> Any:
        place: Any = self.document
        for step in path:
            place = place[step]
        return place


@cache
def schema(name: str) -> Schema:
    """Return the schema in the folder `name` of `mappings/intake`, read and compiled at its first use.

    Raises:
        SetupError: the installation is incomplete.
    """
    document = orjson.loads((shipped("mappings") / "intake" / name / "schema.json").read_bytes())
    compiled = jsonschema_rs.Draft202012Validator(document, validate_formats=True, formats=dict(FORMATS))
    return Schema(document, compiled)


def _unknown(name: str, known: list[str]) -> str:
    close = get_close_matches(name[:64], known, n=1)
    hint = f"; did you mean `{close[0]}`?" if close else ""
    return f"this member is unknown here: remove it or correct its name{hint}"


def _wrong_type(rule: Mapping[str, Any], value: Any) -> str:
    wanted = _TYPES[rule["type"]]
    if value is None:
        return f"null says nothing: leave the member out, or give {wanted}"
    return f"must be {wanted}"
