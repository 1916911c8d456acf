"""Validating a Bundle: ours (structure, bindings, reference targets) against fhir.resources R4B on the same inputs.

Ours is `validate` of `adapter.fhir.validate`, the peer is `Bundle.model_validate`; both get the same parsed dict. The
second pair starts from the bytes, as a request does: our codec and `validate_bytes` against `model_validate_json`.
The peer checks less: no codes, no reference targets.
"""

import statistics
from functools import partial
from typing import Any

import orjson

from bench.figures import Findings, Target, ms, publish, words
from bench.measure import interleaved, summary
from bench.samples import SHARED, bundles

SECONDS = 3.5


def main() -> None:
    from fhir.resources.R4B.bundle import Bundle

    from adapter.fhir.validate import is_valid, validate, validate_bytes

    rows, raw, ratios = [], {}, []
    for name, (size, bundle) in bundles().items():
        data = orjson.dumps(bundle)
        assert is_valid(validate(bundle)), name
        Bundle.model_validate(bundle)
        subjects: dict[str, Any] = {
            "ours": partial(validate, bundle),
            "theirs": partial(Bundle.model_validate, bundle),
            "ours from bytes": partial(validate_bytes, data),
            "theirs from bytes": partial(Bundle.model_validate_json, data),
        }
        samples = interleaved(subjects, seconds=SECONDS)
        found = {subject: summary(one) for subject, one in samples.items()}
        ratio, whole = (_ratio(samples, suffix) for suffix in ("", " from bytes"))
        ratios.append((ratio, size, name))
        raw[name] = {"bytes": len(data), "size": size, "ratio": ratio, "ratio from bytes": whole, "seconds": found}
        both = f"{ms(found['ours']['p50'])} / {ms(found['ours']['p99'])}"
        peer = f"{ms(found['theirs']['p50'])} / {ms(found['theirs']['p99'])}"
        entries = len(bundle["entry"])
        rows.append([f"{name} ({len(data):,} bytes, {entries} entries)", both, peer, f"{ratio:.1f}x", f"{whole:.1f}x"])
    targets = [_target(size, ratios) for size in ("5 KB", "200 KB")]
    how = [words(__doc__)]
    if not SHARED.is_dir():
        how.append("The real files were not at hand: only Bundles of our own were measured.")
    publish(
        Findings(
            key="validation",
            title="Validation",
            how=how,
            columns=["Bundle", "ours p50 / p99", "fhir.resources p50 / p99", "faster", "faster, from bytes"],
            rows=rows,
            targets=targets,
            raw=raw,
        )
    )


def _ratio(samples: dict[str, list[float]], suffix: str) -> float:
    """Return the median of the peer over ours."""
    return statistics.median(samples[f"theirs{suffix}"]) / statistics.median(samples[f"ours{suffix}"])


def _target(size: str, ratios: list[tuple[float, str, str]]) -> Target:
    ours = [(ratio, name) for ratio, one, name in ratios if one == size]
    least, best = min(ours), max(ours)
    measured = f"{least[0]:.1f}x at least ({least[1]}), {best[0]:.1f}x at best"
    return Target(text=f"{size}: at least 10 times faster", measured=measured, reached=least[0] >= 10)


if __name__ == "__main__":
    main()
