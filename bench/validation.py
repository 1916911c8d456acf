"""Validating a Bundle: ours against fhir.resources R4B on the same inputs.

The peer is `Bundle.model_validate`. Ours is `validate` of `adapter.fhir.validate`, once without and once with the
invariants of R4 and the rules of narratives; all get the same parsed dict. The peer checks less in both cases: no
codes, no reference targets, no invariants. The last pair starts from the bytes, as a message does: our codec and
`validate_bytes`, with invariants, against `model_validate_json`.
"""

import statistics
from functools import partial
from typing import Any

import orjson

from bench.figures import Findings, Target, ms, publish, words
from bench.measure import interleaved, summary
from bench.samples import SHARED, bundles

SECONDS = 4.0
OURS = {
    "structure, bindings, targets": ("structure", "theirs", 10),
    "with all base invariants": ("invariants", "theirs", 3),
}


def main() -> None:
    from fhir.resources.R4B.bundle import Bundle

    from adapter.fhir.validate import is_valid, validate, validate_bytes

    rows, raw = [], {}
    ratios: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for name, (size, bundle) in bundles().items():
        data = orjson.dumps(bundle)
        assert is_valid(validate(bundle)), name
        Bundle.model_validate(bundle)
        subjects: dict[str, Any] = {
            "structure": partial(validate, bundle, invariants=False),
            "invariants": partial(validate, bundle),
            "theirs": partial(Bundle.model_validate, bundle),
            "from bytes": partial(validate_bytes, data),
            "theirs from bytes": partial(Bundle.model_validate_json, data),
        }
        samples = interleaved(subjects, seconds=SECONDS)
        found = {subject: summary(one) for subject, one in samples.items()}
        for what, (ours, theirs, _) in OURS.items():
            ratios.setdefault((size, what), []).append((_ratio(samples, ours, theirs), name))
        whole = _ratio(samples, "from bytes", "theirs from bytes")
        raw[name] = {"bytes": len(data), "size": size, "seconds": found}
        shown = [f"{ms(found[one]['p50'])} / {ms(found[one]['p99'])}" for one in ("structure", "invariants", "theirs")]
        faster = [f"{_ratio(samples, ours, theirs):.1f}x" for ours, theirs, _ in OURS.values()]
        rows.append([f"{name} ({len(data):,} bytes, {len(bundle['entry'])} entries)", *shown, *faster, f"{whole:.1f}x"])
    how = [words(__doc__)]
    if not SHARED.is_dir():
        how.append("The real files were not at hand: only Bundles of our own were measured.")
    publish(
        Findings(
            key="validation",
            title="Validation",
            how=how,
            columns=[
                "Bundle",
                "ours p50 / p99",
                "ours with invariants",
                "fhir.resources",
                "faster",
                "with invariants",
                "from bytes",
            ],
            rows=rows,
            targets=[_target(size, what, found) for (size, what), found in sorted(ratios.items(), reverse=True)],
            raw=raw,
        )
    )


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
