"""Validating a Bundle: ours against fhir.resources R4B on the same inputs, and the HL7 Java validator beside them.

The peer is `Bundle.model_validate`. Ours is `validate` of `adapter.fhir.validate`, once without and once with the
invariants of R4 and the rules of narratives; all get the same parsed dict. The peer checks less in both cases: no
codes, no reference targets, no invariants. One pair starts from the bytes, as a message does: our codec and
`validate_bytes`, with invariants, against `model_validate_json`.

What is warm: the checks of the types and of the shapes of their objects (which members, in which order) are compiled,
as the peer's schemas are, and systems and codes that came before are known. Ids, dates, texts, references and
narratives are never remembered. "Never met" shows it: `validate` with invariants, each call on a new copy with other
texts and narratives (new in the caches of the processor, too). "First call" is the first validation in this process,
with whatever was not compiled by then.

The Java validator judges the same bytes in its own process after the others, parsing included, all Bundles in turn in
one JVM that was warmed up for 20 seconds. It checks more than we do (terminology, displays, HTML in texts, and what it
finds out about profiles), so the figure is a size, no race.
"""

import itertools
import statistics
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import orjson

from bench import java_validator
from bench.figures import Findings, Target, ms, publish, words
from bench.measure import interleaved, summary
from bench.samples import SHARED, bundles

SECONDS = 4.0
OURS = {
    "structure, bindings, targets": ("structure", "theirs", 10),
    "with all base invariants": ("invariants", "theirs", 3),
}
COLUMNS = ["Bundle", "ours p50 / p99", "ours with invariants", "fhir.resources", "faster", "with invariants"]
MORE = ["from bytes", "ours, never met", "ours, first call", "HL7 Java validator"]
_TEXTS = frozenset({"display", "text", "family", "title", "description", "conclusion", "valueString", "line"})


def main() -> None:
    from fhir.resources.R4B.bundle import Bundle

    from adapter.fhir.validate import is_valid, validate, validate_bytes

    rows: list[list[str]] = []
    raw: dict[str, Any] = {}
    ratios: dict[tuple[str, str], list[tuple[float, str]]] = {}
    bodies: dict[str, bytes] = {}
    for name, (size, bundle) in bundles().items():
        data = bodies[name] = orjson.dumps(bundle)
        began = time.perf_counter()
        assert is_valid(validate(bundle)), name
        first = time.perf_counter() - began
        Bundle.model_validate(bundle)
        copies = _copies(bundle)
        assert is_valid(validate(next(copies))), name
        subjects: dict[str, Any] = {
            "structure": partial(validate, bundle, invariants=False),
            "invariants": partial(validate, bundle),
            "theirs": partial(Bundle.model_validate, bundle),
            "from bytes": partial(validate_bytes, data),
            "theirs from bytes": partial(Bundle.model_validate_json, data),
            "never met": validate,
        }
        samples = interleaved(subjects, seconds=SECONDS, made_anew={"never met": copies.__next__})
        found = {subject: summary(one) for subject, one in samples.items()}
        for what, (ours, theirs, _) in OURS.items():
            ratios.setdefault((size, what), []).append((_ratio(samples, ours, theirs), name))
        raw[name] = {"bytes": len(data), "size": size, "seconds": found, "first": first}
        shown = [f"{ms(found[one]['p50'])} / {ms(found[one]['p99'])}" for one in ("structure", "invariants", "theirs")]
        faster = [f"{_ratio(samples, ours, theirs):.1f}x" for ours, theirs, _ in OURS.values()]
        whole = f"{_ratio(samples, 'from bytes', 'theirs from bytes'):.1f}x"
        head = f"{name} ({len(data):,} bytes, {len(bundle['entry'])} entries)"
        rows.append([head, *shown, *faster, whole, ms(found["never met"]["p50"]), ms(first)])
    how = [words(__doc__), *_with_java(bodies, rows, raw)]
    if not SHARED.is_dir():
        how.append("The real files were not at hand: only Bundles of our own were measured.")
    targets = [_target(size, what, found) for (size, what), found in sorted(ratios.items(), reverse=True)]
    publish(
        Findings(
            key="validation",
            title="Validation",
            how=how,
            columns=COLUMNS + MORE,
            rows=rows,
            targets=targets,
            raw=raw,
        )
    )


def _with_java(bodies: dict[str, bytes], rows: list[list[str]], raw: dict[str, Any]) -> list[str]:
    """Add a cell with the Java validator's median to each row; return what is to be said of it."""
    absent = java_validator.missing()
    if absent is not None:
        for row in rows:
            row.append("-")
        return ["", f"The Java validator was not measured: {absent}."]
    version, found = java_validator.times(bodies)
    for row, (name, seconds) in zip(rows, found.items(), strict=True):
        row.append(ms(seconds))
        raw[name]["java seconds"] = seconds
    return ["", f"The Java validator: {version}."]


def _copies(bundle: Any) -> Iterator[Any]:
    """Give copies without end, each of new objects with texts and narratives that no other has."""
    data = orjson.dumps(bundle)
    for number in itertools.count(1):
        yield _changed(orjson.loads(data), "", str(number))


def _changed(value: Any, key: str, number: str) -> Any:
    if value.__class__ is dict:
        return {name: _changed(one, name, number) for name, one in value.items()}
    if value.__class__ is list:
        return [_changed(one, key, number) for one in value]
    if key == "div":
        return value.replace("</div>", f"{number}</div>")
    return f"{value} {number}" if key in _TEXTS else value


def _ratio(samples: dict[str, list[float]], ours: str, theirs: str) -> float:
    """Return the median of the peer over ours."""
    return statistics.median(samples[theirs]) / statistics.median(samples[ours])


def _target(size: str, what: str, found: list[tuple[float, str]]) -> Target:
    wanted = OURS[what][2]
    least, best = min(found), max(found)
    measured = f"{least[0]:.1f}x at least ({least[1]}), {best[0]:.1f}x at best"
    return Target(text=f"{size}, {what}: at least {wanted} times faster", measured=measured, reached=least[0] >= wanted)


if __name__ == "__main__":
    main()
