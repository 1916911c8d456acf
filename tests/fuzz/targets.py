"""What is fuzzed: a name for each way by which bytes of a stranger come in. Run by `run.py`, never by pytest.

A target returns for every input; an `AdapterError` (or, for expressions, a `FhirPathError`) is a good end, any other
exception, ten seconds or a gigabyte are a finding.
"""

import contextlib
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["adapter"]):
    from adapter.base.errors import AdapterError
    from adapter.fhir.codec import parse_json, parse_xml, to_json, to_xml
    from adapter.fhir.fhirpath import FhirPathError, compile_expression
    from adapter.fhir.judgement import judge_bytes
    from adapter.intake.canonical import read_report, read_request, sniff

PATIENT = {"resourceType": "Patient", "name": [{"given": ["a", "b"]}], "birthDate": "1970-01-01"}


def _json(data: bytes) -> None:
    resource = parse_json(data)
    again = parse_json(to_json(resource))
    if to_json(again) != to_json(resource):
        raise AssertionError("JSON does not come back as it was written")


def _xml(data: bytes) -> None:
    resource = parse_xml(data)
    if to_json(parse_xml(to_xml(resource))) != to_json(resource):
        raise AssertionError("XML does not come back as it was written")


def _judge(data: bytes) -> None:
    if any(not problem.text or not problem.code or not problem.severity for problem in judge_bytes(data)):
        raise AssertionError("a problem lacks its text, code or severity")


def _fhirpath(data: bytes) -> None:
    expression = compile_expression(data.decode(errors="replace"))
    expression(PATIENT)


def _intake(data: bytes) -> None:
    sniff(data)
    for read in (read_request, read_report):
        try:
            read(data)
        except AdapterError as error:
            if not error.problems:
                raise AssertionError("a refusal without a problem") from error


TARGETS: dict[str, Callable[[bytes], None]] = {
    "json": _json,
    "xml": _xml,
    "judge": _judge,
    "fhirpath": _fhirpath,
    "intake": _intake,
}


STRUCTURED = ("judge", "intake")
ODD = (
    None,
    True,
    0,
    -1,
    1e300,
    2**70,
    "",
    " ",
    "#a",
    "a\x00",
    "1970-02-30",
    "urn:uuid:",
    "<div>",
    "\u200f",
    [],
    {},
    [None],
)


def _mutated(data: bytes, most: int, seed: int) -> bytes:
    """Change a value, a key or a place somewhere in a JSON, so that it stays JSON; other bytes as libFuzzer does."""
    chance = random.Random(seed)  # noqa: S311 - libFuzzer gives the seed
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        tree = None
    places = list(_places(tree))
    if not places or chance.random() < 0.1:
        return atheris.Mutate(data, most)
    for _ in range(chance.randint(1, 4)):
        holder, key = chance.choice(places)
        other, other_key = chance.choice(places)
        with contextlib.suppress(KeyError, IndexError):
            old = holder[key]
            kind = chance.random()
            if kind < 0.3:
                holder[key] = chance.choice(ODD)
            elif kind < 0.5:
                holder[key] = json.loads(json.dumps(other[other_key]))
            elif kind < 0.6 and isinstance(holder, dict):
                holder[f"_{key}" if chance.random() < 0.5 else str(other_key)] = holder.pop(key)
            elif kind < 0.7:
                holder[key] = [old, old] if chance.random() < 0.5 else [old]
            elif kind < 0.8:
                del holder[key]
            elif isinstance(old, str):
                holder[key] = atheris.Mutate(old.encode(errors="replace"), len(old) + 20).decode(errors="replace")
    return json.dumps(tree, ensure_ascii=chance.random() < 0.5).encode(errors="replace")[:most]


def _places(tree):
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        for key in one if isinstance(one, dict) else range(len(one) if isinstance(one, list) else 0):
            yield one, key
            waiting.append(one[key])


def main() -> None:
    """Fuzz the target that is named first; the other arguments are libFuzzer's."""
    name = sys.argv.pop(1)
    target = TARGETS[name]

    def one_input(data: bytes) -> None:
        with contextlib.suppress(AdapterError, FhirPathError):
            target(data)

    atheris.Setup(sys.argv, one_input, **({"custom_mutator": _mutated} if name in STRUCTURED else {}))
    atheris.Fuzz()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
